"""Visit reports in one line, as volunteers type them: what is understood is right, what is doubtful is left to ask."""

from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.reports import DEAREST, LONGEST, SHORTEST, Report
from bot.engine.context import read_context
from bot.engine.danger import Danger
from bot.engine.report_line import Line, read_costs, read_line, read_minutes
from bot.engine.report_line import words as lists
from bot.i18n import Pence, Words
from bot.settings import DATA, Settings
from handlers import FORMS, ROUTER
from handlers.volunteer.report_form import SPENT, STEPS
from tests.spoken import words_of

LANGUAGES = ["en", "cy", "ar", "fa", "pl", "uk"]
WORDS = Words(DATA / "locales", ["en"])
ALL_WORDS = Words(DATA / "locales", LANGUAGES)

NO, YES = {"happened": False}, {"happened": True}

LINES: list[tuple[str, dict[str, Any]]] = [
    # the ones of the brief
    ("done 2.5h bowling, good mood", {**YES, "minutes": 150, "activity": "bowling", "child_mood": 4}),
    ("didnt happen he was ill", {**NO, "why_not": "child_could_not"}),
    (
        "yes 90 mins, walked the dog, she chose. happy. bus £4.20, 12 miles",
        {
            **YES, "minutes": 90, "activity": "walked the dog", "chosen_by": "child", "child_mood": 4, "pence": 420,
            "miles_tenths": 120,
        },
    ),
    (
        "2 hrs cinema we both chose 😊 spent 15 quid next sat 2pm",
        {
            **YES, "minutes": 120, "activity": "cinema", "chosen_by": "both", "child_mood": 4, "pence": 1500,
            "next": "next sat 2pm",
        },
    ),
    ("no show", {**NO, "why_not": "nobody_there"}),
    ("cancelled by carers", {**NO, "why_not": "called_off_by_adults"}),
    # yes and no
    ("yes", YES),
    ("Done", YES),
    ("yep 2h", {**YES, "minutes": 120}),
    ("ok 2 hrs", {**YES, "minutes": 120}),
    ("y 90m climbing", {**YES, "minutes": 90, "activity": "climbing"}),
    ("happened", YES),
    ("it happend 2 hours", {**YES, "minutes": 120}),
    ("went ahead 1h", {**YES, "minutes": 60}),
    ("saw her for an hour and 20 mins, painted nails", {**YES, "minutes": 80, "activity": "painted nails"}),
    ("no", NO),
    ("No.", NO),
    ("nope", NO),
    ("no, he was poorly", {**NO, "why_not": "child_could_not"}),
    ("no he was poorly", {**NO, "why_not": "child_could_not"}),
    ("didnt happen", NO),
    ("didnt happend", NO),
    ("did not happen :(", {**NO, "pass_on": "did not happen :("}),
    ("Didn’t happen", NO),
    ("cancelled", NO),
    ("canceled", NO),
    ("no visit today", {**NO, "pass_on": "no visit today"}),
    # why not
    ("didnt happen i was ill", {**NO, "why_not": "i_could_not"}),
    ("couldnt make it i was poorly", {**NO, "why_not": "i_could_not"}),
    ("car broke down so couldnt come", {**NO, "why_not": "i_could_not"}),
    ("i had to cancel", {**NO, "why_not": "i_could_not"}),
    (
        "i couldnt come car broke down on the m25 sorry",
        {**NO, "why_not": "i_could_not", "pass_on": "i couldnt come car broke down on the m25 sorry"},
    ),
    ("she couldnt make it", {**NO, "why_not": "child_could_not"}),
    ("didnt happen, shes ill", {**NO, "why_not": "child_could_not"}),
    ("cancelled - he was at school", {**NO, "why_not": "child_could_not"}),
    ("No visit, he's ill", {**NO, "why_not": "child_could_not"}),
    ("he didnt want to come", {**NO, "why_not": "child_did_not_want"}),
    ("didn't happen he changed his mind", {**NO, "why_not": "child_did_not_want", "pass_on": ""}),
    ("she refused to come out", {**NO, "why_not": "child_did_not_want"}),
    ("wouldnt come out", {**NO, "why_not": "child_did_not_want"}),
    ("nobody in", {**NO, "why_not": "nobody_there"}),
    ("no one home", {**NO, "why_not": "nobody_there"}),
    ("he didnt turn up", {**NO, "why_not": "nobody_there", "pass_on": ""}),
    ("he never showed", {**NO, "why_not": "nobody_there", "pass_on": ""}),
    ("no-show", {**NO, "why_not": "nobody_there"}),
    (
        "nobody in when i got there, waited 30 mins, 18 miles",
        {
            **NO, "why_not": "nobody_there", "pass_on": "nobody in when i got there, waited 30 mins",
            "miles_tenths": 180,
        },
    ),
    ("called off by staff", {**NO, "why_not": "called_off_by_adults"}),
    ("School cancelled", {**NO, "why_not": "called_off_by_adults"}),
    ("cancelled by foster mum", {**NO, "why_not": "called_off_by_adults"}),
    ("didn't go ahead, social worker cancelled", {**NO, "why_not": "called_off_by_adults"}),
    ("rained off", {**NO, "why_not": "weather"}),
    ("cancelled because of the weather", {**NO, "why_not": "weather"}),
    ("cancelled cos of the snow", {**NO, "why_not": "weather"}),
    ("didnt happen i was ill and it was raining", {**NO, "why_not": ""}),
    # how long
    ("done 2h", {**YES, "minutes": 120}),
    ("done 2hrs", {**YES, "minutes": 120}),
    ("2 hours", {**YES, "minutes": 120}),
    ("done 2h30", {**YES, "minutes": 150}),
    ("done 2h 30m", {**YES, "minutes": 150}),
    ("done 2 hours 30 mins", {**YES, "minutes": 150}),
    ("Done 2 hours 30 climbing", {**YES, "minutes": 150, "activity": "climbing"}),
    ("2h 10 pin bowling", {**YES, "minutes": 120, "activity": "10 pin bowling"}),
    ("1 hr and 20 minutes lego", {**YES, "minutes": 80, "activity": "lego"}),
    ("hour and 20 mins painting", {**YES, "minutes": 80, "activity": "painting"}),
    ("1,5 hrs walking dog", {**YES, "minutes": 90, "activity": "walking dog"}),
    ("2.30 hrs shopping", {**YES, "minutes": 150, "activity": "shopping"}),
    ("2.75 hrs shopping", {**YES, "minutes": 165, "activity": "shopping"}),
    ("happened 2:30 park", {**YES, "minutes": 150, "activity": "park"}),
    ("2½ hours crazy golf", {**YES, "minutes": 150, "activity": "crazy golf"}),
    ("2 1/2 hrs crazy golf", {**YES, "minutes": 150, "activity": "crazy golf"}),
    ("½ hour chat", {**YES, "minutes": 30, "activity": "chat"}),
    ("two hours baking", {**YES, "minutes": 120, "activity": "baking"}),
    ("two and a half hours baking", {**YES, "minutes": 150, "activity": "baking"}),
    ("an hour and a half cafe", {**YES, "minutes": 90, "activity": "cafe"}),
    ("half an hour at the library", {**YES, "minutes": 30, "activity": "library"}),
    ("three quarters of an hour swings", {**YES, "minutes": 45, "activity": "swings"}),
    ("couple of hours fishing", {**YES, "minutes": 120, "activity": "fishing"}),
    ("done 45 minuts phone call", {**YES, "minutes": 45, "activity": "phone call"}),
    ("done 45 minuets phone call", {**YES, "minutes": 45, "activity": "phone call"}),
    ("2 hours, 30 minutes, bowling", {**YES, "minutes": 150, "activity": "bowling"}),
    ("an hour, and 20 mins, bowling", {**YES, "minutes": 80, "activity": "bowling"}),
    ("2h, 10 pin bowling", {**YES, "minutes": 120, "activity": "10 pin bowling"}),
    ("2h, 20 min drive each way, park", {**YES, "minutes": 120, "activity": "20 min drive each way, park"}),
    ("2h, 12m", {**YES, "minutes": 120, "activity": "12m"}),
    ("2-4pm at the museum", {**YES, "minutes": 120, "activity": "museum"}),
    ("from 2pm to 4.30pm museum", {**YES, "minutes": 150, "activity": "museum"}),
    ("11-1pm park", {**YES, "minutes": 120, "activity": "park"}),
    ("14:00 - 16:30 trampolining", {**YES, "minutes": 150, "activity": "trampolining"}),
    ("done ٢ hours bowling", {**YES, "minutes": 120, "activity": "bowling"}),
    ("2h total, 1h walk 1h cafe", {**YES, "minutes": 120, "activity": "1h walk 1h cafe"}),
    ("2 hours walk, 20 min drive each way", {**YES, "minutes": 120, "activity": "walk, 20 min drive each way"}),
    ("done 3 hrs beach, i was 10 mins late", {**YES, "minutes": 180, "activity": "beach, i was 10 mins late"}),
    # how long, left to ask
    ("done 90", {**YES, "activity": "90"}),
    ("done 1h walk 30 mins cafe", {**YES, "activity": "1h walk 30 mins cafe"}),
    ("done 2h. 30 mins cafe", {**YES, "activity": "2h, 30 mins cafe"}),
    ("done half an hour, 20 mins cafe", {**YES, "activity": "half an hour, 20 mins cafe"}),
    ("done 2-3 hours park", {**YES, "activity": "2-3 hours park"}),
    ("done 1.20 hours shopping", {**YES, "activity": "1.20 hours shopping"}),
    ("done 12m park", {**YES, "activity": "12m park"}),
    ("done at 2:30", {**YES, "activity": "2:30"}),
    ("done 200 hours", {**YES, "activity": "200 hours"}),
    ("done 2 mins", {**YES, "activity": "2 mins"}),
    ("cancelled, was going to be 2h", {"minutes": 120, "activity": "cancelled, was going to be"}),
    # how it was
    ("done. 2h. Great mood!", {**YES, "minutes": 120, "child_mood": 5}),
    ("2h cooking. Mood 4/5", {**YES, "minutes": 120, "activity": "cooking", "child_mood": 4}),
    ("mood: 2, 2h, chess", {**YES, "minutes": 120, "activity": "chess", "child_mood": 2}),
    ("2h lego :)", {**YES, "minutes": 120, "activity": "lego", "child_mood": 4}),
    ("😀 2h lazer quest", {**YES, "minutes": 120, "activity": "lazer quest", "child_mood": 5}),
    ("1h cafe 😢", {**YES, "minutes": 60, "activity": "cafe", "child_mood": 1}),
    ("2h she was a bit sad", {**YES, "minutes": 120, "child_mood": 2}),
    ("2h not happy", {**YES, "minutes": 120, "child_mood": 2}),
    ("2h he wasnt very happy", {**YES, "minutes": 120, "child_mood": 2}),
    ("2h in a really good mood", {**YES, "minutes": 120, "child_mood": 4}),
    ("2h she was over the moon", {**YES, "minutes": 120, "child_mood": 5}),
    ("2h park, he was great", {**YES, "minutes": 120, "activity": "park", "child_mood": 5}),
    ("2hrs. She was okay. Shopping.", {**YES, "minutes": 120, "activity": "Shopping", "child_mood": 3}),
    ("had a great time 2hrs ice skating", {**YES, "minutes": 120, "activity": "ice skating", "child_mood": 5}),
    ("1h tea he was upset, crying", {**YES, "minutes": 60, "activity": "tea", "child_mood": 1}),
    ("happy and excited 1h", {**YES, "minutes": 60, "child_mood": 4}),
    # how it was, left to ask
    (
        "2h sad at first but happy at the end",
        {**YES, "minutes": 120, "activity": "sad at first but happy at the end"},
    ),
    ("2h bowling was good", {**YES, "minutes": 120, "activity": "bowling was good"}),
    ("2h he was good at bowling", {**YES, "minutes": 120, "activity": "good at bowling"}),
    ("2h i was happy", {**YES, "minutes": 120, "activity": "i was happy"}),
    ("all good 2h skate park", {**YES, "minutes": 120, "activity": "all good skate park"}),
    # who chose
    ("he chose swimming 2h", {**YES, "minutes": 120, "activity": "swimming", "chosen_by": "child"}),
    ("60 min gaming, her choice", {**YES, "minutes": 60, "activity": "gaming", "chosen_by": "child"}),
    ("1h walk i picked", {**YES, "minutes": 60, "activity": "walk", "chosen_by": "visitor"}),
    ("1h walk chosen together", {**YES, "minutes": 60, "activity": "walk", "chosen_by": "both"}),
    (
        "swimming 2 hrs i chose lunch he chose",
        {**YES, "minutes": 120, "activity": "swimming i chose lunch he chose"},
    ),
    # money and miles
    ("2h costa n walk £6.50", {**YES, "minutes": 120, "activity": "costa n walk", "pence": 650}),
    ("1h bus 45p", {**YES, "minutes": 60, "pence": 45}),
    ("1h pizza 15 pounds", {**YES, "minutes": 60, "activity": "pizza", "pence": 1500}),
    ("a couple of hours and a half, pizza", {**YES, "minutes": 150, "activity": "pizza"}),
    ("an hour and a quarter of an hour, pizza", {**YES, "minutes": 75, "activity": "pizza"}),
    ("1h pizza 4 pounds 20 pence", {**YES, "minutes": 60, "activity": "pizza", "pence": 420}),
    ("1h pizza 4 pounds 20", {**YES, "minutes": 60, "activity": "pizza", "pence": 420}),
    ("1h pizza £4,20", {**YES, "minutes": 60, "activity": "pizza", "pence": 420}),
    ("spent a tenner on pizza, 2 hours", {**YES, "minutes": 120, "activity": "pizza", "pence": 1000}),
    ("done 2h zoo £22.40 tickets, £4 parking", {**YES, "minutes": 120, "activity": "zoo", "pence": 2640}),
    (
        "3hrs cinema £25.60 total (£15 cinema £10.60 food)",
        {**YES, "minutes": 180, "activity": "cinema, £15 cinema £10.60 food", "pence": 2560},
    ),
    ("2h park no expenses", {**YES, "minutes": 120, "activity": "park"}),
    ("drove 12 miles 2h beach", {**YES, "minutes": 120, "activity": "beach", "miles_tenths": 120}),
    ("2h beach 12.5 miles", {**YES, "minutes": 120, "activity": "beach", "miles_tenths": 125}),
    ("12 miles each way 2h beach", {**YES, "minutes": 120, "activity": "beach", "miles_tenths": 240}),
    ("6 miles there 6 miles back 2h", {**YES, "minutes": 120, "activity": "there back", "miles_tenths": 120}),
    # money, left to ask
    ("£5 each for cinema 2h", {**YES, "minutes": 120, "activity": "£5 each for cinema"}),
    ("bus 3.20 2h park", {**YES, "minutes": 120, "activity": "bus 3.20 park"}),
    ("£9000 2h", {**YES, "minutes": 120, "activity": "£9000"}),
    ("£1,234.50 2h", {**YES, "minutes": 120, "activity": "£1,234.50"}),
    ("1 234,50 £ 2h", {**YES, "minutes": 120, "activity": "1 234,50 £"}),
    ("15 £ 2 hours", {**YES, "minutes": 120, "pence": 1500}),
    ("mood 4 £15 2 hours", {**YES, "minutes": 120, "child_mood": 4, "pence": 1500}),
    ("£ 4 £ 5 2 hours", {**YES, "minutes": 120, "pence": 900}),
    ("£4 120 miles 2h", {**YES, "minutes": 120, "pence": 400, "miles_tenths": 1200}),
    # the next time
    (
        "2 hours cinema and popcorn next visit 14 june at 10",
        {**YES, "minutes": 120, "activity": "cinema and popcorn", "next": "next visit 14 june at 10"},
    ),
    ("done 2h. next sat, 2pm", {**YES, "minutes": 120, "next": "next sat, 2pm"}),
    ("2h next week same time?", {**YES, "minutes": 120, "next": "next week same time"}),
    ("walk next to the river 2h", {**YES, "minutes": 120, "activity": "walk next to the river"}),
    # all of it
    (
        "we went bowling for 2 hours. He was in a really good mood. £12.50 and 14 miles",
        {
            **YES, "minutes": 120, "activity": "we went bowling", "child_mood": 4, "pence": 1250, "miles_tenths": 140,
        },
    ),
    (
        "yes. 3 hours. She picked ice skating. Great mood! £24. 22 miles.",
        {
            **YES, "minutes": 180, "activity": "ice skating", "chosen_by": "child", "child_mood": 5, "pence": 2400,
            "miles_tenths": 220,
        },
    ),
    (
        "done - 2hrs - swimming - happy - £8.20 - 6 miles",
        {**YES, "minutes": 120, "activity": "swimming", "child_mood": 4, "pence": 820, "miles_tenths": 60},
    ),
    # whether it happened, left to ask
    ("1h walk, didnt want to talk much", {"minutes": 60, "activity": "walk, didnt want to talk much"}),
    ("done, nobody was in", {"activity": "done, nobody was in"}),
    ("not done yet", {"activity": "not done yet"}),
    # nothing to go by
    ("bowling", {"activity": "bowling"}),
    ("hello", {"activity": "hello"}),
    ("no problems at all", {"activity": "no problems at all"}),
    ("...", {}),
    ("", {}),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), LINES, ids=[typed for typed, _meant in LINES])
