"""The rules of complaints and concerns: routes, conflicts, stages, clocks, and who is told of danger."""

import datetime as dt
import itertools
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain import concerns
from bot.domain.complaints import (
    BARRED,
    MOVES,
    OPEN,
    RUNNING,
    SUBJECTS,
    Clock,
    Complainer,
    Stage,
    Status,
    Subject,
    barred_from,
    by_mail,
    extended,
    ladder,
    latest_extension,
    next_stage,
    overdue,
    picture,
    resumed,
    route,
    start_clock,
    told_when_late,
)
from bot.domain.working_days import ENGLAND, ONE_DAY, Calendar
from bot.settings import Complaints, Contacts, Settings
from bot.store.database import MIGRATIONS, statements

CONTACTS = tuple(Contacts.model_fields)
EVERYBODY_HAS_MAIL = frozenset(CONTACTS)
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2030, 12, 31))
LIMITS = st.sampled_from([(10, 20), (25, 65), (30, 30), (15, 15)])
MIGRATION = (MIGRATIONS / "0003_complaints_and_concerns.sql").read_text(encoding="utf-8")


def written(trigger: str) -> set[str]:
    """The pairs `a>b` in one trigger of migration 0003."""
    found = [sql for sql in statements(MIGRATION) if f"CREATE TRIGGER {trigger} " in sql]
    assert len(found) == 1
    return set(re.findall(r"'(\w+>\w+)'", found[0]))


def test_the_database_allows_the_same_steps() -> None:
    """Every step of a complaint that Python knows stands in the trigger, and no other."""
    assert written("complaints_keep_to_their_way") == {f"{a}>{b}" for a, after in MOVES.items() for b in after}
    assert set(MOVES) == set(Status)


def test_the_database_knows_the_same_conflicts() -> None:
    """Whom Python bars from a complaint, the triggers keep off its route as well."""
    complaints = {f"{about}>{contact}" for about, contacts in BARRED.items() for contact in contacts}

    assert written("complaints_keep_conflicts_out") == complaints
    assert written("complaints_keep_conflicts_out_later") == complaints


def test_the_database_knows_the_same_stages() -> None:
    """The stages that follow each other in England or in Wales are those that the trigger allows."""
    ladders = [ladder(nation, Subject.CARER, Complainer.CHILD) for nation in ("england", "wales")]

    assert written("complaints_climb") == {f"{a}>{b}" for steps in ladders for a, b in itertools.pairwise(steps)}


def test_who_is_never_on_a_route() -> None:
    """The coordinator is on none about them, the manager or the service; the manager on none of the last two."""
    assert barred_from("coordinator") == (Subject.COORDINATOR, Subject.MANAGER, Subject.SERVICE)
    assert barred_from("manager") == (Subject.MANAGER, Subject.SERVICE)
    assert barred_from("complaints_team") == (Subject.COMPLAINTS_TEAM,)


@given(st.sampled_from(Subject), st.lists(st.sampled_from(CONTACTS)), st.frozensets(st.sampled_from(CONTACTS)))
def test_a_route_has_only_those_who_may_and_can(about: Subject, wanted: list[str], with_mail: frozenset[str]) -> None:
    """Whatever the settings say: nobody conflicted, nobody who cannot be reached, nobody twice, in the order given."""
    found = route(about, wanted, with_mail)

    assert not set(found) & BARRED.get(about, set())
    assert set(by_mail(found)) <= with_mail
    assert list(found) == [name for name in dict.fromkeys(wanted) if name in found]
    assert {name for name in wanted if name in with_mail and name not in BARRED.get(about, ())} <= set(found)


@pytest.mark.parametrize("complainer", list(Complainer))
def test_by_default_every_complaint_reaches_somebody(complainer: Complainer) -> None:
    """With the routes that come with ivbot no subject is left without somebody to handle it, at any stage."""
    settings = Complaints()
    for about in SUBJECTS[complainer]:
        assert route(about, settings.contacts(about, "local", complainer), EVERYBODY_HAS_MAIL)
        if about is not Subject.COMPLAINTS_TEAM:
            assert route(about, settings.contacts(about, "panel", complainer), EVERYBODY_HAS_MAIL)


def test_a_complaint_nobody_may_handle_goes_outside() -> None:
    """About the complaints team where nobody stands above it, or about the coordinator where they alone are named."""
    assert route(Subject.COMPLAINTS_TEAM, ["complaints_team", "director"], frozenset({"complaints_team"})) == ()
    assert route(Subject.COORDINATOR, ["coordinator"], EVERYBODY_HAS_MAIL) == ()
    assert route(Subject.COMPLAINTS_TEAM, Complaints().contacts("complaints_team", "panel", "child"), frozenset()) == ()


