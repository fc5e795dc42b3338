"""Reading the settings: environment variables go before secrets files, and those before ivbot.toml.

Whatever is wrong ends in one line that says where, which key, what is wrong and what would work. It never shows the
value: that may be a secret.
"""

import difflib
import itertools
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsError,
    TomlConfigSettingsSource,
)

from bot.domain import hours
from bot.domain.complaints import IN_BOT
from bot.errors import BadSettings
from bot.settings import DATA, PREFIX, Location, Settings, leaves, toml_value, variable

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SECRETS_DIR = f"{PREFIX}SECRETS_DIR"
"""The variable that names a directory of files, each named for its setting: `telegram__token`."""

_IMPLICIT_TLS = 465
"""The port of mail servers that are spoken to in TLS from the first byte."""


def load(config: Path | None = None) -> Settings:
    """The settings of this run. Without `config`: ivbot.toml here, else the one that came with ivbot.

    Raises BadSettings, with the file or variable, the key, what is wrong with it, and an example that works.
    """
    path = config or Path("ivbot.toml")
    if config is None and not path.exists():
        path = DATA / "ivbot.toml"
    _check_toml(path)
    folder = _secrets_folder()
    sources = (_files(folder) if folder else {}) | _variables()
    try:
        settings = _settings_from(path, folder)
    except ValidationError as error:
        raise _bad(error.errors(include_url=False, include_input=False)[0], sources, path) from None
    except SettingsError as error:  # the library's own limits on a secrets directory
        raise BadSettings("environment", SECRETS_DIR, str(error).splitlines()[0], "") from None
    _check_together(settings, sources, path)
    return settings


class _Environment(EnvSettingsSource):
    """Lists may be JSON, or simply words with commas between them."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: str) -> object:
        if not value.lstrip().startswith(("[", "{")):
            return [part.strip() for part in value.split(",") if part.strip()]
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value  # which is not what the field takes: the error then names the variable


class _Secrets(NestedSecretsSettingsSource):
    """Only the files that are ours: what else lies there is somebody else's."""

    @classmethod
    def load_secrets(cls, path: Path) -> dict[str, str]:
        return {file.name: _text(file) for file in _our_files(path)}


