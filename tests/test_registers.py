"""What is exported of visits, volunteers, matches, consents and the audit; and who may not see what in it."""

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.domain.concerns import About
from bot.domain.interest import Status
from bot.domain.recruitment import Clearance, Standing
from bot.domain.reports import Report
from bot.domain.roles import Role, Viewer
from bot.engine.channel import NotTheirs
from bot.reports import export, kinds
from bot.store import allegations, audit, breaks, concerns, interests, matches, visit_reports, visits, volunteers
from bot.store.clock import stamp
from bot.store.database import Writer
from handlers.staff.files import KINDS
from tests import records
from tests.casework import Service
from tests.complaining import CONCERN, everybody
from tests.conversation import World

NOW = dt.datetime(2026, 6, 12, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
MATCH = "M-8XJ7-B"

CONTRACT = {
    "visits": "reference, match, volunteer, planned_for, status, confirmed_at, child_said, happened, minutes,"
    " activity, child_mood, concern, reported_at",
    "volunteers": "reference, name, status, stages_passed, ready, next_expiry, suspended_at, matched, last_visit",
    "matches": "reference, interest, volunteer, started_on, ended_on, ended_reason, visits, minutes, last_visit,"
    " days_since_visit",
}
"""The columns that CONTRACT.md promises."""


async def exported(writer: Writer, world: World, kind: str, viewer: Viewer | None = None) -> list[dict[str, Any]]:
    out = io.BytesIO()
    await export.write(writer, kind, "json", out, kinds.Seen(NOW, world.settings.zone, viewer))
    rows: list[dict[str, Any]] = orjson.loads(out.getvalue())
    return rows


async def a_match(writer: Writer, when: dt.datetime = NOW - 60 * DAY) -> str:
    """A child with a visitor called Alex; the reference of the volunteer."""
    child = await records.add(writer, 1, when)
    for to in (Status.TALKING, Status.REFERRED, Status.WAITING, Status.MATCHED):
        await interests.move(writer, child, to, "p1", stamp(when))
    await records.add_match(writer, child, "Alex", when, reference=MATCH)
    found = await matches.find(writer, MATCH)
    assert found
    return found.volunteer


async def a_report(writer: Writer, reference: str, days: int) -> None:
    """A visit that happened so many days ago."""
    await visits.record(writer, reference, MATCH, stamp(NOW - days * DAY), None, stamp(NOW))
    report = Report(happened=True, minutes=150, activity="bowling", child_mood=4)
    await visit_reports.add(writer, reference, report, None, stamp(NOW))


@pytest.mark.parametrize("kind", sorted(CONTRACT))
def test_the_columns_are_those_of_the_contract(kind: str) -> None:
    """Other programs read them by these names."""
    assert ", ".join(kinds.EXPORTS[kind].columns) == CONTRACT[kind]


async def test_each_visit_is_a_row(tmp_path: Path) -> None:
    """What was planned and what came of it, in local time; what is not known yet is left empty."""
    world = World(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        volunteer = await a_match(writer)
        await a_report(writer, "V-1", 5)
        await visits.add(writer, "V-2", MATCH, stamp(NOW + DAY), "", "p1", stamp(NOW))
        done, coming = await exported(writer, world, "visits")

    assert done == {
        "reference": "V-1", "match": MATCH, "volunteer": volunteer, "planned_for": "2026-06-07T10:00:00+01:00",
        "status": "happened", "confirmed_at": None, "child_said": "", "happened": "yes", "minutes": 150,
        "activity": "bowling", "child_mood": 4, "concern": "no", "reported_at": "2026-06-12T10:00:00+01:00",
    }  # fmt: skip
    assert (coming["status"], coming["happened"], coming["minutes"]) == ("planned", None, None)


async def test_each_match_is_a_row(tmp_path: Path) -> None:
    """A running match counts the days without a visit, from its beginning before the first; an ended one does not."""
    world = World(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        volunteer = await a_match(writer)
        [new] = await exported(writer, world, "matches")
        await a_report(writer, "V-1", 5)
        [running] = await exported(writer, world, "matches")
        await interests.move(writer, "IV-000001", Status.ENDED, "p1", stamp(NOW), "said_goodbye")
        [ended] = await exported(writer, world, "matches")

    assert (new["visits"], new["last_visit"], new["days_since_visit"]) == (0, None, 60)
    assert running == {
        "reference": MATCH, "interest": "IV-000001", "volunteer": volunteer, "started_on": "2026-04-13",
        "ended_on": None, "ended_reason": "", "visits": 1, "minutes": 150, "last_visit": "2026-06-07",
        "days_since_visit": 5,
    }  # fmt: skip
    assert (ended["ended_on"], ended["ended_reason"]) == ("2026-06-12", "said_goodbye")
    assert (ended["visits"], ended["days_since_visit"]) == (1, None)


async def test_each_volunteer_is_a_row(tmp_path: Path) -> None:
    """Where each of them stands is one word, reckoned on the day."""
    world = World(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        alex = await a_match(writer)
        await a_report(writer, "V-1", 5)
        pausing = (await records.add_volunteer(writer, "Pausing", NOW)).reference
        await breaks.begin(writer, pausing, None, stamp(NOW))
        gone = (await records.add_volunteer(writer, "Gone", NOW)).reference
        await volunteers.leave(writer, gone, stamp(NOW), "")
        await volunteers.begin(writer, "New", stamp(NOW))
        late = (await records.add_volunteer(writer, "Late", NOW - 60 * DAY)).reference
        await volunteers.pass_stage(
            writer, late, "dbs", NOW.date() - 50 * DAY, NOW.date(), "seen", None, stamp(NOW - 50 * DAY), signed_name="B"
        )
        rows = {row["name"]: row for row in await exported(writer, world, "volunteers")}
        await allegations.suspend(writer, MATCH, "", stamp(NOW))
        suspended = next(row for row in await exported(writer, world, "volunteers") if row["name"] == "Alex")

    assert rows["Alex"] == {
        "reference": alex, "name": "Alex", "status": "ready", "stages_passed": 5, "ready": "yes", "next_expiry": None,
        "suspended_at": None, "matched": 1, "last_visit": "2026-06-07",
    }  # fmt: skip
    assert {name: (row["status"], row["ready"], row["stages_passed"]) for name, row in rows.items()} == {
        "Alex": ("ready", "yes", 5), "Pausing": ("paused", "no", 5), "Gone": ("left", "no", 5),
        "New": ("in_recruitment", "no", 0), "Late": ("expired", "no", 5),
    }  # fmt: skip
    assert rows["Late"]["next_expiry"] == "2026-06-12"
    assert (suspended["status"], suspended["suspended_at"]) == ("suspended", "2026-06-12T10:00:00+01:00")


def test_ready_is_said_of_those_who_are() -> None:
    """The one word says ready if and only if the gate does."""
    whole = Clearance(5, 5, "2026-06-01", "2026-07-01", signed=True, suspended=False, paused=False, gone=False)
    for changed in (
        {}, {"passed": 4}, {"signed": False}, {"suspended": True}, {"paused": True}, {"gone": True},
        {"clear_until": "2026-06-12"}, {"clear_from": "2026-06-13"}, {"clear_until": None},
    ):  # fmt: skip
        found = replace(whole, **changed)
        assert (found.standing("2026-06-12") is Standing.READY) == found.ready("2026-06-12")


async def test_a_concern_shows_only_to_those_who_see_it(tmp_path: Path) -> None:
    """Who may not see a concern reads what is read where there is none: a file tips nobody off."""
    world = World(tmp_path)
    manager, coordinator = Viewer("m", Role.MANAGER), Viewer("c", Role.COORDINATOR)
    async with world.database() as database, database.writer.transaction() as writer:
        await everybody(writer)
        await a_match(writer)
        await a_report(writer, "V-1", 5)
        concern = replace(CONCERN, visit="V-1", about=About.UNKNOWN, chain=("coordinator", "manager"))
        await concerns.add(writer, concern, Role.VOLUNTEER)

        async def seen() -> list[str]:
            viewers = (None, manager, coordinator)
            return [(await exported(writer, world, "visits", viewer))[0]["concern"] for viewer in viewers]

        before = await seen()
        await concerns.set_about(writer, concern.reference, About.VISITOR, None, "manager", stamp(NOW))
        after = await seen()

    assert before == ["yes", "yes", "yes"]
    assert after == ["yes", "yes", "no"]


async def test_a_concern_about_a_visit_that_was_erased_is_still_written_down(tmp_path: Path) -> None:
    """Danger never fails on a visit that is not there any more."""
    async with World(tmp_path).database() as database, database.writer.transaction() as writer:
        await everybody(writer)
        await concerns.add(writer, replace(CONCERN, visit="V-0"), Role.VOLUNTEER)
        found = await concerns.find(writer, CONCERN.reference, None)

    assert found
    assert found.visit is None


async def test_a_worry_told_from_a_report_is_tied_to_its_visit(tmp_path: Path) -> None:
    """By the button under a report as by danger typed into it; one told from elsewhere is about no visit."""
    service = await Service.open(tmp_path, now=NOW)
    volunteer, reference = await service.volunteer()
    async with service.world.database() as database, database.writer.transaction() as writer:
        await a_match(writer)
        await matches.end(writer, "IV-000001", stamp(NOW - DAY))
        known = await volunteers.find(writer, reference)
        assert known
        await matches.start(writer, "M-8PX0-E", "IV-000001", known, stamp(NOW))
        await visits.record(writer, "V-8XJ7-B", "M-8PX0-E", stamp(NOW - DAY), None, stamp(NOW))
    [row] = await service.rows("SELECT reference FROM visits")
    await volunteer.say("/report")
    await volunteer.send(records.BUTTON, data=f"report:{row['reference']}")
    assert "I have a worry" in volunteer.buttons
    await volunteer.press("I have a worry")
    await volunteer.say("something the child said")
    service.world.now += dt.timedelta(hours=2)
    await volunteer.send(records.BUTTON, data="vworry")
    await volunteer.say("something at the office")
    service.world.now += dt.timedelta(hours=2)
    await volunteer.send(records.BUTTON, data=f"report:{row['reference']}")
    await volunteer.say("she said I want to kill myself")

    rows = await service.rows("SELECT visit FROM concerns ORDER BY raised_at")
    assert [found["visit"] for found in rows] == [row["reference"], None, row["reference"]]


async def test_the_audit_is_for_managers_and_leaves_out_what_they_may_be_in(tmp_path: Path) -> None:
    """Lines about complaints and concerns are in the operator's file alone; coordinators get no such file."""
    world = World(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        for subject in ("IV-000001", "C-4R9T-X", "S-7K3Q-M", "A-7K3Q-M"):
            await audit.add(writer, "", "operator", "show", subject, stamp(NOW))
        operator = await exported(writer, world, "audit")
        manager = await exported(writer, world, "audit", Viewer("m", Role.MANAGER))
        with pytest.raises(NotTheirs):
            await exported(writer, world, "audit", Viewer("c", Role.COORDINATOR))

    assert [row["subject"] for row in operator] == ["IV-000001", "C-4R9T-X", "S-7K3Q-M", "A-7K3Q-M"]
    assert [row["subject"] for row in manager] == ["IV-000001"]


async def test_no_export_is_for_volunteers_or_guests(tmp_path: Path) -> None:
    """Whatever the kind, whoever is not of the staff gets none."""
    world = World(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        for kind in kinds.EXPORTS:
            for role in (Role.GUEST, Role.VOLUNTEER):
                with pytest.raises(NotTheirs):
                    await exported(writer, world, kind, Viewer("x", role))


async def test_consents_are_words_and_days(tmp_path: Path) -> None:
    """What was asked, word for word, and the answer; nothing the child told."""
    world = await records.world_of(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        rows = await exported(writer, world, "consents")

    assert [(row["purpose"], row["given"]) for row in rows] == [("send", "yes"), ("share", "yes")]
    assert rows[0]["words"]
    assert b"Sam" not in orjson.dumps(rows)


@pytest.mark.parametrize(("role", "audited"), [(Role.COORDINATOR, False), (Role.MANAGER, True)])
async def test_the_chat_offers_what_somebody_may_have(role: Role, audited: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """Each kind has a button of its own name; a coordinator is not offered the audit, nor given it when they ask."""
    service = await Service.open(tmp_path)
    await service[role].say("/export")

    assert "Visits" in service[role].buttons
    assert ("Who looked at or changed what" in service[role].buttons) == audited
    assert KINDS.keys() == kinds.EXPORTS.keys()
    heard = await service[role].say("/export audit csv")
    assert (service[role].last.document is not None) == audited
    assert heard.startswith("I can make csv") != audited
