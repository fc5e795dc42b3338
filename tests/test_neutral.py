"""Nothing that comes unasked tells anybody who glances at the screen what it is about."""

from pathlib import Path

import pytest

from bot.engine.turn import NEWS, READ_IT, Turn
from bot.i18n import _
from bot.store import people
from handlers import ROUTER
from handlers.moments import LEFT_ALONE
from tests.conversation import World


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
