"""One concern whole, for those who keep children safe: what was said, what was done, and what can be done.

Every look is in the audit.
"""

import datetime as dt

from markupsafe import Markup

from bot.domain.concerns import ALLEGED, LADO_DAYS, About, Allegation, Concern, Kind, Source
from bot.domain.roles import Viewer
from bot.engine.filling import NOTHING
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, Tongue, _, n_
from bot.store import allegations, audit, concerns, interests
from bot.store.database import Row
from handlers import channels, menu
from handlers.cases import alerts

CONCERNS = _("Concerns")
KIND = {Kind.DANGER: _("danger"), Kind.WORRY: _("a worry")}
WAITING = _("NOBODY HAS READ IT")
TAKEN_ON = _("read on {day} at {time}")
CLOSED = _("closed on {day}")

FACTS = _("<b>{reference}</b> · {kind} · {state}")
CAME = _("{day} at {time} · {channel} · {language} · {source}")
SOURCE = {
    Source.TEXT: _("typed by them"),
    Source.BUTTON: _("by the red button"),
    Source.VISIT: _("about a visit: “I don't feel safe”"),
    Source.VOLUNTEER: _("typed by a volunteer"),
    Source.COMPLAINT: _("typed in a complaint"),
}
ABOUT = {
    About.VISITOR: _("Their visitor"),
    About.COORDINATOR: _("The coordinator"),
    About.MANAGER: _("The manager"),
    About.CARER: _("A carer or a home"),
    About.SOCIAL_WORKER: _("A social worker"),
    About.SOMEBODY_ELSE: _("Somebody else"),
    About.UNKNOWN: _("Not known"),
}
WHO = _("About: {who}")
SAYS_SAFE = _("Asked whether they are safe right now, they said: yes.")
SAYS_NOT_SAFE = _("Asked whether they are safe right now, they said: NO.")
DID_NOT_SAY = _("They have not said whether they are safe right now.")
FROM = _("From: {name}, {age}, {reference}. Reach: {reach}")
NOBODY_KNOWN = _("Who they are is not known here: they have not asked for a visitor. They can be written to only here.")
ERASED_PERSON = _("They have rubbed out everything else that was known of them here.")
SAID = _("What was said:")
NOTHING_SAID = _("Nothing was said: they pressed a button.")
RUBBED_OUT = _("The words are rubbed out here: the case file has them.")
TOLD = _("{day} at {time} · told: {who}")
LADO_BY = n_(
    "{reference}: the LADO ({who}) has to be told by {day} ({n} working day).",
    "{reference}: the LADO ({who}) has to be told by {day} ({n} working days).",
)
LADO_KNOWS = _("{reference}: the LADO was told on {day}.")
ALLEGATION_CLOSED = _("{reference}: closed on {day}.")
SUSPENDED = _("The visitor is suspended since {day}. No visit goes ahead until a manager lifts it.")
HANDED_OVER = _("The case file has it, since {day}.")

READ_IT = _("I have read it and take it on")
WHO_IS_IT = _("Who is it about?")
IT_IS_ONE = _("It is an allegation")
TOLD_LADO = _("LADO told ({reference})")
CLOSE_ALLEGATION = _("Close {reference}")
CASE_FILE = _("The case file has it in writing")
CLOSE = _("Close it")
LIFT = _("Lift the suspension")


def viewer(turn: Turn) -> Viewer:
    return Viewer(turn.person.id, turn.person.role)


def state(turn: Turn, concern: Concern) -> Text:
    if concern.closed_at:
        return CLOSED.fill(day=turn.day(concern.closed_at))
    read = concern.acknowledged_at
    return TAKEN_ON.fill(day=turn.day(read), time=turn.time(read)) if read else WAITING


async def show_one(turn: Turn, concern: Concern, *before: Text) -> None:
    """One concern whole: what was said, word for word, what was done, and what can be done."""
    turn.pause_form()
    reference = concern.reference
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "read_concern", reference, turn.stamp)
    found = await allegations.of_concern(turn.reader, reference, viewer(turn))
    happened = await concerns.events(turn.reader, reference, viewer(turn))
    parts = [
        *map(turn.html, before),
        _lines(turn, await _facts(turn, concern)),
        _words(turn, concern),
        _lines(turn, [_told(turn, event) for event in happened if event["kind"] == "told"]),
        _lines(turn, await _allegation_lines(turn, found)),
    ]
    turn.say(Markup("\n\n").join(part for part in parts if part), *await _taps(turn, concern, found))


