"""Who may do what: deny by default, tried for every handler as every role."""

from pathlib import Path

import pytest

from bot.domain.roles import EVERYBODY, STAFF, VOLUNTEERS, Role
from bot.engine.message import Incoming, Kind
from bot.store import people
from bot.store.clock import stamp
from bot.store.people import Person
from handlers import ALWAYS, COMMANDS, ROUTER, cases, staff, volunteer
from handlers.menu import UNKNOWN
from tests.conversation import World

FOR_STAFF = {*staff.ROUTER.commands, *staff.ROUTER.buttons}

FOR_VOLUNTEERS = {*volunteer.ROUTER.commands, *volunteer.ROUTER.buttons}

FOR_HANDLERS = {*cases.ROUTER.commands, *cases.ROUTER.buttons}
"""Open to every role, for officers have none: what they answer depends on what the store lets this person see."""

DOORS = [
    *((Kind.TEXT, f"/{name}") for name in ROUTER.commands),
    *((Kind.BUTTON, f"{verb}:x") for verb in ROUTER.buttons),
]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("kind", "what"), DOORS, ids=str)
async def test_each_door_for_each_role(tmp_path: Path, role: Role, kind: Kind, what: str) -> None:
    """What a role may not reach answers as what does not exist; what it may reach answers in its own words.

    Nobody handles a complaint or a concern here: to all but staff there is no such thing.
    """
    world = World(tmp_path)
    someone = world.someone("a")
    await someone.say("/start")
    async with world.database() as database, database.writer.transaction() as writer:
        row = await writer.one("SELECT id FROM people")
        assert row
        await people.save(writer, [Person(row["id"], role)], stamp(world.now))
    heard = await someone.send(kind, text=what, data=what if kind is Kind.BUTTON else "")
    name = what.strip("/").split(":")[0]
    denied = (name in FOR_STAFF | FOR_HANDLERS and role not in STAFF) or (
        name in FOR_VOLUNTEERS and role not in VOLUNTEERS
    )
    assert (UNKNOWN.msgid in heard) == denied
    assert heard
    async with world.database() as database, database.reading() as reader:
        assert await reader.all("SELECT * FROM failed_events") == []
        looked = await reader.all("SELECT * FROM audit")
        assert not (denied and looked)


def test_every_handler_names_its_roles() -> None:
    """No route is open by oversight: those listed here are for staff or for volunteers, all others for everybody."""
    routes = {**ROUTER.commands, **ROUTER.buttons}
    assert {name for name, route in routes.items() if route.roles != EVERYBODY} == FOR_STAFF | FOR_VOLUNTEERS
    assert all(routes[name].roles == STAFF for name in FOR_STAFF)
    assert all(routes[name].roles == VOLUNTEERS for name in FOR_VOLUNTEERS)
    assert len(routes) > 15


def test_what_the_screens_show_leads_somewhere() -> None:
    """Every button that is always there, and every command of the menu, has a handler for everybody."""
    assert all(ROUTER.buttons[data].roles == EVERYBODY for _label, data, _danger in ALWAYS)
    assert all(ROUTER.commands[name].roles == EVERYBODY for name, _words in COMMANDS)


async def test_every_kind_of_event_has_an_answer(tmp_path: Path) -> None:
    """No event of any kind from anybody ends in a failure."""
    world = World(tmp_path)
    for kind in set(Kind) - {Kind.CLOCK}:
        for address in ("stranger", "known"):
            await world.happen(world.event("telegram", "known", Kind.TEXT, text="/start"))
            await world.happen(Incoming("telegram", f"{kind}-{address}", address, kind))
    async with world.database() as database, database.reading() as reader:
        assert await reader.all("SELECT * FROM failed_events") == []
