"""A volunteer from a code to a paid claim, on a phone; the others in browsers too; the real program, a real kill -9."""

import datetime as dt
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.async_api import Browser, Page, expect

from tests.process import CHECKOUT, Running, command, running
from tests.test_browser import chromium, opened
from tests.test_journey import (
    hears,
    look,
    look_everywhere,
    picture,
    press,
    say,
    told,
    visit_is_over,
)

__all__ = ["chromium"]  # pytest finds the fixture by its name here

pytestmark = pytest.mark.asyncio(loop_scope="module")

HARROW = CHECKOUT / "profiles" / "harrow.toml"
STAGES = (
    "30 hours of accredited level 2 training",
    "Two interviews",
    "Enhanced DBS check",
    "Two references",
    "Shadowing other volunteers",
    "Safeguarding, boundaries and access",
)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "accept_downloads": True}
SATURDAY = 5


@dataclass
class Four:
    """The screens of those who take part."""

    staff: Page
    manager: Page
    child: Page
    volunteer: Page


async def reference(page: Page, prefix: str) -> str:
    """The newest number of that kind on the screen."""
    found: list[str] = re.findall(rf"\b{prefix}-\w{{4}}-\w\b", await page.locator("main").inner_text())
    assert found
    return found[-1]


@asynccontextmanager
async def service(folder: Path, port: int) -> AsyncIterator[Running]:
    """The bot as Harrow has it, at an address that links can name, and never quiet."""
    address = f"http://127.0.0.1:{port}"
    environment = {"IVBOT_WEB__PORT": str(port), "IVBOT_WEB__PUBLIC_URL": address}
    async with running(folder, "run", "--config", str(HARROW), **environment) as bot:
        yield bot


async def test_a_volunteer_from_a_code_to_a_paid_claim(chromium: Browser, tmp_path: Path, unused_tcp_port: int) -> None:
    """Six stages, a second signature, two yeses, a visit planned and reported in a line, its face, file and money."""
    async with AsyncExitStack() as pages:
        async with service(tmp_path, unused_tcp_port) as bot:
            _status, out, _err = await command(tmp_path, "invite", "manager", "--config", str(HARROW))
            codes = {"staff": bot.code, "manager": out.split()[0]}
            staff, manager = [
                await pages.enter_async_context(opened(chromium, f"{bot.url}/?start={code}", troubles=True))
                for code in codes.values()
            ]
            child = await pages.enter_async_context(opened(chromium, bot.url, troubles=True, **PHONE))
            await press(staff, "Send")
            await press(manager, "Send")
            request = await ask(child)
            link = await hire(staff)
            volunteer = await pages.enter_async_context(opened(chromium, link, troubles=True, **PHONE))
            all_of_them = Four(staff, manager, child, volunteer)
            await join(volunteer)
            await clear(all_of_them)
            await match(all_of_them, request)
            await plan(all_of_them, tmp_path)
            await bot.kill()
            visit_is_over(tmp_path)
        async with service(tmp_path, unused_tcp_port):
            for page in (staff, child, volunteer):
                await page.reload()
            await report(volunteer)
            await feel(all_of_them)
            await read(staff)
            await pay(staff)
            await export(staff, tmp_path)


async def ask(child: Page) -> str:
    """A child asks for a visitor, in words; the number of the request."""
    await say(child, "i'd like one")
    for line in ("me", "Sam", "11", "yes", "skip", "someone who likes dogs", "at school", "that's all", "skip"):
        await say(child, line)
    await press(child, "That's right")
    await press(child, "Yes, send them")
    await press(child, "No, not now")
    found = await reference(child, "IV")
    await press(child, "I've saved it")
    return found


async def hire(staff: Page) -> str:
    """The coordinator adds a volunteer; the link for their phone."""
    await press(staff, "Menu")
    await picture(staff, "50-staff-menu")
    await press(staff, "Volunteers")
    await press(staff, "Add a volunteer")
    await say(staff, "Kim Sample")
    await say(staff, "Kim")
    await look(staff, "51-staff-added")
    await press(staff, "A code for their phone")
    await look(staff, "52-staff-code")
    link = re.search(r"http://\S+\?start=[\w-]+", await staff.locator(".theirs").last.inner_text())
    assert link
    return link[0]


