"""What every test may rely on."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot 22 warns without it, and warnings are errors here
