"""Days and times as people type them for a visit: read, read back, and the missing half asked for."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.visits import EARLIEST, LATEST
from bot.engine import speech, when
from bot.engine.forms import Answers, Form, Kind, Step
from bot.engine.reading import Half, When
from bot.engine.turn import Turn
from bot.engine.when import moment, read_day, read_when
from bot.i18n import Dated, FullDate, Text, Words, _
from bot.settings import Settings
from bot.store.clock import stamp
from tests.conversation import Someone
from tests.records import BUTTON
from tests.spoken import words_of
from tests.test_forms import DONE, child, done, form, stored

LOCALES = Path("locales")
FRIDAY = dt.datetime(2026, 6, 12, 9, 0, tzinfo=dt.UTC)
IN_NOVEMBER = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
LONDON = ZoneInfo("Europe/London")
WORDS = Words(LOCALES, ["en"])


@dataclass
class Listener:
    """As much of a turn as reading takes."""

    words: Words = WORDS
    language: str = "en"
    now: dt.datetime = FRIDAY
    zone: dt.tzinfo = LONDON
    context: Any = field(init=False)

    def __post_init__(self) -> None:
        self.context = SimpleNamespace(words=self.words, settings=SimpleNamespace(zone=self.zone))

    @property
    def stamp(self) -> str:
        return stamp(self.now)

    def day(self, stamped: str) -> dt.date:
        return dt.datetime.fromisoformat(stamped).astimezone(self.zone).date()


def read(
    text: str, asked: Half | None = None, words: Words = WORDS, language: str = "en", now: dt.datetime = FRIDAY
) -> When:
    return read_when(cast("Turn", Listener(words, language, now)), text, asked)


def at(day: str, time: str) -> When:
    """`13` is 13 June 2026, `13/7` that of July; an empty half was not understood."""
    number, _slash, month = day.partition("/")
    return When(
        dt.date(2026, int(month or 6), int(number)) if day else None, dt.time.fromisoformat(time) if time else None
    )


@pytest.mark.parametrize(("typed", "day", "time"), [
    ("sat 2pm", "13", "14:00"), ("tomorrow half 3", "13", "15:30"), ("14/6 at 10", "14", "10:00"),
    ("on saturday at 2", "13", "14:00"), ("next tue 4.30", "16", "16:30"), ("the 14th at noon", "14", "12:00"),
    ("2pm saturday", "13", "14:00"), ("20 June 14:30", "20", "14:30"), ("sat", "13", ""), ("2pm", "", "14:00"),
    ("SATURDAY 2PM!!!", "13", "14:00"), ("sat, 2pm", "13", "14:00"), ("sat@2pm", "13", "14:00"),
    ("sat @ 2", "13", "14:00"), ("sat 2", "13", "14:00"), ("2 saturday", "13", "14:00"), ("9 sat", "13", "09:00"),
    ("sat 20", "20", ""), ("sat 20th 1pm", "20", "13:00"), ("sat the 20th at 1", "20", "13:00"),
    ("weds 3", "17", "15:00"), ("thurs at 11am", "18", "11:00"), ("tomoz 2", "13", "14:00"),
    ("tomorow at 2", "13", "14:00"), ("satruday 10.30", "13", "10:30"), ("fri 4pm", "19", "16:00"),
    ("today 4pm", "12", "16:00"), ("12 june 4pm", "12", "16:00"), ("12/6 16:00", "12", "16:00"),
    ("this afternoon at 3", "12", "15:00"), ("tonight at 7", "12", "19:00"), ("tomorrow evening 7", "13", "19:00"),
    ("saturday morning 10", "13", "10:00"), ("saturday afternoon", "13", ""), ("sunday after lunch", "14", ""),
    ("saturday week 2pm", "20", "14:00"), ("a week on saturday at 2", "20", "14:00"),
    ("monday next week 11", "15", "11:00"), ("day after tomorrow please 2pm", "14", "14:00"),
    ("in 2 days at 3", "14", "15:00"), ("in 2 weeks", "26", ""), ("21 jun", "21", ""),
    ("20 june 2", "20", "14:00"), ("20 june 1430", "20", "14:30"), ("june 20 14 30", "20", "14:30"),
    ("20 june 2026 2pm", "20", "14:00"), ("2026-06-20 14:30", "20", "14:30"), ("14 6 2026", "14", ""),
    ("14/6/26 1pm", "14", "13:00"), ("14.06.2026 10.30", "14", "10:30"), ("14.6 at 2", "14", "14:00"),
    ("10.30 sat", "13", "10:30"), ("sat 14.00", "13", "14:00"), ("4.30", "", "16:30"), ("sat 2 30", "13", "14:30"),
    ("at 2 30", "", "14:30"), ("at 2 20 june", "20", "14:00"), ("sat 14h30", "13", "14:30"),
    ("sat 2-4pm", "13", "14:00"), ("sat 2-4", "13", "14:00"), ("sat 10-2pm", "13", "10:00"),
    ("between 2 and 4 on sunday", "14", "14:00"), ("from 10 to 12 sat", "13", "10:00"), ("13-6 2pm", "13", "14:00"),
    ("20 to 3 sat", "13", "14:40"), ("ten past two tomorrow", "13", "14:10"), ("quarter to 1 sat", "13", "12:45"),
    ("twenty-five past two tomorrow", "13", "14:25"), ("25 to 3 sat", "13", "14:35"), ("sat two thirty", "13", "14:30"),
    ("two forty five on sunday", "14", "14:45"), ("sat 2 fifteen", "13", "14:15"), ("sat ten twenty", "13", "10:20"),
    ("between two and four on sunday", "14", "14:00"), ("sat from ten to two", "13", "10:00"),
    ("ten to two sat", "13", "13:50"), ("from two to four thirty on sat", "13", "14:00"),
    ("quarter past 10 sunday", "14", "10:15"), ("half past two on the 14th", "14", "14:30"),
    ("half ten sat", "13", "10:30"), ("two o'clock sunday", "14", "14:00"), ("sat at two", "13", "14:00"),
    ("15/7 4ish", "15/7", "16:00"), ("8/7 @ 15.45", "8/7", "15:45"), ("sat lunchtime", "13", "12:00"),
    ("the 10th at 3", "10/7", "15:00"), ("can we do sat 2pm?", "13", "14:00"), ("how about 20 june", "20", ""),
    ("how about 20 june at 11", "20", "11:00"), ("sat 20 june would be good, 2pm", "20", "14:00"),
    ("saturday 2pm for 2 hours", "13", "14:00"), ("can you do it at 2", "", "14:00"), ("2pm for 2 hours", "", "14:00"),
    ("٢٠/٦ ١٤:٣٠", "20", "14:30"), ("２pm sat", "13", "14:00"), ("sat 3am", "13", "03:00"), ("12am sat", "13", "00:00"),
    ("31/6 2pm", "", "14:00"), ("may 2pm", "", "14:00"), ("25:00", "", ""), ("2:75", "", ""), ("13pm", "", ""),
    ("noonish", "", ""), ("whenever", "", ""), ("yes", "", ""), ("5 dogs", "", ""), ("", "", ""), ("?!", "", ""),
])  # fmt: skip
def test_days_and_times_are_read_as_people_type_them(typed: str, day: str, time: str) -> None:
    """On Friday 12 June 2026; what is neither a day nor a time is not guessed at."""
    assert read(typed) == at(day, time)


@pytest.mark.parametrize(("typed", "meant"), [
    ("2 p.m.", dt.time(14)), ("14:00", dt.time(14)), ("14.30", dt.time(14, 30)), ("2", dt.time(14)),
    ("half past 10", dt.time(10, 30)), ("10", dt.time(10)), ("at 10am", dt.time(10)), ("12pm", dt.time(12)),
    ("1430", dt.time(14, 30)), ("4 o'clock", dt.time(16)), ("soon", None), ("7", dt.time(7)), ("6", dt.time(18)),
    ("12", dt.time(12)), ("half 12", dt.time(12, 30)), ("2 in the afternoon", dt.time(14)), ("00:30", dt.time(0, 30)),
])  # fmt: skip
def test_a_time_alone(typed: str, meant: dt.time | None) -> None:
    """A bare hour from 1 to 6 is the afternoon, from 7 the morning, and 12 is noon."""
    assert read(typed, Half.TIME) == read(typed) == When(None, meant)


def test_a_lone_number_is_what_was_asked_for() -> None:
    """A day of the month when the day is missing, an hour when the time is."""
    assert read("20", Half.DAY) == at("20", "")
    assert read("10", Half.DAY) == at("10/7", "")
    assert read("2", Half.TIME) == at("", "14:00")


@pytest.mark.parametrize(("typed", "meant"), [
    ("last saturday 2pm", dt.date(2026, 6, 6)), ("yesterday 2pm", dt.date(2026, 6, 11)),
    ("1 june", dt.date(2027, 6, 1)), ("29 feb 2pm", dt.date(2028, 2, 29)), ("12 june 2027", dt.date(2027, 6, 12)),
])  # fmt: skip
def test_other_years_and_days_that_are_over(typed: str, meant: dt.date) -> None:
    """They are read for what they are: why they cannot be is said later."""
    assert read(typed).day == meant


TIMES = st.times(EARLIEST, LATEST).map(lambda time: time.replace(second=0, microsecond=0))
DAYS = st.dates(dt.date(2026, 6, 13), dt.date(2027, 6, 11))
DAY_FORMS = ("{0.day}/{0.month}/{0.year}", "{0:%Y-%m-%d}", "{0.day} {0:%B}", "{0:%A} {0.day} {0:%b}", "{0:%B} {0.day}")
TIME_FORMS = ("{0:%H:%M}", "at {0:%H.%M}", "{0:%I:%M%p}", "{0:%I.%M %p}", "{0:%H%M}")


@given(DAYS, TIMES, st.sampled_from(DAY_FORMS), st.sampled_from(TIME_FORMS), st.sampled_from([1, -1]))
def test_what_is_written_out_is_read_as_it_stands(
    day: dt.date, time: dt.time, day_form: str, time_form: str, order: int
) -> None:
    """Whatever the day within a year, the time of day, the way they are written and their order."""
    parts = [day_form.format(day), time_form.format(time)]
    typed = " ".join(parts[::order])
    assert read(typed) == When(day, time), typed


@given(st.text(max_size=120))
def test_nothing_typed_breaks_it(typed: str) -> None:
    """Whatever is typed, there is a day, a time, both or neither."""
    assert isinstance(read(typed), When)


def test_a_day_alone_is_read_by_the_same_reader() -> None:
    """A form's date and a visit's day are one thing."""
    turn = cast("Turn", Listener())
    for typed, day in (("sat", 13), ("14/6", 14), ("12 june", 12), ("satruday", 13)):
        assert read_day(turn, typed) == dt.date(2026, 6, day)
    assert read_day(turn, "whenever") is None


@pytest.fixture
def polish(tmp_path: Path) -> Words:
    """A service that speaks Polish as well, with a catalogue of nothing but the words of times."""
    for language in ("en", "pl"):
        catalogue = Catalog(locale=language)
        translated = (
            (
                speech.WEEKDAYS,
                "poniedziałek, wtorek, środa/środę, czwartek, piątek, sobota/sobotę, niedziela/niedzielę",
            ),
            (speech.TOMORROW, "jutro"),
            (speech.HOURS, "pierwsza/pierwszej, druga/drugiej, trzecia/trzeciej"),
            (speech.AT, "o, w, we"),
            (speech.AFTERNOON, "po południu"),
            (speech.BEFORE_HOUR[-30], "wpół do, half"),
            (speech.BEFORE_HOUR[30], "nic"),
        )
        for text, words in translated if language == "pl" else ():
            catalogue.add(text.msgid, words)
        path = tmp_path / language / "LC_MESSAGES" / "ivbot.po"
        path.parent.mkdir(parents=True)
        with path.open("wb") as out:
            write_po(out, catalogue)
    return words_of(tmp_path, "pl")


@pytest.mark.parametrize(("typed", "day", "time"), [
    ("w sobotę o 14", "13", "14:00"), ("w sobote o 14:30", "13", "14:30"), ("jutro wpół do trzeciej", "13", "14:30"),
    ("wpol do 3 w srode", "17", "14:30"), ("20 czerwca o drugiej", "20", "14:00"), ("sat 2pm", "13", "14:00"),
    ("w niedzielę o 5 po południu", "14", "17:00"), ("14.6. o 10", "14", "10:00"),
])  # fmt: skip
def test_another_language_needs_only_words(polish: Words, typed: str, day: str, time: str) -> None:
    """With the lists translated, days and times are read in that language, without its accents, and in English."""
    assert read(typed, words=polish, language="pl") == at(day, time)


def of(day: dt.date, time: dt.time, now: dt.datetime = FRIDAY, zone: dt.tzinfo = LONDON) -> dt.datetime | Text:
    return moment(cast("Turn", Listener(now=now, zone=zone)), day, time)


def test_what_cannot_be_a_visit_is_said() -> None:
    """Days and times that are over, nights, and what is more than a year away."""
    assert of(dt.date(2026, 6, 11), dt.time(14)) == when.PAST_DAY
    assert of(dt.date(2026, 6, 12), dt.time(9, 59)) == when.PAST_TIME
    assert of(dt.date(2026, 6, 13), dt.time(6, 59)) == when.ODD_TIME.fill(earliest=EARLIEST, latest=LATEST)
    assert of(dt.date(2027, 6, 14), dt.time(14)) == when.FAR_DAY
    assert of(dt.date(2026, 6, 12), dt.time(10, 1)) == dt.datetime(2026, 6, 12, 9, 1, tzinfo=dt.UTC)
    assert of(dt.date(2027, 6, 13), dt.time(14)) == dt.datetime(2027, 6, 13, 13, tzinfo=dt.UTC)


@pytest.mark.parametrize(("day", "hour"), [
    (dt.date(2026, 10, 24), 13), (dt.date(2026, 10, 25), 14), (dt.date(2027, 3, 27), 14), (dt.date(2027, 3, 28), 13),
])  # fmt: skip
def test_two_in_the_afternoon_on_both_sides_of_a_clock_change(day: dt.date, hour: int) -> None:
    """2 pm is 13:00 UTC in summer and 14:00 in winter, on the very day of the change as well."""
    assert of(day, dt.time(14)) == dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.UTC)


def test_a_time_the_clocks_leave_out_or_show_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the clocks go forward there is no 1:30; when they go back there are two, and the first is meant."""
    monkeypatch.setattr(when, "wrong_time", lambda _time: None)
    half_past_one = dt.time(1, 30)

    assert of(dt.date(2027, 3, 28), half_past_one) == when.NO_SUCH_TIME.fill(time=half_past_one)
    assert of(dt.date(2026, 10, 25), half_past_one) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    assert of(dt.date(2027, 3, 28), dt.time(2)) == dt.datetime(2027, 3, 28, 1, tzinfo=dt.UTC)


