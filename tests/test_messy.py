"""How children really write: in two languages, from two devices, far too long, in letters that turn the page around."""

import itertools
import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from bot.domain.interest import Status
from bot.engine.message import Kind
from bot.settings import DATA, Service, Settings
from bot.store import interests
from bot.store.database import Row
from tests import records
from tests.conversation import Someone, World, plain
from tests.spoken import write_language

LONG = "i have a lot to say about my day and my dog. " * 223
"""More than 10,000 characters, a few at a time."""

BOXES = {
    "free text": (),
    "for whom": ("/interest",),
    "name": ("/interest", "me"),
    "age": ("/interest", "me", "Sam"),
    "area": ("/interest", "me", "Sam", "11"),
    "likes": ("/interest", "me", "Sam", "11", "yes"),
    "wishes": ("/interest", "me", "Sam", "11", "yes", "skip"),
    "reach": ("/interest", "me", "Sam", "11", "yes", "skip", "skip"),
    "anything else": ("/interest", "me", "Sam", "11", "yes", "skip", "skip", "at school"),
    "talk": ("/talk",),
    "idea": ("/idea",),
    "enquiry": ("/enquiry", "yes"),
}
"""Where one can type, and how one gets there."""

WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
"""A flag of seven characters, six of them not to be seen."""

OPEN = {"\u202e", "\u202d", "\u202a", "\u202b", "\u2066", "\u2067", "\u2068"}
"""Characters that turn or set apart all that follows them."""


async def rows(world: World, sql: str) -> list[Row]:
    async with world.database() as database, database.reading() as reader:
        return list(await reader.all(sql))


# Length


@pytest.mark.parametrize("box", BOXES)
async def test_ten_thousand_characters_break_nothing(tmp_path: Path, box: str) -> None:
    """Every box answers a message that is far too long with words that help, and keeps none of it."""
    world = World(tmp_path)
    child = world.someone("child", "web")
    for line in BOXES[box]:
        await child.say(line)
    question = plain(child.last) if BOXES[box] else ""

    heard = await child.say(LONG)

    assert len(LONG) > 10_000
    assert heard.endswith(question)
    assert len(question) < len(heard) < 1000
    assert await rows(world, "SELECT 1 FROM failed_events") == []
    assert not any("my dog" in row["answers"] for row in await rows(world, "SELECT answers FROM forms"))


