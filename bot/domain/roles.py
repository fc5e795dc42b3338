"""Who may do what. Everybody starts as a guest: a child, or any adult."""

from enum import StrEnum


class Role(StrEnum):
    """A role is given by a one-time code, never asked for."""

    GUEST = "guest"
    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    MANAGER = "manager"  # a coordinator who also receives escalations


EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.COORDINATOR, Role.MANAGER})