def test_a_line_says_what_it_means_and_nothing_more(typed: str, meant: dict[str, Any]) -> None:
    """Each line as volunteers type it is understood as it was meant; what is not certain stays among the words."""
    said = {name: value for name, value in meant.items() if name != "next"}

    assert read_line(WORDS, "en", typed) == Line(Report(**said), meant.get("next", ""))


def test_there_are_lines_enough() -> None:
    """The list above is long, and has lines of each sort in it."""
    assert len({typed for typed, _meant in LINES}) == len(LINES) > 120
    assert {meant.get("happened") for _typed, meant in LINES} == {True, False, None}


def test_nobody_is_rung_for_an_hour() -> None:
    """None of these lines sounds like danger: 5h is a time, and no short form of anything."""
    context = read_context(Settings(), ROUTER, FORMS)

    assert [typed for typed, _meant in LINES if context.alarm.hear(typed, "en").danger is Danger.DANGER] == []
    assert context.alarm.hear("i sh", "en").danger is Danger.DANGER


@given(st.text(max_size=200))
def test_nothing_typed_breaks_it(typed: str) -> None:
    """Whatever is typed is read, and what is read keeps to the limits."""
    said = read_line(WORDS, "en", typed).report

    assert said.minutes is None or SHORTEST <= said.minutes <= LONGEST
    assert said.happened is not False or not (said.minutes or said.activity or said.child_mood)
    assert said.pence >= 0 <= said.miles_tenths


