"""Danger is answered first, in every state and before anything else; and a human is told.

What was said is written down word for word, and those who keep children safe are told at once: see
handlers/cases/alerts.py. A worry is asked about gently: nothing of it is written down or sent unless they want it. The
red button needs no typing, and nothing has to be understood for it.
"""

import datetime as dt
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot.domain.concerns import Concern, Source
from bot.domain.concerns import Kind as Sort
from bot.domain.roles import EVERYBODY, STAFF, Role
from bot.engine import filling, taking
from bot.engine.answers import read_typed, yes_or_no
from bot.engine.forms import ABOUT, Answers, Form, Kind, Problem, Step
from bot.engine.message import Kind as Event
from bot.engine.router import SAFETY, Router
from bot.engine.turn import PAUSED, OpenForm, Tap, Turn
from bot.engine.understanding import SAFETY_PAGE
from bot.i18n import Text
from bot.store import concerns
from bot.store.clock import stamp
from handlers import menu, pages, talk
from handlers import safety_words as words
from handlers.cases import alerts
from handlers.cases.alerts import NIGHT, Told
from handlers.safety_words import beside

router = Router()

SAME = dt.timedelta(hours=1)
"""For so long what somebody says of danger belongs to what they said before: nobody is rung anew for each line."""

TYPED = "?typed"
"""Among the answers of a form: what sounded like a worry, until they say whether it is an answer."""

LONGEST = 2000
"""Characters of what is told in one go."""


@router.other("danger", EVERYBODY)
async def danger(turn: Turn) -> None:
    """The fixed words, who can help now, and somebody is told. What was for a person is not lost on the way."""
    source = _source(turn)
    kept = await talk.keep_words(turn, _typed(turn))
    use = _in_complaint(turn) and _keep_as_draft(turn)
    turn.pause_form()
    mine = await _recent(turn)
    if mine:
        await _more(turn, mine)
        said = [words.THANKS, words.AGAIN, *await _stands(turn, mine)]
    else:
        said = await _raise(turn, _typed(turn), source)
    await _answer(turn, *said, kept=words.FORM_WAITS if use else kept, use=use)


async def _raise(turn: Turn, said: str, source: Source) -> list[Text]:
    """Write it down and tell the first in line; the words that say so."""
    _concern, told = await alerts.raise_concern(turn, said, source, Sort.DANGER, _reported(turn))
    name = alerts.name_of(turn, told.contact) if told.contact else ""
    if turn.person.role == Role.VOLUNTEER:
        return [words.VOLUNTEER_TOLD.fill(who=name) if name else words.VOLUNTEER_NOBODY]
    return [words.THANKS, _who_is_told(told).fill(who=name)]


def _who_is_told(told: Told) -> Text:
    if not told.contact:
        return words.NOBODY
    if told.contact == NIGHT and told.away:
        return words.NO_SECRET_NIGHT
    return words.NO_SECRET_AWAY if told.away else words.NO_SECRET


async def _answer(turn: Turn, *said: Text, kept: Text | None = None, use: bool = False) -> None:
    """The words and the lines; then the one question that is asked. `use`: what was typed may be an answer as well."""
    turn.say(beside(turn, *said, await words.lines(turn)))
    use_it = [Tap(words.USE_IT, f"{SAFETY}:answer")] if use else []
    if turn.person.role == Role.VOLUNTEER:
        turn.say(kept or menu.WHAT_NOW, Tap(words.READ_YET, f"{SAFETY}:read"), *use_it, *_onward(turn))
        return
    page = turn.context.settings.web.public_url if turn.incoming.channel == "telegram" else ""
    turn.say(
        beside(turn, *([kept] if kept else []), *([words.WEB_PAGE] if page else []), words.ARE_YOU_SAFE),
        [Tap(words.YES_SAFE, f"{SAFETY}:yes"), Tap(words.NOT_SAFE_NOW, f"{SAFETY}:no", danger=True)],
        Tap(words.READ_YET, f"{SAFETY}:read"),
        *([Tap(words.OPEN_PAGE, url=page)] if page else []),
        *use_it,
        *_onward(turn),
    )


