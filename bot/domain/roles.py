"""Who may do what. Everybody starts as a guest: a child, or any adult."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A role is given by a one-time code, never asked for."""

    GUEST = "guest"
    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    MANAGER = "manager"  # a coordinator who also receives escalations


EVERYBODY = frozenset(Role)
VOLUNTEERS = frozenset({Role.VOLUNTEER})
STAFF = frozenset({Role.COORDINATOR, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who wants to see a record, and as what. The store answers each viewer with what they may see."""

    person: str
    role: str
