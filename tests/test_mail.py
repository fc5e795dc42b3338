"""Mail, through a real SMTP server: what is written, when it is tried again, and who hears that it was refused."""

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtplib.protocol import SMTPProtocol
from hypothesis import given
from hypothesis import strategies as st

import handlers
from bot.channels.mail import MailChannel, channel
from bot.channels.mail.letter import compose
from bot.channels.mail.smtp import probe
from bot.domain.roles import EVERYBODY, Role
from bot.engine import delivery as deliveries
from bot.engine.batch import ERASED
from bot.engine.channel import Refused, TryAgain
from bot.engine.delivery import Delivery
from bot.engine.intake import Outcome
from bot.engine.message import Incoming, Kind, Letter, Outgoing, Parcel
from bot.engine.router import Route, Router
from bot.engine.turn import Turn
from bot.errors import BadSettings, DatabaseUnavailable
from bot.i18n import Text
from bot.settings import Mail, Service, Settings
from bot.settings_load import load
from bot.store import complaints, outbox, people
from bot.store.clock import stamp
from bot.store.database import Database, Row, connect
from bot.store.people import Person
from tests.complaining import a_complaint
from tests.conversation import World
from tests.mailserver import CERTIFICATE, NAME, PASSWORD, MailServer, mail_server
from tests.process import command, running

NOW = dt.datetime(2026, 6, 12, 9, tzinfo=dt.UTC)
TEAM = "complaints@example.org"
WORDS = "A message is waiting.\n\nC-4R9T-X: please answer by Friday 26 June."


def settings(server: MailServer, **mail: object) -> Settings:
    """A service that hands its mail to this server."""
    values = {"host": "localhost", "port": server.port, "sender": "visitors@example.org", "starttls": False, **mail}
    return Settings(service=Service(name="Ymwelwyr Tŷ Coch"), mail=Mail.model_validate(values))


def mail(number: int = 1, address: str = TEAM, html: str = WORDS, **letter: str) -> Parcel:
    about = Letter(f"{number:032}", stamp(NOW), "A message about C-4R9T-X", "complaints_team", "C-4R9T-X")
    return Parcel(number, "", "mail", address, Outgoing(html, letter=replace(about, **letter)))


@asynccontextmanager
async def handing_in(made: Settings) -> AsyncIterator[MailChannel]:
    opened = MailChannel(made)
    try:
        yield opened
    finally:
        await opened.stop()


async def what_is_wrong(made: Settings, parcel: Parcel | None = None) -> TryAgain | Refused:
    """What the channel says of a mail it could not hand in."""
    async with handing_in(made) as opened:
        with pytest.raises((TryAgain, Refused)) as error:
            await opened.send(parcel or mail(), None)
    assert error.value.__context__ is None  # nothing of the server's goes along
    assert isinstance(error.value, TryAgain | Refused)
    return error.value


# The letter


async def test_a_mail_as_its_reader_gets_it() -> None:
    """From the service to one address, neutral, dated, marked as written by a machine: and nothing else."""
    async with mail_server() as server, handing_in(settings(server)) as opened:
        await opened.send(mail(), None)
    got = server.received[0]

    assert (got.sender, got.to, got.words) == ("visitors@example.org", [TEAM], f"{WORDS}\n")
    assert dict(got.mail.items()) | {"Content-Transfer-Encoding": "7bit"} == {
        "From": "Ymwelwyr Tŷ Coch <visitors@example.org>",
        "To": TEAM,
        "Subject": "A message about C-4R9T-X",
        "Date": "Fri, 12 Jun 2026 09:00:00 +0000",
        "Message-ID": f"<{1:032}@example.org>",
        "Auto-Submitted": "auto-generated",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit",
        "MIME-Version": "1.0",
    }


@pytest.mark.parametrize("more", ["", "word " * 4000, "line\n" * 3000])
async def test_words_arrive_as_they_were_written(more: str) -> None:
    """Any script, long lines and long texts, lines that begin with a dot; every byte on the way is ASCII."""
    words = f"Żółć, Ŵyn, ქართული, \u2068سلام\u2069, 👩‍👧, <3 & co\n.\n..\n{more}"
    async with mail_server() as server, handing_in(settings(server)) as opened:
        await opened.send(mail(html=words.replace("&", "&amp;").replace("<", "&lt;"), subject="Am C-4R9T-X, Ŵyn"), None)
    got = server.received[0]

    assert got.words == f"{words.strip()}\n"
    assert got.mail["Subject"] == "Am C-4R9T-X, Ŵyn"
    assert got.raw.isascii()
    assert max(map(len, got.raw.splitlines())) <= 998  # RFC 5322, 2.1.1


