"""The settings: ivbot.toml, overridden by IVBOT_SECTION__KEY in the environment and by files in a secrets directory.

Every field's description is its documentation: `make docs` writes docs/settings.md from them.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.errors import BadSettings

HERE = Path(__file__).parent
DATA = HERE / "_data" if (HERE / "_data").is_dir() else HERE.parent
"""Where locales/, profiles/ and ivbot.toml are: beside bot/ in a checkout, inside it in an installed wheel."""

PREFIX = "IVBOT_"
SECRETS_DIR = f"{PREFIX}SECRETS_DIR"


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not a time zone")
    return name


class Section(BaseModel):
    """A table of ivbot.toml. A key that is not listed here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(Section):
    """Whom this bot speaks for."""

    name: str = Field("Independent Visitors", description="What the service is called.", examples=["Riverside Visitors"])
    area: str = Field("our area", description="The council's area, as a child would say it.", examples=["Riverside"])
    provider: str = Field("the council", description="Who runs the service.", examples=["Riverside Council"])
    jurisdiction: Literal["england", "wales"] = Field(
        "england", description="Whose law applies. Wales has pages of its own where the law differs.", examples=["wales"]
    )
    timezone: Annotated[str, AfterValidator(_timezone)] = Field(
        "Europe/London", description="The time zone of every time shown.", examples=["Europe/London"]
    )
    age_from: int = Field(5, ge=0, le=25, description="The youngest age the service takes, in years.", examples=[7])
    age_to: int = Field(18, ge=0, le=30, description="The oldest age the service takes, in years.", examples=[25])
    languages: list[str] = Field(
        ["en"], min_length=1, description="The languages spoken, each a folder in locales/. The first is the default.", examples=[["en"]]
    )
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

    drafts: int = Field(30, ge=1, description="A form nobody finished, after it was last touched.", examples=[30])
    messages: int = Field(30, ge=1, description="What was said on a channel, and the marks of messages seen.", examples=[30])
    failures: int = Field(30, ge=1, description="Messages the bot could not handle, kept so that they can be looked into.", examples=[30])
    closed_interests: int = Field(180, ge=30, description="An interest that was declined, withdrawn or ended.", examples=[180])


class Limits(Section):
    """What one person may do."""

    messages_per_minute: int = Field(40, ge=5, description="Messages taken from one address in a minute; more are answered with a pause.", examples=[40])


class Database(Section):
    """The one file that holds everything."""

    path: Path = Field(Path("ivbot.db"), description="The SQLite file. It is made when it is not there.", examples=["/data/ivbot.db"])
    key: SecretStr = Field(SecretStr(""), description="With a key, the whole file is encrypted (SQLCipher). Keep it safe: without it nothing can be read.", examples=["from a secrets file"])


class Telegram(Section):
    """The Telegram channel. It is served when there is a token."""

    token: SecretStr = Field(SecretStr(""), description="The token from BotFather.", examples=["123456:from-a-secrets-file"])
    base_url: str = Field("https://api.telegram.org/bot", pattern=r"^https?://.+/bot$", description="The Bot API server. Ends in /bot.", examples=["http://127.0.0.1:8081/bot"])
    mode: Literal["polling", "webhook"] = Field("polling", description="Ask Telegram for messages, or have it call POST /telegram.", examples=["webhook"])
    webhook_url: str = Field("", description="For webhook mode: the address Telegram calls. Ends in /telegram.", examples=["https://visitors.example.org/telegram"])
    secret: SecretStr = Field(SecretStr(""), description="For webhook mode: the secret Telegram sends along, 1 to 256 letters, digits, _ or -.", examples=["a-long-random-word"])
    under_16: Literal["offer_web", "web_only", "allow"] = Field(
        "offer_web", description="Telegram's terms say 16+. Before the form: offer the chat page, insist on it for under-16s, or neither.", examples=["web_only"]
    )


class Web(Section):
    """The chat page."""

    enabled: bool = Field(True, description="Serve the chat page. Health checks and the webhook are served either way.", examples=[True])
    host: str = Field("127.0.0.1", description="The address to listen on. 0.0.0.0 is every address of the machine.", examples=["0.0.0.0"])
    port: int = Field(8080, ge=0, le=65535, description="The port to listen on. 0 takes a free one.", examples=[8080])
    public_url: str = Field("", pattern=r"^(https?://.+[^/])?$", description="The address people type, without a slash at the end. Behind https it makes cookies secure.", examples=["https://visitors.example.org"])
    idle_minutes: int = Field(30, ge=1, description="A session this long without a word ends, and its transcript with it.", examples=[30])
    leave_to: str = Field("https://www.bbc.co.uk/weather", pattern=r"^https?://.+$", description="Where \"Leave this page quickly\" goes.", examples=["https://www.bbc.co.uk/weather"])


