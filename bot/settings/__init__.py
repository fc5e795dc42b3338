"""The settings, section by section. bot/settings_load.py reads them.

Every field's description is its documentation: `make docs` writes docs/settings.md from them.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings.complaints import Complaints, Safeguarding
from bot.settings.costs import Band, Costs
from bot.settings.program import Database, Limits, Log, Mail, Retention, Telegram, Web
from bot.settings.recruitment import Recruitment, Stage
from bot.settings.section import EMAIL
from bot.settings.service import Contact, Contacts, Service, Targets
from bot.settings.visits import Expenses, Road, Visits

__all__ = [
    "DATA", "EMAIL", "PREFIX", "Band", "Complaints", "Contact", "Contacts", "Costs", "Database", "Expenses", "Limits",
    "Location", "Log", "Mail", "Recruitment", "Retention", "Road", "Safeguarding", "Service", "Settings", "Stage",
    "Targets", "Telegram", "Visits", "Web", "leaves", "section_of", "toml_value", "variable",
]  # fmt: skip

HERE = Path(__file__).parent.parent
DATA = HERE / "_data" if (HERE / "_data").is_dir() else HERE.parent
"""Where locales/, profiles/, helplines.toml and ivbot.toml are: beside bot/ in a checkout, inside it in an installed wheel."""

PREFIX = "IVBOT_"
"""What every environment variable of ours begins with."""

Location = tuple[str, ...]
"""Where a setting is: its section, perhaps a section within that, and its key."""


class Settings(BaseSettings):
    """All of ivbot.toml."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter="__")

    service: Service = Service()
    contacts: Contacts = Contacts()
    recruitment: Recruitment = Recruitment()
    visits: Visits = Visits()
    expenses: Expenses = Expenses()
    costs: Costs = Costs()
    targets: Targets = Targets()
    road: Road = Road()
    complaints: Complaints = Complaints()
    safeguarding: Safeguarding = Safeguarding()
    retention: Retention = Retention()
    limits: Limits = Limits()
    database: Database = Database()
    telegram: Telegram = Telegram()
    web: Web = Web()
    mail: Mail = Mail()
    log: Log = Log()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.service.timezone)

    @property
    def placeholders(self) -> dict[str, object]:
        """What pages may name in {braces}."""
        coordinator = self.contacts.coordinator
        return {
            "service": self.service.name,
            "area": self.service.area,
            "provider": self.service.provider,
            "website": self.service.website,
            "age_from": self.service.age_from,
            "age_to": self.service.age_to,
            "match_until_age": self.service.goes_on_until,
            "check_steps": len(self.recruitment.stages),
            "expected_every": self.visits.expected_every_days,
            "commitment_months": self.visits.commitment_months,
            "idle_minutes": self.web.idle_minutes,
            "coordinator": coordinator.name,
            "coordinator_phone": coordinator.phone,
        }


def leaves(model: type[BaseModel] = Settings, above: Location = ()) -> Iterator[tuple[Location, FieldInfo]]:
    """Every setting there is: where it is, and what is known of it."""
    for name, field in model.model_fields.items():
        section = section_of(field)
        if section:
            yield from leaves(section, (*above, name))
        else:
            yield (*above, name), field


def section_of(field: FieldInfo) -> type[BaseModel] | None:
    """The section a field holds, if it holds one."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def variable(location: Location) -> str:
    """The environment variable of a setting."""
    return PREFIX + "__".join(location).upper()


def toml_value(value: object) -> str:
    """A value as it is written in TOML."""
    match value:
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(toml_value(item) for item in value)}]"
        case BaseModel():
            return toml_value(value.model_dump(exclude_none=True))
        case dict():
            return f"{{ {', '.join(f'{key} = {toml_value(item)}' for key, item in value.items())} }}"
        case dt.time():
            return f'"{value:%H:%M}"'
        case int() | float():
            return str(value)
    return f'"{value}"'
