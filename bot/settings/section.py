"""A section of the settings, and the kinds of value that more than one section has."""

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from bot.named import Named

_ATOM, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
Name = Annotated[str, AfterValidator(Named)]
"""What somebody or something is called: said in the reader's language where the catalogue has it."""

EMAIL = rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"
"""An e-mail address, as every mail server takes it."""

ContactName = Literal[
    "coordinator",
    "manager",
    "complaints_team",
    "director",
    "advocacy",
    "data_protection",
    "safeguarding_duty",
    "safeguarding_deputy",
    "out_of_hours",
    "lado",
    "duty_team",
]
"""Who can be named where the settings say who does what. Contacts has them all."""


class Section(BaseModel):
    """A table of ivbot.toml. A key that is not listed here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _password(key: SecretStr) -> SecretStr:
    if not key.get_secret_value().isprintable():
        raise ValueError("has characters in it that cannot be typed")
    return key


def _time_of_day(written: object) -> dt.time:
    if not isinstance(written, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", written, re.ASCII):
        raise ValueError("is not a time of day: it is hours and minutes, like 20:00")
    return dt.time.fromisoformat(written)


def _longest_first(numbers: list[int]) -> list[int]:
    return sorted(set(numbers), reverse=True)


Password = Annotated[SecretStr, AfterValidator(_password)]
"""A secret that somebody can type."""

TimeOfDay = Annotated[dt.time, BeforeValidator(_time_of_day)]
"""Local time, written 20:00."""

LongestFirst = Annotated[list[Annotated[int, Field(ge=1, le=36500)]], AfterValidator(_longest_first)]
"""Hours or days before something, in the order in which they come."""
