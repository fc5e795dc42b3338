"""Who is asking: the cookie of a chat, where a request comes from, what it carries."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.i18n import Words
from bot.settings import Web

COOKIE = "ivbot"
CLOSED_COOKIE = "closed"
CLOSED_SECONDS = 600
"""How long Back shows a closed door instead of a fresh chat after somebody left quickly."""

BODY_BYTES = 64 * 1024
DRAINED_BYTES = 1024 * 1024
"""A browser reads an answer only once it has sent its body: so much of one that is too long is read and dropped."""

TEXT_CHARACTERS = 10_000
DIGITS = 15
_EVENT = re.compile(r"[\w-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Session:
    """A chat that is open. The address is all that is known of whose it is."""

    address: str
    language: str

    def event_id(self, event: str) -> str:
        """A one-time id of this session's own: two sessions can never take each other's."""
        return f"{self.address[:16]}:{event}"


def new_token() -> str:
    """What the cookie holds, and nothing else does."""
    return secrets.token_urlsafe(32)


def address_of(token: str) -> str:
    """The address of a session: its token cannot be found from it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_event() -> str:
    """The one-time id of what is sent next from a page."""
    return secrets.token_urlsafe(12)


def event_of(form: Mapping[str, str]) -> str:
    """The id the page was given, or a new one for a client that sends none."""
    event = form.get("event", "")
    return event if _EVENT.fullmatch(event) else new_event()


def keep(response: Response, token: str, web: Web) -> None:
    """Give the browser its session, until it is closed."""
    response.set_cookie(COOKIE, token, path="/", secure=_secure(web), httponly=True, samesite="strict")


def forget(response: Response, web: Web) -> None:
    """Take the session back, and leave the door shut for a while."""
    secure = _secure(web)
    response.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="strict")
    response.set_cookie(
        CLOSED_COOKIE, "1", max_age=CLOSED_SECONDS, path="/", secure=secure, httponly=True, samesite="strict"
    )


def reopen(response: Response, web: Web) -> None:
    """Open the door again."""
    response.delete_cookie(CLOSED_COOKIE, path="/", secure=_secure(web), httponly=True, samesite="strict")


def _secure(web: Web) -> bool:
    return web.public_url.startswith("https://")


def is_prefetch(request: Request) -> bool:
    """Nobody is looking: the browser only thinks that somebody may."""
    return any("prefetch" in request.headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))


def is_htmx(request: Request) -> bool:
    """The page itself is asking, and puts what it gets into its place."""
    return request.headers.get("hx-request") == "true"


def came_by_link(request: Request) -> bool:
    """Another site led here. The browser then holds back the cookie (SameSite=Strict), even from an open chat."""
    return request.headers.get("sec-fetch-site") == "cross-site" and "in" not in request.query_params


def refuse_other_sites(request: Request, web: Web) -> None:
    """Raise 403 for a form that another site sent.

    Browsers that do not tell (before 2023, or over plain http) send an Origin. It is `null` under our own
    Referrer-Policy: then the SameSite=Strict cookie, which other sites cannot make a browser send, decides.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin", "null")
    if site is not None:
        welcome = site in {"same-origin", "none"}
    elif origin == "null":
        welcome = True
    else:
        welcome = urlsplit(origin).netloc in {request.headers.get("host"), urlsplit(web.public_url).netloc}
    if not welcome:
        raise HTTPException(403)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a small form. Raises 413 when it is not small, 400 when it is not a form."""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > DRAINED_BYTES:
            break
        if size <= BODY_BYTES:
            body += chunk
    if size > BODY_BYTES:
        raise HTTPException(413)
    try:
        fields = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise HTTPException(400) from None
    return {name: value.replace("\r\n", "\n") for name, value in fields}


def parcel_number(value: str) -> int | None:
    """The number of a message, when it can be one."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= DIGITS else None


def turn_number(value: str) -> int:
    """The turn a page has shown last. Raises 400 when it is not a number."""
    number = parcel_number(value)
    if number is None:
        raise HTTPException(400)
    return number


def wish(request: Request, words: Words) -> str:
    """The language the browser asks for: the first one spoken here, else the one it wants most."""
    wanted = _accepted(request.headers.get("accept-language", ""))
    for tag in wanted:
        if words.spoken(tag):
            return tag
    return wanted[0] if wanted else ""


def language_of(request: Request, words: Words) -> str:
    """The language of their chat, where it was found; else the one their browser asks for."""
    found: str | None = getattr(request.state, "language", None)
    return found or words.choose(wish(request, words))


def _accepted(header: str) -> list[str]:
    ranked: list[tuple[float, str]] = []
    for item in header[:500].lower().replace(" ", "").split(","):
        tag, _, weight = item.partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        if quality > 0 and re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", tag):
            ranked.append((-quality, tag))
    return [tag for _, tag in sorted(ranked, key=lambda pair: pair[0])]