def test_a_zone_whose_clocks_change_by_day() -> None:
    """Samoa left out a whole Friday: no visit is planned on it."""
    apia = ZoneInfo("Pacific/Apia")
    before = dt.datetime(2011, 12, 20, tzinfo=dt.UTC)
    assert of(dt.date(2011, 12, 30), dt.time(14), zone=apia, now=before) == when.NO_SUCH_TIME.fill(time=dt.time(14))


WHEN = Step("when", Kind.MOMENT, _("When?"), _("When"))


async def asked(folder: Path, *keys: str) -> Someone:
    """Somebody who has just been asked when."""
    rest = form(*keys)
    return await child(folder, Form("trial", (WHEN, *rest.steps), done))


async def test_a_moment_is_read_back_and_kept_as_a_stamp(tmp_path: Path) -> None:
    """Day and time in one line, read back in full; yes keeps the moment in UTC, and the summary shows it."""
    someone = await asked(tmp_path, "check")
    assert await someone.say("20 june half 3") == "Do you mean Saturday 20 June at 3:30 pm?"
    assert someone.buttons[:2] == ["Yes, that's it", "Another time"]
    assert "When: Saturday 20 June at 3:30 pm" in await someone.press("Yes, that's it")
    await someone.say("yes")
    assert DONE == [{"when": "2026-06-20T14:30:00.000Z", "check": True}]


