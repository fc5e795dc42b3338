"""POST /chat: what they typed or pressed, taken once and answered with what is new."""

import hashlib
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.web import session as sessions
from bot.channels.web.door import CHANNEL, DRAW_ANEW, Door, last_turn, stands_alone
from bot.channels.web.render import Always, View
from bot.channels.web.session import CLOSED_COOKIE, COOKIE, TEXT_CHARACTERS, Session
from bot.engine.channel import Line
from bot.engine.message import Incoming, Kind
from bot.errors import DatabaseUnavailable

Form = Mapping[str, str]


class Chat:
    """Answers only when what was sent is committed."""

    def __init__(self, door: Door, always: Always) -> None:
        self._door = door
        self._always = {data: text for text, data, _ in always}

    async def post(self, request: Request) -> Response:
        """A page that asks by itself gets the new turns, a plain form the whole page again."""
        sessions.refuse_other_sites(request, self._door.web)
        form = await sessions.read_form(request)
        session = await self._door.session(request)
        if session is None:
            return await self._start_over(request, form)
        try:
            incoming = await self._incoming(session, form, request)
            if incoming is not None:
                await self._door.submit([incoming])
        except DatabaseUnavailable:
            return await self._not_saved(request, session, form)
        if sessions.is_htmx(request):
            return await self._answer(session, form)
        return RedirectResponse("/#latest", 303)

    async def _incoming(self, session: Session, form: Form, request: Request) -> Incoming | None:
        """What they did, in the engine's terms. None for an empty box. Raises 404 for a button they were not shown."""
        data, pressed = form.get("data", ""), form.get("message", "")
        # The same page may be sent again with other words when its answer was lost: that is another event.
        what = hashlib.sha256("\0".join((data, pressed, form.get("text", ""))).encode()).hexdigest()[:12]
        event_id = session.event_id(f"{sessions.event_of(form)}:{what}")
        if data:
            label = await self._label(session, data, pressed)
            if label is None:
                raise HTTPException(404)
            return Incoming(CHANNEL, event_id, session.address, Kind.BUTTON, label, data, pressed)
        text = _text(form)
        if not text:
            return None
        wish = sessions.wish(request, self._door.words)
        return Incoming(CHANNEL, event_id, session.address, Kind.TEXT, text, language=wish)

    async def _label(self, session: Session, data: str, pressed: str) -> str | None:
        """What the button says: from what was sent to them, not from what the browser claims."""
        if not pressed:
            text = self._always.get(data)
            return self._door.words.plain(text, session.language) if text else None
        number = sessions.parcel_number(pressed)
        parcel = await self._door.story.parcel(session.address, number) if number is not None else None
        rows = parcel.message.buttons if parcel else ()
        return next((button.label for row in rows for button in row if button.data == data), None)

    async def _answer(self, session: Session, form: Form) -> Response:
        """The new turns, for the page that sent something. In a new language, the whole page is wanted."""
        after = sessions.turn_number(form.get("after", "0"))
        language = await self._door.story.language(session.address) or session.language
        lines = await self._door.story.lines(session.address, after)
        if language != session.language or stands_alone(lines):
            return Response(headers=DRAW_ANEW)
        return HTMLResponse(self._door.pages.news(View(language, lines, sessions.new_event(), after), sent=True))

    async def _start_over(self, request: Request, form: Form) -> Response:
        """The session they wrote in has ended. Their words wait in the box of a new one."""
        text = "" if form.get("data") else _text(form)
        if sessions.is_htmx(request):
            return Response(status_code=410) if text else Response(headers={"HX-Redirect": "/"})
        known = COOKIE in request.cookies or CLOSED_COOKIE in request.cookies
        if known and not text:
            return RedirectResponse("/", 303)
        return await self._door.welcome(request, "quiet" if known else "cookies", text)

    async def _not_saved(self, request: Request, session: Session, form: Form) -> Response:
        """503, with their words and the same one-time id still in the page: sending again doubles nothing."""
        trouble = self._door.pages.say("not_pressed" if form.get("data") else "not_saved", session.language)
        if sessions.is_htmx(request):
            return HTMLResponse(self._door.pages.trouble(trouble), 503)
        lines = await self._lines(session)
        view = View(
            language=session.language,
            lines=lines,
            event=sessions.event_of(form),
            after=last_turn(lines),
            text=form.get("text", ""),
            trouble=trouble,
        )
        return HTMLResponse(self._door.pages.chat(view), 503)

    async def _lines(self, session: Session) -> list[Line]:
        """What was said so far, when that at least can be read."""
        try:
            return await self._door.story.lines(session.address)
        except DatabaseUnavailable:
            return []


def _text(form: Form) -> str:
    return form.get("text", "").strip()[:TEXT_CHARACTERS]