class Log(Section):
    """One line an event, on standard error. Never a name, a text, a token or a code."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least serious event written.", examples=["warning"])
    format: Literal["console", "json"] = Field("console", description="For people, or for machines.", examples=["json"])


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


def load(config: Path | None = None) -> Settings:
    """The settings of this run. Without `config`: ivbot.toml here, else the one that came with ivbot.

    Raises BadSettings, with the file or variable, the key, what is wrong with it, and an example that works.
    """
    path = config or Path("ivbot.toml")
    if config is None and not path.exists():
        path = DATA / "ivbot.toml"
    _check_toml(path)
    _check_environment()

    class FromHere(Settings):
        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], *_sources: PydanticBaseSettingsSource, **_named: PydanticBaseSettingsSource
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            toml = TomlConfigSettingsSource(settings_cls, toml_file=path)
            env = EnvSettingsSource(settings_cls)
            folder = os.environ.get(SECRETS_DIR)
            if not folder:
                return env, toml
            secrets = NestedSecretsSettingsSource(
                env, secrets_dir=folder, secrets_dir_missing="error", secrets_prefix="", secrets_nested_delimiter="__"
            )
            return env, secrets, toml

    try:
        settings = FromHere()
    except ValidationError as error:
        raise _bad(error, path) from None
    except Exception as error:  # pydantic-settings: a value that is not JSON, a secrets directory that is not there
        raise BadSettings("environment", SECRETS_DIR, str(error).splitlines()[0], "") from None
    _check_together(settings, path)
    return settings


def _check_toml(path: Path) -> None:
    try:
        with path.open("rb") as file:
            tomllib.load(file)
    except OSError as error:
        raise BadSettings(str(path), "the file", f"cannot be read ({error.strerror})", "--config ivbot.toml") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(str(path), "the file", f"is not TOML: {error}", 'name = "Riverside Visitors"') from None


def _check_environment() -> None:
    """A misspelt section in the environment would be passed over in silence: refuse it as a misspelt key is."""
    for variable in os.environ:
        section = variable.removeprefix(PREFIX).split("__")[0].lower()
        if variable.startswith(PREFIX) and variable != SECRETS_DIR and section not in Settings.model_fields:
            raise BadSettings("environment", variable, "there is no such setting", f"{PREFIX}WEB__PORT=8080")


def _check_together(settings: Settings, path: Path) -> None:
    """What one field cannot know alone."""
    service, telegram = settings.service, settings.telegram
    if service.age_from > service.age_to:
        raise BadSettings(str(path), "service.age_from", "is more than service.age_to", "age_from = 7, age_to = 18")
    for language in service.languages:
        if not (DATA / "locales" / language).is_dir():
            raise BadSettings(str(path), "service.languages", f"there is no folder locales/{language}", 'languages = ["en"]')
    if telegram.mode == "webhook" and telegram.token.get_secret_value():
        for key, value in (("webhook_url", telegram.webhook_url), ("secret", telegram.secret.get_secret_value())):
            if not value:
                raise BadSettings(str(path), f"telegram.{key}", "is needed for webhook mode", _example(("telegram", key)))


def _bad(error: ValidationError, path: Path) -> BadSettings:
    first = error.errors(include_url=False, include_input=False)[0]
    location = tuple(str(part) for part in first["loc"])
    variable = PREFIX + "__".join(location).upper()
    source = f"environment {variable}" if variable in os.environ else str(path)
    problem = "there is no such setting" if first["type"] == "extra_forbidden" else _sentence(first)
    return BadSettings(source, ".".join(location), problem, _example(location))


def _sentence(error: Any) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    return message[0].lower() + message[1:]


def _example(location: tuple[str, ...]) -> str:
    """What a right value looks like, from the field's own examples."""
    model: type[BaseModel] = Settings
    for part in location:
        field = model.model_fields.get(part)
        if field is None:
            return ""
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            model = field.annotation
        elif field.examples:
            return f"{part} = {toml_value(field.examples[0])}"
    return ""


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