@pytest.mark.parametrize("before", [0, len(LONG) // 2, len(LONG)])
async def test_a_cry_for_help_is_heard_in_ten_thousand_characters(tmp_path: Path, before: int) -> None:
    """Wherever it stands in the message, and whatever box it is typed into."""
    child = World(tmp_path).someone("child", "web")
    await child.say("/talk")
    heard = await child.say(f"{LONG[:before]}. he hits me. {LONG[before:]}")

    assert "999" in heard
    assert "It is not your fault" in heard


# Names


@pytest.mark.parametrize(("typed", "kept"), [
    ("🦄", "🦄"), ("👩🏽‍🦱", "👩🏽‍🦱"), (WALES, WALES),
    ("O'Brien-Łukasz", "O'Brien-Łukasz"),
    ("سارة", "سارة"), ("נועה", "נועה"), ("می‌نا", "می‌نا"),
    ("\u202eSam", "Sam"), ("Sam\u2067\u202e", "Sam"), ("S\x00a\x1bm\x7f", "Sam"), ("Sam\nAge: 99", "Sam Age: 99"),
    ("Sam\u2028\u2029x", "Sam x"), ("  Sam   B  ", "Sam B"), ("<b>Sam</b>", "<b>Sam</b>"), ("=1+1", "=1+1"),
])  # fmt: skip
async def test_a_nickname_is_kept_as_it_looks(tmp_path: Path, typed: str, kept: str) -> None:
    """Emoji and every script are names; what turns the writing around, hides or breaks the line is not part of one."""
    world = World(tmp_path)
    child = world.someone("child", "web")
    await records.ask(child, name=typed, wishes="someone who likes dogs")

    (row,) = await rows(world, "SELECT name FROM interests")
    assert row["name"] == kept


@pytest.mark.parametrize(
    "typed", [" ", "\n", "\u200b", "\u200d\u200d", "\u3164", "\u2800 \u2800", "\u202e", "\x00", "\u00a0"]
)
async def test_a_name_that_nobody_can_see_is_asked_for_again(tmp_path: Path, typed: str) -> None:
    """A space, or a letter that leaves no trace, is no name."""
    child = World(tmp_path).someone("child", "web")
    for line in BOXES["name"]:
        await child.say(line)
    assert (await child.say(typed)).startswith("I need a few words.")


async def test_a_name_from_right_to_left_turns_nothing_else_around(tmp_path: Path) -> None:
    """In the child's summary and on the coordinator's screen it is set apart from what stands around it."""
    world = World(tmp_path)
    child = world.someone("child", "web")
    await records.ask(child, name="סאם", wishes="someone who likes dogs")

    thanks = next(plain(parcel.message) for parcel in child.messages if "Thank you" in parcel.message.html)
    assert thanks.startswith("Thank you, \u2068סאם\u2069. I've sent")
    for parcel in child.messages:
        assert all(
            parcel.message.html.count(mark) == parcel.message.html.count("\u2069")
            for mark in OPEN & {*parcel.message.html}
        )


# Two devices


@pytest.fixture
async def devices(tmp_path: Path) -> tuple[World, Someone, Someone]:
    """One child in the interest form, with their code on a page and on a phone."""
    world = World(tmp_path, Settings.model_validate({"telegram": {"under_16": "allow"}}))
    page, phone = world.someone("page", "web"), world.someone("phone")
    for line in ("/start", "/interest", "me", "Sam", "stop"):
        await page.say(line)
    heard = await page.press("Keep my answers for later")
    code = next(word for word in heard.split() if word.count("-") == len("--"))
    await phone.say(f"/start {code}")
    return world, page, phone


async def test_two_devices_in_one_batch_answer_in_turn(devices: tuple[World, Someone, Someone]) -> None:
    """What comes from both in the same moment is taken one after the other, and each device hears its own answer."""
    world, _page, _phone = devices
    text = Kind.TEXT
    parcels = await world.happen(
        world.event("web", "page", text, text="9"),
        world.event("telegram", "phone", text, text="yes"),
        world.event("web", "page", text, text="music"),
        world.event("telegram", "phone", Kind.BUTTON, data="f:interest:likes:=music"),
    )

    assert [(parcel.channel, plain(parcel.message).split(" ")[:4]) for parcel in parcels] == [
        ("web", ["Do", "you", "live", "in"]),
        ("telegram", ["What", "do", "you", "like"]),
        ("web", ["What", "would", "you", "like"]),
        ("telegram", ["That", "button", "is", "from"]),
    ]


async def test_both_devices_say_yes_in_one_batch_and_one_request_is_sent(
    devices: tuple[World, Someone, Someone],
) -> None:
    """Two last answers at once are one request, and staff are told once."""
    world, page, phone = devices
    for line in ("9", "yes", "skip", "skip", "at school", "skip", "That's right", "Yes, send them"):
        await page.say(line)
    yes = "f:interest:share:=yes"
    await world.happen(
        world.event("web", "page", Kind.BUTTON, data=yes), world.event("telegram", "phone", Kind.BUTTON, data=yes)
    )

    (row,) = await rows(world, "SELECT status FROM interests")
    assert row["status"] == "asked"
    assert "This is your code to come back" in plain(phone.last)
    assert await rows(world, "SELECT 1 FROM failed_events") == []


async def test_one_device_erases_everything_while_the_other_answers(devices: tuple[World, Someone, Someone]) -> None:
    """In one batch with the erasure, and after it, the other device is somebody new: nothing comes back to life."""
    world, page, phone = devices
    await world.happen(
        world.event("telegram", "phone", Kind.BUTTON, data="data:all:yes"),
        world.event("web", "page", Kind.TEXT, text="9"),
    )
    await page.say("yes")

    assert await rows(world, "SELECT 1 FROM forms") == []
    assert not [row for row in await rows(world, "SELECT body FROM outbox") if "Sam" in row["body"]]
    assert "Carry on with my answers" not in phone.buttons


async def test_a_message_that_waited_is_there_on_the_phone_too(devices: tuple[World, Someone, Someone]) -> None:
    """Whichever device they come back on shows them where things stand."""
    world, page, phone = devices
    for line in (
        "9",
        "yes",
        "skip",
        "skip",
        "at school",
        "skip",
        "That's right",
        "Yes, send them",
        "No, not now",
        "ok",
    ):
        await page.say(line)
    (row,) = await rows(world, "SELECT reference, person FROM interests")
    async with world.database() as database, database.writer.transaction() as writer:
        await interests.move(writer, row["reference"], Status.TALKING, row["person"], world.now.isoformat())
    assert "●●○○○○" in await phone.say("/story")


# Languages


@pytest.fixture
def bilingual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A service that speaks English and a language in which every sentence stands in brackets."""
    shutil.copytree(DATA / "locales", tmp_path / "locales")
    with (DATA / "locales" / "ivbot.pot").open("rb") as file:
        catalogue = read_po(file, locale="eo")
    for message in catalogue:
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            message.string = tuple(f"⟦{text}⟧" for text in ids) if len(ids) > 1 else f"⟦{ids[0]}⟧"
    path = tmp_path / "locales" / "eo" / "LC_MESSAGES" / "ivbot.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalogue)
    write_language(tmp_path / "locales", "eo", alike="en")
    monkeypatch.setattr("bot.engine.context.DATA", tmp_path)
    return World(tmp_path, Settings(service=Service(languages=["en", "eo"])))


async def test_the_language_changes_before_every_answer(bilingual: World) -> None:
    """The open question is asked again wholly in the new one; values stay; each yes keeps the words it answered."""
    child = bilingual.someone("child", "web")
    await child.say("/start", language="en")
    await child.press("interest")
    languages = itertools.cycle(("eo", "en"))
    answers = (
        "me",
        "Sam",
        "11",
        "⟦Yes⟧",
        "football",
        "⟦Skip⟧",
        "At school",
        "skip",
        "⟦That's right⟧",
        "yes",
        "⟦No, not now⟧",
    )
    for answer, language in zip(answers, languages, strict=False):
        await child.send(Kind.BUTTON, data=f"language:{language}")
        for line in plain(child.last).splitlines():
            assert not line or ("⟦" in line or "⟧" in line) == (language == "eo"), line
        await child.say(answer)

    (interest,) = await rows(bilingual, "SELECT * FROM interests")
    told = ("name", "age", "area", "likes", "contact_way")
    assert tuple(interest[key] for key in told) == ("Sam", 11, "in", '["football"]', "school")
    kept = {
        row["purpose"]: (row["language"], row["words"].startswith("⟦"))
        for row in await rows(bilingual, "SELECT * FROM consents")
    }
    assert kept == {"send": ("en", False), "share": ("eo", True)}
