"""The form engine: the next question is the first one not yet answered, whatever happens in between."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roles import EVERYBODY
from bot.engine import filling
from bot.engine.forms import DRAFT, Form, Kind, Option, Step, back, drop_drafts, with_answer
from bot.engine.message import Kind as EventKind
from bot.engine.router import Router
from bot.engine.turn import Turn
from bot.i18n import _
from handlers import ROUTER
from tests.conversation import Someone, World

DONE: list[dict[str, Any]] = []


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    DONE.append(answers)
    turn.say(_("Finished."))


STEPS = {
    "colour": Step(
        "colour", Kind.CHOICE, _("Which colour?"), _("Colour"), options=(Option("r", _("Red")), Option("b", _("Blue")))
    ),
    "pets": Step(
        "pets",
        Kind.SEVERAL,
        _("Which pets?"),
        _("Pets"),
        options=(Option("dog", _("Dog")), Option("cat", _("Cat"))),
        optional=True,
    ),
    "note": Step("note", Kind.TEXT, _("A note?"), _("Note"), optional=True, longest=20),
    "many": Step("many", Kind.NUMBER, _("How many?"), _("Many"), least=1, most=10),
    "day": Step("day", Kind.DATE, _("Which day?"), _("Day")),
    "sure": Step("sure", Kind.YES_NO, _("Sure?"), _("Sure")),
    "blue": Step("blue", Kind.TEXT, _("Why blue?"), _("Why blue"), when=lambda answers: answers.get("colour") == "b"),
    "check": Step("check", Kind.CHECK, _("Right?")),
    "agree": Step("agree", Kind.CONSENT, _("Do you agree?")),
}


def form(*keys: str) -> Form:
    return Form("trial", tuple(STEPS[key] for key in keys), done)


async def child(folder: Path, trial: Form) -> Someone:
    """Somebody who has just been asked the first question of a form."""
    DONE.clear()
    world = World(folder)
    with_form(world, trial)
    someone = world.someone("child")
    await someone.say("/begin")
    return someone


def with_form(world: World, trial: Form) -> None:
    """Put a form into a world, with a command that begins it: what a new version does at its start."""
    router = Router()

    @router.command("begin", EVERYBODY)
    async def begin(turn: Turn) -> None:
        await filling.begin(turn, "trial")

    whole = Router().include([ROUTER, router])
    world.context = replace(world.context, router=whole, forms={"trial": trial})


async def stored(someone: Someone) -> dict[str, Any] | None:
    """The answers as the database has them."""
    async with someone.world.database() as database, database.reading() as reader:
        row = await reader.one("SELECT answers FROM forms")
    return orjson.loads(row["answers"]) if row else None


async def test_a_form_is_asked_in_order_and_done_gets_the_values(tmp_path: Path) -> None:
    """Each answer leads to the next question; values, never labels, are kept, and the row is gone at the end."""
    someone = await child(tmp_path, form("colour", "many", "note"))
    assert await someone.say("blue") == "How many?"
    assert await stored(someone) == {"colour": "b"}
    assert await someone.say("7 of them") == "A note?"
    assert await someone.press("Skip") == "Finished."
    assert DONE == [{"colour": "b", "many": 7, "note": None}]
    assert await stored(someone) is None


@pytest.mark.parametrize("typed", ["Red", "red", " RED! ", "1", "réd"])
async def test_a_choice_can_be_typed(tmp_path: Path, typed: str) -> None:
    """A typed answer is matched against the labels without case, accents or punctuation, or is a number."""
    someone = await child(tmp_path, form("colour", "many"))
    assert await someone.say(typed) == "How many?"
    assert await stored(someone) == {"colour": "r"}


@pytest.mark.parametrize(("key", "typed", "problem"), [
    ("colour", "green", "I didn't get that"),
    ("colour", "3", "I didn't get that"),
    ("many", "lots", "I need a number"),
    ("many", "0", "I need a number"),
    ("many", "99", "I need a number"),
    ("note", "x" * 21, "20 letters or fewer"),
    ("note", "\u0000\u0001", "I need a few words"),
    ("day", "whenever", "I need a day"),
    ("sure", "perhaps", "I didn't get that"),
    ("pets", "dragon", "I didn't get that"),
])  # fmt: skip
async def test_a_bad_answer_says_what_would_work_and_asks_that_field_again(
    tmp_path: Path, key: str, typed: str, problem: str
) -> None:
    """Nothing of a bad answer is kept, and the question is asked again below the reason."""
    someone = await child(tmp_path, form(key))
    question = someone.last.html
    heard = await someone.say(typed)
    assert problem in heard
    assert heard.endswith(question)
    assert await stored(someone) == {}


async def test_back_forgets_the_last_answer(tmp_path: Path) -> None:
    """Back asks the question before again; at the first question there is no going back."""
    someone = await child(tmp_path, form("colour", "many", "note"))
    assert "Back" not in someone.buttons
    await someone.press("Red")
    await someone.say("3")
    assert await someone.press("Back") == "How many?"
    assert await someone.press("Back") == "Which colour?"
    assert await stored(someone) == {}


async def test_ticks_are_kept_until_they_are_sent(tmp_path: Path) -> None:
    """Several answers are ticked in place of the message, unticked again, and sent together."""
    someone = await child(tmp_path, form("pets", "many"))
    await someone.press("Dog")
    assert someone.buttons[:2] == ["✓ Dog", "Cat"]
    assert someone.last.replaces
    await someone.press("Cat")
    await someone.press("✓ Dog")
    assert await stored(someone) == {"?pets": ["cat"]}
    assert await someone.press("That's all") == "How many?"
    assert await stored(someone) == {"pets": ["cat"]}


async def test_several_can_be_typed_with_commas(tmp_path: Path) -> None:
    """Labels with commas or 'and' between them are read as several."""
    someone = await child(tmp_path, form("pets", "many"))
    await someone.say("dog and cat")
    assert await stored(someone) == {"pets": ["dog", "cat"]}


async def test_a_date_is_read_back_before_it_counts(tmp_path: Path) -> None:
    """A typed day is shown in full; no asks again, another date is read back in its turn, yes keeps it."""
    someone = await child(tmp_path, form("day", "sure"))
    assert await someone.say("14/6") == "Do you mean Sunday 14 June?"
    assert await someone.press("Another day") == "Which day?"
    assert await someone.say("tomorrow") == "Do you mean Saturday 13 June?"
    assert await someone.say("20 june 2026") == "Do you mean Saturday 20 June?"
    assert await someone.say("yes") == "Sure?"
    assert await stored(someone) == {"day": "2026-06-20"}
    await someone.say("nope")
    assert DONE == [{"day": "2026-06-20", "sure": False}]


async def test_the_summary_changes_one_answer_alone(tmp_path: Path) -> None:
    """All answers are shown; changing one asks it alone and comes back; back takes the change back."""
    someone = await child(tmp_path, form("colour", "many", "check", "agree"))
    await someone.say("red")
    assert "Colour: Red\nMany: 5" in await someone.say("5")
    assert await someone.press("✎ Colour") == "Which colour?"
    assert "Colour: Red" in await someone.press("Back")
    await someone.press("✎ Many")
    assert "Colour: Red\nMany: 6" in await someone.say("6")


async def test_a_change_takes_back_what_was_agreed_to_the_whole(tmp_path: Path) -> None:
    """An answer changed after the yes asks for the yes again: it was given to something else."""
    someone = await child(tmp_path, form("colour", "check", "agree", "sure"))
    await someone.say("red")
    await someone.press("That's right")
    await someone.press("Yes")
    await someone.press("✎ Colour")
    assert await stored(someone) == {"~colour": "r"}


async def test_a_consent_keeps_its_words(tmp_path: Path) -> None:
    """A yes is kept with the exact words, their version, the language and the time; typed words count as well."""
    someone = await child(tmp_path, form("agree", "sure"))
    await someone.say("yeah")
    answers = await stored(someone)
    assert answers
    version = answers["agree"].pop("version")
    assert len(version) == 12
    assert answers == {
        "agree": {"given": True, "words": "Do you agree?", "language": "en", "answered_at": "2026-06-12T09:00:00.000Z"}
    }


async def test_a_step_that_no_longer_applies_is_left_out(tmp_path: Path) -> None:
    """A question that only some answers lead to is asked when they do, and does not count when they do not."""
    someone = await child(tmp_path, form("colour", "blue", "check"))
    assert await someone.say("blue") == "Why blue?"
    await someone.say("the sea")
    await someone.press("✎ Colour")
    assert "Why blue" not in await someone.say("red")
    await someone.press("That's right")
    assert DONE == [{"colour": "r", "check": True}]


async def test_an_old_button_asks_the_open_question(tmp_path: Path) -> None:
    """A button of an earlier question, or pressed twice, changes nothing and asks where we are."""
    someone = await child(tmp_path, form("colour", "many"))
    await someone.press("Red")
    heard = await someone.press("f:trial:colour:=b")
    assert heard == "That button is from before. Here is the question we are at.\n\nHow many?"
    assert await stored(someone) == {"colour": "r"}


@pytest.mark.parametrize("data", [
    "f:trial:many:=9", "f:trial:colour:=nonsense", "f:trial:colour:~", "f:trial:colour:", "f:trial:x:?",
    "f:other:colour:=r", "f:trial:colour:-", "f:trial:colour:!", "f:trial:colour:+r", "f:::", "f:a", "f",
])  # fmt: skip
async def test_made_up_buttons_change_nothing(tmp_path: Path, data: str) -> None:
    """Whatever comes as button data, the open question is asked again and no answer is kept."""
    someone = await child(tmp_path, form("colour", "many"))
    event = someone.world.event("telegram", "child", EventKind.BUTTON, data=data)
    await someone.world.happen(event)
    assert "Which colour?" in someone.last.html
    assert await stored(someone) == {}
    assert await failures(someone) == 0


async def failures(someone: Someone) -> int:
    async with someone.world.database() as database, database.reading() as reader:
        return len(await reader.all("SELECT 1 FROM failed_events"))


async def test_a_step_put_in_by_a_new_version_is_asked(tmp_path: Path) -> None:
    """A question that a new version puts before the open one is asked next; answers stay."""
    someone = await child(tmp_path, form("colour", "many"))
    await someone.press("Red")
    with_form(someone.world, form("note", "colour", "many"))
    assert (await someone.press("Back")).endswith("A note?")
    assert await someone.say("hello") == "How many?"


async def test_a_step_taken_out_by_a_new_version_is_passed_over(tmp_path: Path) -> None:
    """A question that is gone is not asked, and what was answered to it does not reach done."""
    someone = await child(tmp_path, form("colour", "many", "sure"))
    await someone.press("Red")
    with_form(someone.world, form("sure"))
    await someone.say("yes")
    assert DONE == [{"sure": True}]


async def test_an_option_taken_out_by_a_new_version_is_asked_again(tmp_path: Path) -> None:
    """An answer that is no longer offered counts as not given."""
    someone = await child(tmp_path, form("colour", "many"))
    await someone.press("Red")
    fewer = Step("colour", Kind.CHOICE, _("Which colour?"), _("Colour"), options=(Option("b", _("Blue")),))
    with_form(someone.world, Form("trial", (fewer, STEPS["many"]), done))
    await someone.say("5")
    assert "Which colour?" in someone.last.html


async def test_a_form_taken_out_by_a_new_version_stops_nobody(tmp_path: Path) -> None:
    """Somebody in a form that no longer exists is simply not in a form."""
    someone = await child(tmp_path, form("colour", "many"))
    await someone.press("Red")
    fresh = World(tmp_path, events=100).someone("child")
    assert "I can tell you about independent visitors" in await fresh.say("/start")


async def test_stop_asks_once(tmp_path: Path) -> None:
    """Stop asks; carrying on asks the open question; rubbing out deletes the row."""
    someone = await child(tmp_path, form("colour", "many"))
    await someone.press("Red")
    await someone.say("/stop")
    assert await stored(someone) == {"colour": "r", "?paused": True}
    assert await someone.press("Carry on with my answers") == "How many?"
    await someone.press("Stop")
    await someone.press("Rub my answers out")
    assert await stored(someone) is None


ANSWERS = st.dictionaries(st.sampled_from("abcdef"), st.none() | st.integers(0, 9), max_size=5)


@given(ANSWERS, st.sampled_from("xyz"), st.integers(0, 9))
def test_back_undoes_one_answer(answers: dict[str, Any], key: str, value: int) -> None:
    """Whatever was answered before, back after an answer is where one was."""
    assert back(with_answer(answers, key, value)) == answers


@given(ANSWERS)
def test_drafts_never_count(answers: dict[str, Any]) -> None:
    """Ticks not yet sent are in no result."""
    assert drop_drafts({**answers, DRAFT + "a": 1}) == answers


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["colour", "many", "note", "blue", "sure"]), st.sampled_from(["r", "b", 3, None, True, "x"])
        )
    )
)
def test_the_open_question_is_the_first_unanswered(given_answers: list[tuple[str, Any]]) -> None:
    """For any answers: every step before the open one is answered, and it is not; with none open all are answered."""
    trial = form("colour", "many", "note", "blue", "sure")
    answers = dict(given_answers)
    current = trial.current(answers)
    steps = trial.open_steps(answers)
    before = steps if current is None else steps[: steps.index(current)]
    assert all(step.answered(answers) for step in before)
    assert current is None or not current.answered(answers)