async def test_a_subject_has_what_its_script_needs() -> None:
    """Letters that join stay joined, and what sets a reference apart in a text leaves no gap in a line."""
    async with mail_server() as server, handing_in(settings(server)) as opened:
        await opened.send(mail(subject="\u2068C-4R9T-X\u2069: شکایت می\u200cخواهد\tحالا"), None)

    assert server.received[0].mail["Subject"] == "C-4R9T-X: شکایت می\u200cخواهد حالا"


async def test_tags_are_for_chats() -> None:
    """Mails are plain text: of a link its words stay."""
    async with mail_server() as server, handing_in(settings(server)) as opened:
        await opened.send(mail(html='<b>C-4R9T-X</b> at <a href="https://x.example">the desk</a> &lt;b&gt;'), None)

    assert server.received[0].words == "C-4R9T-X at the desk <b>\n"


ODD = st.text(st.sampled_from("a:\r\n\t\x00\x0b\x0c\x1c\x85\u2028\ud800é=?@<>,;\"'"), max_size=60)


@given(subject=ODD, service=ODD, words=ODD)
def test_no_header_can_be_slipped_in(subject: str, service: str, words: str) -> None:
    """Whatever stands in a subject, a name or a text, a mail has the headers it should have, each once."""
    parcel = mail(html=words, subject=f"{subject}\r\nBcc: all@example.org\r\n\r\nmore {subject}")
    assert parcel.message.letter
    raw = compose(parcel, parcel.message.letter, "visitors@example.org", f"{service}\nBcc: all@example.org")

    head, _blank, _body = raw.partition(b"\r\n\r\n")
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert sorted(names) == sorted(
        [
            b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted", b"MIME-Version", b"Content-Type",
            b"Content-Transfer-Encoding",
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "a@", "@b", "a b@c", "a@b\n", "a@b\r\nRCPT TO:<c@d>", "a@b>", "<a@b>", "a@b,c@d", "a\x00@b",
        "á@b.example", "a@b c", "a..b@example.org", ".a@example.org", "a.@example.org", "a@.", "a@b..c", "a@-",
    ],
)  # fmt: skip
async def test_an_address_that_is_none_is_refused(address: str) -> None:
    """Nothing is sent to it, and the server never sees it."""
    async with mail_server() as server:
        found = await what_is_wrong(settings(server), mail(address=address))
    assert found == Refused("not an e-mail address")
    assert server.offered == []


# What servers say


@pytest.mark.parametrize(
    ("stage", "answer", "expected"),
    [
        ("RCPT", "451 4.7.1 Greylisted, marked", TryAgain(reason="the server said 451 4.7.1")),
        ("DATA", "452 Full, marked", TryAgain(reason="the server said 452")),
        ("RCPT", "421 Going down, marked", TryAgain(reason="the server said 421")),
        ("RCPT", "550 5.1.1 <marked@example.org> is unknown", Refused("550 5.1.1")),
        ("DATA", "554 Your marked words are spam", Refused("554")),
        ("RCPT", "550 5.1.1marked", Refused("550")),
    ],
)
async def test_a_servers_no_is_for_now_or_for_good(stage: str, answer: str, expected: TryAgain | Refused) -> None:
    """4xx is tried again, 5xx is not; of what the server says only its numbers are kept."""
    async with mail_server() as server:
        server.answers[stage] = [answer]
        assert await what_is_wrong(settings(server)) == expected


async def test_a_refused_mail_leaves_the_connection_for_the_next() -> None:
    """A no to one reader is none to the next, on the same connection."""
    async with mail_server() as server, handing_in(settings(server)) as opened:
        server.answers["RCPT"] = ["550 No"]
        with pytest.raises(Refused):
            await opened.send(mail(1), None)
        await opened.send(mail(2, "other@example.org"), None)
    assert server.received[0].to == ["other@example.org"]
    assert server.connections == 1


