"""Runs the transcripts in tests/transcripts/: conversations one can read.

    # a note
    profile thurrock                   all that is in profiles/thurrock.toml
    settings telegram.under_16 = "allow"
    invite coordinator <code>          a one-time code, made on the machine
    volunteer <code> <ref> = {"name": "Alex Example", "likes": ["games"]}   ready to visit, not yet here
    others 18                          so many other children who have a visitor each
    match <request> <code>             child@telegram is Sam, whose visitor is Alex, who is ready and not yet here
    @ +2 days                          the clock goes on, and what is due happens
    child@web> hello                   somebody (a name, a channel) types
    child@web> [Menu]                  or presses the newest button of that label
    child@web> !photo                  or sends what is not words; !left, !blocked, !edited WORDS
      Hello. I can …                   every line of the answer; `…` stands for anything, alone for any lines
      [Menu] [I'd like one]            the buttons of the last message, all of them unless `…` follows
    coordinator@telegram:              what somebody else was told meanwhile
      -                                nothing at all
    complaints_team@mail:              what a contact of ivbot.toml was mailed

`<name>` in an expected line keeps what stood there; later lines may use it.
"""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.engine.message import Kind
from bot.settings import DATA, Settings
from bot.store import codes, volunteers
from tests import records
from tests.conversation import Someone, World, plain
from tests.visiting import add_match, add_other

FOLDER = Path(__file__).parent / "transcripts"
SPEAKER = re.compile(r"(?P<name>\w+)@(?P<channel>\w+)(?P<mark>[>:])\s?(?P<what>.*)")


@dataclass
class Transcript:
    """One file, being played."""

    path: Path
    folder: Path
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    told: dict[tuple[str, str], int] = field(default_factory=dict)
    world: World | None = None

    async def play(self) -> int:
        """Play every line; the number of expectations that were met. Raises AssertionError at the first that is not."""
        met = 0
        for number, action, expected in _blocks(self.path.read_text(encoding="utf-8")):
            try:
                heard = await self._act(self._filled(action))
                if expected:
                    self._compare(expected, heard)
            except (AssertionError, LookupError) as error:
                raise AssertionError(f"{self.path.name}:{number}: {action}\n{error}") from error
            met += len(expected)
        return met

    async def _act(self, action: str) -> Someone | None:
        if action.startswith("profile "):
            text = (DATA / "profiles" / f"{action.removeprefix('profile ')}.toml").read_text(encoding="utf-8")
            self.settings |= tomllib.loads(text)
            return None
        if action.startswith("settings "):
            name, _equals, value = action.removeprefix("settings ").partition(" = ")
            section, key = name.split(".")
            self.settings.setdefault(section, {})[key] = eval(value, {"true": True, "false": False})
            return None
        world = self.world = self.world or World(self.folder, Settings.model_validate(self.settings))
        if action.startswith("invite "):
            _invite, role, name = action.split()
            async with world.database() as database, database.writer.transaction() as writer:
                self.kept[name.strip("<>")] = await codes.issue(writer, role, "", world.now)
            return None
        if action.startswith("volunteer "):
            await self._add_volunteer(world, action)
            return None
        if action.startswith("others "):
            async with world.database() as database, database.writer.transaction() as writer:
                for number in range(int(action.removeprefix("others "))):
                    await add_other(writer, number, world.now)
            return None
        if action.startswith("match "):
            async with world.database() as database, database.writer.transaction() as writer:
                request, _match, _volunteer, code = await add_match(writer, world.now)
            self.kept |= dict(zip((name.strip("<>") for name in action.split()[1:]), (request, code), strict=True))
            return None
        if action.startswith("@ "):
            count, unit = action.removeprefix("@ +").split()
            world.now += dt.timedelta(**{unit if unit.endswith("s") else f"{unit}s": int(count)})
            await world.look()
            return None
        return await self._speak(world, action)

    async def _add_volunteer(self, world: World, action: str) -> None:
        """A volunteer whose every stage is passed and signed; their code and their reference are kept."""
        names, _equals, about = action.removeprefix("volunteer ").partition(" = ")
        known: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in json.loads(about).items()
        }
        async with world.database() as database, database.writer.transaction() as writer:
            ready = await records.add_volunteer(writer, known.pop("name"), world.now)
            await volunteers.update(writer, replace(ready, **known))
            made = (await codes.for_volunteer(writer, ready.reference, ready.name, world.now), ready.reference)
        self.kept |= dict(zip((name.strip("<>") for name in names.split()), made, strict=True))

    async def _speak(self, world: World, action: str) -> Someone:
        line = SPEAKER.fullmatch(action)
        assert line, f"not a line of a transcript: {action}"
        someone = world.someone(
            _mailbox(world, line["name"]) if line["channel"] == "mail" else line["name"], line["channel"]
        )
        if line["mark"] == ":":
            return someone
        self.told[someone.channel, someone.address] = len(someone.messages)
        what = line["what"]
        if what.startswith("[") and what.endswith("]"):
            await someone.press(what[1:-1])
        elif what.startswith("!"):
            kind, _space, words = what[1:].partition(" ")
            await someone.send(Kind(kind) if kind in set(Kind) else Kind.UNREADABLE, text=words or kind)
        else:
            await someone.say(what)
        return someone

    def _compare(self, expected: list[str], heard: Someone | None) -> None:
        assert heard, "nobody was heard here"
        where = (heard.channel, heard.address)
        news = heard.messages[self.told.get(where, 0) :]
        self.told[where] = len(heard.messages)
        if expected == ["-"]:
            assert not news, f"there was news: {[plain(parcel.message) for parcel in news]}"
            return
        lines = [line for parcel in news for line in plain(parcel.message).splitlines() if line.strip()]
        buttons = " ".join(f"[{label}]" for label in heard.buttons) if news else ""
        words = [self._filled(line) for line in expected if not line.startswith("[")]
        wanted_buttons = [line for line in expected if line.startswith("[")]
        self._match("\n".join(words), "\n".join(lines))
        if wanted_buttons:
            self._match(" ".join(wanted_buttons), buttons)

    def _match(self, expected: str, actual: str) -> None:
        pattern = "".join(
            r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", r"(?:.|\n)*?") + r"\n"
            for line in expected.splitlines()
        )
        pattern = re.sub(r"<(\w+)>", r"(?P<\1>[\\w-]+)", pattern)
        found = re.fullmatch(pattern, actual + "\n")
        assert found, f"expected:\n{expected}\n\nheard:\n{actual}"
        self.kept |= found.groupdict()

    def _filled(self, line: str) -> str:
        return re.sub(r"<(\w+)>", lambda found: self.kept.get(found[1], found[0]), line)


def _mailbox(world: World, contact: str) -> str:
    """The address of a contact."""
    return str(getattr(world.settings.contacts, contact).email)


def _blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Each action with its line number and the indented lines under it."""
    action, at, expected = "", 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("  "):
            expected.append(line.strip())
            continue
        if action:
            yield at, action, expected
        action, at, expected = line.strip(), number, []
    if action:
        yield at, action, expected