async def test_the_half_that_was_given_is_kept(tmp_path: Path) -> None:
    """Only a day, or only a time: the other is asked for, and a later word changes the earlier one."""
    someone = await asked(tmp_path, "sure")
    assert await someone.say("sat the 20th") == "Saturday 20 June. At what time?"
    assert someone.buttons[:6] == ["10 am", "11 am", "1 pm", "2 pm", "4 pm", "Another day"]
    assert await someone.say("sunday") == "Sunday 14 June. At what time?"
    assert await someone.say("2") == "Do you mean Sunday 14 June at 2 pm?"
    assert await someone.say("3pm") == "Do you mean Sunday 14 June at 3 pm?"
    assert await someone.say("wed") == "Do you mean Wednesday 17 June at 3 pm?"
    assert await someone.say("no") == "When?"
    assert await someone.say("at 4") == "4 pm. On which day?"
    assert await someone.say("20") == "Do you mean Saturday 20 June at 4 pm?"
    assert await someone.say("yes") == "Sure?"
    assert await stored(someone) == {"when": "2026-06-20T15:00:00.000Z"}


async def test_who_would_rather_tap_taps(tmp_path: Path) -> None:
    """The next likely days, then times; another day or time begins again; buttons from before change nothing."""
    someone = await asked(tmp_path, "sure")
    assert someone.buttons[:3] == ["Saturday 13 June", "Sunday 14 June", "Wednesday 17 June"]
    assert await someone.press("Sunday 14 June") == "Sunday 14 June. At what time?"
    assert await someone.press("Another day") == "When?"
    await someone.press("Sunday 14 June")
    assert await someone.press("11 am") == "Do you mean Sunday 14 June at 11 am?"
    for value in ("t03:00", "d2020-01-01", "t11:00", "x", ""):
        heard = await someone.send(BUTTON, data=f"f:trial:when:={value}")
        assert heard.endswith("Do you mean Sunday 14 June at 11 am?")
    assert await someone.press("Another time") == "When?"
    assert (await someone.send(BUTTON, data="f:trial:when:=yes")).endswith("When?")
    assert await stored(someone) == {}


