"""How long a visit was: 2.5h, 2 hrs 15 mins, an hour and a half, 2:30, 2-4pm."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from bot.domain.reports import LONGEST, SHORTEST
from bot.engine.report_line.reading import Amount, Reading
from bot.engine.report_line.tokens import Form
from bot.engine.report_line.words import Sort

HOUR = 60
NOON = 12

MOST_HOURS = 12
"""At most this is a bare number of hours where nothing but a time is asked for."""
FEWEST_MINUTES = 20
"""At least this is one of minutes there. What is between them may be either."""

QUARTERS = (15, 45)
"""Minutes that are said after hours: an hour and three quarters."""
EVEN_PARTS = 15
"""A number of minutes that people leave the word away from, as in 2 hours 30, is a multiple of this."""


class Clock(NamedTuple):
    """A time of day: minutes after midnight, am or pm or neither, whether its minutes were typed; the token after."""

    minutes: int
    half: str
    exact: bool
    end: int


def minutes(line: Reading) -> int | None:
    """How long the visit was, if the line says it once; or what it calls the total."""
    spans = [*_spans(line)]
    inside = {place for span in spans for place in range(span.start, span.end)}
    found = [*spans, *(one for one in _durations(line) if one.start not in inside)]
    found = [amount for amount in found if _of_the_visit(line, amount)]
    found = [amount for amount in found if line.is_total(amount)] or found
    long = {sensible(amount.value) for amount in found}
    if len(long) != 1 or None in long:
        return None
    for amount in found:
        line.use(line.before(amount.start, Sort.IN_ALL), line.end(amount.end, Sort.IN_ALL))
    return long.pop()


def bare_minutes(line: Reading) -> int | None:
    """The same where nothing else is asked for: 2 is hours there, and 90 is minutes."""
    alone = line.quantity(0)
    if alone is None or alone.end < len(line.tokens):
        return minutes(line)
    if alone.value <= MOST_HOURS:
        return sensible(alone.value * HOUR)
    return sensible(alone.value) if alone.value >= FEWEST_MINUTES else None


def sensible(long: Fraction) -> int | None:
    """A whole number of minutes that a visit may take."""
    return int(long) if long.denominator == 1 and SHORTEST <= long <= LONGEST else None


def half_of_day(line: Reading, place: int) -> tuple[str, int]:
    """Am or pm or neither, and the token after it."""
    for half, sort in (("am", Sort.MORNING), ("pm", Sort.AFTERNOON)):
        if (end := line.end(place, sort)) > place:
            return half, end
    return "", place


def _of_the_visit(line: Reading, amount: Amount) -> bool:
    """Not how long the drive was, or the waiting."""
    before, after = line.before(amount.start, Sort.NOT_OF_THE_VISIT), line.end(amount.end, Sort.NOT_OF_THE_VISIT)
    return line.used.issuperset([*range(before, amount.start), *range(amount.end, after)])


def _durations(line: Reading) -> Iterator[Amount]:
    place = 0
    while place < len(line.tokens):
        amount = _duration(line, place) if line.free(place, place + 1) else None
        if amount:
            yield amount
        place = amount.end if amount else place + 1


def _duration(line: Reading, place: int) -> Amount | None:
    if found := line.at(place, Sort.TIME):
        return _with_minutes(line, _with_part(line, Amount(place, found[1], Fraction(found[0]))))
    if (end := line.end(place, Sort.HOURS)) > place:  # "hour and 20 mins"
        hour = Amount(place, end, Fraction(HOUR))
        whole = _with_minutes(line, hour)
        return whole if whole != hour else None
    quantity = line.quantity(place)
    if quantity is None:
        return _clock_face(line, place)
    if (end := line.end(quantity.end, Sort.HOURS)) > quantity.end:
        return _hours(line, quantity, end)
    if (end := line.end(quantity.end, Sort.MINUTES)) > quantity.end:
        return Amount(place, end, quantity.value)
    end = line.end(quantity.end, Sort.MAYBE_MINUTES)  # 45m; 12m may be miles
    return Amount(place, end, quantity.value) if end > quantity.end and quantity.value % EVEN_PARTS == 0 else None


def _hours(line: Reading, quantity: Amount, end: int) -> Amount | None:
    """2.30 hours is two hours and 30 minutes, 2.75 hours is not; 2.20 hours may be either."""
    value = quantity.value * HOUR
    whole, _point, part = line.word(quantity.start).replace(",", ".").partition(".")
    if part in {"15", "30", "45"}:
        value = Fraction(int(whole) * HOUR + int(part))
    elif len(part) > 1 and part not in {"00", "25", "50", "75"}:
        return None
    if (half := line.end(end, Sort.AND_A_HALF)) > end:
        value, end = value + HOUR // 2, half
    return _with_minutes(line, Amount(quantity.start, end, value))


def _with_part(line: Reading, hours: Amount) -> Amount:
    """A time in words that hours are said in, and the half or the quarters after it: a couple of hours and a half."""
    if hours.value % HOUR:
        return hours
    if (half := line.end(hours.end, Sort.AND_A_HALF)) > hours.end:
        return Amount(hours.start, half, hours.value + HOUR // 2)
    part = line.at(line.end(hours.end, Sort.AND), Sort.TIME)
    if part is None or part[0] not in QUARTERS:
        return hours
    return Amount(hours.start, part[1], hours.value + Fraction(part[0]))


def _with_minutes(line: Reading, hours: Amount) -> Amount:
    """Hours, and the minutes that are said after them: 2h 20 mins, 2h20, 2 hours 30; 2 hours, 20 minutes."""
    if line.word(hours.end) in {",", "،"}:
        return _with_minutes_apart(line, hours)
    place = line.end(hours.end, Sort.AND)
    number = line.number(place)
    if number is None or number.denominator != 1 or not 0 < number < HOUR:
        return hours
    end = line.end(place + 1, Sort.MINUTES, Sort.MAYBE_MINUTES)
    touches = line.tokens[place].start == line.tokens[hours.end - 1].end
    joined = place == hours.end and (touches or number % EVEN_PARTS == 0)
    if not line.free(place, end) or (end == place + 1 and not joined):
        return hours
    return Amount(hours.start, end, hours.value + number)


def _with_minutes_apart(line: Reading, hours: Amount) -> Amount:
    """The same with a comma between: a number is of minutes there if it says so, and not of the drive."""
    minutes = _duration(line, line.end(hours.end + 1, Sort.AND))
    if hours.value % HOUR or minutes is None or minutes.value >= HOUR or line.number(minutes.start) is None:
        return hours
    whole = Amount(hours.start, minutes.end, hours.value + minutes.value)
    return whole if line.end(whole.end, Sort.NOT_OF_THE_VISIT) == whole.end else hours


def _clock_face(line: Reading, place: int) -> Amount | None:
    """2:30 by itself is how long; "at 2:30" and "2:30pm" are when."""
    clock = _clock(line, place)
    when = line.before(place, Sort.AT, Sort.UNTIL, Sort.DAYS) < place or line.word(place - 1) == "@"
    if clock is None or ":" not in line.word(place) or when or clock.half or clock.minutes > MOST_HOURS * HOUR:
        return None
    return Amount(place, line.end(clock.end, Sort.HOURS), Fraction(clock.minutes))


def _spans(line: Reading) -> Iterator[Amount]:
    """2-4pm, from 2pm to 4.30pm, 14:00 - 16:30. A bare 2-4 may be anything."""
    for place in range(len(line.tokens)):
        first = _clock(line, place) if line.free(place, place + 1) else None
        last = _clock(line, _across(line, first.end)) if first else None
        if first and last and (first.half or last.half or (first.exact and last.exact)):
            yield Amount(line.before(place, Sort.AT), last.end, Fraction(_between(first, last)))


def _across(line: Reading, place: int) -> int:
    """The token after "to" or a dash; none when neither is there."""
    if line.word(place) in {"-", "–", "—"}:
        return place + 1
    if (end := line.end(place, Sort.UNTIL)) > place:
        return end
    if not line.word(place):
        return len(line.tokens)
    gap = line.text[line.tokens[place - 1].end : line.tokens[place].start].strip()
    return place if gap in {"-", "–", "—"} else len(line.tokens)


def _clock(line: Reading, place: int) -> Clock | None:
    if line.stops(place) or line.tokens[place].form is not Form.NUMBER:
        return None
    hours, colon, part = line.word(place).replace(".", ":").partition(":")
    exact = len(part) == 2 and part.isdecimal() and int(part) < HOUR  # noqa: PLR2004 - digits
    if not hours.isdecimal() or int(hours) >= 2 * NOON or (colon and not exact):
        return None
    half, end = half_of_day(line, place + 1)
    return Clock(int(hours) * HOUR + int(part or 0), half, exact, end)


def _between(first: Clock, last: Clock) -> int:
    """Minutes from one to the other. If only one has am or pm the other goes with it: 2-4pm, 11-1pm."""
    begins, ends = _in_half(first, first.half or last.half), _in_half(last, last.half or first.half)
    if ends < begins and not (first.half and last.half):
        begins, ends = (begins - NOON * HOUR, ends) if not first.half else (begins, ends + NOON * HOUR)
    return ends - begins


def _in_half(clock: Clock, half: str) -> int:
    if not half:
        return clock.minutes
    return clock.minutes % (NOON * HOUR) + (NOON * HOUR if half == "pm" else 0)