async def test_a_server_that_is_not_there_is_waited_for() -> None:
    """A refused connection says nothing of the mail."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = MailServer(closed.getsockname()[1])
    assert await what_is_wrong(settings(nowhere)) == TryAgain(reason="the server cannot be reached")


@pytest.mark.parametrize("said", [b"", b"220 hello\r\n", b"554 not you\r\n", b"nonsense\r\n", b"\xff\xfe" * 9999])
async def test_a_server_that_makes_no_sense_is_waited_for(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    """Silence, half a greeting, a closed door or noise: the mail is kept, and nobody hangs for ever."""
    monkeypatch.setattr("bot.channels.mail.smtp.ANSWER_SECONDS", 0.2)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await reader.read()
        writer.close()
        gone.set()

    gone = asyncio.Event()
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        found = await what_is_wrong(settings(MailServer(server.sockets[0].getsockname()[1])))
        await gone.wait()
    assert isinstance(found, TryAgain)
    assert found.reason


# Encryption and login


async def test_mail_is_encrypted_and_logged_in() -> None:
    """With a certificate of a private authority, and a name and a password."""
    async with mail_server(starttls=True, login=True) as server:
        made = settings(server, starttls=True, ca_file=str(CERTIFICATE), username=NAME, password=PASSWORD)
        async with handing_in(made) as opened:
            await opened.send(mail(), None)
    assert (server.received[0].encrypted, server.received[0].logged_in) == (True, True)


@pytest.mark.parametrize(
    ("offers", "host", "changes", "reason"),
    [
        ("no STARTTLS", "localhost", {}, "the server does not offer STARTTLS"),
        ("STARTTLS", "localhost", {"ca_file": ""}, "the server's certificate is not trusted"),
        ("STARTTLS", "127.0.0.1", {}, "the server's certificate is not trusted"),
        ("STARTTLS", "localhost", {"ca_file": __file__}, "mail.ca_file cannot be read"),
        ("STARTTLS", "localhost", {"ca_file": "/nowhere.pem"}, "mail.ca_file cannot be read"),
    ],
)
async def test_nothing_is_said_in_clear(
    monkeypatch: pytest.MonkeyPatch, offers: str, host: str, changes: dict[str, str], reason: str
) -> None:
    """With starttls on, a server that cannot be trusted hears neither the password, nor an address, nor a word."""
    heard = _overheard(monkeypatch)
    async with mail_server(starttls=offers == "STARTTLS") as server:
        login = {"username": NAME, "password": PASSWORD}
        made = settings(server, **{"host": host, "starttls": True, "ca_file": str(CERTIFICATE), **login, **changes})
        found = await what_is_wrong(made)
        assert await probe(made.mail, 10) == f"{host}: {reason}"
    assert found == TryAgain(reason=reason)
    assert server.offered == []
    assert {line.split()[0] for line in heard} <= {b"EHLO", b"STARTTLS", b"QUIT"}


def _overheard(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What goes over the network in clear."""
    heard: list[bytes] = []
    write = SMTPProtocol.write

    def overheard(protocol: SMTPProtocol, data: bytes) -> None:
        if not protocol.transport or not protocol.transport.get_extra_info("sslcontext"):
            heard.append(data)
        write(protocol, data)

    monkeypatch.setattr(SMTPProtocol, "write", overheard)
    return heard


@pytest.mark.parametrize("password", ["wrong", "marked\u00e9"])
async def test_a_wrong_password_keeps_mail_waiting(password: str) -> None:
    """It is for the operator to mend: no mail is given up for it."""
    async with mail_server(starttls=True, login=True) as server:
        made = settings(server, starttls=True, ca_file=str(CERTIFICATE), username=NAME, password=password)
        found = await what_is_wrong(made)
    assert found == TryAgain(reason="the login was refused with 535 5.7.8")


async def test_a_server_that_wants_no_login_is_waited_for() -> None:
    """A name and a password were set, so somebody expects to be asked for them."""
    async with mail_server() as server:
        found = await what_is_wrong(settings(server, username=NAME, password=PASSWORD))
    assert found == TryAgain(reason="the server does not offer AUTH")


