"""A request on its way to a visitor, and the visits that come of it."""

import datetime as dt
from typing import Literal

from pydantic import Field

from bot.settings.section import ContactName, LongestFirst, Section, TimeOfDay

# One setting, one line.
# fmt: off


class Road(Section):
    """A request on its way to a visitor."""

    nudge_after_days: int = Field(14, ge=1, le=365, description="Days without a move or a note after which the coordinators are reminded of a request, and again after as many.", examples=[14])
    ask_before_referral: bool = Field(False, description="A request is referred only after the child has said yes to that. Stricter than the Act.", examples=[True])
    flag_visitor: bool = Field(False, description="When a child's social worker changes, the coordinators are told to have the case system say that the child has a visitor.", examples=[True])
    no_worker_contact: Literal[ContactName, ""] = Field("", description="Who is asked about a child who has no social worker. Empty: nobody.", examples=["duty_team"])


class Visits(Section):
    """Visits of children and their visitors."""

    expected_every_days: int = Field(31, ge=1, le=366, description="Days without a visit after which the volunteer and the coordinators are reminded of a match.", examples=[31])
    commitment_months: int = Field(12, ge=1, le=120, description="How long a volunteer promises to stay.", examples=[12])
    remind_hours_before: LongestFirst = Field([48, 3], min_length=1, max_length=4, description="Hours before a visit at which the volunteer is asked to confirm it. No answer by the second: the coordinators are told.", examples=[[48, 3]])
    report_after_hours: int = Field(3, ge=1, le=72, description="Hours after a visit began at which the volunteer is asked what came of it, and the child how it was.", examples=[3])
    quiet_from: TimeOfDay = Field(dt.time(20), description="From this time of day on, reminders wait. Danger never does.", examples=["20:00"])
    quiet_to: TimeOfDay = Field(dt.time(8), description="Until this time of day. The same as quiet_from: nothing waits.", examples=["08:00"])
    explain_complaints: bool = Field(False, description="At the first visit the volunteer tells the child how to complain, and says in the report that they did.", examples=[True])

    @property
    def quiet(self) -> tuple[dt.time, dt.time]:
        """From when to when nobody is written to unasked."""
        return self.quiet_from, self.quiet_to


class Expenses(Section):
    """What a visit may cost. The child never pays (Children Act 1989 s23ZB(3))."""

    mileage_pence: int = Field(45, ge=0, le=1000, description="Pence for a mile in the volunteer's own car.", examples=[45])
    budget_pence: int = Field(2000, ge=0, le=1000000, description="Pence for one visit. A claim above it is for a coordinator to look at.", examples=[2000])
    receipt_from_pence: int = Field(1000, ge=0, le=1000000, description="Pence from which a claim needs a receipt.", examples=[1000])
    pay_within_days: int = Field(30, ge=1, le=365, description="Days in which an agreed claim is paid.", examples=[30])


# fmt: on
