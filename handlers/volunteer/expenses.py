"""What visits have cost a volunteer, and what of it is paid."""

import datetime as dt

from markupsafe import Markup

from bot.domain.roles import VOLUNTEERS
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Pence, Text, Year, _, n_
from bot.store import work as store
from bot.store.database import Row
from handlers import menu
from handlers.volunteer import work

router = Router()

TITLE = _("Expenses, {year}")
NONE = _("Nothing claimed this year. You claim with the report of a visit.")
CLAIM = _("{day}: {sum}, {state}")
WITH_MILES = _("{day}: {sum} with {miles} miles at {rate} each, {state}")
PAID = _("paid on {day}")
OPEN = _("not paid yet")
TOTAL = _("In all: {paid} paid, {open} still to be paid.")
RULES = _(
    "A mile in your own car is {rate}. From {receipt} on, please keep the receipt. Above {budget} for one visit, "
    "{coordinator} looks at it first. {paid} The young person never pays."
)
PAID_WITHIN = n_("What is agreed is paid within {n} day.", "What is agreed is paid within {n} days.")
SHOWN = 12
"""The newest claims; the sums are of all."""


@router.button("vexpenses", VOLUNTEERS)
async def show(turn: Turn) -> None:
    """The claims of this year, and older ones that nobody has paid."""
    turn.pause_form()
    volunteer = await work.known(turn)
    if volunteer is None:
        return
    first = dt.date(turn.day(turn.stamp).year, 1, 1)
    after = first.replace(year=first.year + 1)
    spent = await store.spent(turn.reader, volunteer.reference, first.isoformat(), after.isoformat())
    settings = turn.context.settings.expenses
    rules = RULES.fill(
        rate=Pence(settings.mileage_pence),
        receipt=Pence(settings.receipt_from_pence),
        budget=Pence(settings.budget_pence),
        paid=PAID_WITHIN.fill(n=settings.pay_within_days),
    )
    lines = [work.BULLET + turn.html(_claim(turn, row)) for row in spent[:SHOWN]] or [turn.html(NONE)]
    title = Markup("<b>{}</b>").format(turn.html(TITLE.fill(year=Year(first.year))))
    sums = TOTAL.fill(paid=work.total(spent, paid=True), open=work.total(spent, paid=False))
    parts = [Markup("\n").join([title, *lines]), *([turn.html(sums)] if spent else []), turn.html(rules)]
    turn.say(
        Markup("\n\n").join(parts),
        Tap(_("Report a visit"), "report"),
        Tap(_("My visits"), "work"),
        Tap(menu.MENU, "menu"),
    )


def _claim(turn: Turn, row: Row) -> Text:
    state = PAID.fill(day=turn.day(row["paid_at"])) if row["paid_at"] else OPEN
    return (WITH_MILES if row["miles_tenths"] else CLAIM).fill(
        day=turn.date(row["spent_on"]),
        sum=Pence(work.cost(row)),
        miles=row["miles_tenths"] / 10,
        rate=Pence(row["mileage_pence"]),
        state=state,
    )