PIECES = st.sampled_from([
    "done", "2h", "90 mins", "£4.20", "12 miles", "happy", "she chose", "next sat 2pm", "bowling", "no show", "not",
    "he was ill", "an hour and a half", ".", ",", "and", "2-4pm", "15 quid", "each", "total", "😊", "sad", "½",
    "cancelled",
])  # fmt: skip


@given(st.lists(PIECES, max_size=6), st.integers(0, 6))
def test_no_word_is_lost(pieces: list[str], place: int) -> None:
    """A word that is not known stays where it can be seen, whatever stands around it, and what is left was typed."""
    typed = " ".join([*pieces[:place], "xylophone", *pieces[place:]])
    found = read_line(WORDS, "en", typed)
    left = found.report.activity or found.report.pass_on

    assert (left + found.next_words).count("xylophone") == 1
    words = iter(typed.split())
    assert all(word == "," or word in words for word in left.replace(",", " , ").split())


@given(st.integers(SHORTEST, LONGEST))
def test_a_time_written_out_is_that_time(minutes: int) -> None:
    """Hours and minutes are read back as they were, in whichever way they are written."""
    hours, rest = divmod(minutes, 60)
    ways = [
        f"{minutes} mins",
        *([f"{hours}h {rest}m", f"{hours} hrs {rest} minutes", f"{hours}h{rest:02}"] if hours and rest else []),
    ]
    ways += [f"{hours}:{rest:02}"] if 0 < hours < 12 else []

    assert {read_line(WORDS, "en", f"done {way} park").report.minutes for way in ways} == {minutes}
    assert {read_line(WORDS, "en", f"done {way} park").report.activity for way in ways} == {"park"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_time_as_it_is_read_back_is_that_time(language: str) -> None:
    """How ivbot itself writes a time may be typed, alone or in a line, in every language."""
    show = next(step.show for step in STEPS if step.key == "minutes")
    assert show is not None
    times = {minutes: ALL_WORDS.plain(show(minutes), language) for minutes in range(SHORTEST, LONGEST + 1, 5)}
    lines = {minutes: f"{typed}, xylophone" for minutes, typed in times.items()}

    assert {minutes: read_minutes(ALL_WORDS, language, typed) for minutes, typed in times.items()} == {
        minutes: minutes for minutes in times
    }
    assert {minutes: read_line(ALL_WORDS, language, typed).report for minutes, typed in lines.items()} == {
        minutes: Report(happened=True, minutes=minutes, activity="xylophone") for minutes in times
    }


def test_a_welsh_time_is_not_what_was_done() -> None:
    """A comma between hours and minutes joins them, and the words after the next one are the activity."""
    said = read_line(ALL_WORDS, "cy", "fe ddigwyddodd 2 awr, 30 munud, bowlio").report

    assert said == Report(happened=True, minutes=150, activity="bowlio")


@pytest.mark.parametrize("language", LANGUAGES)
@given(pence=st.integers(1, 2_000_000), plain_blank=st.booleans())
@example(pence=123_450, plain_blank=True)
@example(pence=123_450, plain_blank=False)
def test_a_sum_as_it_is_read_back_is_that_sum(language: str, pence: int, *, plain_blank: bool) -> None:
    """How ivbot itself writes a sum may be typed in every language; one that is too large is no smaller one."""
    written = ALL_WORDS.plain(SPENT.fill(spent=Pence(pence)), language)
    typed = written.replace("\N{NO-BREAK SPACE}", " ") if plain_blank else written
    meant = pence if pence <= DEAREST else 0

    assert read_costs(ALL_WORDS, language, typed) == ((meant, 0) if meant else None)
    assert read_line(ALL_WORDS, language, f"2h {typed} xylophone").report.pence == meant


@given(st.integers(0, 49_999), st.integers(1, 4_999))
def test_money_and_miles_are_those_that_were_typed(pence: int, tenths: int) -> None:
    """Pounds and pence, miles and tenths: to the penny."""
    typed = f"£{pence // 100}.{pence % 100:02} and {tenths // 10}.{tenths % 10} miles"
    said = read_line(WORDS, "en", f"done {typed}").report

    assert (said.pence, said.miles_tenths) == (pence, tenths) == read_costs(WORDS, "en", typed)


@pytest.mark.parametrize(("typed", "meant"), [
    ("2", 120), ("2.5", 150), ("90", 90), ("2:30", 150), ("1½", 90), ("two", 120), ("about 2 hours", 120),
    ("2h bowling", 120), ("2-4pm", 120), ("13", None), ("0", None), ("9999", None), ("ages", None), ("", None),
])  # fmt: skip
def test_where_only_a_time_is_asked_for_a_number_is_one(typed: str, meant: int | None) -> None:
    """A small number is hours, a large one minutes, and one between them is asked about again."""
    assert read_minutes(WORDS, "en", typed) == meant


@pytest.mark.parametrize(("typed", "meant"), [
    ("£4.20 and 12 miles", (420, 120)), ("4.20", (420, 0)), ("12 miles", (0, 120)), ("15 quid", (1500, 0)),
    ("no expenses", (0, 0)), ("no miles", (0, 0)), ("a lot", None), ("£9000", None), ("9000 miles", None), ("", None),
    ("£25.60 total (£15 cinema £10.60 food)", (2560, 0)), ("12 miles in all, 6 miles each", (0, 120)),
    ("0, 12 miles", (0, 120)), ("£12.60 for two coffees", (1260, 0)),
])  # fmt: skip
def test_where_only_costs_are_asked_for_a_number_is_pounds(typed: str, meant: tuple[int, int] | None) -> None:
    """Money, miles or both; and what is neither is asked about again."""
    assert read_costs(WORDS, "en", typed) == meant


@pytest.mark.parametrize("typed", [
    "£4.20, 12", "£4.20 12", "12, £4.20", "4.20 and 12 miles", "£4.20, twelve", "£4.20, 12 km", "£4.20, 12000 miles",
    "£4.20, 900 miles", "£9000, 12 miles", "£1,234.50 and 12 miles", "£5 each, 12 miles", "no expenses, 12",
    "£4.20, ½",
])  # fmt: skip
def test_half_an_answer_about_costs_is_none(typed: str) -> None:
    """A number that is left over is never dropped: all of it is asked about again, in every language."""
    assert {language: read_costs(ALL_WORDS, language, typed) for language in LANGUAGES} == dict.fromkeys(LANGUAGES)


def test_another_language_needs_only_its_words(tmp_path: Path) -> None:
    """With its lists translated a line in that language is read by the same rules, and one in English still is."""
    own = {
        lists.HAPPENED.msgid: "gotowe", lists.HOURS.msgid: "godz, godziny", lists.HAPPY.msgid: "wesoły",
        lists.CHILD_CHOSE.msgid: "on wybrał", lists.MILES.msgid: "mil", lists.POUNDS.msgid: "funtów",
        lists.NOT_HAPPENED.msgid: "nie było", lists.CHILD_WAS_AWAY.msgid: "był chory",
    }  # fmt: skip
    catalogue = Catalog(locale="pl")
    for english, polish in own.items():
        catalogue.add(english, polish)
    (tmp_path / "pl" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "en").symlink_to(DATA / "locales" / "en")
    with (tmp_path / "pl" / "LC_MESSAGES" / "ivbot.po").open("wb") as file:
        write_po(file, catalogue)
    words = words_of(tmp_path, "en", "pl")

    read = read_line(words, "pl", "gotowe 2,5 godz kręgle on wybrał WESOŁY 15 funtów 12 mil").report
    assert read == Report(
        happened=True, minutes=150, activity="kręgle", chosen_by="child", child_mood=4, pence=1500, miles_tenths=120
    )
    assert read_line(words, "pl", "nie było był chory").report == Report(happened=False, why_not="child_could_not")
    assert read_line(words, "pl", "done 2h bowling").report.minutes == 120


def test_every_list_is_used() -> None:
    """Each list of words that is there to be translated says something."""
    named = {name for name in vars(lists) if name.isupper() and name not in {"FACES", "LISTS"}}

    assert {getattr(lists, name).msgid for name in named} <= {text.msgid for _sort, _value, text in lists.LISTS}
    assert len(named) > 40