def _onward(turn: Turn) -> list[Tap]:
    """To a person, back to an open form, and to the menu."""
    return [pages.ACTIONS["talk"], *([Tap(menu.CARRY_ON, "resume")] if turn.form else []), Tap(menu.MENU, "menu")]


def _typed(turn: Turn) -> str:
    """Word for word; the words under a picture as well."""
    said = turn.incoming.data if turn.incoming.kind is Event.UNREADABLE else turn.incoming.text
    return said.replace("\0", "").encode("utf-8", "replace").decode()


def _source(turn: Turn) -> Source:
    if turn.person.role == Role.VOLUNTEER:
        return Source.VOLUNTEER
    return Source.COMPLAINT if _in_complaint(turn) else Source.TEXT


def _reported(turn: Turn) -> str | None:
    """The visit that a volunteer is reporting on, or telling a worry about."""
    forms = {"report", "report_line", "tell_more"}
    about = turn.form.answers.get(ABOUT) if turn.form and turn.form.name in forms else None
    return str(about).partition("|")[0] if about else None


def _in_complaint(turn: Turn) -> bool:
    return bool(turn.form and not turn.form.paused and "complaint" in turn.form.name)


# What was said before


async def _newest(turn: Turn) -> Concern | None:
    """What they told last."""
    found = await concerns.raised_by(turn.reader, turn.person.id)
    return found[0] if found else None


async def _recent(turn: Turn) -> Concern | None:
    """What they told last, as long as more of it belongs to the same."""
    mine = await _newest(turn)
    fresh = mine and mine.raised_at > stamp(turn.now - SAME) and not (mine.closed_at or mine.emptied_at)
    return mine if fresh else None


async def _more(turn: Turn, mine: Concern) -> None:
    await alerts.add_words(turn, mine, _typed(turn))


async def _stands(turn: Turn, mine: Concern) -> list[Text]:
    """Whether somebody has read it: the truth."""
    if read := mine.acknowledged_at:
        more = await concerns.more_since_read(turn.reader, mine.reference)
        said = words.READ.fill(day=turn.day(read), time=turn.time(read))
        return [said, *([words.MORE_SINCE] if more else [])]
    if not mine.told_at:
        return [words.NOBODY]
    away = [words.DESK_IS_EMPTY] if alerts.nobody_at_work(turn, mine.chain) else []
    return [words.NOT_READ, *away, words.STILL_ASKING]


async def follow_up(turn: Turn, *, manners: bool) -> bool:
    """Whether words that ask for nothing belong to the danger they told of before. A thank-you does not."""
    mine = await _recent(turn)
    if mine is None:
        return False
    safe = yes_or_no(turn, turn.incoming.text)
    if safe is not None and await concerns.safe_now(turn.reader, mine.reference) is None:
        await _safe_now(turn, safe=safe)
        return True
    if manners:
        return False
    await _more(turn, mine)
    said = beside(turn, words.AGAIN, *await _stands(turn, mine))
    turn.pause_form()
    turn.say(said, Tap(words.READ_YET, f"{SAFETY}:read"), *_onward(turn))
    return True


# The red button


@router.command("safe", EVERYBODY)
@router.button(SAFETY, EVERYBODY)
async def not_safe(turn: Turn) -> None:
    """Who can help right now; and what the buttons under it do. An open form stays where it was."""
    match turn.incoming.argument if turn.incoming.kind is Event.BUTTON else "":
        case "tell":
            await tell_someone(turn, Source.BUTTON)
        case "show":
            turn.pause_form()
            turn.say(beside(turn, words.NOT_TOLD, await words.lines(turn)), *_onward(turn))
        case "yes" | "no" as safe:
            await _safe_now(turn, safe=safe == "yes")
        case "read":
            await _has_somebody_read_it(turn)
        case "more":
            await _tell_more(turn)
        case "fine":
            await _fine(turn)
        case "answer":
            await _use_as_answer(turn)
        case _:
            await _show(turn)


async def goes_on(turn: Turn) -> bool:
    """Whether they told of danger a while ago: then the safety words are said again, whatever else was asked for."""
    if await _recent(turn) is None:
        return False
    await _show(turn)
    return True