def _lines(turn: Turn, texts: list[Text]) -> Markup:
    return Markup("\n").join(map(turn.html, texts))


async def _facts(turn: Turn, concern: Concern) -> list[Text]:
    safe = await concerns.safe_now(turn.reader, concern.reference)
    handed = concern.handed_over_at
    return [
        FACTS.fill(reference=concern.reference, kind=KIND[concern.kind], state=state(turn, concern)),
        CAME.fill(
            day=turn.day(concern.raised_at),
            time=turn.time(concern.raised_at),
            channel=channels.named(concern.channel),
            language=Tongue(concern.language),
            source=SOURCE[concern.source],
        ),
        WHO.fill(who=ABOUT[concern.about]),
        DID_NOT_SAY if safe is None else SAYS_SAFE if safe else SAYS_NOT_SAFE,
        await _from(turn, concern),
        *([HANDED_OVER.fill(day=turn.day(handed))] if handed else []),
    ]


async def _from(turn: Turn, concern: Concern) -> Text:
    """Who raised it, as far as the request they made says."""
    if concern.person is None:
        return ERASED_PERSON
    interest = await interests.newest_of(turn.reader, concern.person)
    if interest is None:
        return NOBODY_KNOWN
    return FROM.fill(
        name=interest.name or NOTHING,
        age=interest.age or NOTHING,
        reference=interest.reference,
        reach=interest.contact_way or NOTHING,
    )


def _words(turn: Turn, concern: Concern) -> Markup:
    if concern.emptied_at:
        return turn.html(RUBBED_OUT)
    if not concern.words:
        return turn.html(NOTHING_SAID)
    return Markup("<b>{}</b>\n{}").format(turn.html(SAID), concern.words)


def _told(turn: Turn, event: Row) -> Text:
    who = alerts.name_of(turn, event["whom"])
    return TOLD.fill(day=turn.day(event["at"]), time=turn.time(event["at"]), who=who)


async def _allegation_lines(turn: Turn, found: list[Allegation]) -> list[Text]:
    lines = []
    for one in found:
        if one.closed_at:
            lines.append(ALLEGATION_CLOSED.fill(reference=one.reference, day=turn.day(one.closed_at)))
        elif one.lado_told_at:
            lines.append(LADO_KNOWS.fill(reference=one.reference, day=turn.day(one.lado_told_at)))
        else:
            day, lado = dt.date.fromisoformat(one.due_on), turn.context.settings.contacts.lado.name
            lines.append(LADO_BY.fill(reference=one.reference, who=lado, day=day, n=LADO_DAYS))
        if since := await _suspended_since(turn, one):
            lines.append(SUSPENDED.fill(day=turn.day(since)))
    return lines


async def _suspended_since(turn: Turn, allegation: Allegation) -> str:
    running = await allegations.suspension(turn.reader, allegation.match) if allegation.match else None
    return running.suspended_at if running and running.running else ""


async def _taps(turn: Turn, concern: Concern, found: list[Allegation]) -> list[Tap | list[Tap]]:
    """A button for each thing that can be done now."""
    data = f"concerns:{concern.reference}"
    taps: list[Tap | list[Tap]] = [] if concern.acknowledged_at else [Tap(READ_IT, f"{data}:read")]
    taps.append(Tap(WHO_IS_IT, f"{data}:who"))
    taps += [Tap(IT_IS_ONE, f"{data}:alleged")] if concern.about in ALLEGED and not found else []
    for one in found:
        if not one.lado_told_at:
            taps.append(Tap(TOLD_LADO.fill(reference=one.reference), f"{data}:lado:{one.reference}"))
        elif not one.closed_at:
            taps.append(Tap(CLOSE_ALLEGATION.fill(reference=one.reference), f"{data}:over:{one.reference}"))
        if await _suspended_since(turn, one) and await allegations.may_lift(turn.reader, one.match or "", viewer(turn)):
            taps.append(Tap(LIFT, f"{data}:lift:{one.reference}"))
    if concern.acknowledged_at:
        taps += [] if concern.handed_over_at else [Tap(CASE_FILE, f"{data}:file")]
        taps += [] if concern.closed_at else [Tap(CLOSE, f"{data}:close")]
    return [*taps, Tap(CONCERNS, "concerns"), Tap(menu.MENU, "menu")]
