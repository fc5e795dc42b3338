"""Everything that can stop ivbot, as leaves that carry data; `str()` is the one line a person reads."""

from dataclasses import dataclass
from pathlib import Path


class IvbotError(Exception):
    """The root of every error that ivbot raises on purpose. `exit_code` is what a command ends with."""

    exit_code = 1


@dataclass
class BadSettings(IvbotError):
    """A setting that cannot be used: where it was read, which key, what is wrong, and one that would work."""

    source: str
    key: str
    problem: str
    example: str

    exit_code = 2

    def __str__(self) -> str:
        example = f" Example: {self.example}" if self.example else ""
        return f"{self.source}: {self.key}: {self.problem}.{example}"


@dataclass
class BadPage(IvbotError):
    """A page or catalogue under locales/, or helplines.toml, that cannot be read."""

    path: Path
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}. Mend the file and start again."


@dataclass
class DatabaseUnavailable(IvbotError):
    """The database cannot be read or written now. What had been saved before is still there."""

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


@dataclass
class AlreadyRunning(IvbotError):
    """Another process serves this database."""

    path: str

    def __str__(self) -> str:
        return f"{self.path}: another ivbot is already running on this database. Stop it first."


@dataclass
class PortInUse(IvbotError):
    """The web address is taken by another program."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"Port {self.port} on {self.host} is in use. Stop the other program, or set web.port to a free one."


@dataclass
class CannotListen(IvbotError):
    """The web address cannot be listened on, for another reason than that it is taken."""

    host: str
    port: int
    reason: str

    def __str__(self) -> str:
        return f"Port {self.port} on {self.host} cannot be listened on ({self.reason}). Change web.host or web.port."


@dataclass
class BadToken(IvbotError):
    """Telegram does not know the token. The token itself is never part of this."""

    def __str__(self) -> str:
        return "Telegram refused the token. Set IVBOT_TELEGRAM__TOKEN to the one BotFather gave you."


@dataclass
class WrongUse(IvbotError):
    """A command was called in a way that cannot work."""

    problem: str

    exit_code = 2

    def __str__(self) -> str:
        return self.problem
