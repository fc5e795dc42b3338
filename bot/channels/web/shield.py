"""What every response of this channel carries so that a browser keeps the chat to itself."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import Web

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def headers(web: Web) -> dict[str, str]:
    """The headers of every page; a response may say otherwise about its own caching."""
    said = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    if web.public_url.startswith("https://"):
        said["Strict-Transport-Security"] = "max-age=31536000"
    return said


class Shield:
    """Wraps a route: adds what its response did not say itself."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in self._headers.items():
                    said.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, shielded)