async def join(volunteer: Page) -> None:
    """The link is opened on a phone: the road, with nothing on it yet, and what one can do."""
    await look(volunteer, "53-link")
    await press(volunteer, "Send")
    await hears(volunteer, "0 of 6 stages")
    await look_everywhere(volunteer, "54-road")
    await press(volunteer, "My visits")
    await look(volunteer, "55-work-empty")
    await say(volunteer, "plan a visit")
    await hears(volunteer, "You can't plan a visit while one of your stages is not passed.")


async def clear(four: Four) -> None:
    """All six stages are passed by one, and signed by another."""
    staff, manager, volunteer = four.staff, four.manager, four.volunteer
    kim = await reference(staff, "VO")
    await press(staff, kim)
    for stage in STAGES:
        await press(staff, f"Passed: {stage}")
        for line in ("yesterday", "yes", "seen, on file"):
            await say(staff, line)
        if stage == "Enhanced DBS check":
            await picture(staff, "56-staff-holds")
            await press(staff, "Yes")
        await hears(staff, f"{stage}: noted as passed.")
    await look(staff, "57-staff-all-passed")
    await press(staff, "Sign")
    await hears(staff, "so somebody else has to sign")
    await hears(manager, f"{kim}: every stage is passed.")
    await press(manager, kim)
    await press(manager, "Sign")
    await look(manager, "58-manager-signs")
    await press(manager, "Yes, I sign")
    await hears(manager, "Kim Sample · ready")
    await hears(volunteer, "You're ready.")
    await picture(volunteer, "59-ready")
    await press(volunteer, "Show me")
    await hears(volunteer, "6 of 6 stages")
    await look(volunteer, "60-road")


async def match(four: Four, request: str) -> None:
    """The coordinator asks Kim, Kim says yes, the child says yes, and it is a match."""
    staff, child, volunteer = four.staff, four.child, four.volunteer
    await say(staff, f"/show {request}")
    await press(staff, "Referred")
    await press(staff, request)
    await press(staff, "Looking for a visitor")
    await press(staff, request)
    await press(staff, "Who could fit?")
    await look(staff, "61-staff-who")
    await press(staff, "Ask Kim and the child")
    proposal = await reference(staff, "P")
    await hears(volunteer, f"{proposal}: would you like to meet a young person?")
    await press(volunteer, "Show me")
    await look(volunteer, "62-vmeet")
    await press(volunteer, "Yes, I'd like to")
    await told(child, "You have a message here.")
    await press(child, "Show me")
    await look(child, "63-meet")
    await press(child, "Yes, I'd like to")
    await hears(staff, f"{proposal}: the child has said yes.")
    await press(staff, proposal)
    await look(staff, "64-staff-proposal")
    await press(staff, "Make it a match")
    await told(child, "You have a message here.")
    await press(child, "Show me")
    await hears(child, "You have a visitor: Kim.")


async def plan(four: Four, folder: Path) -> None:
    """A visit is typed on a bus, saved to a calendar, and answered by the child."""
    staff, child, volunteer = four.staff, four.child, four.volunteer
    await press(volunteer, "My visits")
    await hears(volunteer, "No visit is planned")
    await look(volunteer, "65-work")
    await press(volunteer, "Plan a visit")
    await look(volunteer, "66-when")
    await say(volunteer, "sat 2pm")
    await hears(volunteer, "Do you mean Saturday")
    await look(volunteer, "67-read-back")
    await press(volunteer, "Yes, that's it")
    await picture(volunteer, "68-what")
    await say(volunteer, "a walk by the river")
    await look_everywhere(volunteer, "69-planned")
    begins = await saved_visit(volunteer, folder)
    assert (begins.weekday(), begins.hour, begins.minute) == (SATURDAY, 14, 0)
    await told(child, "You have a message here.")
    await press(child, "Show me")
    await hears(child, "Kim would like to see you on Saturday")
    await look(child, "70-visit")
    await press(child, "Yes")
    await hears(staff, "the child has answered about a visit")
    await say(volunteer, "/work")
    await hears(volunteer, "Sam said yes")
    await look_everywhere(volunteer, "71-work")


