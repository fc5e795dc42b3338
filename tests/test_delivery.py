"""Delivery: in order for each person, people side by side, again when it did not go through."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.engine import delivery as deliveries
from bot.engine.channel import Refused, TryAgain, Unreachable
from bot.engine.delivery import Delivery
from bot.engine.intake import Outcome
from bot.engine.message import Button, Document, Incoming, Kind, Outgoing, Parcel, rows
from bot.store import outbox, people
from bot.store.clock import stamp
from bot.store.database import Database
from bot.store.people import Person

NOW = dt.datetime(2026, 6, 12, 9, tzinfo=dt.UTC)


class Wire:
    """A channel whose every send is let through, or refused, by the test."""

    name = "telegram"

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.under_way = self.most = 0
        self.troubles: dict[str, list[Exception]] = {}
        self.held: set[str] = set()
        self.open = asyncio.Event()
        self.news = asyncio.Condition()
        self.files: list[Path] = []
        self.contents: list[str] = []

    async def send(self, parcel: Parcel, file: Path | None) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        async with self.news:
            self.news.notify_all()
        try:
            if parcel.address in self.held:
                await self.open.wait()
            if troubles := self.troubles.get(parcel.message.html):
                raise troubles.pop(0)
            if file:
                self.files.append(file)
                self.contents.append(await asyncio.to_thread(file.read_text))
            self.sent.append((parcel.address, parcel.message.html))
        finally:
            self.under_way -= 1
            async with self.news:
                self.news.notify_all()

    async def busy(self, sends: int) -> None:
        async with asyncio.timeout(60), self.news:
            await self.news.wait_for(lambda: self.under_way >= sends)

    async def until(self, sent: int) -> None:
        async with asyncio.timeout(60), self.news:
            await self.news.wait_for(lambda: len(self.sent) >= sent)


class Post:
    """A delivery on a database, with what it reported."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.wire = Wire()
        self.outcomes: list[Outcome] = []
        self.events: list[Incoming] = []
        self.told = asyncio.Event()
        self.folder = folder
        self.delivery = Delivery(database, {"telegram": self.wire}, self.render, lambda: NOW)
        self.delivery.record, self.delivery.submit = self.record, self.submit

    async def render(self, _parcel: Parcel) -> Path:
        made = self.folder / "made"
        made.mkdir()
        (made / "export.csv").write_text("a,b")
        return made / "export.csv"

    def record(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    async def submit(self, events: Sequence[Incoming]) -> None:
        self.events.extend(events)
        self.told.set()

    @property
    def delivered(self) -> list[int]:
        return [parcel for outcome in self.outcomes for parcel in outcome.delivered]

    @property
    def given_up(self) -> list[tuple[str, int]]:
        return [row for outcome in self.outcomes for row in outcome.given_up]


@asynccontextmanager
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    database = await Database.open(tmp_path / "ivbot.db")
    made = Post(database, tmp_path)
    try:
        yield made
    finally:
        await made.delivery.stop()
        await database.close()


def parcel(number: int, address: str = "a", html: str = "") -> Parcel:
    return Parcel(number, "p", "telegram", address, Outgoing(html or f"m{number}"))


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once: what is tested is their order, not their pauses."""
    monkeypatch.setattr(deliveries, "_pause", lambda _attempt: 0.0)


async def test_order_is_kept_for_each_person_while_others_go_on(tmp_path: Path) -> None:
    """A person whose channel hangs holds up nobody else, and gets everything in order in the end."""
    async with post(tmp_path) as made:
        made.wire.held = {"slow"}
        made.delivery.post(
            [parcel(1, "slow"), parcel(2, "slow"), parcel(3, "quick"), parcel(4, "slow"), parcel(5, "quick")]
        )
        await made.wire.until(2)
        assert made.wire.sent == [("quick", "m3"), ("quick", "m5")]
        made.wire.open.set()
        await made.wire.until(5)
        assert made.wire.sent[2:] == [("slow", "m1"), ("slow", "m2"), ("slow", "m4")]


async def test_people_are_sent_to_side_by_side(tmp_path: Path) -> None:
    """As many sends are under way at a time as allowed, and no more."""
    async with post(tmp_path) as made:
        addresses = [str(n) for n in range(deliveries.AT_ONCE + 50)]
        made.wire.held = set(addresses)
        made.delivery.post([parcel(n, address) for n, address in enumerate(addresses)])
        await made.wire.busy(deliveries.AT_ONCE)
        made.wire.open.set()
        await made.wire.until(len(addresses))
        assert made.wire.most == deliveries.AT_ONCE


async def test_a_failed_send_is_tried_again_before_the_next(tmp_path: Path) -> None:
    """What may go through later is tried again in its place, and each try is written down."""
    async with post(tmp_path) as made:
        made.wire.troubles = {"m1": [TryAgain(0.0), TryAgain()]}
        made.delivery.post([parcel(1), parcel(2)])
        await made.wire.until(2)
        await made.delivery.stop()
        assert made.wire.sent == [("a", "m1"), ("a", "m2")]
        assert [outcome.postponed for outcome in made.outcomes[:2]] == [((stamp(NOW), 1),)] * 2
        assert made.delivered == [1, 2]


async def test_what_is_refused_is_given_up_and_the_next_goes_on(tmp_path: Path) -> None:
    """A message that can never go through does not stand in the way of those behind it."""
    async with post(tmp_path) as made:
        made.wire.troubles = {"m1": [Refused("too long")]}
        made.delivery.post([parcel(1), parcel(2)])
        await made.wire.until(1)
        await made.delivery.stop()
        assert made.wire.sent == [("a", "m2")]
        assert made.given_up == [("too long", 1)]


async def test_a_message_is_given_up_after_its_tries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying ends."""
    monkeypatch.setattr(deliveries, "TRIES", 3)
    async with post(tmp_path) as made:
        made.wire.troubles = {"m1": [TryAgain() for _n in range(9)]}
        made.delivery.post([parcel(1), parcel(2)])
        await made.wire.until(1)
        assert made.given_up == [("tried for a day", 1)]
        assert len(made.wire.troubles["m1"]) == 6


async def test_somebody_who_blocked_the_bot_is_marked(tmp_path: Path) -> None:
    """What waits for them is dropped, an event says so, and what comes later is tried again."""
    async with post(tmp_path) as made:
        made.wire.troubles = {"m1": [Unreachable()]}
        made.delivery.post([parcel(1), parcel(2)])
        await made.told.wait()
        made.delivery.post([parcel(3)])
        await made.wire.until(1)
        assert made.given_up == [("unreachable", 1), ("unreachable", 2)]
        assert made.events == [Incoming("telegram", "unreachable:1", "a", Kind.BLOCKED)]
        assert made.wire.sent == [("a", "m3")]


async def test_what_an_earlier_run_did_not_deliver_is_taken_up(tmp_path: Path) -> None:
    """After a restart the outbox is sent, oldest first, counting the tries it had."""
    async with post(tmp_path) as made:
        async with made.database.writer.transaction() as writer:
            await people.save(writer, [Person("p")], stamp(NOW))
            body = Outgoing("kept").to_json()
            await outbox.add(writer, [(n, 1, "p", "telegram", "a", body, stamp(NOW), stamp(NOW)) for n in (1, 2)])
            await outbox.add(writer, [(3, 1, "p", "web", "a", body, stamp(NOW), None)])
        await made.delivery.start()
        await made.wire.until(2)
        await made.delivery.stop()
        assert made.delivered == [1, 2]


async def test_a_document_is_made_when_it_is_sent_and_removed_after(tmp_path: Path) -> None:
    """The file is there during the send and gone after it, sent or not."""
    async with post(tmp_path) as made:
        made.wire.troubles = {"file": [TryAgain()]}
        made.delivery.post([Parcel(1, "p", "telegram", "a", Outgoing("file", document=Document("interest", "csv")))])
        await made.wire.until(1)
        await made.delivery.stop()
        assert made.wire.contents == ["a,b"]
        assert not (tmp_path / "made").exists()


async def test_stopping_leaves_the_rest_for_the_next_run(tmp_path: Path) -> None:
    """The send under way ends; nothing new is begun."""
    async with post(tmp_path) as made:
        made.wire.held = {"a"}
        made.delivery.post([parcel(1), parcel(2), parcel(3)])
        await made.wire.busy(1)
        stopping = asyncio.create_task(made.delivery.stop())
        await asyncio.sleep(0)
        made.wire.open.set()
        await stopping
        made.delivery.post([parcel(4)])
        assert made.wire.sent == [("a", "m1")]


def test_an_outgoing_survives_the_store() -> None:
    """What is read back from the outbox is what was written."""
    message = Outgoing(
        "<b>x</b>",
        rows(Button("a", "b"), [Button("c", url="d"), Button("e", "f", danger=True)]),
        "7",
        Document("k", "csv"),
    )
    assert Outgoing.from_json(message.to_json()) == message


async def test_a_message_that_breaks_on_our_side_holds_up_nobody_for_ever(tmp_path: Path) -> None:
    """Whatever it was, it is tried again, given up in the end, and those behind it are sent in order."""
    async with post(tmp_path) as made:
        made.wire.troubles = {"m1": [RuntimeError("of any kind") for _n in range(deliveries.BROKEN_TRIES)]}
        made.delivery.post([parcel(1), parcel(2), parcel(3)])
        await made.wire.until(2)
        assert made.wire.sent == [("a", "m2"), ("a", "m3")]
        assert made.given_up == [("could not be made", 1)]