async def _show(turn: Turn) -> None:
    turn.pause_form()
    page = turn.context.pages.get(SAFETY_PAGE, turn.language)
    if page is None:
        raise LookupError(SAFETY_PAGE)
    mine = await _recent(turn)
    if turn.person.role in STAFF:
        asked = []
    elif mine:
        again = [Tap(words.TELL_NOW, f"{SAFETY}:tell", danger=True)] if mine.acknowledged_at else []
        asked = [*again, Tap(words.READ_YET, f"{SAFETY}:read")]
    else:
        asked = [
            Tap(words.TELL_NOW, f"{SAFETY}:tell", danger=True),
            Tap(words.ONLY_SHOW, f"{SAFETY}:show"),
        ]
    stands = await _stands(turn, mine) if mine and turn.person.role not in STAFF else [page]
    turn.say(beside(turn, words.THANKS, await words.lines(turn), *stands), *asked, *_onward(turn))


async def tell_someone(turn: Turn, source: Source, *also: Text) -> None:
    """Somebody is told without a word having been typed. What is typed then is read by whoever could be told."""
    turn.pause_form()
    mine = await _recent(turn)
    said = await _again(turn, mine) if mine else await _raise(turn, "", source)
    more = [words.TOLD_BY_BUTTON] if source is Source.BUTTON and words.NOBODY not in said else []
    await _answer(turn, *said, *more, *also)


async def _again(turn: Turn, mine: Concern) -> list[Text]:
    """Whoever took it on hears that there is more; until somebody has, one after another is told anyhow."""
    said = await _stands(turn, mine)
    if mine.acknowledged_at:
        await alerts.say_there_is_more(turn, mine)
    more = [words.MORE_SINCE] if mine.acknowledged_at and words.MORE_SINCE not in said else []
    return [*said, *more]


async def _safe_now(turn: Turn, *, safe: bool) -> None:
    """Safe right now or not, as they say: who reads it sees that; and when not, one more is told, once."""
    turn.pause_form()
    mine = await _recent(turn)
    before = await concerns.safe_now(turn.reader, mine.reference) if mine else None
    if mine:
        role = turn.person.role
        await concerns.say_safe(await turn.write(), mine.reference, role, turn.stamp, safe=safe)
    if safe:
        turn.say(beside(turn, words.GLAD), Tap(words.READ_YET, f"{SAFETY}:read"), *_onward(turn))
        return
    too = await _one_more(turn, mine) if mine and before is not False else []
    turn.say(
        beside(turn, *await words.call_now(turn), *too),
        Tap(words.READ_YET, f"{SAFETY}:read"),
        *_onward(turn),
    )


async def _one_more(turn: Turn, mine: Concern) -> list[Text]:
    """Whoever took it on hears that there is more; as long as nobody has, the next in line is told at once."""
    if mine.acknowledged_at:
        await alerts.say_there_is_more(turn, mine)
        return []
    told = await alerts.ring(turn, mine, somebody_new=True)
    return [words.TELLING_TOO.fill(who=alerts.name_of(turn, told.contact))] if told.contact else []


async def _has_somebody_read_it(turn: Turn) -> None:
    turn.pause_form()
    mine = await _newest(turn)
    if mine is None:
        turn.say(beside(turn, words.NOTHING_TOLD), Tap(menu.NOT_SAFE, SAFETY, danger=True), *_onward(turn))
        return
    said = await _stands(turn, mine)
    help_ = [] if mine.acknowledged_at else [await words.lines(turn)]
    again = [] if mine.acknowledged_at else [Tap(words.READ_YET, f"{SAFETY}:read")]
    turn.say(beside(turn, *said, *help_), *again, *_onward(turn))


# A worry


