"""Concerns for those who keep children safe: what is open, one of them whole, and what is done about it.

Every look and every step is in the audit. A concern, an allegation and a complaint from the same words are closed each
by itself.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from markupsafe import Markup

from bot.domain.concerns import ALLEGATION_PREFIX, ALLEGED, LADO_DAYS, PREFIX, About, Allegation, Concern, Kind, Source
from bot.domain.references import new_reference, read_reference
from bot.domain.roles import EVERYBODY, STAFF, Viewer
from bot.domain.working_days import Calendar
from bot.engine import filling
from bot.engine.forms import Form, Step
from bot.engine.forms import Kind as StepKind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import allegations, audit, concerns, interests, matches, people, visits, volunteers
from bot.store import gate as gate_store
from bot.store.database import Row
from handlers import gate, menu, visit_news
from handlers.cases import alerts

router = Router()

LISTED = 10

CONCERNS = _("Concerns")
NONE_OPEN = _("No concern is open that you can see.")
OPEN_ONES = n_("{n} concern is open:", "{n} concerns are open:")
MORE_THAN = _("More than {n} concerns are open. The first:")
LISTED_LINE = _("{reference} · {day} at {time} · {kind} · {state}")
NO_SUCH = _("There is no concern with that number that you can see.")
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
LADO_BY = _("{reference}: the LADO ({who}) has to be told by {day} ({days} working day).")
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

ACKNOWLEDGED = _("{reference}: you have read it, and take it on. They are told that somebody has read it.")
BEFORE_YOU = _("{reference}: somebody took it on before you.")
WHOM = _(
    "Who is it about, as far as you know? Don't ask the child. Whoever is, manages or works for them does not see it "
    "from now on."
)
NOW_ABOUT = _("{reference}: noted.")
OUT_OF_SIGHT = _("{reference}: noted. You don't see it any more. The next in line is told.")
ALLEGED_NOW = _("{reference}: an allegation. The LADO has to be told by {day}: {who}, {phone}.")
ALLEGED_BEFORE = _("There is an allegation to it already.")
NOW_SUSPENDED = _(
    "The visitor is suspended from now on, and their visits are paused, with every child they visit. The children are "
    "told kindly, without a reason. Nobody else is told: speak with the LADO first about what the visitor and the "
    "coordinator are told. If they ask the bot, it says that visits are on pause, and that the coordinator will speak "
    "with them."
)
NO_VISITOR = _("No visitor of theirs is known here, so nobody is suspended.")
DONE = _("{reference}: noted.")
NOT_NOW = _("That can't be done now. This is how it stands.")
WHY_LIFT = _(
    "Why may the visitor visit again? Only a manager sees it. Then both sides are asked anew about each visit."
)
LIFTED = _("The suspension is lifted. Visits that waited are planned again, and both sides are asked anew.")
LIFTED_NOT_READY = _("The suspension is lifted. No visit can be planned yet: {why}.")
NOT_LIFTED = _("It is not lifted: only a manager may who sees every allegation about this visitor.")

Action = Callable[[Turn, Concern, str], Awaitable[None]]


def viewer(turn: Turn) -> Viewer:
    return Viewer(turn.person.id, turn.person.role)


@router.command("concerns", EVERYBODY)
@router.button("concerns", EVERYBODY)
async def show(turn: Turn) -> None:
    """What is open; with a number that one; with an action after the number, it is done."""
    typed, _colon, what = turn.incoming.argument.partition(":")
    if not typed:
        await _list(turn)
        return
    reference = read_reference(typed, PREFIX)
    concern = await concerns.find(turn.reader, reference, viewer(turn)) if reference else None
    action, _colon, which = what.partition(":")
    if concern is None:
        await nothing(turn)
    elif action in ACTIONS:
        await ACTIONS[action](turn, concern, which)
    else:
        await show_one(turn, concern)


async def nothing(turn: Turn) -> None:
    """The same words for what is not there and for what somebody may not see; to a guest none of it exists."""
    if turn.person.role in STAFF:
        turn.pause_form()
        turn.say(NO_SUCH, Tap(CONCERNS, "concerns"), Tap(menu.MENU, "menu"))
    else:
        await menu.unknown(turn)


async def _list(turn: Turn) -> None:
    found = await concerns.open_ones(turn.reader, viewer(turn), LISTED + 1)
    if not found and turn.person.role not in STAFF:
        await menu.unknown(turn)
        return
    turn.pause_form()
    shown = found[:LISTED]
    head = OPEN_ONES.fill(n=len(found)) if len(found) <= LISTED else MORE_THAN.fill(n=LISTED)
    lines = [head if found else NONE_OPEN, *(_in_list(turn, concern) for concern in shown)]
    turn.say(
        Markup("\n").join(map(turn.html, lines)),
        *(Tap(concern.reference, f"concerns:{concern.reference}") for concern in shown),
        Tap(menu.MENU, "menu"),
    )


def _in_list(turn: Turn, concern: Concern) -> Text:
    when = {"day": turn.day(concern.raised_at), "time": turn.time(concern.raised_at)}
    return LISTED_LINE.fill(reference=concern.reference, kind=KIND[concern.kind], state=_state(turn, concern), **when)


def _state(turn: Turn, concern: Concern) -> Text:
    if concern.closed_at:
        return CLOSED.fill(day=turn.day(concern.closed_at))
    read = concern.acknowledged_at
    return TAKEN_ON.fill(day=turn.day(read), time=turn.time(read)) if read else WAITING


# One of them


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
        FACTS.fill(reference=concern.reference, kind=KIND[concern.kind], state=_state(turn, concern)),
        CAME.fill(
            day=turn.day(concern.raised_at),
            time=turn.time(concern.raised_at),
            channel=concern.channel,
            language=turn.context.words.name(concern.language),
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
        name=interest.name or "?",
        age=interest.age or "?",
        reference=interest.reference,
        reach=interest.contact_way or "?",
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
            lines.append(LADO_BY.fill(reference=one.reference, who=lado, day=day, days=LADO_DAYS))
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


# What is done


async def _read(turn: Turn, concern: Concern, _which: str) -> None:
    """Somebody takes it on: the child can know it, and nobody else is told in vain."""
    if not await concerns.acknowledge(await turn.write(), concern.reference, viewer(turn), turn.stamp):
        await _again(turn, concern, BEFORE_YOU.fill(reference=concern.reference))
        return
    await _audit(turn, "acknowledge_concern", concern)
    await _again(turn, concern, ACKNOWLEDGED.fill(reference=concern.reference))
    await alerts.nudge_child(turn, concern)
    for person in await concerns.watchers(turn.reader, concern.reference):
        if person.id != turn.person.id:
            await alerts.notify(turn, person, alerts.TAKEN_ON.fill(reference=concern.reference), concern)


async def _who(turn: Turn, concern: Concern, which: str) -> None:
    """Whom it is about: asked, and then whoever may not see it does not."""
    if which not in set(About):
        turn.pause_form()
        taps = [Tap(label, f"concerns:{concern.reference}:who:{about}") for about, label in ABOUT.items()]
        turn.say(WHOM, *taps, Tap(concern.reference, f"concerns:{concern.reference}"))
        return
    await concerns.set_about(await turn.write(), concern.reference, About(which), None, turn.person.role, turn.stamp)
    await _audit(turn, "concern_about", concern)
    if await concerns.find(turn.reader, concern.reference, viewer(turn)):
        await _again(turn, concern, NOW_ABOUT.fill(reference=concern.reference))
        return
    turn.say(OUT_OF_SIGHT.fill(reference=concern.reference), Tap(CONCERNS, "concerns"), Tap(menu.MENU, "menu"))
    if now := await concerns.find(turn.reader, concern.reference, None):
        await alerts.ring(turn, now)


async def _alleged(turn: Turn, concern: Concern, _which: str) -> None:
    """An allegation: the LADO hears of it within a working day. About the visitor: no visit goes ahead."""
    if concern.about not in ALLEGED:
        await _again(turn, concern, NOT_NOW)
        return
    if await allegations.of_concern(turn.reader, concern.reference, None):
        await _again(turn, concern, ALLEGED_BEFORE)
        return
    match = await _visitor_of(turn, concern) if concern.about is About.VISITOR else None
    settings = turn.context.settings
    days = Calendar.of(settings.service.jurisdiction, settings.complaints.extra_holidays)
    due = days.due(turn.day(turn.stamp), LADO_DAYS)
    while await allegations.taken(turn.reader, reference := new_reference(ALLEGATION_PREFIX)):
        pass
    allegation = Allegation(reference, concern.reference, match, turn.stamp, due.isoformat())
    await allegations.add(await turn.write(), allegation, turn.person.id)
    await _audit(turn, "allegation", concern)
    lado = settings.contacts.lado
    said = [ALLEGED_NOW.fill(reference=reference, day=due, who=lado.name, phone=lado.phone or lado.email or "?")]
    if concern.about is About.VISITOR:
        said.append(NOW_SUSPENDED if match else NO_VISITOR)
    await _again(turn, concern, *said)
    if match and (running := await allegations.suspension(turn.reader, match)):
        await _tell_children(turn, running.volunteer)


async def _tell_children(turn: Turn, volunteer: str, *, but: Collection[str] = ()) -> None:
    """Whoever a visitor sees has something to read: how it is with their visits, and no reason. `but`: requests."""
    for row in await gate_store.children(turn.reader, volunteer):
        child = await people.find(turn.reader, row["person"])
        if child and row["interest"] not in but:
            await turn.nudge(child, "visit")


async def _visitor_of(turn: Turn, concern: Concern) -> str | None:
    """The match of whoever raised it, as it was then: ended since, its visitor may still visit other children."""
    interest = await interests.newest_of(turn.reader, concern.person) if concern.person else None
    match = await matches.at_the_time(turn.reader, interest.reference, concern.raised_at) if interest else None
    return match.reference if match else None


async def _lado(turn: Turn, concern: Concern, which: str) -> None:
    reference = read_reference(which, ALLEGATION_PREFIX) or ""
    done = await allegations.lado_told(await turn.write(), reference, viewer(turn), turn.stamp)
    await _note(turn, concern, "lado_told", reference, done=done)


async def _over(turn: Turn, concern: Concern, which: str) -> None:
    reference = read_reference(which, ALLEGATION_PREFIX) or ""
    done = await allegations.close(await turn.write(), reference, viewer(turn), turn.stamp)
    await _note(turn, concern, "close_allegation", reference, done=done)


async def _file(turn: Turn, concern: Concern, _which: str) -> None:
    """The case file has it, with a receipt in writing: its words need not stay here."""
    done = await concerns.hand_over(await turn.write(), concern.reference, viewer(turn), turn.stamp)
    await _note(turn, concern, "hand_over_concern", concern.reference, done=done)


async def _close(turn: Turn, concern: Concern, _which: str) -> None:
    done = await concerns.close(await turn.write(), concern.reference, viewer(turn), turn.stamp)
    await _note(turn, concern, "close_concern", concern.reference, done=done)


async def _note(turn: Turn, concern: Concern, action: str, reference: str, *, done: bool) -> None:
    if done:
        await _audit(turn, action, concern)
    await _again(turn, concern, DONE.fill(reference=reference) if done else NOT_NOW)


async def _again(turn: Turn, concern: Concern, *said: Text) -> None:
    """The same concern as it is now, with what there is to say before it."""
    now = await concerns.find(turn.reader, concern.reference, viewer(turn))
    if now:
        await show_one(turn, now, *said)


async def _audit(turn: Turn, action: str, concern: Concern) -> None:
    await audit.add(await turn.write(), turn.person.id, turn.person.role, action, concern.reference, turn.stamp)


async def _lift(turn: Turn, concern: Concern, which: str) -> None:
    """Only a manager who is not conflicted, and with a reason."""
    allegation = await _its_own(turn, concern, which)
    match = allegation.match if allegation else None
    if match and await allegations.may_lift(turn.reader, match, viewer(turn)):
        await filling.begin(turn, "lift", about=f"{concern.reference}:{match}")
    else:
        await _again(turn, concern, NOT_LIFTED)


async def _its_own(turn: Turn, concern: Concern, which: str) -> Allegation | None:
    found = await allegations.of_concern(turn.reader, concern.reference, viewer(turn))
    return next((one for one in found if one.reference == read_reference(which, ALLEGATION_PREFIX)), None)


async def lifted(turn: Turn, answers: dict[str, Any]) -> None:
    """The visitor may visit again, if nothing else stands in the way: both sides are asked about each visit anew.

    A child with no visit to come is told so.
    """
    reference, _colon, match = str(answers["about"]).partition(":")
    writer = await turn.write()
    planned = await allegations.lift(writer, match, viewer(turn), answers["reason"], turn.stamp)
    if planned is None:
        turn.say(NOT_LIFTED, Tap(CONCERNS, "concerns"), Tap(menu.MENU, "menu"))
        return
    await audit.add(writer, turn.person.id, turn.person.role, "lift_suspension", match, turn.stamp)
    its = await matches.find(turn.reader, match)
    if its:
        await _go_on(turn, reference, its.volunteer, planned)


async def _go_on(turn: Turn, reference: str, volunteer: str, planned: list[str]) -> None:
    stands = await volunteers.clearance(turn.reader, volunteer)
    ready = stands.ready(gate.today(turn.now).isoformat())
    words = LIFTED if ready else LIFTED_NOT_READY.fill(why=await gate.reasons(turn, volunteer, stands))
    turn.say(words, Tap(reference, f"concerns:{reference}"), Tap(menu.MENU, "menu"))
    if ready:
        await visit_news.asked_again(turn, planned)
        found = [visit for one in planned if (visit := await visits.find(turn.reader, one))]
        await _tell_children(turn, volunteer, but={visit.interest for visit in found if visit.told})


ACTIONS: dict[str, Action] = {
    "read": _read,
    "who": _who,
    "alleged": _alleged,
    "lado": _lado,
    "over": _over,
    "file": _file,
    "close": _close,
    "lift": _lift,
}
"""What can be done about a concern, by the word its button carries."""

FORMS = (Form("lift", (Step("reason", StepKind.TEXT, WHY_LIFT, longest=500),), lifted, worth_keeping=False),)
