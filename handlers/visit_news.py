"""Who hears what of a visit, unasked: nobody's name, and nothing that anybody said.

The child hears that there is something to read, and only of what their visitor has confirmed; the visitor and staff
hear a day, a time and a number.
"""

import datetime as dt
from collections.abc import Sequence

from bot.domain import reminders
from bot.domain.visits import Visit
from bot.engine.message import Document
from bot.engine.turn import READ_IT, Tap, Turn
from bot.i18n import Text, _
from bot.reports.calendar_file import FORMAT, KIND
from bot.settings import Settings
from bot.store import interests, people, visits, volunteers
from bot.store.clock import moment
from bot.store.people import Person

ASK = _("A visit on {day} at {time}: can you be there?")
THERE = _("I'll be there")
MOVE = _("I need to move it")
CANT = _("I can't")
AFTER_ALL = _("I'll be there after all")
CALENDAR = _("Calendar file")
OFF = _("The visit on {day} at {time} is off. {Coordinator} will be in touch.")
ANOTHER_DAY = _("The visit on {day} at {time}: another day is wanted.")
STILL_GOOD = _("The visit on {day} at {time}: the day is fine after all.")
NO_TIME = _("{visit} · {day} at {time} has to move. The visitor has no new time yet.")
THE_FILE = _("{visit} · {day} at {time}, for a calendar.")
NOT_IN_THE_BOT = _("{visit} · {day} at {time}. The visitor is not in the bot: please ask them.")
THEY_TOLD_ME = _("They told me they'll be there")


def about(turn: Turn, text: Text, visit: Visit) -> Text:
    """The text with what there is to say of a visit: its day and time, who comes, what for, and the numbers."""
    when = {"day": turn.day(visit.planned_for), "time": turn.time(visit.planned_for)}
    return text.fill(visit=visit.reference, reference=visit.interest, visitor=visit.visitor, plan=visit.plan, **when)


def answers(visit: Visit) -> list[Tap | list[Tap]]:
    """What a visitor may say of a visit. The buttons know how often it had changed: an old one says yes to nothing."""
    return [Tap(THERE, answer(visit, "yes")), [Tap(MOVE, answer(visit, "move")), Tap(CANT, answer(visit, "no"))]]


def answer(visit: Visit, said: str) -> str:
    """The data of a visitor's button."""
    return f"vvisit:{visit.reference}:{said}:{visit.changes}"


def reminders_over(settings: Settings, planned_for: str, now: dt.datetime) -> int:
    """How many of a visit's reminders should have been sent by now."""
    planned, quiet = moment(planned_for), settings.visits.quiet
    due = [reminders.due_at(planned, hours, quiet, settings.zone) for hours in settings.visits.remind_hours_before]
    return sum(at <= now for at in due)


def quiet(now: dt.datetime, settings: Settings) -> bool:
    """Whether it is night, and what is not danger waits."""
    return reminders.in_quiet(now, settings.zone, settings.visits.quiet)


def say_file(turn: Turn, visit: Visit) -> None:
    """The visit for a calendar, as it is now."""
    turn.say(about(turn, THE_FILE, visit), document=Document(KIND, FORMAT, visit.reference))


async def tell_child(turn: Turn, visit: Visit) -> None:
    """There is something for the child to read, if they know of this visit."""
    interest = await interests.find(turn.reader, visit.interest)
    child = await people.find(turn.reader, interest.person) if interest and interest.person else None
    if child and visit.told:
        await turn.nudge(child, f"visit:{visit.reference}")


async def tell_visitor(
    turn: Turn, visit: Visit, text: Text, *taps: Tap | list[Tap], document: Document | None = None
) -> bool:
    """Write to the visitor about a visit. False when they are not in the bot."""
    person = await _visitor(turn, visit)
    if person:
        await turn.tell(person, about(turn, text, visit), *taps, document=document)
    return person is not None


async def tell_staff(turn: Turn, visit: Visit, text: Text, *taps: Tap) -> None:
    """Staff hear of it, with a button to the request."""
    await turn.tell_staff(about(turn, text, visit), *taps, Tap(visit.interest, f"show:{visit.interest}"))


async def show_visitor(turn: Turn, visit: Visit, text: Text) -> bool:
    """There is news of a visit, and more to read of it by a button. False when the visitor is not in the bot."""
    return await tell_visitor(turn, visit, text, Tap(READ_IT, f"vvisit:{visit.reference}"))


async def tell_visitor_off(turn: Turn, visit: Visit) -> bool:
    """A visit is off, whoever said so and why: always these words, and the file that takes it out of a calendar."""
    file = Document(KIND, FORMAT, visit.reference) if visit.told else None
    return await tell_visitor(turn, visit, OFF, Tap(READ_IT, f"vvisit:{visit.reference}"), document=file)


async def ask_visitor(turn: Turn, visit: Visit) -> bool:
    """Ask the visitor whether they can be there. False when they are not in the bot: then staff have to ask."""
    asked = await tell_visitor(turn, visit, ASK, *answers(visit))
    if asked:
        await visits.asked(await turn.write(), visit.reference, turn.stamp)
    return asked


async def has_no_time(turn: Turn, visit: Visit) -> None:
    """A visit can't be when it was planned, and its visitor does not know when it could: the child waits no more."""
    await visits.wait(await turn.write(), visit.reference)
    await tell_child(turn, visit)
    await tell_staff(turn, visit, NO_TIME)


async def asked_again(turn: Turn, references: Sequence[str]) -> None:
    """Visits that were paused go on: each visitor is asked anew, and the child once they have said yes.

    A child who knew of one learns now that the pause is over.
    """
    told = set()
    for reference in references:
        visit = await visits.find(turn.reader, reference)
        if visit is None:
            continue
        over = reminders_over(turn.context.settings, visit.planned_for, turn.now)
        await visits.reminded(await turn.write(), reference, over, turn.stamp)
        if not await ask_visitor(turn, visit):
            await tell_staff(turn, visit, NOT_IN_THE_BOT, Tap(THEY_TOLD_ME, f"confirmed:{reference}"))
        if visit.told and visit.interest not in told:
            await tell_child(turn, visit)
            told.add(visit.interest)


async def _visitor(turn: Turn, visit: Visit) -> Person | None:
    """The volunteer of a visit, if they are in the bot."""
    volunteer = await volunteers.find(turn.reader, visit.volunteer)
    return await people.find(turn.reader, volunteer.person) if volunteer and volunteer.person else None
