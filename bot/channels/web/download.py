"""A document that was made for this moment, as a download."""

import asyncio
import shutil
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response

TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def download(path: Path) -> Response:
    """The file at `path`, to be saved. Its directory, which is its own, is gone before the first byte is sent."""
    content = await asyncio.to_thread(_take, path)
    return Response(
        content,
        media_type=TYPES.get(path.suffix, "application/octet-stream"),
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(path.name, safe='')}"},
    )


def _take(path: Path) -> bytes:
    try:
        return path.read_bytes()
    finally:
        shutil.rmtree(path.parent)
