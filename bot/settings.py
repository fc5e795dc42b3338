"""The settings, section by section. bot/settings_load.py reads them.

Every field's description is its documentation: `make docs` writes docs/settings.md from them.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).parent
DATA = HERE / "_data" if (HERE / "_data").is_dir() else HERE.parent
"""Where locales/, profiles/ and ivbot.toml are: beside bot/ in a checkout, inside it in an installed wheel."""

PREFIX = "IVBOT_"
"""What every environment variable of ours begins with."""

Location = tuple[str, ...]
"""Where a setting is: its section, perhaps a section within that, and its key."""


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not a time zone")
    return name


def _password(key: SecretStr) -> SecretStr:
    if not key.get_secret_value().isprintable():
        raise ValueError("has characters in it that cannot be typed")
    return key


def _token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\w:-]*", token.get_secret_value(), re.ASCII):
        raise ValueError("is not a token: it is digits, a colon, and then letters, digits, _ or -")
    return token


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):
        raise ValueError("has to be 1 to 256 letters, digits, _ or -")
    return secret


class Section(BaseModel):
    """A table of ivbot.toml. A key that is not listed here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# One setting, one line.
# fmt: off


class Service(Section):
    """Whom this bot speaks for."""

    name: str = Field("Independent Visitors", description="What the service is called.", examples=["Riverside Visitors"])
    area: str = Field("our area", description="The council's area, as a child would say it.", examples=["Riverside"])
    provider: str = Field("the council", description="Who runs the service.", examples=["Riverside Council"])
    jurisdiction: Literal["england", "wales"] = Field("england", description="Whose law applies. Wales has pages of its own where the law differs.", examples=["wales"])
    timezone: Annotated[str, AfterValidator(_timezone)] = Field("Europe/London", description="The time zone of every time shown.", examples=["Europe/London"])
    age_from: int = Field(5, ge=0, le=25, description="The youngest age the service takes, in years.", examples=[7])
    age_to: int = Field(18, ge=0, le=30, description="The oldest age the service takes, in years.", examples=[25])
    languages: list[str] = Field(["en"], min_length=1, description="The languages spoken, each a folder in locales/. The first is the default.", examples=[["en"]])
    website: str = Field("", description="The service's public page, shown where more is to be read.", examples=["https://example.org/visitors"])


class Contact(Section):
    """A person or a team people can reach."""

    name: str = Field(description="What they are called in messages: a role, not a personal name.", examples=["the coordinator"])
    email: str = Field("", description="Where mail reaches them.", examples=["visitors@example.org"])
    phone: str = Field("", description="A number a child may ring.", examples=["01632 960000"])
    hours: str = Field("", description="When somebody answers.", examples=["Monday to Thursday, 9 to 3"])


class Contacts(Section):
    """Who is behind the bot."""

    coordinator: Contact = Field(Contact(name="the coordinator"), description="Who finds visitors.")


class Retention(Section):
    """How long things are kept, in days. `ivbot purge` and the running bot delete what is older."""

    drafts: int = Field(30, ge=1, le=36500, description="A form nobody finished, after it was last touched.", examples=[30])
    messages: int = Field(30, ge=1, le=36500, description="What was said on a channel, and the marks of messages seen.", examples=[30])
    failures: int = Field(30, ge=1, le=36500, description="Messages the bot could not handle, kept so that they can be looked into.", examples=[30])
    closed_interests: int = Field(180, ge=30, le=36500, description="An interest that was declined, withdrawn or ended.", examples=[180])


class Limits(Section):
    """What one person may do."""

    messages_per_minute: int = Field(90, ge=5, description="Messages taken from one address in a minute; more are answered with a pause.", examples=[90])


class Database(Section):
    """The one file that holds everything."""

    path: Path = Field(Path("ivbot.db"), description="The SQLite file. It is made when it is not there.", examples=["/data/ivbot.db"])
    key: Annotated[SecretStr, AfterValidator(_password)] = Field(SecretStr(""), description="With a key, the whole file is encrypted (SQLCipher). Keep it safe: without it nothing can be read.", examples=["from a secrets file"])


class Telegram(Section):
    """The Telegram channel. It is served when there is a token."""

    token: Annotated[SecretStr, AfterValidator(_token)] = Field(SecretStr(""), description="The token from BotFather.", examples=["123456:from-a-secrets-file"])
    base_url: str = Field("https://api.telegram.org/bot", pattern=r"^https?://.+/bot$", description="The Bot API server. Ends in /bot.", examples=["http://127.0.0.1:8081/bot"])
    mode: Literal["polling", "webhook"] = Field("polling", description="Ask Telegram for messages, or have it call POST /telegram.", examples=["webhook"])
    webhook_url: str = Field("", pattern=r"^(https?://.+/telegram)?$", description="For webhook mode: the address Telegram calls. Ends in /telegram.", examples=["https://visitors.example.org/telegram"])
    secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = Field(SecretStr(""), description="For webhook mode: the secret Telegram sends along, 1 to 256 letters, digits, _ or -.", examples=["a-long-random-word"])
    under_16: Literal["offer_web", "web_only", "allow"] = Field("offer_web", description="Telegram's terms say 16+. Before the form: offer the chat page, insist on it for under-16s, or neither.", examples=["web_only"])


class Web(Section):
    """The chat page."""

    enabled: bool = Field(True, description="Serve the chat page. Health checks and the webhook are served either way.", examples=[True])
    host: str = Field("127.0.0.1", description="The address to listen on. 0.0.0.0 is every address of the machine.", examples=["0.0.0.0"])
    port: int = Field(8080, ge=0, le=65535, description="The port to listen on. 0 takes a free one.", examples=[8080])
    public_url: str = Field("", pattern=r"^(https?://.+[^/])?$", description="The address people type, without a slash at the end. Behind https it makes cookies secure.", examples=["https://visitors.example.org"])
    idle_minutes: int = Field(30, ge=1, le=10080, description="A session this long without a word ends, and its transcript with it.", examples=[30])
    leave_to: str = Field("https://www.bbc.co.uk/weather", pattern=r"^https?://.+$", description='Where "Leave this page quickly" goes.', examples=["https://www.bbc.co.uk/weather"])


class Log(Section):
    """One line an event, on standard error. Never a name, a text, a token or a code."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least serious event written.", examples=["warning"])
    format: Literal["console", "json"] = Field("console", description="For people, or for machines.", examples=["json"])


# fmt: on


class Settings(BaseSettings):
    """All of ivbot.toml."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter="__")

    service: Service = Service()
    contacts: Contacts = Contacts()
    retention: Retention = Retention()
    limits: Limits = Limits()
    database: Database = Database()
    telegram: Telegram = Telegram()
    web: Web = Web()
    log: Log = Log()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.service.timezone)

    @property
    def placeholders(self) -> dict[str, str]:
        """What pages may name in {braces}."""
        coordinator = self.contacts.coordinator
        return {
            "service": self.service.name,
            "area": self.service.area,
            "provider": self.service.provider,
            "website": self.service.website,
            "age_from": str(self.service.age_from),
            "age_to": str(self.service.age_to),
            "coordinator": coordinator.name,
            "coordinator_phone": coordinator.phone,
            "coordinator_hours": coordinator.hours,
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
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


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
        case int():
            return str(value)
    return f'"{value}"'
