"""Nothing that comes unasked tells anybody who glances at the screen what it is about."""

import re
from pathlib import Path

import pytest

from bot.channels.web.labels import LABELS
from bot.domain.roles import EVERYBODY
from bot.engine.message import Kind, Outgoing
from bot.engine.router import Route
from bot.engine.turn import NEWS, READ_IT, Tap, Turn
from bot.i18n import _
from bot.settings import Settings
from bot.store import codes, people
from handlers import ROUTER
from handlers.moments import LEFT_ALONE
from tests.conversation import World, plain
from tests.records import BUTTON, ask
from tests.visiting import Visiting


@pytest.mark.parametrize("text", [NEWS, READ_IT, LEFT_ALONE], ids=str)
def test_neutral_words_name_nothing(text: object) -> None:
    """Neither visitors nor care, nobody's name and no worker is in what may light up a screen."""
    for word in ("visit", "care", "council", "social", "coordinator", "complain", "safe", "request", "{name}"):
        assert word not in str(text).lower()


async def test_content_that_comes_unasked_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every conversation in these tests fails when a child is told more than that there is something to read."""
    world = World(tmp_path)
    child, other = world.someone("child"), world.someone("other")
    await child.say("/start")

    async def tell_all(turn: Turn) -> None:
        for person in await people.with_roles(turn.reader, ["guest"]):
            await turn.tell(person, _("Sam comes on Saturday."))

    monkeypatch.setitem(ROUTER.commands, "tell", type(ROUTER.commands["menu"])(tell_all, ROUTER.commands["menu"].roles))
    with pytest.raises(AssertionError, match="not neutral"):
        await other.say("/tell")


@pytest.mark.parametrize(("channel", "says"), [
    ("web", [LABELS["leave"].msgid, "Shift 3 times", "after 25 minutes", "history"]),
    ("telegram", ["archive", "Mute", "delete", "previews", "passcode", "I never say what it is about"]),
])  # fmt: skip
async def test_hide_this_chat_says_how_on_this_channel(tmp_path: Path, channel: str, says: list[str]) -> None:
    """Two taps from the first screen, or typed; in the words of what is really there, and in simpler ones."""
    child = World(tmp_path, Settings.model_validate({"web": {"idle_minutes": 25}})).someone("child", channel)
    await child.say("/start")
    await child.press("More")
    heard = await child.press("Hide this chat")
    assert [words for words in says if words not in heard] == []
    assert await child.say("hide this chat") == heard
    assert says[0] in await child.press("Say it more simply") or channel == "telegram"


async def test_a_button_tells_no_more_than_the_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some phones show the buttons of a message with its notification: they are neutral as well, or the test fails."""
    world = World(tmp_path)
    child, other = world.someone("child"), world.someone("other")
    await child.say("/start")

    async def tell_all(turn: Turn) -> None:
        for person in await people.with_roles(turn.reader, ["guest"]):
            await turn.tell(person, NEWS, Tap(_("My next visit"), "visit"))

    monkeypatch.setitem(ROUTER.commands, "tell", Route(tell_all, EVERYBODY))
    with pytest.raises(AssertionError, match="not neutral"):
        await other.say("/tell")


@pytest.mark.parametrize("words", ["Sam comes on Saturday.", "They like drawing."])
async def test_a_child_in_what_comes_unasked_to_a_volunteer_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """Every conversation fails in which a volunteer or staff reads a child's name, or a forbidden word, unasked."""
    made = await Visiting.open(tmp_path)

    async def tell_all(turn: Turn) -> None:
        for person in await people.with_roles(turn.reader, ["volunteer"]):
            await turn.tell(person, _(words))

    monkeypatch.setitem(ROUTER.commands, "tell", Route(tell_all, EVERYBODY))
    with pytest.raises(AssertionError, match="not neutral"):
        await made.child.say("/tell")


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_what_waited_for_a_code_is_neutral_wherever_they_come_back(tmp_path: Path, channel: str) -> None:
    """The page was left: what was to be said meanwhile waits, without a word of what it is about."""
    world = World(tmp_path)
    child = world.someone("child", "web")
    await ask(child, wishes="someone who likes dogs")
    code = re.findall(r"\b\w{4}-\w{4}-\w{4}\b", " ".join(plain(parcel.message) for parcel in child.messages))[0]
    async with world.database() as database, database.reading() as reader:
        (row,) = await reader.all("SELECT reference, person FROM interests")
    await child.send(Kind.LEFT)
    staff = world.someone("staff")
    async with world.database() as database, database.writer.transaction() as writer:
        invite = await codes.issue(writer, "coordinator", "", world.now)
    await staff.say(f"/start {invite}")
    await staff.send(BUTTON, data=f"move:{row['reference']}:1:talking")
    async with world.database() as database, database.reading() as reader:
        waiting = [dict(row) for row in await reader.all("SELECT address, body FROM outbox WHERE channel = 'web'")]
    (parcel,) = waiting
    assert parcel["address"] == ""
    assert plain(Outgoing.from_json(parcel["body"])) == NEWS.msgid

    back = world.someone("library", channel)
    heard = await back.say(f"/start {code}")
    assert heard.split("\n\n") == [NEWS.msgid, "Welcome back. You can carry on from here."]
    async with world.database() as database, database.reading() as reader:
        assert await reader.all("SELECT 1 FROM outbox WHERE address = ''") == []
