"""A visit report in one line, as volunteers type it on a bus: "done 2.5h bowling, good mood".

Everything that is understood is read back before it counts, so a slip is seen; what is doubtful is left out and stays
among the words, for the form to ask about. It knows no language but by its lists of words.
"""

from dataclasses import dataclass

from bot.domain.reports import Report
from bot.engine.report_line import money, moods, times
from bot.engine.report_line.reading import Reading
from bot.engine.report_line.tokens import Form, lexicon
from bot.engine.report_line.words import Sort
from bot.i18n import Words

COMING = 5
"""So many words after "next", a day is looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was understood of a line. `next_words` are those about the next visit, as they were typed."""

    report: Report
    next_words: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether it holds nothing but words of which nothing is known."""
        return self == Line(Report(activity=self.report.activity))


def read_line(words: Words, language: str, text: str) -> Line:
    """What a line says of a visit. Words that say nothing else are the activity, or why there was none."""
    line = Reading(lexicon(words, language), text)
    coming = _coming(line)
    pence, tenths = money.money(line), money.miles(line)
    happened, why_not = _happened(line)
    long = times.minutes(line)
    if happened is False and not long:
        rest = line.rest(whole=True)
        return Line(Report(happened, why_not, pass_on=rest, pence=pence, miles_tenths=tenths), coming)
    mood, chosen_by = moods.mood(line), moods.chosen_by(line)
    if happened is False:  # and yet it took so long: one of the two was misread
        happened = None
        line.explained.clear()
    elif happened is None and (long or mood or chosen_by) and not any(_speaks_against(line)):
        happened = True
    report = Report(happened, "", long, line.rest(), chosen_by, mood, pence=pence, miles_tenths=tenths)
    return Line(report, coming)


def read_minutes(words: Words, language: str, text: str) -> int | None:
    """How long, where nothing else is asked for."""
    return times.bare_minutes(Reading(lexicon(words, language), text))


def read_costs(words: Words, language: str, text: str) -> tuple[int, int] | None:
    """Pence spent and tenths of a mile driven, where nothing else is asked for."""
    return money.costs(Reading(lexicon(words, language), text))


# Whether it happened


def _happened(line: Reading) -> tuple[bool | None, str]:
    """Whether it did, and if not, why. None when nothing says it, or the words disagree."""
    reasons = [*line.every(Sort.WHY_NOT)]
    against = [*reasons, *line.every(Sort.NOT_HAPPENED), *_first_no(line)]
    taken = {place for start, end, _value in against for place in range(start, end)}
    done = [one for one in (*_first_yes(line), *line.every(Sort.HAPPENED)) if taken.isdisjoint(range(*one[:2]))]
    if bool(against) == bool(done) or any(line.denied(start) for start, _end, _value in done):
        return None, ""
    for start, end, _value in against or done:
        line.explained.update(range(start, end))
    if done:
        line.used |= line.explained
        return True, ""
    return False, _why_not(line, [*reasons, *(one for one in line.every(Sort.WHY) if one[0] not in taken)])


def _why_not(line: Reading, reasons: list[tuple[int, int, str | int]]) -> str:
    """The reason, if one alone is given. What grown-ups called off has that as its reason, when there is no other."""
    grown_ups = [*line.every(Sort.GROWN_UPS)] if any(line.every(Sort.CALLED_OFF)) and not reasons else []
    for start, end, _value in (*reasons, *grown_ups):
        line.explained.update(range(start, end))
    why = {str(value) for _start, _end, value in reasons}
    return "called_off_by_adults" if grown_ups else why.pop() if len(why) == 1 else ""


def _speaks_against(line: Reading) -> list[tuple[int, int, str | int]]:
    """What makes it doubtful that it happened, although a time or a mood is told."""
    return [*line.every(Sort.WHY_NOT), *line.every(Sort.NOT_HAPPENED), *line.every(Sort.NOT)]


def _first_yes(line: Reading) -> list[tuple[int, int, str | int]]:
    """A yes counts where a line begins."""
    end = line.end(0, Sort.YES)
    return [(0, end, "")] if end and line.free(0, end) else []


def _first_no(line: Reading) -> list[tuple[int, int, str | int]]:
    """So does a no, by itself or with the reason after it: "no problems" is none."""
    end = line.end(0, Sort.NO)
    alone = line.stops(end) or line.at(end, Sort.WHY) or line.at(end, Sort.THEY_WERE)
    return [(0, end, "")] if end and alone and line.free(0, end) else []


# The next visit


def _coming(line: Reading) -> str:
    """From "next", or the like, to the end of that part of the line, if there is a day in it: next sat 2pm."""
    for start, end, _value in line.every(Sort.NEXT):
        last = end
        while not line.stops(last):
            last += 1
        if any(_is_coming(line, place, visit=end - start > 1) for place in range(end, min(last, end + COMING))):
            if (time := _end_of_time(line, last + 1)) > last + 1:
                last = time
            line.use(start, last)
            return line.typed[line.tokens[start].start : line.tokens[last - 1].end]
    return ""


def _is_coming(line: Reading, place: int, *, visit: bool) -> bool:
    """Whether this is of a date. After "next" alone a bare number may be anything, after "next visit" it is one."""
    number = line.tokens[place].form is Form.NUMBER
    dated = number and (visit or "/" in line.word(place) or times.half_of_day(line, place + 1)[0])
    return bool(dated or line.at(place, Sort.DAYS))


def _end_of_time(line: Reading, place: int) -> int:
    """The token after a part of the line that holds a day or a time and nothing else; this place when it does not."""
    end = place
    while not line.stops(end):
        after = line.end(end, Sort.AT, Sort.DAYS, Sort.MORNING, Sort.AFTERNOON)
        if after == end and line.tokens[end].form is not Form.NUMBER:
            return place
        end = max(after, end + 1)
    return end