@router.other("worry", EVERYBODY)
async def worry(turn: Turn) -> None:
    """Asked gently. It may be the answer to what was asked: then it is taken as one, when they say so."""
    if turn.form and not turn.form.paused and turn.form.name == "tell_more":
        await taking.take(turn)
        return
    if mine := await _recent(turn):
        await _more(turn, mine)
        await _answer(turn, words.AGAIN, *await _stands(turn, mine))
        return
    use = [Tap(words.USE_IT, f"{SAFETY}:answer")] if _keep_as_draft(turn) else []
    turn.pause_form()
    volunteer = turn.person.role == Role.VOLUNTEER
    asked = [words.VOLUNTEER_WORRY.fill(who=_first_name(turn))] if volunteer else [words.WORRY, words.NOT_SENT]
    waits = [words.FORM_WAITS] if turn.form else []
    turn.say(
        beside(turn, *asked, *waits, await words.lines(turn)),
        Tap(words.TELL_MORE, f"{SAFETY}:more"),
        pages.ACTIONS["talk"],
        Tap(words.I_AM_OK, f"{SAFETY}:fine"),
        *use,
        Tap(menu.MENU, "menu"),
    )


def _keep_as_draft(turn: Turn) -> bool:
    """Keep what was typed with the open form, if it could be an answer to its question."""
    if turn.form is None or turn.form.paused or turn.incoming.kind is not Event.TEXT:
        return False
    step = turn.context.forms[turn.form.name].current(turn.form.answers)
    if step is None or isinstance(read_typed(turn, step, turn.incoming.text), Problem):
        return False
    turn.form = replace(turn.form, answers={**turn.form.answers, TYPED: turn.incoming.text})
    return True


def _take_draft(turn: Turn) -> str:
    """What was kept, which is then kept no more; the form goes on."""
    if turn.form is None:
        return ""
    answers = {key: value for key, value in turn.form.answers.items() if key not in {TYPED, PAUSED}}
    typed = turn.form.answers.get(TYPED, "")
    turn.form = OpenForm(turn.form.name, answers)
    return str(typed)


async def _use_as_answer(turn: Turn) -> None:
    """It was no worry but an answer."""
    if turn.form is None or TYPED not in turn.form.answers:
        menu.say_menu(turn, menu.STALE)
        return
    turn.incoming = replace(turn.incoming, kind=Event.TEXT, text=_take_draft(turn), data="", pressed="")
    await taking.take(turn)


async def _fine(turn: Turn) -> None:
    """They are OK: back to where they were."""
    _take_draft(turn)
    if turn.form:
        await filling.ask(turn, words.THAT_IS_FINE)
    else:
        menu.say_menu(turn, words.THAT_IS_FINE)


async def _tell_more(turn: Turn) -> None:
    _take_draft(turn)
    await filling.begin(turn, "tell_more", about=_reported(turn) or "")


def _what_is_it(turn: Turn, _answers: Answers) -> Markup:
    """Who reads it is said before a word is written."""
    asked = words.VOLUNTEER_WHAT_IS_IT if turn.person.role == Role.VOLUNTEER else words.WHAT_IS_IT
    return beside(turn, asked.fill(who=_first_name(turn)))


def _first_name(turn: Turn) -> str:
    return alerts.name_of(turn, turn.context.settings.safeguarding.chain[0])


async def told_more(turn: Turn, answers: dict[str, Any]) -> None:
    """They wanted it to be known: a concern, and somebody is told. The number of a visit goes with the words."""
    volunteer = turn.person.role == Role.VOLUNTEER
    source = Source.VOLUNTEER if volunteer else Source.TEXT
    typed = "\n".join(filter(None, (answers["words"], answers.get("about"))))
    _concern, told = await alerts.raise_concern(turn, typed, source, Sort.WORRY, answers.get("about"))
    name = alerts.name_of(turn, told.contact) if told.contact else ""
    thanks, nobody = words.WORRY_TOLD, words.WORRY_NOT_TOLD
    if volunteer:
        thanks, nobody = words.VOLUNTEER_TOLD, words.VOLUNTEER_NOBODY
    said = thanks.fill(who=name) if name else nobody
    turn.say(
        beside(turn, said, *([] if name else [await words.lines(turn)])),
        Tap(words.READ_YET, f"{SAFETY}:read"),
        *_onward(turn),
    )


FORMS = (Form("tell_more", (Step("words", Kind.TEXT, _what_is_it, longest=LONGEST),), told_more, worth_keeping=False),)
