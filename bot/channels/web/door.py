"""GET /: who is at the door, and the page they get. Coming in is a turn like any other: `/start`."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.web import session as sessions
from bot.channels.web.render import Pages, View
from bot.channels.web.session import CLOSED_COOKIE, COOKIE, Session
from bot.engine.channel import Line, Story, Submit
from bot.engine.message import Incoming, Kind
from bot.i18n import Words
from bot.settings import Web

CHANNEL = "web"
CODE_CHARACTERS = 64

DRAW_ANEW = {"HX-Refresh": "true"}
"""Tells a page that shows more than it should to fetch itself again, as a whole."""


class Door:
    """Finds the session of a browser, or opens a new one."""

    def __init__(self, web: Web, words: Words, submit: Submit, story: Story, pages: Pages) -> None:
        self.web = web
        self.words = words
        self.submit = submit
        self.story = story
        self.pages = pages

    async def session(self, request: Request) -> Session | None:
        """The open session of this browser. Its language is kept with the request, for pages about problems."""
        token = request.cookies.get(COOKIE, "")
        if not token:
            return None
        address = sessions.address_of(token)
        language = await self.story.language(address)
        if language is None:
            return None
        request.state.language = language
        return Session(address, language)

    async def page(self, request: Request) -> Response:
        """The chat. Only somebody who looks opens a session: not a prefetch, not a HEAD."""
        if request.method == "HEAD":
            return HTMLResponse()
        if sessions.is_prefetch(request):
            return Response(status_code=503)
        session = await self.session(request)
        if sessions.is_htmx(request):
            return await self._news(request, session)
        if session is None:
            return await self._knock(request)
        return HTMLResponse(self.pages.chat(await self._view(session, request)))

    async def welcome(self, request: Request, note: str = "", text: str = "") -> Response:
        """A new session, with its first turn. `note` is the label of what to say first, `text` goes into the box."""
        token = sessions.new_token()
        wish = sessions.wish(request, self.words)
        session = Session(sessions.address_of(token), self.words.choose(wish))
        start = Incoming(CHANNEL, session.event_id("start"), session.address, Kind.TEXT, text="/start", language=wish)
        await self.submit([start])
        session = replace(session, language=await self.story.language(session.address) or session.language)
        view = await self._view(session, request, [note] if note else [])
        if text:
            notes = [*view.notes, self.pages.say("words_kept", session.language)]
            view = replace(view, notes=notes, text=text)
        response = HTMLResponse(self.pages.chat(view))
        sessions.keep(response, token, self.web)
        if CLOSED_COOKIE in request.cookies:
            sessions.reopen(response, self.web)
        return response

    async def _knock(self, request: Request) -> Response:
        """Nobody we know: on to where the cookie can be seen, or a door that stays shut, or a new chat."""
        query = dict(request.query_params)
        if sessions.came_by_link(request):
            here = "/?" + urlencode(query | {"in": "1"})
            return HTMLResponse(self.pages.onward(here, sessions.language_of(request, self.words)))
        if CLOSED_COOKIE in request.cookies and "open" not in query:
            return RedirectResponse("/closed", 303)
        return await self.welcome(request, "quiet" if COOKIE in request.cookies else "")

    async def _view(self, session: Session, request: Request, labels: Sequence[str] = ()) -> View:
        """The whole chat. A code in the address waits in the box: a link that is only looked at uses up nothing."""
        lines = await self.story.lines(session.address)
        code = request.query_params.get("start", "").strip()[:CODE_CHARACTERS]
        shown = [*labels, "use_code"] if code else labels
        return View(
            language=session.language,
            lines=lines,
            event=sessions.new_event(),
            after=last_turn(lines),
            text=code,
            notes=[self.pages.say(label, session.language) for label in shown],
        )

    async def _news(self, request: Request, session: Session | None) -> Response:
        """The turns a page does not have yet. That a session has ended is said by its stream."""
        after = sessions.turn_number(request.query_params.get("after", "0"))
        lines = await self.story.lines(session.address, after) if session else []
        if session is None or not lines:
            return Response(status_code=204)
        if stands_alone(lines):
            return Response(headers=DRAW_ANEW)
        view = View(session.language, lines, sessions.event_of(request.query_params), after)
        return HTMLResponse(self.pages.news(view, sent=False))


def last_turn(lines: Sequence[Line]) -> int:
    """The newest of these turns; 0 when there are none."""
    return lines[-1].turn if lines else 0


def stands_alone(lines: Sequence[Line]) -> bool:
    """Whether what was said before these turns has been erased, so that no page may go on showing it."""
    return any(answer.message.alone for line in lines for answer in line.answers)
