"""Danger is heard however it is typed, and what is not danger rings nobody."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.danger import Alarm, Danger, Detector
from bot.engine.danger_phrases import DangerPhrases, lines_of, read_phrases
from bot.engine.spelling import Spelling
from bot.errors import BadPage
from tests import eval_danger
from tests.extract import LOCALES

PHRASES = read_phrases(LOCALES, ["en"])["en"]
ORDINARY = eval_danger.harmless()["en"]
DETECTOR = Detector(PHRASES, ORDINARY)
CERTAIN = [line for _kind, line in lines_of(PHRASES.certain) if "{" not in line]

PLAIN = [
    "he hits me", "my stepdad kicks me in the stomach", "i want to die", "im going to kill myself",
    "i took an overdose", "he touches me down there", "a man online wants naked pictures", "they make me sell drugs",
    "im scared to go home", "i have run away and have nowhere to sleep", "he locked me in",
    "my friend says she wants to kill herself",
    "my visitor told me not to tell anyone", "they dont feed me", "he said he will kill me", "im going to stab someone",
]  # fmt: skip

NORWEGIAN = DangerPhrases(
    near=2.0,
    sure=4.0,
    fillers="bare veldig",
    means={"jeg": "eg"},
    alike={"hvem": "han hun pappa mamma", "slag": "slår slo sparker"},
    certain={"abuse": "{hvem} slår meg", "self-harm": "eg vil dø"},
    danger={"abuse": "han sparker meg når han er full\nhun slo meg i går", "self-harm": "eg orker ikke leve mer"},
    worry={"low": "eg er så lei meg\neg gråter mye"},
    harmless={"life": "eg liker fotball\nhan slo ballen i mål\nvi slo dem tre null"},
    idioms={"sayings": "slo ballen"},
)


def heard(text: str) -> Danger:
    return DETECTOR.hear(text).danger


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_of_danger_are_danger(text: str) -> None:
    """Somebody who says in plain words that they are hurt or may be soon is in danger, not a worry."""
    assert heard(text) == Danger.DANGER


@pytest.mark.parametrize("text", [
    "kms", "i wanna kms", "i been doing sh again", "thinking of an od tn", "k i l l  m y s e l f",
    "ki ll my self", "k.i.l.l myself", "i want to su1cide", "s3lf h@rm", "k*ll myself", "iwanttodie",
    "I WANT TO DIEEEEE",
    "i wnat to die", "he is hiting me", "he strangeld me", "my uncle mo lests me", "he tuoches me down there",
    "im suisidal", "unalive myself",
])  # fmt: skip
def test_the_way_it_is_typed_hides_no_danger(text: str) -> None:
    """Text-speak, misspellings, digits for letters and letters set apart are read."""
    assert heard(text) != Danger.NONE


@pytest.mark.parametrize("text", [
    "this homework is killing me", "i died laughing", "my phone died", "im starving whats for tea",
    "he beats me at chess", "i keep dying on level 3", "we got battered 5 nil", "my back is killing me",
    "im dying to meet her",
    "can my visitor hug me", "are visitors allowed in my room", "what happens if a visitor breaks the rules",
    "my dog ran away", "i cut my finger making dinner", "my nan is scared of spiders", "kick off is at 3",
])  # fmt: skip
def test_harmless_words_ring_nobody(text: str) -> None:
    """Games, sport, sayings and questions about the rules are neither danger nor a worry."""
    assert heard(text) == Danger.NONE


@pytest.mark.parametrize("text", [
    "i feel sad all the time", "nobody cares about me", "im scared of someone here", "i dont like being alone with him",
    "im being bullied at school", "i cry every night",
])  # fmt: skip
def test_what_may_be_wrong_is_a_worry(text: str) -> None:
    """Who is low, afraid or bullied is asked gently, and no alarm is rung."""
    assert heard(text) == Danger.WORRY


def test_a_certain_phrase_is_never_missed() -> None:
    """Each phrase that is called certain is at least a worry by itself and within much else."""
    around = "i like football and my visitor took me to the park we had chips"

    assert [line for line in CERTAIN if heard(line) == Danger.NONE] == []
    assert [line for line in CERTAIN if heard(f"{around} {line} {around}") == Danger.NONE] == []
    assert len(CERTAIN) > 300


def test_danger_in_the_middle_of_much_else_is_heard() -> None:
    """A long harmless story dilutes nothing: the worst stretch of it counts."""
    story = " ".join(ORDINARY[:150])
    buried = [text for text in PLAIN if heard(f"{story} {text} {story}") == Danger.NONE]

    assert buried == []


def test_an_idiom_does_not_hide_the_danger_beside_it() -> None:
    """What is left out is the idiom, not the rest."""
    assert heard("this homework is killing me and he hits me when i get it wrong") == Danger.DANGER


@given(
    text=st.sampled_from(PLAIN),
    gap=st.sampled_from([" ", "  ", "\n", "\t", "... ", ", ", " - "]),
    end=st.sampled_from(["", "!", "!!!", "?", ".", " 😢"]),
    shout=st.sampled_from([str.lower, str.upper, str.title, str.swapcase]),
)
@settings(deadline=None)
def test_case_spaces_and_punctuation_change_nothing(text: str, gap: str, end: str, shout: object) -> None:
    """The same words are heard the same way however they are set."""
    assert callable(shout)
    assert DETECTOR.hear(gap.join(shout(text).split()) + end) == DETECTOR.hear(text)


@given(st.text(max_size=300))
@settings(deadline=None)
def test_whatever_is_typed_gets_an_answer_and_always_the_same(text: str) -> None:
    """No text breaks it, and an answer does not depend on what was typed before."""
    first = DETECTOR.hear(text)
    DETECTOR.hear("he hits me")

    assert DETECTOR.hear(text) == first


def test_what_the_pages_are_asked_rings_nobody() -> None:
    """Of what children ordinarily ask nothing is danger, and 1 % at most a worry."""
    alarms = [line for line in ORDINARY if heard(line) == Danger.DANGER]
    worries = [line for line in ORDINARY if heard(line) == Danger.WORRY]

    assert alarms == []
    assert len(worries) <= len(ORDINARY) / 100
    assert len(ORDINARY) > 2000


def test_the_exam_is_passed() -> None:
    """Of lines nothing is learned from 95 % of danger is heard; of harmless ones 3 % at most are danger, 10 % worry."""
    lines = eval_danger.exam(eval_danger.QUESTIONS / "danger-en.tsv")
    danger = [heard(line.text) for line in lines if line.label == Danger.DANGER]
    harmless = [heard(line.text) for line in lines if line.label == Danger.NONE]

    assert danger.count(Danger.NONE) <= 0.05 * len(danger)
    assert harmless.count(Danger.DANGER) <= 0.03 * len(harmless)
    assert harmless.count(Danger.WORRY) <= 0.10 * len(harmless)


def test_it_says_what_decided() -> None:
    """The kind and the words can be shown to whoever answers for the alarm."""
    found = DETECTOR.hear("today was ok but i took an overdose last night")

    assert (found.kind, found.words) == ("self-harm", "tok an overdose")


def test_another_language_needs_only_its_phrases() -> None:
    """The same code hears danger in a language of which there is nothing but a file."""
    norwegian = Detector(NORWEGIAN)

    assert norwegian.hear("Pappa slår meg!").danger == Danger.DANGER
    assert norwegian.hear("eg vil bare dø").danger == Danger.DANGER
    assert norwegian.hear("jeg gråter så mye").danger == Danger.WORRY
    assert norwegian.hear("han slo ballen i mål").danger == Danger.NONE


@pytest.mark.parametrize("written", ["FGGM-6ZGA-3D99", "/start NAKD-Q1D5-9B80", "iv-r35h-j", "IV-X74G-B"])
def test_the_letters_of_a_code_are_no_words(written: str) -> None:
    """A code that happens to spell something opens what it opens; danger beside it is heard."""
    alarm = Alarm({"en": PHRASES}, {"en": ORDINARY})

    assert heard("FGGM-6ZGA-3D99") == Danger.DANGER
    assert alarm.hear(written, "en").danger == Danger.NONE
    assert alarm.hear(f"{written} he hits me", "en").danger == Danger.DANGER


def test_danger_is_heard_in_whichever_language_it_is_said() -> None:
    """Who reads in one language and cries for help in another is heard; a language that is not spoken says nothing."""
    alarm = Alarm({"en": PHRASES, "nb": NORWEGIAN}, {"en": ORDINARY})

    assert alarm.hear("mamma slår meg", "en").danger == Danger.DANGER
    assert alarm.hear("he hits me", "nb").danger == Danger.DANGER
    assert alarm.hear("he hits me", "pl").danger == Danger.DANGER
    assert alarm.hear("ahojte kamarati", "cs").danger == Danger.NONE
    assert alarm.hear("", "en").danger == Danger.NONE


def test_no_word_is_alike_to_two_others() -> None:
    """Each word of [alike] stands in one list, so that what it counts as does not depend on their order."""
    words = [word for those in PHRASES.alike.values() for word in those.split()]

    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_no_phrase_is_said_to_be_two_things() -> None:
    """A line that is called harmless is not called danger or a worry as well."""
    every = [line for table in ("danger", "worry", "harmless") for _kind, line in lines_of(getattr(PHRASES, table))]

    assert sorted({line for line in every if every.count(line) > 1}) == []


@pytest.mark.parametrize(("text", "problem"), [
    ("near = 1", "Field required"),
    ("near = [", "cannot be read"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str, problem: str) -> None:
    """Whoever writes the phrases learns which file is wrong, and how."""
    path = tmp_path / "danger.toml"
    path.write_text(text)

    with pytest.raises(BadPage, match=problem) as raised:
        DangerPhrases.read(path)
    assert str(path) in str(raised.value)


def test_a_name_that_is_not_alike_is_told(tmp_path: Path) -> None:
    """A phrase with {someone} in it, of which there is no list, is not silently deaf."""
    text = (LOCALES / "en" / "danger.toml").read_text().replace("{who} hits me\n", "{whoever} hits me\n")
    path = tmp_path / "danger.toml"
    path.write_text(text)

    with pytest.raises(BadPage, match="there is no whoever"):
        DangerPhrases.read(path)


def test_spelling_reads_what_was_meant() -> None:
    """Known words come out, and a word that is right stays."""
    spelling = Spelling(["kill myself want to die i", "cuts suicide hitting me", "raining"], {"kms": "kill myself"})

    assert spelling.words("K1LL my-self!!") == spelling.words("kill myself")
    assert spelling.words("kms") == spelling.words("k i l l m y s e l f") == spelling.words("kill myself")
    assert spelling.words("iwanttodie") == spelling.words("i want to die")
    assert spelling.words("sucide") == ["suicide"]
    assert spelling.words("cats") == ["cats"]


def test_it_is_quick() -> None:
    """Nobody waits for 10,000 unknown characters or a thousand short texts; with a wide margin for a busy machine."""
    long = " ".join(f"xq{number:03}zv" for number in range(1300))[:10_000]
    DETECTOR.hear(long)
    before = time.process_time()
    DETECTOR.hear(long)
    between = time.process_time()
    for text in ORDINARY[:1000]:
        DETECTOR.hear(text)
    after = time.process_time()

    assert between - before < 0.1
    assert after - between < 1.0
