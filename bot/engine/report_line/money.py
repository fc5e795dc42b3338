"""What a visit cost: £4.20, 15 quid, 50p, a tenner, 12 miles each way."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import zip_longest

from bot.domain.reports import DEAREST, FARTHEST
from bot.engine.report_line.reading import Amount, Reading
from bot.engine.report_line.tokens import Form
from bot.engine.report_line.words import Sort


def money(line: Reading) -> int:
    """Pence, of all amounts together; or of the one that is called the total."""
    found = [*_amounts(line)]
    found = [amount for amount in found if line.is_total(amount)] or found
    pence = round(sum(amount.value for amount in found))
    if pence > DEAREST or any(line.at(amount.end, Sort.EACH_COSTS) for amount in found):
        return 0
    for amount in found:
        start, end = amount.start, amount.end
        while (before := line.before(start, Sort.COSTS, Sort.IN_ALL)) < start and line.free(before, start):
            start = before
        while (after := line.end(end, Sort.COSTS, Sort.IN_ALL)) > end:
            end = after
        line.use(start, end)
    return pence


def miles(line: Reading) -> int:
    """Tenths of a mile, all together, or the total; "each way" is twice."""
    found = [*_distances(line)]
    found = [amount for amount in found if line.is_total(amount)] or found
    tenths = round(sum(amount.value for amount in found) * 10)
    if tenths > FARTHEST:
        return 0
    for amount in found:
        line.use(line.before(amount.start, Sort.DRIVEN, Sort.IN_ALL), line.end(amount.end, Sort.DRIVEN, Sort.IN_ALL))
    for start, end, _value in [*line.every(Sort.NO_MILES)]:
        line.use(start, end)
    return tenths


def costs(line: Reading) -> tuple[int, int] | None:
    """Pence and tenths of a mile where nothing else is asked for: a bare number is pounds there.

    None as well when a number is left over of which it is not known what it is.
    """
    amounts, distances = [*_amounts(line)], [*_distances(line)]
    pence, tenths = money(line), miles(line)
    alone = line.number(0) if len(line.tokens) == 1 and not line.used else None
    if alone is not None and alone * 100 <= DEAREST:
        return round(alone * 100), 0
    understood = [*(amounts if pence else []), *(distances if tenths else [])]  # the parts of a total too
    known = line.used.union(*(range(amount.start, amount.end) for amount in understood))
    return (pence, tenths) if line.used and known.issuperset(_numbers(line)) else None


def _numbers(line: Reading) -> Iterator[int]:
    """Where a number stands. Nothing is lost with a 0, nor with a number in words of something: "for two coffees"."""
    for place, (token, after) in enumerate(zip_longest(line.tokens, line.tokens[1:])):
        worth = line.number(place)
        if worth != 0 and (token.form is Form.NUMBER or (worth and not (after and after.form is Form.WORD))):
            yield place


def _distances(line: Reading) -> Iterator[Amount]:
    """Each number of miles."""
    return (amount for place in range(len(line.tokens)) if (amount := _distance(line, place)))


def _distance(line: Reading, place: int) -> Amount | None:
    amount = line.quantity(place) if line.free(place, place + 1) else None
    end = line.end(amount.end, Sort.MILES) if amount else place
    if amount is None or end == amount.end:
        return None
    twice = line.end(end, Sort.EACH_WAY)
    return Amount(place, twice, amount.value * (2 if twice > end else 1))


def _amounts(line: Reading) -> Iterator[Amount]:
    """Each amount of money, in pence."""
    phrases = [Amount(start, end, Fraction(value)) for start, end, value in line.every(Sort.MONEY)]
    yield from phrases
    said = {place for phrase in phrases for place in range(phrase.start, phrase.end)}
    taken = 0
    for place in range(len(line.tokens)):
        value = line.number(place) if place >= taken and place not in said and line.free(place, place + 1) else None
        if value is None:
            continue
        if line.word(place - 1) == "£" and place > taken:
            yield Amount(place - 1, line.end(place + 1, Sort.PENCE, Sort.POUNDS), value * 100)
        elif line.word(place + 1) == "£" and not _touches_a_number(line, place + 1):
            taken = place + 2
            yield Amount(place, taken, value * 100)
        elif (end := line.end(place + 1, Sort.POUNDS)) > place + 1:
            pounds = _pounds(line, Amount(place, end, value * 100))
            taken = pounds.end
            yield pounds
        elif (end := line.end(place + 1, Sort.PENCE)) > place + 1 and value.denominator == 1:
            yield Amount(place, end, value)


def _touches_a_number(line: Reading, sign: int) -> bool:
    """A sign between two numbers is of the one before it, 4 £ 2 hours, unless it is close to the other: 2 £4."""
    return line.number(sign + 1) is not None and line.tokens[sign].end == line.tokens[sign + 1].start


def _pounds(line: Reading, pounds: Amount) -> Amount:
    """With the pence that are said after them: 4 pounds 20."""
    pence, word = line.number(pounds.end), line.word(pounds.end)
    after = line.end(pounds.end + 1, Sort.PENCE)
    plain = pence is not None and len(word) == 2 and word.isdecimal()  # noqa: PLR2004 - digits
    alone = line.end(after, Sort.HOURS, Sort.MINUTES, Sort.MAYBE_MINUTES, Sort.MILES) == after
    if pence is None or not plain or not alone:
        return pounds
    return Amount(pounds.start, after, pounds.value + pence)