@pytest.mark.parametrize(("typed", "heard", "kept"), [
    ("sat 3am", "A visit begins between 7 am and 8 pm.\n\nSaturday 13 June. At what time?", {"day": "2026-06-13"}),
    ("today 9am", "That time is over.\n\nFriday 12 June. At what time?", {"day": "2026-06-12"}),
    ("yesterday 2pm", "That day is over.\n\n2 pm. On which day?", {"time": "14:00"}),
    ("1/7/2028 2pm", "That's more than a year away.\n\n2 pm. On which day?", {"time": "14:00"}),
    ("3am", "A visit begins between 7 am and 8 pm.\n\nWhen?", None),
    ("whenever", "I need a day and a time, like Saturday 2pm.\n\nWhen?", None),
])  # fmt: skip
async def test_what_is_wrong_is_said_and_the_rest_kept(
    tmp_path: Path, typed: str, heard: str, kept: dict[str, str] | None
) -> None:
    """Only the half that cannot be is asked for again."""
    someone = await asked(tmp_path)
    assert await someone.say(typed) == heard
    assert await stored(someone) == ({"?when": kept} if kept else {})


async def test_another_year_is_named(tmp_path: Path) -> None:
    """A day that is over this year is next year's: that is said, not left to be noticed."""
    someone = await asked(tmp_path)
    assert await someone.say("1 june 2pm") == "Do you mean Tuesday 1 June 2027 at 2 pm?"


