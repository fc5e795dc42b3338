"""The files of the page: read once, known by their content, kept by browsers for a year."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and packed."""

    content: bytes
    packed: bytes
    media_type: str
    version: str


def _asset(content: bytes, suffix: str) -> Asset:
    return Asset(content, gzip.compress(content, mtime=0), TYPES[suffix], hashlib.sha256(content).hexdigest()[:12])


class Assets:
    """Everything in static/ that a browser may ask for."""

    def __init__(self) -> None:
        files = [path for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES]
        self._assets = {path.name: _asset(path.read_bytes(), path.suffix) for path in files if path.suffix != ".css"}
        for path in files:
            if path.suffix == ".css":
                self._assets[path.name] = _asset(self._with_pictures(path.read_text()), ".css")

    def address(self, name: str) -> str:
        """Where the page finds a file. It changes when the file does."""
        return f"/static/{name}?v={self._assets[name].version}"

    def _with_pictures(self, style: str) -> bytes:
        """A style sheet that names its pictures by their content too."""
        for name in self._assets:
            style = style.replace(f'url("{name}")', f'url("{self.address(name)}")')
        return style.encode()

    async def serve(self, request: Request) -> Response:
        """GET /static/{name}: the file, packed where the browser can unpack."""
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        headers = {"Vary": "Accept-Encoding"}
        if request.query_params.get("v") == asset.version:
            headers["Cache-Control"] = FOR_A_YEAR
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(asset.content, media_type=asset.media_type, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)