async def test_a_sender_that_is_refused_keeps_mail_waiting() -> None:
    """A server that wants a login first says so of the sender: that is no judgment of the mail."""
    async with mail_server(starttls=True, login=True) as server:
        found = await what_is_wrong(settings(server, starttls=True, ca_file=str(CERTIFICATE)))
    assert found == TryAgain(reason="the sender was refused with 530 5.7.0")


# Connections


async def test_a_burst_shares_connections() -> None:
    """Many mails at once go over a few connections side by side, and those are closed when nothing more comes."""
    async with mail_server() as server, handing_in(settings(server)) as opened:
        server.held = asyncio.Event()
        sending = [asyncio.create_task(opened.send(mail(n, f"{n}@example.org"), None)) for n in range(30)]
        await server.until(channel.CONNECTIONS)
        assert server.at_once == channel.CONNECTIONS
        server.held.set()
        await asyncio.gather(*sending)
        assert (len(server.received), server.connections) == (30, channel.CONNECTIONS)


async def test_one_mail_after_another_goes_over_one_connection() -> None:
    """To one reader mails go in order, and the server is greeted once."""
    async with mail_server() as server, handing_in(settings(server)) as opened:
        for number in range(20):
            await opened.send(mail(number), None)
    assert [got.mail["Message-ID"] for got in server.received] == [f"<{n:032}@example.org>" for n in range(20)]
    assert server.connections == 1


async def test_an_idle_connection_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is kept on the line; the next mail rings again."""
    monkeypatch.setattr(channel, "IDLE_SECONDS", 0.01)
    async with mail_server() as server, handing_in(settings(server)) as opened:
        await opened.send(mail(1), None)
        await asyncio.sleep(0.2)
        await opened.send(mail(2), None)
    assert (len(server.received), server.connections) == (2, 2)


async def test_a_server_that_clings_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot stops at once, whether the server says goodbye or not."""
    monkeypatch.setattr("bot.channels.mail.smtp.GOODBYE_SECONDS", 0.05)
    async with mail_server() as server, asyncio.timeout(60):
        server.clings = True
        async with handing_in(settings(server)) as opened:
            await opened.send(mail(), None)
    assert len(server.received) == 1


# Delivery


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "_pause", lambda _attempt: 0.01)