async def test_a_yes_that_comes_too_late(tmp_path: Path) -> None:
    """What was read back is not kept when its time is over by then."""
    someone = await asked(tmp_path)
    await someone.say("today 4pm")
    someone.world.now += dt.timedelta(hours=7)
    assert await someone.say("yes") == "That time is over.\n\nWhen?"


async def test_a_question_is_answered_and_a_wish_is_not_taken_for_one(tmp_path: Path) -> None:
    """Asked something else, the bot answers that; "can we do sat 2pm?" is an answer."""
    someone = await asked(tmp_path)
    assert await someone.say("can we do sat 2pm?") == "Do you mean Saturday 13 June at 2 pm?"
    await someone.press("Another time")
    assert "When?" not in await someone.say("what is an independent visitor?")


async def test_a_step_may_have_something_against_it(tmp_path: Path) -> None:
    """A check of the step's own hears the moment; the day is kept, and another time asked for."""

    def not_then(_turn: Turn, _answers: Answers, stamped: str) -> Text | None:
        return _("Not then.") if stamped.startswith("2026-06-13T13") else None

    step = Step("when", Kind.MOMENT, _("When?"), check=not_then)
    someone = await child(tmp_path, Form("trial", (step,), done))
    assert await someone.say("sat 2pm") == "Not then.\n\nSaturday 13 June. At what time?"
    assert await someone.say("3") == "Do you mean Saturday 13 June at 3 pm?"