@given(st.sampled_from(Subject), st.lists(st.sampled_from(CONTACTS), min_size=1))
def test_whoever_hears_that_it_is_late_may_know_of_it(about: Subject, wanted: list[str]) -> None:
    """The handler and the next above are told, never somebody conflicted, nor a manager about their own coordinator."""
    found = route(about, wanted, EVERYBODY_HAS_MAIL)
    assume(found)
    told = told_when_late(about, found)

    assert told[0] == found[0]
    assert not set(told) & BARRED.get(about, set())
    assert set(told) <= set(found) | {"manager"}
    assert about is not Subject.COORDINATOR or set(told) <= set(found)


def test_who_hears_that_it_is_late() -> None:
    """The deputy on the route; without one the manager, unless it is about their own people."""
    assert told_when_late(Subject.VISITOR, ("coordinator", "manager")) == ("coordinator", "manager")
    assert told_when_late(Subject.CARER, ("complaints_team",)) == ("complaints_team", "manager")
    assert told_when_late(Subject.COORDINATOR, ("complaints_team",)) == ("complaints_team",)
    assert told_when_late(Subject.SERVICE, ("complaints_team",)) == ("complaints_team",)


def test_the_stages_and_their_picture() -> None:
    """Three stages and the ombudsman in England, two in Wales; about the bot, or a volunteer's, one answer."""
    england = ladder("england", Subject.VISITOR, Complainer.CHILD)
    wales = ladder("wales", Subject.VISITOR, Complainer.ADULT)

    assert [next_stage(england, stage) for stage in england] == [*england[1:], None]
    assert next_stage(wales, Stage.INVESTIGATION) is Stage.OMBUDSMAN
    assert Stage.PANEL not in wales
    assert ladder("england", Subject.BOT, Complainer.CHILD) == (Stage.LOCAL,)
    assert next_stage(ladder("wales", Subject.SERVICE, Complainer.VOLUNTEER), Stage.LOCAL) is None
    assert [picture(england, stage) for stage in england] == ["●○○○", "●●○○", "●●●○", "●●●●"]


def test_the_figures_of_the_law_are_the_defaults() -> None:
    """England: 10 to 20, 25 to 65, a panel in 30, then 5 and 15, 20 to ask on. Wales: 2, 10 and 5, 25. Bot: 30."""
    settings = Complaints()

    assert settings.limit("england", "local") == (10, 20)
    assert settings.limit("england", "investigation") == (25, 65)
    assert settings.limit("england", "panel") == (30, 30)
    assert settings.after_panel == 20
    assert settings.limit("wales", "local") == (15, 15)
    assert settings.limit("wales", "investigation") == (25, 25)
    assert (settings.wales.discuss_days, settings.wales.result_days, settings.acknowledge_days.visitor) == (10, 5, 2)
    assert settings.request_days("england") == settings.request_days("wales") == 20
    assert settings.acknowledge_days.bot == 30
    assert Settings.model_construct().safeguarding.escalate_minutes == 15


@given(DAYS, st.sampled_from(Subject), LIMITS, st.integers(1, 30))
def test_a_clock_says_how_its_date_was_reckoned(day: dt.date, about: Subject, limit: tuple[int, int], ack: int) -> None:
    """The last day is what its own figures give; about data, 30 days of any kind to acknowledge."""
    clock = start_clock(ENGLAND, day, about, limit[0], ack)

    assert clock.reckoned(ENGLAND).due == clock.last_day == clock.due_on
    assert clock.again(ENGLAND, about) == clock
    assert clock.ack_due_on == (day + ack * ONE_DAY if about is Subject.BOT else ENGLAND.due(day, ack))


@given(DAYS, LIMITS, st.integers(0, 120))
def test_an_extension_is_lawful_and_the_only_one(day: dt.date, limit: tuple[int, int], after: int) -> None:
    """Only to a working day after the old last day and not after the law's; a second one is refused."""
    clock = start_clock(ENGLAND, day, Subject.CARER, limit[0], 2)
    latest = latest_extension(ENGLAND, clock, limit[1])
    for date in (
        day + after * ONE_DAY,
        clock.due_on,
        clock.due_on + ONE_DAY,
        *((latest, latest + ONE_DAY) if latest else ()),
    ):
        longer = extended(ENGLAND, clock, date, limit[1])
        lawful = latest is not None and clock.due_on < date <= latest and ENGLAND.counts(date)
        assert (longer is not None) == lawful
        if longer:
            assert longer.last_day == date == longer.reckoned(ENGLAND).due
            assert extended(ENGLAND, longer, date + 7 * ONE_DAY, limit[1]) is None
            assert not overdue(longer, Status.EXTENDED, date)
            assert overdue(longer, Status.EXTENDED, date + ONE_DAY)
    assert (latest is None) == (limit[0] == limit[1])


