"""The operator's guide has an answer to every error there is."""

import re
from pathlib import Path

import pytest

from bot import errors
from bot.errors import IvbotError
from bot.settings import leaves
from bot.store import file
from tests.shell import CHECKOUT, ivbot

GUIDE = (CHECKOUT / "docs" / "operating.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:3] for line in GUIDE.splitlines() if line.startswith("| ") and "---" not in line][1:]

EACH = (
    errors.BadSettings("ivbot.toml", "web.port", "is not a number", "port = 8080"),
    errors.BadPage(Path("checks.md"), "title is missing"),
    errors.AlreadyRunning("ivbot.db"),
    errors.PortInUse("127.0.0.1", 8080),
    errors.CannotListen("192.0.2.1", 8080, "Cannot assign requested address"),
    errors.BadToken(),
    errors.WrongUse("there is no such kind"),
    *(errors.DatabaseUnavailable("ivbot.db", said) for said in (*file.SAID.values(), file.MISSING, file.NEWER)),
    errors.DatabaseUnavailable("ivbot.db", "cannot be made (Not a directory)"),
    errors.DatabaseUnavailable("ivbot.db", "cannot be opened (Not a directory)"),
    errors.DatabaseUnavailable("ivbot.db", "cannot be locked (No locks available)"),
)


def leaf_kinds(kind: type[IvbotError] = IvbotError) -> set[type[IvbotError]]:
    below = kind.__subclasses__()
    return {leaf for one in below for leaf in leaf_kinds(one)} if below else {kind}


def rows_for(error: IvbotError) -> list[str]:
    """The lines of the table that this error's line looks like, best known by their exact words."""
    said = str(error)
    patterns = [(shown, pattern) for shown, _do in ROWS for pattern in re.findall(r"`([^`]+)`", shown)]
    found = [
        shown
        for shown, pattern in patterns
        if re.fullmatch(re.escape(pattern).replace("…", ".+"), said) and len(pattern.replace("…", "")) > 10
    ]
    general = {errors.BadSettings: "with an example, exit code 2", errors.WrongUse: "any other line with exit code 2"}
    return found or [shown for shown, _do in ROWS if general.get(type(error), "-") in shown]


@pytest.mark.parametrize("error", EACH, ids=lambda error: type(error).__name__)
def test_every_error_is_in_the_guide(error: IvbotError) -> None:
    """An operator who looks for the line on their screen finds it once, and what to do about it."""
    assert len(rows_for(error)) == 1
    assert error.exit_code == (2 if isinstance(error, errors.BadSettings | errors.WrongUse) else 1)


def test_every_kind_of_error_is_looked_for() -> None:
    """No error is added without a line in the guide."""
    assert {type(error) for error in EACH} == {kind for kind in leaf_kinds() if kind.__module__ == "bot.errors"}
    assert len(ROWS) > 10


def test_every_row_has_something_to_do() -> None:
    """No row leaves an operator alone."""
    assert [shown for shown, do in ROWS if len(do.strip()) < 8] == []


def test_every_setting_and_command_of_the_guide_exists(tmp_path: Path) -> None:
    """What the guide tells to set can be set, and what it tells to run can be run."""
    settings = set(re.findall(r"`(?:IVBOT_)?([a-z_]+\.[a-z_]+)(?: = [^`]*)?`", GUIDE)) - {
        "ivbot.toml",
        "helplines.toml",
        "ivbot.db",
        "turn.failed",
        "delivery.given_up",
    }
    commands = set(re.findall(r"ivbot (\w+)", "\n".join(re.findall(r"`ivbot [^`]+`|^    .+", GUIDE, re.MULTILINE))))
    there = set(re.findall(r"^│ (\w+) ", ivbot(tmp_path, "--help").said, re.MULTILINE))

    assert settings <= {".".join(location) for location, _field in leaves()}
    assert commands <= there
    assert len(settings) > 5
    assert len(commands) > 5


def test_links_of_the_guide_lead_somewhere() -> None:
    """Each link is to a file beside it or to a heading in it."""
    titles = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    headings = {re.sub(r"[^a-z -]", "", title.lower()).replace(" ", "-") for title in titles}
    targets = re.findall(r"\]\(([^)]+)\)", GUIDE)

    assert [to for to in targets if not (to.removeprefix("#") in headings or (CHECKOUT / "docs" / to).exists())] == []
    assert len(targets) > 1