async def saved_visit(volunteer: Page, folder: Path) -> dt.datetime:
    """When the visit in the calendar file begins, by the clocks of the service."""
    async with volunteer.expect_download() as saving:
        await volunteer.locator("a[href^='/file/']").last.click()
    download = await saving.value
    assert download.suggested_filename.endswith(".ics")
    await download.save_as(folder / "visit.ics")
    (event,) = Calendar.from_ical((folder / "visit.ics").read_bytes()).walk("VEVENT")
    begins: dt.datetime = event.decoded("DTSTART")
    return begins.astimezone(ZoneInfo("Europe/London"))


async def report(volunteer: Page) -> None:
    """One line says it; the next visit is planned by taps alone."""
    await expect(volunteer.locator(".theirs", has_text="did it happen?")).to_be_attached()
    await look(volunteer, "72-did-it-happen")
    await say(volunteer, "done 2.5h a walk, she chose, good mood, £4.20, 12 miles")
    await hears(volunteer, "£4.20 and 12 miles")
    await look_everywhere(volunteer, "73-read-back")
    await press(volunteer, "That's right")
    await hears(volunteer, "You claim £9.60.")
    await look(volunteer, "74-thanks")
    await press(volunteer, "Plan the next visit")
    await volunteer.get_by_role("button", name=re.compile("^(Saturday|Sunday|Wednesday)")).first.click()
    await hears(volunteer, "At what time?")
    await look(volunteer, "75-time")
    await press(volunteer, "2 pm")
    await press(volunteer, "Yes, that's it")
    await press(volunteer, "Skip")
    await hears(volunteer, "Planned:")


async def feel(four: Four) -> None:
    """The child taps a face; the volunteer reads nothing of it."""
    child, staff, volunteer = four.child, four.staff, four.volunteer
    await child.get_by_role("button", name="Show me", exact=True).first.click()
    await hears(child, "How was it with Kim")
    await look(child, "76-face")
    await press(child, "😞")
    await hears(staff, "do not say the same of it")
    await picture(staff, "77-staff-told")
    await say(volunteer, "/work")
    await hears(volunteer, "1 visit, 2.5 h")
    assert "😞" not in await volunteer.content()


async def read(staff: Page) -> None:
    """The coordinator finds the match, and reads what was reported."""
    await say(staff, "/matches")
    await hears(staff, "1 matched")
    await look(staff, "78-staff-matches")
    await press(staff, await reference(staff, "M"))
    await look(staff, "79-staff-match")
    await staff.get_by_role("button", name=re.compile("^Report on V-")).last.click()
    await hears(staff, "The child, afterwards: 😞")
    await look(staff, "80-staff-report")


async def pay(staff: Page) -> None:
    await say(staff, "/expenses")
    await hears(staff, "1 claim to be paid, £9.60 in all")
    await look(staff, "81-staff-expenses")
    await staff.get_by_role("button", name=re.compile("^V-.* £9.60$")).last.click()
    await press(staff, "Yes, it is paid")
    await hears(staff, "noted as paid")


async def export(staff: Page, folder: Path) -> None:
    """The visits as a workbook that a spreadsheet program opens."""
    await say(staff, "/export visits xlsx")
    async with staff.expect_download() as saving:
        await staff.locator("a[href^='/file/']").last.click()
    await (await saving.value).save_as(folder / "visits.xlsx")
    rows = list(load_workbook(folder / "visits.xlsx").active.values)
    visits = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [(visit["status"], visit["minutes"]) for visit in visits] == [("happened", 150), ("confirmed", None)]
    assert visits[0]["activity"] == "walk"
