"""What volunteers claimed for visits, for those who see that it is paid. Money outlives the visit it was for."""

from dataclasses import dataclass, fields

from bot.domain.reports import cost_pence
from bot.store.database import Reader, Row, Writer


@dataclass(frozen=True, slots=True)
class Claim:
    """What one visit cost its volunteer, of this name. `spent_on` is a date."""

    visit: str
    volunteer: str
    name: str
    spent_on: str
    pence: int
    miles_tenths: int
    mileage_pence: int
    paid_at: str | None

    @property
    def cost(self) -> int:
        """In pence."""
        return cost_pence(self.pence, self.miles_tenths, self.mileage_pence)


_SELECT = (
    "SELECT e.visit, e.volunteer, v.name, e.spent_on, e.pence, e.miles_tenths, e.mileage_pence, e.paid_at"
    " FROM expenses e JOIN volunteers v ON v.reference = e.volunteer"
)


async def unpaid(reader: Reader) -> list[Claim]:
    """What is to be paid, the oldest first."""
    return [_claim(row) for row in await reader.all(f"{_SELECT} WHERE e.paid_at IS NULL ORDER BY e.spent_on, e.visit")]


async def find(reader: Reader, visit: str) -> Claim | None:
    row = await reader.one(f"{_SELECT} WHERE e.visit = ?", (visit,))
    return _claim(row) if row else None


async def pay(writer: Writer, visit: str, now: str) -> bool:
    """It has been paid. False when it was before."""
    return bool(await writer.run("UPDATE expenses SET paid_at = ? WHERE visit = ? AND paid_at IS NULL", (now, visit)))


def _claim(row: Row) -> Claim:
    return Claim(**{field.name: row[field.name] for field in fields(Claim)})
