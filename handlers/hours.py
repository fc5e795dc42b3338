"""When the coordinator is at work, in words: true ones, so that nobody waits for somebody who is not there."""

import datetime as dt

from markupsafe import Markup

from bot.domain.hours import DAY_MINUTES, Hours, Stretch, holiday_before, is_open, next_open, parse
from bot.engine.turn import Turn
from bot.i18n import Text, Weekday, _

TO = _("{first} to {last}")
ON = _("{days}, {times}")
DAY_AND_NIGHT = _("every day, day and night")
THEY_WORK = _("They work {hours}.")
NOT_ON_HOLIDAYS = _("They are off on bank holidays.")
THEY_ALWAYS_WORK = _("They work every day, day and night. It can still take some time until they see this.")
SEEN_TODAY = _("So they can see this today at the earliest.")
SEEN_LATER = _("It is {today} now. So they can see this {opening} at the earliest.")
HOURS_UNKNOWN = _("I don't know when they work. It can take some days until they see this.")
LATER_TODAY = _("today at {time}")
TOMORROW = _("tomorrow at {time}")
ON_A_DAY = _("on {day} at {time}")
CANNOT_WAIT = _(
    "Nobody answers here at night. If you can't wait, ring Childline. It's free, day and night: 0800 1111. "
    "In danger, ring 999."
)


def outlook(turn: Turn) -> Markup:
    """When they work, and when they can see what is sent now at the earliest."""
    hours = _hours(turn)
    if hours is None:
        return turn.html(HOURS_UNKNOWN)
    if hours.always:
        return turn.html(THEY_ALWAYS_WORK)
    zone, nation = turn.context.settings.zone, turn.context.settings.service.jurisdiction
    now = turn.now.astimezone(zone)
    opening = next_open(hours, now, zone, nation)
    off = [NOT_ON_HOLIDAYS] if holiday_before(hours, now, opening, nation) else []
    later = SEEN_LATER.fill(today=Weekday(now.weekday()), opening=_moment(opening, now))
    said = [THEY_WORK.fill(hours=spelled(hours)), *off, SEEN_TODAY if opening <= now else later]
    return Markup(" ").join(map(turn.html, said))


def away(turn: Turn) -> bool:
    """Whether nobody can be expected to be at work now."""
    settings = turn.context.settings
    hours = _hours(turn)
    return hours is None or not is_open(hours, turn.now, settings.zone, settings.service.jurisdiction)


def spelled(hours: Hours) -> Text:
    """The hours in words: Monday to Thursday, 9 am to 3 pm."""
    if hours.always:
        return DAY_AND_NIGHT
    groups = [ON.fill(days=_days(days), times=_times(stretches)) for days, stretches in hours.grouped()]
    return Text("{groups}", values={"groups": groups})


def _days(days: tuple[int, ...]) -> list[object]:
    """Three days or more in a row as from and to."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    found: list[object] = []
    for first, *more in runs:
        if len(more) > 1:
            found.append(TO.fill(first=Weekday(first), last=Weekday(more[-1])))
        else:
            found += [Weekday(day) for day in (first, *more)]
    return found


def _times(stretches: tuple[Stretch, ...]) -> list[Text]:
    return [TO.fill(first=_clock(opens), last=_clock(closes)) for opens, closes in stretches]


def _clock(minutes: int) -> dt.time:
    return dt.time(*divmod(minutes % DAY_MINUTES, 60))


def _moment(opening: dt.datetime, now: dt.datetime) -> Text:
    """A moment as one says it on the same day, the day before, or earlier."""
    time = opening.time()
    match (opening.date() - now.date()).days:
        case 0:
            return LATER_TODAY.fill(time=time)
        case 1:
            return TOMORROW.fill(time=time)
    return ON_A_DAY.fill(day=opening.date(), time=time)


def _hours(turn: Turn) -> Hours | None:
    written = turn.context.settings.contacts.coordinator.hours
    return parse(written) if written else None
