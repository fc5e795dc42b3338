"""When something is wrong: complaints, and children who may be in danger."""

import datetime as dt
from typing import Literal

from pydantic import Field

from bot.settings.section import ContactName, Section

# One setting, one line.
# fmt: off

SubjectName = Literal[
    "visitor", "coordinator", "manager", "service", "social_worker", "carer", "council", "complaints_team", "child_arrangements", "bot",
]


class Routes(Section):
    """Who gets a complaint about whom: the one who answers it first, then deputies. Whoever it may not reach is left out."""

    visitor: list[ContactName] = Field(["coordinator", "manager"], description="About a visitor.", examples=[["coordinator", "manager"]])
    coordinator: list[ContactName] = Field(["complaints_team"], description="About the coordinator. The manager sees it only if they are named here.", examples=[["complaints_team", "manager"]])
    manager: list[ContactName] = Field(["complaints_team"], description="About the manager.", examples=[["complaints_team"]])
    service: list[ContactName] = Field(["complaints_team"], description="About the visitor service as a whole, or who runs it.", examples=[["complaints_team"]])
    social_worker: list[ContactName] = Field(["complaints_team"], description="About a social worker, their manager, or a reviewing officer.", examples=[["complaints_team"]])
    carer: list[ContactName] = Field(["complaints_team"], description="About a carer or a home.", examples=[["complaints_team"]])
    council: list[ContactName] = Field(["complaints_team"], description="About the council, or something else.", examples=[["complaints_team"]])
    complaints_team: list[ContactName] = Field(["director"], description="About the complaints team itself.", examples=[["director"]])
    bot: list[ContactName] = Field(["data_protection"], description="About this bot, or what is kept about somebody.", examples=[["data_protection"]])


class VolunteerRoutes(Section):
    """The same for complaints by volunteers: the provider's own procedure."""

    coordinator: list[ContactName] = Field(["manager"], description="About the coordinator.", examples=[["manager"]])
    manager: list[ContactName] = Field(["complaints_team"], description="About the manager.", examples=[["complaints_team"]])
    service: list[ContactName] = Field(["complaints_team"], description="About the visitor service as a whole.", examples=[["complaints_team"]])
    child_arrangements: list[ContactName] = Field(["coordinator", "manager"], description="About what was arranged for the child they visit.", examples=[["coordinator", "manager"]])
    bot: list[ContactName] = Field(["data_protection"], description="About this bot, or what is kept about them.", examples=[["data_protection"]])


class AcknowledgeDays(Section):
    """Working days in which somebody says that a complaint has arrived, by what it is about. The law has 2 in Wales and none in England."""

    visitor: int = Field(2, ge=1, le=30, description="About a visitor.", examples=[2])
    coordinator: int = Field(2, ge=1, le=30, description="About the coordinator.", examples=[2])
    manager: int = Field(2, ge=1, le=30, description="About the manager.", examples=[2])
    service: int = Field(2, ge=1, le=30, description="About the visitor service.", examples=[2])
    social_worker: int = Field(2, ge=1, le=30, description="About a social worker.", examples=[2])
    carer: int = Field(2, ge=1, le=30, description="About a carer or a home.", examples=[2])
    council: int = Field(2, ge=1, le=30, description="About the council, or something else.", examples=[2])
    complaints_team: int = Field(2, ge=1, le=30, description="About the complaints team.", examples=[2])
    child_arrangements: int = Field(2, ge=1, le=30, description="A volunteer's, about what was arranged for a child.", examples=[2])
    bot: int = Field(30, ge=1, le=30, description="About the use of data: days of any kind, not working days (Data (Use and Access) Act 2025).", examples=[30])


class EnglandDeadlines(Section):
    """Working days for each stage in England: SI 2006/1738 regs 14 to 20."""

    local_days: int = Field(10, ge=1, le=250, description="Stage 1, local resolution.", examples=[10])
    local_longest: int = Field(20, ge=1, le=250, description="Stage 1 when it is extended, in all. The same number as before: it cannot be.", examples=[20])
    investigation_days: int = Field(25, ge=1, le=250, description="Stage 2, investigation.", examples=[25])
    investigation_longest: int = Field(65, ge=1, le=250, description="Stage 2 when it is extended, in all.", examples=[65])
    panel_days: int = Field(30, ge=1, le=250, description="Stage 3, from the request until the panel meets.", examples=[30])
    panel_report_days: int = Field(5, ge=1, le=250, description="Stage 3, from the panel's meeting until its report.", examples=[5])
    panel_answer_days: int = Field(15, ge=1, le=250, description="Stage 3, from the report until the council's answer.", examples=[15])
    request_days: int = Field(20, ge=1, le=250, description="From an answer until it is too late to ask for the next stage.", examples=[20])