@given(DAYS, LIMITS, st.integers(0, 40), st.integers(0, 120))
def test_a_pause_gives_back_its_working_days(day: dt.date, limit: tuple[int, int], after: int, length: int) -> None:
    """The working days left when a court went first are left when it is over, extended or not."""
    clock = start_clock(ENGLAND, day, Subject.CARER, limit[0], 2)
    latest = latest_extension(ENGLAND, clock, limit[1])
    longer = extended(ENGLAND, clock, latest, limit[1]) if latest else None
    paused_on = day + after * ONE_DAY
    back_on = paused_on + length * ONE_DAY
    for before in (clock, *([longer] if longer else [])):
        assume(paused_on <= before.last_day)
        left = ENGLAND.between(paused_on, before.last_day)
        later = resumed(ENGLAND, before, paused_on, back_on, Subject.CARER)
        assert ENGLAND.between(back_on, later.last_day) == left
        assert later.last_day >= before.last_day


@given(DAYS, LIMITS, st.integers(-2, 60))
def test_a_clock_follows_a_holiday_announced_later(day: dt.date, limit: tuple[int, int], after: int) -> None:
    """Reckoned again, a deadline that runs over the new holiday moves on by a working day; others stay."""
    clock, holiday = start_clock(ENGLAND, day, Subject.CARER, limit[0], 2), day + after * ONE_DAY
    again = clock.again(Calendar.of("england", [holiday]), Subject.CARER)

    runs_over = day < holiday <= clock.due_on and ENGLAND.counts(holiday)
    assert again.due_on == (ENGLAND.due(clock.due_on, 1) if runs_over else clock.due_on)


@given(DAYS, st.sampled_from(Status), st.integers(-30, 30))
def test_only_what_runs_can_be_late(day: dt.date, status: Status, late: int) -> None:
    """Paused, answered, closed and withdrawn complaints are never overdue; an answer after the last day stays late."""
    clock = start_clock(ENGLAND, day, Subject.CARER, 10, 2)
    today = clock.last_day + late * ONE_DAY

    assert overdue(clock, status, today) == (status in RUNNING and late > 0)
    assert overdue(clock, Status.ANSWERED, today, answered_on=today) == (late > 0)


def test_running_is_open_without_pauses() -> None:
    """Only a pause stops the clock of what is open."""
    assert set(OPEN) - set(RUNNING) == {Status.PAUSED}
    assert {status for status in Status if Status.ANSWERED in MOVES[status]} == set(RUNNING)
    assert isinstance(start_clock(ENGLAND, dt.date(2026, 6, 12), Subject.BOT, 10, 30), Clock)


CHAIN = st.lists(st.sampled_from(CONTACTS), max_size=6)


@given(CHAIN, st.frozensets(st.sampled_from(CONTACTS)), st.sampled_from(concerns.About))
def test_the_line_of_those_who_are_told(chain: list[str], at_work: frozenset[str], about: concerns.About) -> None:
    """Whoever is at work first, the out-of-hours team before those who are not, nobody conflicted, nobody twice."""
    line = concerns.line(chain, at_work, about, "out_of_hours")
    night = line.index("out_of_hours")

    assert len(set(line)) == len(line)
    assert set(line) == {"out_of_hours"} | {name for name in chain if not concerns.barred(about, name)}
    assert set(line[:night]) <= at_work
    assert not set(line[night + 1 :]) & at_work
    assert [name for name in dict.fromkeys(chain) if name in line[:night]] == list(line[:night])


@given(CHAIN, st.lists(st.frozensets(st.sampled_from(CONTACTS)), min_size=30, max_size=30))
def test_everybody_in_line_is_told_in_turn(chain: list[str], shifts: list[frozenset[str]]) -> None:
    """Nobody is told twice before everybody was told once, and it never ends, whoever goes home in between."""
    told: dict[str, str] = {}
    for minute, at_work in enumerate(shifts):
        line = concerns.line(chain, at_work, concerns.About.UNKNOWN, "out_of_hours")
        contact = concerns.next_in_line(line, told)
        assert contact in line
        untold = [name for name in line if name not in told]
        assert contact == untold[0] if untold else told[contact or ""] == min(told.values())
        told[contact or ""] = f"{minute:04}"
    assert concerns.next_in_line([], {}) is None


def test_the_line_by_day_and_by_night() -> None:
    """By day the duty lead first; at night the out-of-hours team; a manager who is named is left out."""
    chain = ["safeguarding_duty", "safeguarding_deputy", "manager"]

    assert concerns.line(chain, {"safeguarding_duty", "manager"}, concerns.About.UNKNOWN, "out_of_hours") == (
        "safeguarding_duty", "manager", "out_of_hours", "safeguarding_deputy",
    )  # fmt: skip
    assert concerns.line(chain, set(), concerns.About.MANAGER, "out_of_hours") == (
        "out_of_hours", "safeguarding_duty", "safeguarding_deputy",
    )  # fmt: skip
