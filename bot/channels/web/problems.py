"""When a request fails: a kind page (or line, when the page asks), never a traceback."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.web.render import Pages
from bot.channels.web.session import is_htmx, language_of
from bot.errors import DatabaseUnavailable
from bot.i18n import Words

Handler = Callable[[Request, Exception], Awaitable[Response]]


class Problems:
    """Exception handlers for the whole application: no route needs one of its own."""

    def __init__(self, pages: Pages, words: Words, headers: dict[str, str]) -> None:
        self._pages = pages
        self._words = words
        self._headers = headers

    @property
    def handlers(self) -> dict[int | type[Exception], Handler]:
        """What Starlette takes as `exception_handlers`."""
        return {HTTPException: self._refused, DatabaseUnavailable: self._unavailable, Exception: self._broken}

    async def _refused(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            return self._answer(request, 500)
        return self._answer(request, error.status_code, error.headers)

    async def _unavailable(self, request: Request, _error: Exception) -> Response:
        return self._answer(request, 503, {"Retry-After": "30"})

    async def _broken(self, request: Request, _error: Exception) -> Response:
        return self._answer(request, 500)

    def _answer(self, request: Request, status: int, more: Mapping[str, str] | None = None) -> Response:
        headers = {**self._headers, **(more or {})}
        language = language_of(request, self._words)
        if is_htmx(request):
            return HTMLResponse(self._pages.problem_line(status, language), status, headers)
        return HTMLResponse(self._pages.problem(status, language), status, headers)