class WalesDeadlines(Section):
    """Working days for each stage in Wales: WSI 2014/1795, with the timings of WSI 2014/1794."""

    discuss_days: int = Field(10, ge=1, le=250, description="Local resolution: until it was talked over.", examples=[10])
    result_days: int = Field(5, ge=1, le=250, description="Local resolution: from then until the written result.", examples=[5])
    local_longest: int = Field(15, ge=1, le=250, description="Local resolution when it is extended, in all. As many as the two before together: it cannot be.", examples=[25])
    investigation_days: int = Field(25, ge=1, le=250, description="Formal investigation.", examples=[25])
    investigation_longest: int = Field(25, ge=1, le=250, description="Formal investigation when it is extended, in all. The same number as before: it cannot be.", examples=[25])
    request_days: int = Field(20, ge=1, le=250, description="From an answer until it is too late to ask for the next stage.", examples=[20])


class Complaints(Section):
    """Complaints: who gets them, and by when they are answered."""

    extra_holidays: list[dt.date] = Field([], description="Bank holidays announced since this version of ivbot. Open deadlines are reckoned again.", examples=[["2027-06-04"]])
    remind_days: int = Field(2, ge=0, le=30, description="Working days before a deadline at which whoever handles a complaint is reminded.", examples=[2])
    formal: list[ContactName] = Field(["complaints_team"], min_length=1, description="Who gets a complaint at every stage after the first: not those who answered it.", examples=[["complaints_team"]])
    include_text: list[SubjectName] = Field([], description="Subjects whose mails carry the words of a complaint. Otherwise a mail has its number, its subject, its deadline and a link.", examples=[["carer"]])
    routes: Routes = Field(Routes(), description="Who gets which.")
    volunteer_routes: VolunteerRoutes = Field(VolunteerRoutes(), description="Who gets which, of volunteers' own.")
    acknowledge_days: AcknowledgeDays = Field(AcknowledgeDays(), description="By when it is said that one has arrived.")
    england: EnglandDeadlines = Field(EnglandDeadlines(), description="By when one is answered, in England.")
    wales: WalesDeadlines = Field(WalesDeadlines(), description="By when one is answered, in Wales.")

    @property
    def everybody(self) -> frozenset[str]:
        """All the contacts that some complaint goes to."""
        named = [contacts for routes in (self.routes, self.volunteer_routes) for _about, contacts in routes]
        return frozenset(contact for contacts in (*named, self.formal) for contact in contacts)

    def contacts(self, about: str, stage: str, complainer: str) -> list[str]:
        """Whom the settings name for a complaint, before conflicts: domain.complaints.route leaves those out."""
        if stage != "local":
            return list(self.formal)
        routes = self.volunteer_routes if complainer == "volunteer" else self.routes
        return list(getattr(routes, about))

    def limit(self, jurisdiction: str, stage: str) -> tuple[int, int]:
        """Working days to answer a stage in, and when it is extended. A panel first has to meet: see `after_panel`."""
        england, wales = self.england, self.wales
        if jurisdiction == "wales":
            local = (wales.discuss_days + wales.result_days, wales.local_longest)
            return local if stage == "local" else (wales.investigation_days, wales.investigation_longest)
        return {
            "local": (england.local_days, england.local_longest),
            "investigation": (england.investigation_days, england.investigation_longest),
            "panel": (england.panel_days, england.panel_days),
        }[stage]

    @property
    def after_panel(self) -> int:
        """Working days from the panel's meeting to the council's answer."""
        return self.england.panel_report_days + self.england.panel_answer_days

    def request_days(self, jurisdiction: str) -> int:
        """Working days after an answer in which the next stage can be asked for."""
        return self.wales.request_days if jurisdiction == "wales" else self.england.request_days


class Safeguarding(Section):
    """When a child may be in danger."""

    escalate_minutes: int = Field(15, ge=1, le=1440, description="Minutes without an acknowledgement after which the next in line is told.", examples=[15])
    chain: list[ContactName] = Field(["safeguarding_duty", "safeguarding_deputy", "manager", "coordinator"], min_length=1, description="Who is told, in this order, when they are at work. Otherwise contacts.out_of_hours is told first.", examples=[["safeguarding_duty", "manager"]])


# fmt: on