def test_the_settings_zone_is_meant() -> None:
    """Twelve noon is noon where the service is, whatever the machine thinks."""
    zone = Settings.model_validate({"service": {"timezone": "Europe/Warsaw"}}).zone
    assert of(dt.date(2026, 6, 13), dt.time(12), zone=zone) == dt.datetime(2026, 6, 13, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("language", ["en", "cy", "ar", "fa", "pl", "uk"])
def test_what_the_bot_writes_it_reads(language: str) -> None:
    """A day and a time as each language writes them, typed back, are that day and that time: every week of a year."""
    words = Words(LOCALES, [language])
    time = dt.time(14, 30)
    wrong = []
    for days in range(1, 364, 3):
        day = FRIDAY.date() + dt.timedelta(days=days)
        for value in (day, FullDate.of(day), Dated.of(day)):
            typed = words.plain(Text("{day} {time}").fill(day=value, time=time), language)
            if read_when(cast("Turn", Listener(words, language)), typed) != When(day, time):
                wrong.append(typed)

    assert wrong == []


SIX = ["en", "cy", "ar", "fa", "pl", "uk"]
ALL = Words(LOCALES, SIX)


@pytest.mark.parametrize("language", SIX)
def test_every_way_to_say_minutes_is_read(language: str) -> None:
    """Before the hour's name or after it, in each language beside the five others, no list takes another's words."""
    words, three = ALL, dt.datetime.combine(FRIDAY, dt.time(15))
    wrong = []
    for lists, typed in ((speech.BEFORE_HOUR, "{} 3"), (speech.AFTER_HOUR, "3 {}")):
        for minutes, text in lists.items():
            for entry in words.plain(text, language).split(","):
                said, meant = typed.format(entry.strip()), three + dt.timedelta(minutes=minutes)
                if read(said, words=words, language=language) != When(None, meant.time()):
                    wrong.append(said)
    assert wrong == []


@pytest.mark.parametrize(("language", "typed", "day", "time"), [
    ("en", "friday 19 june", "19", ""), ("en", "saturday 20 june 2026", "20", ""), ("en", "sat 2 to 4", "13", "14:00"),
    ("en", "two till four sunday", "14", "14:00"), ("en", "from 2 to half past 4 sat", "13", "14:00"),
    ("en", "half past 2 to 4 sat", "13", "14:30"), ("en", "14:30-16:30", "", "14:30"),
    ("en", "sat 10 to 2", "13", "13:50"), ("en", "sat 11 to 1", "13", "11:00"),
    ("cy", "dydd Gwener 19 Mehefin", "19", ""), ("cy", "2 i 4 dydd sadwrn", "13", "14:00"),
    ("cy", "dau tan bedwar dydd sul", "14", "14:00"), ("cy", "pum munud ar hugain wedi dau", "", "14:25"),
    ("ar", "من الساعة 2 إلى الساعة 4", "", "14:00"), ("ar", "السبت الساعة 3 ونص وخمسة", "13", "15:35"),
    ("ar", "بين تلاتة ونص وخمسة", "", "15:30"), ("fa", "شنبه دو تا چهار", "13", "14:00"),
    ("fa", "از 3 و 20 تا 5", "", "15:20"), ("fa", "بین هشت و ده", "", "08:00"),
    ("pl", "w sobotę druga czterdzieści pięć", "13", "14:45"), ("pl", "za pięć wpół do trzeciej", "", "14:25"),
    ("pl", "od wpół do trzeciej do piątej w sobotę", "13", "14:30"), ("pl", "o 14 i 45 minut", "", "14:45"),
    ("uk", "чверть на третю у суботу", "13", "14:15"), ("uk", "десять хвилин на третю", "", "14:10"),
    ("uk", "з другої до пів на п'яту", "", "14:00"),
])  # fmt: skip
def test_times_as_each_language_has_them(language: str, typed: str, day: str, time: str) -> None:
    """Quarters, stretches of time and full dates, with all six languages spoken."""
    assert read(typed, words=ALL, language=language) == at(day, time)


@pytest.mark.parametrize(("language", "typed", "day", "time"), [
    ("en", "can we do 20 june 2?", "20", "14:00"), ("en", "sat 20 june 2.", "20", "14:00"),
    ("en", "22 june 4!", "22", "16:00"), ("en", "20 june 1430?", "20", "14:30"), ("en", "1430, 5 dec", "5/12", "14:30"),
    ("en", "friday 19 june 1530.", "19", "15:30"), ("pl", "20 czerwca godz. 14?", "20", "14:00"),
    ("en", "20 june 26 2pm", "20", "14:00"), ("en", "june 20, 2026, 2", "20", "14:00"),
    ("en", "2pm the 20th of june 2026", "20", "14:00"), ("fa", "20م جون ساعت 2", "20", "14:00"),
    ("pl", "20.06.26 o 14", "20", "14:00"), ("en", "04.07.26 14:00", "4/7", "14:00"),
    ("pl", "20.06.26 godz. 14", "20", "14:00"), ("en", "12/06/26 at half 4", "12", "16:30"),
    ("en", "june 19 - 15:00", "19", "15:00"), ("en", "the 19th - 15:00", "19", "15:00"),
    ("en", "14 june 2026 - quarter to one", "14", "12:45"), ("en", "sat 13 june 2026 - 2:30pm", "13", "14:30"),
    ("en", "sat 20 - 2pm", "20", "14:00"), ("en", "saturday 13th - 2pm", "13", "14:00"),
    ("en", "sat 20th-2pm", "20", "14:00"), ("en", "sat 20th twenty to three", "20", "14:40"),
    ("en", "june 19 twenty to two", "19", "13:40"), ("en", "sat 20 twenty to three", "20", "14:40"),
    ("en", "sat 2.10 to 4", "13", "14:10"), ("en", "sun 14-16", "14", "14:00"),
    ("en", "how about the 10th at 3", "10/7", "15:00"), ("en", "20 june 20 to 3", "20", "14:40"),
    ("en", "25 past 10 june 15", "15", "10:25"), ("en", "20 june 10-12", "20", "10:00"),
    ("en", "june 20 1400-1600", "20", "14:00"),
])  # fmt: skip
def test_the_numbers_of_a_date_are_no_time(language: str, typed: str, day: str, time: str) -> None:
    """However the date is written and whatever comes after it; a dash after a day leads to its time."""
    assert read(typed, words=ALL, language=language) == at(day, time)


@pytest.mark.parametrize(("language", "typed", "day", "time"), [
    ("en", "sat 5.12 2pm", "5/12", "14:00"), ("pl", "w sobotę 5.12 o 14", "5/12", "14:00"),
    ("uk", "субота 5.12 о 14", "5/12", "14:00"), ("pl", "sob 5.12. o 14.30", "5/12", "14:30"),
    ("pl", "5.12 o 14", "5/12", "14:00"), ("en", "28.11", "28/11", ""), ("en", "5.12.", "5/12", ""),
    ("en", "05.12.26 14:00", "5/12", "14:00"), ("en", "sat 5.12", "28/11", "17:12"),
    ("en", "at 10.10 on sat", "28/11", "10:10"),
    ("en", "sat 10.10-12.10", "28/11", "10:10"), ("en", "from 10.10 to 12.10 on sat", "28/11", "10:10"),
    ("en", "sat 5.12pm", "28/11", "17:12"), ("en", "5 dec, 2?", "5/12", "14:00"),
    ("en", "5 dec 1430.", "5/12", "14:30"), ("en", "how about 15.12 at 10.30am", "15/12", "10:30"),
    ("en", "on the 9th at 5 past 8", "9/12", "08:05"),
    ("en", "5th dec - 2.30pm", "5/12", "14:30"), ("en", "dec 5 twenty to 3", "5/12", "14:40"),
    ("en", "22/11/26 2pm", "22/11", "14:00"),
])  # fmt: skip
def test_days_of_the_last_months(language: str, typed: str, day: str, time: str) -> None:
    """In November 5.12 may be a time of day: beside another it is a day."""
    assert read(typed, words=ALL, language=language, now=IN_NOVEMBER) == at(day, time)


def test_day_and_month_are_what_was_asked_for() -> None:
    """Asked for a day, 5.12 is one, to come or over."""
    assert read("5.12", Half.DAY, now=IN_NOVEMBER) == at("5/12", "")
    turn = cast("Turn", Listener(now=IN_NOVEMBER))
    assert read_day(turn, "5.10", past=True) == dt.date(2026, 10, 5)
    assert read_day(turn, "05.06.26", past=True) == dt.date(2026, 6, 5)
    assert read_day(turn, "the 5th", past=True) == dt.date(2026, 11, 5)
    assert read_day(turn, "4 may 1975", past=True) == read_day(turn, "4.5.75", past=True) == dt.date(1975, 5, 4)


@pytest.mark.parametrize(("language", "typed", "day", "time"), [
    ("cy", "Sadwrn 7 yr hwyr", "13", "19:00"), ("cy", "saith yr hwyr", "", "19:00"),
    ("cy", "Sadwrn 7 nos", "13", "19:00"),
    ("fa", "ساعت دو و نیم روز شنبه", "13", "14:30"), ("fa", "شنبه ظهر", "13", "12:00"),
    ("ar", "الأحد 2م", "14", "14:00"), ("ar", "2م الأحد", "14", "14:00"), ("ar", "السبت 4م", "13", "16:00"),
    ("ar", "20 يونيو 2م", "20", "14:00"), ("ar", "يونيو 20 الساعة 2", "20", "14:00"),
    ("en", "may 2 pm", "", "14:00"), ("en", "sat aft 2", "13", "14:00"),
    ("ar", "السبت الظهر", "13", "12:00"), ("ar", "بكرة الظهر", "13", "12:00"),
    ("ar", "السبت الساعة 2 الظهر", "13", "14:00"), ("ar", "السبت بعد الظهر", "13", ""),
    ("en", "sat at 2 30?", "13", "14:30"), ("en", "at 2 30 on sat", "13", "14:30"),
    ("pl", "o 14 30 w sobotę", "13", "14:30"),
    ("en", "10 minutes to 4", "", "15:50"), ("en", "sat 10 mins past 4", "13", "16:10"),
    ("en", "5 minutes past four", "", "16:05"), ("en", "25 min to 4 sat", "13", "15:35"),
    ("en", "tomorrow night at 9", "13", "21:00"), ("en", "sat night 8", "13", "20:00"),
    ("en", "mon 7 in the eve", "15", "19:00"), ("en", "saturday 4 o'clock till half 6", "13", "16:00"),
    ("en", "sat: 2pm", "13", "14:00"), ("en", "mon. 4pm", "15", "16:00"), ("en", "sat: 2-4", "13", "14:00"),
    ("pl", "godz. 14 20 czerwca", "20", "14:00"), ("pl", "w sobotę od godz. 14 do godz. 16", "13", "14:00"),
    ("en", "between 2 & 4 on sat", "13", "14:00"),
])  # fmt: skip
def test_more_words_for_a_time(language: str, typed: str, day: str, time: str) -> None:
    """Parts of a day, minutes that are called so, and what stands around them."""
    assert read(typed, words=ALL, language=language) == at(day, time)
