"""The machine that figures are measured on."""

import os
import platform
import re
import sqlite3
from pathlib import Path


def machine() -> str:
    """What these figures were measured on."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return (
        f"{os.cpu_count()} cores of {model[1] if model else platform.machine()}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}"
    )