class Office:
    """A delivery with a mail channel, and what it told."""

    def __init__(self, database: Database, opened: MailChannel) -> None:
        self.outcomes: list[Outcome] = []
        self.events: list[Incoming] = []
        self.database_away = 0
        self.given_up: asyncio.Future[tuple[tuple[str, int], ...]] = asyncio.get_running_loop().create_future()
        self.delivery = Delivery(database, {"mail": opened}, self.render, lambda: NOW)
        self.delivery.record, self.delivery.submit = self.record, self.submit

    async def render(self, _parcel: Parcel) -> Path:
        raise AssertionError("mails carry no files")

    async def submit(self, events: Sequence[Incoming]) -> None:
        if self.database_away:
            self.database_away -= 1
            raise DatabaseUnavailable("ivbot.db", "is locked")
        self.events.extend(events)

    def record(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if outcome.given_up:
            self.given_up.set_result(outcome.given_up)


@asynccontextmanager
async def office(tmp_path: Path, made: Settings) -> AsyncIterator[Office]:
    database = await Database.open(tmp_path / "ivbot.db")
    opened = MailChannel(made)
    at_work = Office(database, opened)
    try:
        yield at_work
    finally:
        await at_work.delivery.stop()
        await opened.stop()
        await database.close()


@pytest.mark.usefixtures("no_pauses")
async def test_a_mail_that_was_put_off_goes_out_later(tmp_path: Path) -> None:
    """451 twice, then yes: it arrives once, before those written to the same reader after it."""
    async with mail_server() as server, office(tmp_path, settings(server)) as at_work:
        server.answers["RCPT"] = ["451 Later", "451 Later"]
        at_work.delivery.post([mail(1), mail(2)])
        await server.until(4)
        await at_work.delivery.stop()
    assert [got.mail["Message-ID"] for got in server.received] == [f"<{n:032}@example.org>" for n in (1, 2)]
    assert [outcome.delivered for outcome in at_work.outcomes if outcome.delivered] == [(1,), (2,)]
    assert at_work.events == []


@pytest.mark.usefixtures("no_pauses")
async def test_a_refused_mail_is_told_of_and_then_given_up(tmp_path: Path) -> None:
    """The event that tells staff is saved first, however long the database is away; it has no content."""
    async with mail_server() as server, office(tmp_path, settings(server)) as at_work:
        server.answers["RCPT"] = ["550 5.1.1 No marked here"]
        at_work.database_away = 3
        at_work.delivery.post([mail()])
        assert await asyncio.wait_for(at_work.given_up, 20) == (("550 5.1.1", 1),)
    assert at_work.events == [
        Incoming(
            "clock", f"mail-returned:{1:032}", "", Kind.CLOCK, data="mail:returned:C-4R9T-X:complaints_team:550 5.1.1"
        )
    ]


@pytest.mark.usefixtures("no_pauses")
async def test_a_mail_that_is_late_is_told_of_once_and_tried_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Staff hear after a quarter of an hour that nothing goes out, and again when it is given up."""
    monkeypatch.setattr(deliveries, "TRIES", deliveries.LATE_TRIES + 5)
    async with mail_server() as server, office(tmp_path, settings(server, starttls=True)) as at_work:
        at_work.delivery.post([mail()])
        assert await asyncio.wait_for(at_work.given_up, 20) == (("tried for a day", 1),)
    assert [event.data for event in at_work.events] == [
        "mail:late:C-4R9T-X:complaints_team:the server does not offer STARTTLS",
        "mail:returned:C-4R9T-X:complaints_team:tried for a day",
    ]


# Who writes, and who hears of it


SUBJECT, BODY = Text("A message about {reference}"), Text("<b>{reference}</b>: {words}")


def a_service(tmp_path: Path, made: Settings) -> World:
    """/write WORDS writes to the complaints team, /rub WORDS erases all that its sender said."""
    world = World(tmp_path, made)
    router = Router()

    @router.command("write", EVERYBODY)
    async def write(turn: Turn) -> None:
        body = BODY.fill(reference="C-4R9T-X", words=turn.incoming.argument)
        sent = turn.mail("complaints_team", TEAM, SUBJECT.fill(reference="C-4R9T-X"), body, about="C-4R9T-X")
        turn.say(Text("sent" if sent else "not sent"))

    @router.command("rub", EVERYBODY)
    async def rub(turn: Turn) -> None:
        await turn.forget([turn.incoming.argument], [], wholly=True)
        turn.say(Text("gone"))

    world.context = replace(world.context, router=Router().include([handlers.ROUTER, router]))
    return world


async def waiting(world: World) -> list[Row]:
    async with world.database() as database, database.reading() as reader:
        return await outbox.due(reader)


async def test_a_mail_is_written_with_the_turn(tmp_path: Path) -> None:
    """It is a row like any other, for nobody of ours, with an id of its own; what is written into it stays text."""
    world = a_service(tmp_path, settings(MailServer(port=1)))
    child = world.someone("1")
    assert await child.say("/write <i>Żółć & co") == "sent"
    assert await child.say("/write again") == "sent"

    first, second = world.screens["mail", TEAM]
    assert (first.person, first.message.html) == ("", "<b>C-4R9T-X</b>: &lt;i&gt;Żółć &amp; co")
    assert first.message.letter
    assert second.message.letter
    assert first.message.letter.subject == "A message about C-4R9T-X"
    assert first.message.letter.id != second.message.letter.id
    assert Outgoing.from_json(first.message.to_json()) == first.message


async def test_a_turn_that_fails_mails_nothing(tmp_path: Path) -> None:
    """A mail goes with the rest of what a handler did, or not at all."""
    world = a_service(tmp_path, settings(MailServer(port=1)))
    write = world.context.router.commands["write"].handle

    async def breaks(turn: Turn) -> None:
        await write(turn)
        raise ZeroDivisionError

    world.context.router.commands["write"] = Route(breaks, EVERYBODY)
    assert "went wrong" in await world.someone("1").say("/write words")
    assert ("mail", TEAM) not in world.screens


async def test_with_mail_off_nothing_is_written(tmp_path: Path) -> None:
    """Whoever wanted to write is told that it cannot be, so that somebody else hears of it."""
    world = a_service(tmp_path, Settings())
    assert await world.someone("1").say("/write words") == "not sent"
    assert ("mail", TEAM) not in world.screens


async def test_what_a_child_erases_leaves_mails_that_wait(tmp_path: Path) -> None:
    """A mail with their words in it is not sent with them any more; other mails go as they are."""
    world = a_service(tmp_path, settings(MailServer(port=1)))
    kept = [(1, "the marked words &lt;3 of a child"), (2, "of somebody else")]
    async with world.database() as database, database.writer.transaction() as writer:
        rows = [
            (n, 1, None, "mail", TEAM, mail(n, html=html).message.to_json(), stamp(NOW), stamp(NOW)) for n, html in kept
        ]
        await outbox.add(writer, rows)
    await world.someone("1").say("/start")
    assert await world.someone("1").say("/rub the marked words <3 of a child") == "gone"

    left = [Outgoing.from_json(row["body"]) for row in await waiting(world) if row["channel"] == "mail"]
    assert [message.html for message in left] == [ERASED.msgid, "of somebody else"]
    assert [message.letter and message.letter.about for message in left] == ["C-4R9T-X", "C-4R9T-X"]


TOLD = {
    "returned": "A mail about C-4R9T-X to complaints_team was refused: 550 5.1.1."
    " I don't try again. Please tell them yourself.",
    "late": "A mail about C-4R9T-X to complaints_team is held up: 550 5.1.1. I go on trying for a day.",
}


@pytest.mark.parametrize("what", TOLD)
async def test_staff_hear_of_a_mail_that_did_not_arrive(tmp_path: Path, what: str) -> None:
    """Coordinators and managers who see the complaint, on every chat they have, once; nobody else."""
    world = World(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        await people.save(writer, [Person("child")], stamp(world.now))
        await complaints.add(writer, a_complaint("C-4R9T-X"))
    for role in Role:
        person = world.someone(role)
        await person.say("/start")
        async with world.database() as database, database.writer.transaction() as writer:
            row = await writer.one("SELECT person FROM addresses WHERE address = ?", (role,))
            assert row
            await people.save(writer, [Person(row["person"], role)], stamp(world.now))
    event = Incoming("clock", "mail-1", "", Kind.CLOCK, data=f"mail:{what}:C-4R9T-X:complaints_team:550 5.1.1")
    told = [*await world.happen(event), *await world.happen(event)]

    assert sorted(parcel.address for parcel in told) == ["coordinator", "manager"]
    assert {parcel.message.html for parcel in told} == {TOLD[what]}
    async with world.database() as database, database.reading() as reader:
        assert await reader.all("SELECT * FROM failed_events") == []


# The running program


async def write_one(folder: Path) -> None:
    """A mail in the outbox of a bot that is not running."""
    database = await Database.open(folder / "ivbot.db")
    now = stamp(dt.datetime.now(dt.UTC))
    async with database.writer.transaction() as writer:
        await outbox.add(writer, [(1, 1, None, "mail", TEAM, mail().message.to_json(), now, now)])
    await database.close()


def environment(server: MailServer, **more: str) -> dict[str, str]:
    return {
        "IVBOT_MAIL__HOST": "localhost",
        "IVBOT_MAIL__PORT": str(server.port),
        "IVBOT_MAIL__SENDER": "visitors@example.org",
        "IVBOT_MAIL__CA_FILE": str(CERTIFICATE),
        "IVBOT_MAIL__USERNAME": NAME,
        "IVBOT_MAIL__PASSWORD": PASSWORD,
        **more,
    }


def left(folder: Path) -> list[tuple[object, ...]]:
    with closing(connect(folder / "ivbot.db")) as db:
        return [tuple(row) for row in db.execute("SELECT id, body, failure FROM outbox ORDER BY id")]


async def test_kill_9_between_taken_and_written_down(tmp_path: Path) -> None:
    """The next run sends the mail once more, under the same Message-ID: to mail programs it is one."""
    await write_one(tmp_path)
    async with mail_server(starttls=True, login=True) as server:
        server.held = asyncio.Event()
        async with running(tmp_path, **environment(server)) as bot:
            await server.until(1)
            await bot.kill()
        server.held.set()
        async with running(tmp_path, **environment(server)) as bot:
            await server.until(2)
            assert (await bot.stop())[0] == 0
    assert [got.mail["Message-ID"] for got in server.received] == [f"<{1:032}@example.org>"] * 2
    assert all(got.encrypted and got.logged_in for got in server.received)
    assert left(tmp_path) == []


async def test_a_server_that_comes_back_gets_the_mail(tmp_path: Path) -> None:
    """Down, then up: also when the bot was killed meanwhile. Nothing in the log says what was in it, or to whom."""
    await write_one(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    nowhere = MailServer(port)
    async with running(tmp_path, **environment(nowhere)) as bot:
        assert bot.process.stderr
        while b"delivery.postponed" not in (line := await bot.process.stderr.readline()):
            assert line
        await bot.kill()
    async with (
        running(tmp_path, **environment(nowhere)) as bot,
        mail_server(starttls=True, login=True, port=port) as server,
    ):
        await server.until(1)
        _code, log = await bot.stop()
    assert len(server.received) == 1
    assert left(tmp_path) == []
    assert TEAM not in log
    assert PASSWORD not in log


async def test_a_refused_mail_is_kept_as_a_failure_without_its_words(tmp_path: Path) -> None:
    """The words are dropped, the operator sees that there was one, and `ivbot check` says so."""
    await write_one(tmp_path)
    async with mail_server(starttls=True, login=True) as server:
        server.answers["RCPT"] = ["550 5.1.1 marked"]
        async with running(tmp_path, **environment(server)) as bot:
            await server.until(1)
            _code, log = await bot.stop()
        assert left(tmp_path) == [(1, "{}", "550 5.1.1")]
        _code, said, _err = await command(tmp_path, "check", **environment(server))
    assert "FAIL failures: 0 events not handled, 1 messages given up" in said
    assert "550 5.1.1" in log
    assert "marked" not in log


# check


async def test_check_hands_in_no_mail(tmp_path: Path) -> None:
    """It connects, encrypts, logs in and leaves."""
    async with mail_server(starttls=True, login=True) as server:
        code, said, _err = await command(tmp_path, "check", **environment(server))
    assert code == 0
    assert "ok   mail: localhost takes mail, encrypted" in said.splitlines()
    assert server.offered == []


@pytest.mark.parametrize(
    ("offers", "changes", "wrong"),
    [
        ("STARTTLS", {"IVBOT_MAIL__PASSWORD": "marked-wrong"}, "the login was refused with 535 5.7.8"),
        ("STARTTLS", {"IVBOT_MAIL__CA_FILE": ""}, "the server's certificate is not trusted"),
        ("no STARTTLS", {}, "the server does not offer STARTTLS"),
    ],
)
async def test_check_says_why_mail_would_not_go(
    tmp_path: Path, offers: str, changes: dict[str, str], wrong: str
) -> None:
    """A server that would get none of our mails is a failure, in one line without the password."""
    starttls = offers == "STARTTLS"
    async with mail_server(starttls=starttls, login=starttls) as server:
        code, said, err = await command(tmp_path, "check", **environment(server, **changes))
    assert (code, err) == (1, "")
    assert f"FAIL mail: localhost: {wrong}" in said.splitlines()
    assert "marked" not in said


async def test_check_does_not_wait_for_ever_for_a_mail_server() -> None:
    """A server that says nothing is given up after a while."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = MailServer(silent.getsockname()[1])
        assert await probe(settings(server).mail, 0.05) == "localhost did not answer in time"


# Settings


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ('host = "mail.example.org"', "mail.sender"),
        ('host = "smtp://mail.example.org/"', "mail.host"),
        ('sender = "Visitors <visitors@example.org>"', "mail.sender"),
        ('sender = "visitors@example.org\\nBcc: all@example.org"', "mail.sender"),
        ('username = "ivbot"', "mail.password"),
        ('password = "marked"', "mail.username"),
        ("port = 465", "mail.port"),
        (
            'host = "mail.example.org"\nsender = "a@b"\nusername = "u"\npassword = "marked"\nstarttls = false',
            "mail.starttls",
        ),
    ],
)
def test_what_could_not_work_is_said_at_the_start(tmp_path: Path, toml: str, key: str) -> None:
    """Half a login, no sender, a password in clear: one line, the key, and never the value."""
    file = tmp_path / "ivbot.toml"
    file.write_text(f"[mail]\n{toml}\n", encoding="utf-8")
    with pytest.raises(BadSettings) as error:
        load(file)
    assert error.value.key == key
    assert "marked" not in str(error.value)