def _settings_from(path: Path, folder: Path | None) -> Settings:
    class FromHere(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            *_usual: PydanticBaseSettingsSource,
            **_named: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            environment = _Environment(settings_cls, env_ignore_empty=True)
            secrets = [] if folder is None else [_Secrets(environment, folder, secrets_prefix="")]
            return environment, *secrets, TomlConfigSettingsSource(settings_cls, toml_file=path)

    return FromHere()


def _check_toml(path: Path) -> None:
    try:
        with path.open("rb") as file:
            tomllib.load(file)
    except OSError as error:
        raise BadSettings(str(path), "the file", f"cannot be read ({error.strerror})", "--config ivbot.toml") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(str(path), "the file", f"is not TOML: {error}", 'name = "Riverside Visitors"') from None


def _variables() -> dict[Location, str]:
    """The settings in the environment. A misspelt one would be passed over in silence: it is refused here."""
    found = {}
    for name, value in os.environ.items():
        upper = name.upper()
        if upper.startswith(PREFIX) and upper != SECRETS_DIR:
            location = tuple(upper.removeprefix(PREFIX).lower().split("__"))
            if location not in dict(leaves()):
                nearest = _nearest(location)
                raise BadSettings(
                    "environment", name, "there is no such setting", f"{variable(nearest)}={_value(nearest)}"
                )
            if value:
                found[location] = f"environment {name}"
    return found


def _secrets_folder() -> Path | None:
    folder = os.environ.get(SECRETS_DIR)
    if not folder:
        return None
    if not Path(folder).is_dir():
        raise BadSettings("environment", SECRETS_DIR, f"there is no folder {folder}", f"{SECRETS_DIR}=/run/secrets")
    return Path(folder)


def _files(folder: Path) -> dict[Location, str]:
    """The settings in a secrets directory."""
    found = {}
    for file in _our_files(folder):
        location = tuple(file.name.lower().split("__"))
        if location not in dict(leaves()):
            nearest = "__".join(_nearest(location))
            raise BadSettings(str(file), file.name, "there is no such setting", f"a file named {nearest}")
        found[location] = str(file)
    return found


def _our_files(folder: Path) -> Iterator[Path]:
    """Files with two underscores in their names are meant for us; Docker and others may put more files there."""
    return (file for file in sorted(folder.iterdir()) if "__" in file.name and not file.name.startswith("."))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSettings(
            str(file), file.name, f"cannot be read ({error.strerror})", "a file this user may read"
        ) from None
    except UnicodeDecodeError:
        raise BadSettings(str(file), file.name, "is not text", "a file with one line of text") from None


def _check_together(settings: Settings, sources: Mapping[Location, str], path: Path) -> None:
    """What one field cannot know alone."""
    problems = (_service_problems, _hours_problems, _road_problems, _channel_problems, _mail_problems)
    for location, problem in itertools.chain.from_iterable(look(settings) for look in problems):
        raise BadSettings(_source(location, sources, path), ".".join(location), problem, _example(location))


def _service_problems(settings: Settings) -> Iterator[tuple[Location, str]]:
    service = settings.service
    if service.age_from > service.age_to:
        yield ("service", "age_from"), "is more than service.age_to"
    if service.goes_on_until < service.age_to:
        yield ("service", "match_until_age"), "is less than service.age_to"
    there = {folder.name for folder in (DATA / "locales").iterdir() if folder.is_dir()}
    for language in service.languages:
        if language not in there:
            yield ("service", "languages"), f"there is no folder locales/{language}"


def _hours_problems(settings: Settings) -> Iterator[tuple[Location, str]]:
    for name, contact in settings.contacts:
        try:
            hours.parse(contact.hours or "always")
        except ValueError as error:
            yield ("contacts", name, "hours"), str(error)


def _road_problems(settings: Settings) -> Iterator[tuple[Location, str]]:
    name = settings.road.no_worker_contact
    if name and name not in IN_BOT and name not in settings.contacts.with_mail:
        yield ("contacts", name, "email"), "is needed when road.no_worker_contact names them"


def _channel_problems(settings: Settings) -> Iterator[tuple[Location, str]]:
    telegram = settings.telegram
    if not telegram.token.get_secret_value():
        return
    if telegram.under_16 == "web_only" and not settings.web.public_url:
        yield ("web", "public_url"), "is needed when telegram.under_16 sends people to the chat page"
    if telegram.mode == "webhook":
        for key, value in (("webhook_url", telegram.webhook_url), ("secret", telegram.secret.get_secret_value())):
            if not value:
                yield ("telegram", key), "is needed for webhook mode"


def _mail_problems(settings: Settings) -> Iterator[tuple[Location, str]]:
    mail = settings.mail
    secret = mail.password.get_secret_value()
    if mail.host and not mail.sender:
        yield ("mail", "sender"), "is needed when there is a mail.host"
    if bool(mail.username) != bool(secret):
        yield ("mail", "password" if mail.username else "username"), "is needed: a login has a name and a password"
    if secret and not mail.starttls and mail.host not in {"localhost", "127.0.0.1", "::1"}:
        yield ("mail", "starttls"), "has to be on: the password would go over the network in clear"
    if mail.port == _IMPLICIT_TLS:
        yield ("mail", "port"), "is for a way of encrypting that ivbot does not speak: it needs STARTTLS"


def _bad(first: "ErrorDetails", sources: Mapping[Location, str], path: Path) -> BadSettings:
    location = tuple(str(part) for part in first["loc"])
    return BadSettings(
        _source(location, sources, path), ".".join(location), _problem(first, location), _example(location)
    )


def _problem(first: "ErrorDetails", location: Location) -> str:
    match first["type"]:
        case "extra_forbidden":
            return "there is no such setting"
        case "model_type":
            return "has to be a table"
        case "string_pattern_mismatch":
            return f"is not of the right form. {dict(leaves())[_known(location)].description}".rstrip(".")
    message = first["msg"].removeprefix("Value error, ")
    return message[0].lower() + message[1:]


def _source(location: Location, sources: Mapping[Location, str], path: Path) -> str:
    """Where a value, or the list it is in, was read."""
    return next(
        (sources[location[:end]] for end in range(len(location), 0, -1) if location[:end] in sources), str(path)
    )


def _example(location: Location) -> str:
    """A line of TOML that works, for this setting or for the one that was probably meant."""
    nearest = _known(location)
    return f"{nearest[-1]} = {toml_value(_value(nearest))}"


def _known(location: Location) -> Location:
    """The setting at a place, or around it; else the one that was probably meant."""
    around = (location[:end] for end in range(len(location), 0, -1) if location[:end] in dict(leaves()))
    return next(around, None) or _nearest(location)


def _nearest(location: Sequence[str]) -> Location:
    """The setting whose name is closest to one that is not there."""
    names = {"__".join(known): known for known, _field in leaves()}
    return names[difflib.get_close_matches("__".join(location), names, n=1, cutoff=0.0)[0]]


def _value(location: Location) -> object:
    return (dict(leaves())[location].examples or [""])[0]
