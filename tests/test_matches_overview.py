"""The overview of the staff: figures, what needs a look, one match whole, what was reported, and what is to be paid."""

import datetime as dt
from pathlib import Path

import pytest

from bot.domain.interest import Status
from bot.domain.references import new_reference
from bot.domain.reports import Report
from bot.domain.roles import Role
from bot.settings import Settings
from bot.store import interests, matches, visit_reports, visits, volunteers
from bot.store.clock import stamp
from bot.store.database import Writer
from tests import casework, records
from tests.casework import Service
from tests.conversation import plain

NOW = dt.datetime(2026, 6, 12, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ALEX, KIM = "M-8XJ7-B", "M-8PX0-E"


def settings(**told: object) -> Settings:
    bands = [{"up_to": 30, "monthly_rate": "102.04"}, {"monthly_rate": "81.50"}]
    wanted = {"service": {"capacity": 24}, "costs": {"bands": bands}, "targets": {"matches": 30, "by": "2027-03-31"}}
    return casework.settings(**wanted | told)


async def a_child(writer: Writer, number: int, when: dt.datetime, *, matched: bool = True) -> str:
    """A child called Markedname on their way to a visitor, or with one; the reference of their request."""
    reference = await records.add(writer, number, when, name="Markedname")
    for to in (Status.TALKING, Status.REFERRED, Status.WAITING, *([Status.MATCHED] if matched else [])):
        await interests.move(writer, reference, to, f"p{number}", stamp(when))
    return reference


async def a_visit(
    writer: Writer, match: str, days: int, report: Report | None = None, *, missed: bool = False, spent: int = 0
) -> str:
    """A visit so many days before or after NOW; its reference."""
    when, reference = NOW + days * DAY, new_reference("V")
    if days < 0:
        await visits.record(writer, reference, match, stamp(when), None, stamp(NOW))
    else:
        await visits.add(writer, reference, match, stamp(when), "", "p1", stamp(NOW))
    if report:
        await visit_reports.add(writer, reference, report, None, stamp(NOW))
    if missed:
        await visits.child_felt(writer, reference, None)
    if spent:
        await visit_reports.spend(writer, reference, when.date().isoformat(), spent, 120, 45)
    return reference


HAPPENED = Report(happened=True, minutes=150, activity="markedbowling", child_mood=4, outcomes=("a", "h"))


async def opened(folder: Path, made: Settings | None = None) -> Service:
    """Two children with a visitor each, and one who waits. Kim has not visited for long; Alex comes tomorrow."""
    service = await Service.open(folder, made or settings(), NOW)
    long_ago, lately = NOW - 400 * DAY, NOW - 60 * DAY
    async with service.world.database() as database, database.writer.transaction() as writer:
        await records.add_match(writer, await a_child(writer, 1, long_ago), "Alex", long_ago, reference=ALEX)
        await records.add_match(writer, await a_child(writer, 2, lately), "Kim", lately, reference=KIM)
        await a_child(writer, 3, NOW, matched=False)
        await a_visit(writer, ALEX, -200, HAPPENED)  # last year
        await a_visit(writer, ALEX, -40, HAPPENED)
        await a_visit(writer, ALEX, -5, HAPPENED, spent=1500)
        await a_visit(writer, ALEX, 1)
        await a_visit(writer, KIM, -30, missed=True)
        await a_visit(writer, KIM, -10, Report(happened=False, why_not="weather"))
    return service


async def references(service: Service) -> list[str]:
    """The visits of Alex, the oldest first."""
    rows = await service.rows("SELECT reference FROM visits WHERE match = ? ORDER BY planned_for", ALEX)
    return [row["reference"] for row in rows]


async def test_the_figures_come_first(tmp_path: Path) -> None:
    """One line for where the service stands, one for the target, one for the year, without last year."""
    service = await opened(tmp_path)

    heard = await service["coordinator"].say("/matches")
    assert heard.startswith(
        "2 matched · 24 places · 1 waiting · £204.08 a month\n2 of 30 by Wednesday 31 March 2027\n"
        "2026: 2 visits, 5 h, 2 missed"
    )


async def test_figures_nobody_set_are_not_invented(tmp_path: Path) -> None:
    """Without places, prices and a target there is only what is counted."""
    service = await opened(tmp_path, casework.settings())

    assert (await service["coordinator"].say("/matches")).startswith("2 matched · 1 waiting\n2026: 2 visits, ")


async def test_each_match_says_what_needs_a_look(tmp_path: Path) -> None:
    """Those without a visit for longest come first, with the reasons in words; no child is named."""
    service = await opened(tmp_path)
    await service.run("UPDATE stages_passed SET withdrawn_at = '2026-06-12T09:00:00.000Z' WHERE stage = 'dbs'")
    async with service.world.database() as database, database.writer.transaction() as writer:
        for reference, day in (("kim", dt.date(2026, 7, 1)), ("alex", None)):
            found = await writer.one("SELECT reference FROM volunteers WHERE called = ?", (reference.title(),))
            assert found
            await volunteers.pass_stage(
                writer, found["reference"], "dbs", dt.date(2026, 6, 1), day, "seen", None, stamp(NOW), signed_name="B"
            )

    heard = await service["coordinator"].say("/matches")
    kim, alex = heard.split("\n\n")[1:3]
    first, state, flags = kim.splitlines()
    assert first.startswith(f"{KIM} · Kim, VO-")
    assert first.endswith("since Monday 13 April")
    assert state == "no visit yet · none planned · this year 0 visits, 0 h"
    assert flags == "⚑ no visit for 60 days, 2 missed in a row and a check runs out on Wednesday 1 July"
    first, state, flags = alex.splitlines()
    assert first.endswith("since Thursday 8 May 2025")
    assert state == "last visit Sunday 7 June · next Saturday 13 June at 10 am · this year 2 visits, 5 h"
    assert flags == "⚑ the next visit is not confirmed"
    assert "Markedname" not in heard


async def test_a_long_list_comes_in_pages(tmp_path: Path) -> None:
    """Six at a time, back and forth; a page number that makes no sense is the first page."""
    service = await opened(tmp_path)
    async with service.world.database() as database, database.writer.transaction() as writer:
        for number in range(10, 16):
            await records.add_match(writer, await a_child(writer, number, NOW), f"Pat{number}", NOW)

    staff = service["coordinator"]
    first = await staff.say("/matches")
    second = await staff.press("More matches")
    assert (first.count("since "), second.count("since ")) == (6, 2)
    assert await staff.press("Back") == first
    assert await staff.send(records.BUTTON, data="matches:-1") == first


async def test_one_match_whole(tmp_path: Path) -> None:
    """What became of every visit adds up; what can be done is under it; an ended one offers nothing to do."""
    service = await opened(tmp_path)
    staff = service["coordinator"]
    await staff.say("/matches")

    heard = await staff.press(ALEX)
    assert "4 visits: planned 1 and happened 3 · 7.5 h in all" in heard
    assert heard.count("happened · 2.5 h") == 3
    assert "Plan a visit" in staff.buttons
    assert "markedbowling" not in heard
    heard = await staff.send(records.BUTTON, data=f"matched:{KIM}")
    assert "2 visits: missed 2" in heard
    assert "missed · no report" in heard
    await staff.press(next(label for label in staff.buttons if label.endswith("for them")))
    for said in ("Yes", "2 hours"):
        await staff.press(said)
    heard = await staff.press(KIM)
    assert "2 visits: happened 1 and missed 1 · 2 h in all" in heard
    async with service.world.database() as database, database.writer.transaction() as writer:
        found = await matches.find(writer, KIM)
        assert found
        await matches.end(writer, found.interest, stamp(NOW))
    heard = await staff.send(records.BUTTON, data=f"matched:{KIM}")
    assert "ended Friday 12 June" in heard
    assert "Plan a visit" not in staff.buttons
    assert "There is no match with that number." in await staff.send(records.BUTTON, data="matched:M-0000-0")


async def test_what_was_reported_is_one_press_away_and_audited(tmp_path: Path) -> None:
    """The words of a report are shown only when somebody asks for them, and that is written down."""
    service = await opened(tmp_path)
    staff = service["coordinator"]
    reference = (await references(service))[2]
    await staff.send(records.BUTTON, data=f"matched:{ALEX}")

    heard = await staff.press(f"Report on {reference}")
    for line in (
        "It happened: Yes", "Time together: 2.5 h", "Done together: markedbowling", "Claimed: £20.40",
        "It helped with: A steady, kind relationship and Culture, leisure or sport",
    ):  # fmt: skip
        assert line in heard
    rows = await service.rows("SELECT subject FROM audit WHERE action = 'read_report'")
    assert [row["subject"] for row in rows] == [reference]
    assert "There is no report" in await staff.send(records.BUTTON, data=f"reported:{(await references(service))[3]}")


async def test_expenses_are_flagged_and_paid_once(tmp_path: Path) -> None:
    """A claim above the budget and with a receipt to see says so; it is paid for the sum that was shown, once."""
    service = await opened(tmp_path)
    staff, reference = service["coordinator"], (await references(service))[2]

    heard = await staff.say("/expenses")
    assert heard.startswith("1 claim to be paid, £20.40 in all:\n")
    assert "£20.40 with 12 miles at £0.45" in heard
    assert "more than the £20.00 for one visit, needs a receipt and to be paid by Tuesday 7 July" in heard
    await staff.press(f"{reference} · £20.40")
    async with service.world.database() as database, database.writer.transaction() as writer:
        await visit_reports.spend(writer, reference, "2026-06-07", 1600, 120, 45)
    assert "Nothing was changed" in await staff.press("Yes, it is paid")
    await staff.say("/expenses")
    await staff.press(f"{reference} · £21.40")
    assert "£21.40, noted as paid" in await staff.press("Yes, it is paid")
    assert "Nothing was changed" in await staff.press("Yes, it is paid")
    rows = await service.rows("SELECT subject FROM audit WHERE action = 'pay_expenses'")
    assert [row["subject"] for row in rows] == [reference]
    assert "No claim waits to be paid." in await staff.say("/expenses")


@pytest.mark.parametrize("door", ["/matches", "/expenses"])
async def test_volunteers_and_children_see_none_of_it(door: str, tmp_path: Path) -> None:
    """What is for staff answers as what does not exist."""
    service = await opened(tmp_path)

    for name in (Role.VOLUNTEER, "child"):
        heard = await service[name].say(door)
        assert "I don't know that one" in heard
        assert "Alex" not in heard


async def test_staff_find_it_in_their_menu(tmp_path: Path) -> None:
    """One button leads there."""
    service = await opened(tmp_path)
    await service["manager"].say("/menu")

    assert (await service["manager"].press("Matches")).startswith("2 matched")
    assert "Alex" in plain(service["manager"].last)
