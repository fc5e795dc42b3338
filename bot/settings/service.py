"""Whom the bot speaks for, what they set out to reach, and who is behind it."""

import datetime as dt
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from bot.named import Named
from bot.settings.section import EMAIL, Name, Section


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not a time zone")
    return name


# One setting, one line.
# fmt: off


class Service(Section):
    """Whom this bot speaks for."""

    name: Name = Field(Named("Independent Visitors"), description="What the service is called.", examples=["Riverside Visitors"])
    area: Name = Field(Named("our area"), description="The council's area, as a child would say it.", examples=["Riverside"])
    provider: Name = Field(Named("the council"), description="Who runs the service.", examples=["Riverside Council"])
    jurisdiction: Literal["england", "wales"] = Field("england", description="Whose law applies. Wales has pages of its own where the law differs.", examples=["wales"])
    timezone: Annotated[str, AfterValidator(_timezone)] = Field("Europe/London", description="The time zone of every time shown.", examples=["Europe/London"])
    age_from: int = Field(5, ge=0, le=25, description="The youngest age the service takes, in years.", examples=[7])
    age_to: int = Field(18, ge=0, le=30, description="The oldest age the service takes, in years.", examples=[25])
    match_until_age: int | None = Field(None, ge=0, le=30, description="A match that is there may go on until this age. Without it: until age_to.", examples=[25])
    capacity: int | None = Field(None, ge=1, le=10000, description="How many matches are paid for. Above it, whoever makes a match is told so.", examples=[18])
    spot_places: bool = Field(False, description="A match above the capacity is a place bought for one child: it needs the name of whoever agreed.", examples=[True])
    languages: list[str] = Field(["en"], min_length=1, description="The languages spoken, each a folder in locales/. The first is the default.", examples=[["en"]])
    website: str = Field("", description="The service's public page, shown where more is to be read.", examples=["https://example.org/visitors"])

    @property
    def goes_on_until(self) -> int:
        """The age until which a match may go on."""
        return self.age_to if self.match_until_age is None else self.match_until_age


class Targets(Section):
    """What the council set out to reach."""

    matches: int | None = Field(None, ge=1, le=100000, description="How many matches.", examples=[30])
    share_of_children: float | None = Field(None, gt=0, le=100, description="How many of the children looked after have a match, in percent.", examples=[10])
    children_looked_after: int | None = Field(None, ge=1, le=100000, description="How many children the council looks after, to reckon the share of.", examples=[950])
    by: dt.date | None = Field(None, description="By when.", examples=["2027-03-31"])


class Contact(Section):
    """A person or a team people can reach."""

    name: Name = Field(description="What they are called in messages: a role, not a personal name.", examples=["the coordinator"])
    email: str = Field("", pattern=f"^({EMAIL})?$", description="Where mail reaches them.", examples=["visitors@example.org"])
    phone: str = Field("", description="A number a child may ring.", examples=["01632 960000"])
    hours: str = Field("", description="When they are at work, like Mon-Wed 9:30am-4pm, Fri 9-12; or always. Bank holidays are left out by themselves.", examples=["Monday to Thursday, 9 to 3"])


class Contacts(Section):
    """Who is behind the bot."""

    coordinator: Contact = Field(Contact(name=Named("the coordinator")), description="Who finds visitors. In the bot it is a role.")
    manager: Contact = Field(Contact(name=Named("the manager")), description="Who the coordinator works for. In the bot it is a role.")
    complaints_team: Contact = Field(Contact(name=Named("the complaints team")), description="The council's complaints manager (SI 2006/1738 reg 10).")
    director: Contact = Field(Contact(name=Named("the director's office")), description="The office above the complaints team. Without mail, complaints about that team go to the ombudsman.")
    advocacy: Contact = Field(Contact(name=Named("an advocate")), description="Who helps children say what they want (Children Act 1989 s26A).")
    data_protection: Contact = Field(Contact(name=Named("the data protection officer")), description="Who answers for what is kept about people.")
    safeguarding_duty: Contact = Field(Contact(name=Named("the safety team")), description="Who is told first when a child may be in danger.")
    safeguarding_deputy: Contact = Field(Contact(name=Named("the safety team's deputy")), description="Who is told next. May be left without mail.")
    out_of_hours: Contact = Field(Contact(name=Named("the night and weekend team")), description="Who is told when the others are not at work.")
    duty_team: Contact = Field(Contact(name=Named("the duty team")), description="Who answers for children without a social worker of their own.")
    lado: Contact = Field(Contact(name=Named("the LADO")), description="Who checks allegations against people who work with children.")

    @property
    def with_mail(self) -> frozenset[str]:
        """The contacts that mail can reach."""
        return frozenset(name for name, contact in self if contact.email)


# fmt: on
