"""What volunteers claimed and nobody has paid yet: what to look at first, and a press when it is paid."""

import datetime as dt

from markupsafe import Markup

from bot.domain.references import read_reference
from bot.domain.reports import needs_receipt, over_budget
from bot.domain.roles import STAFF
from bot.domain.visits import PREFIX
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Pence, Text, _, n_
from bot.store import audit
from bot.store import expenses as store
from bot.store.expenses import Claim
from handlers import menu
from handlers.staff import match_words as words
from handlers.staff.matches import EXPENSES, MATCHES

router = Router()

SHOWN = 10

NONE = _("No claim waits to be paid.")
HEAD = n_("{n} claim to be paid, {sum} in all:", "{n} claims to be paid, {sum} in all:")
MORE_THAN = _("and more, when these are paid.")
CLAIM = _("{visit} · {name}, {volunteer} · {day} · {sum}")
WITH_MILES = _("{visit} · {name}, {volunteer} · {day} · {sum} with {miles} miles at {rate}")
LINE = Text("{claim} · {flags}")
OVER = _("more than the {budget} for one visit")
RECEIPT = _("needs a receipt")
LATE = _("was to be paid by {day}")
DUE = _("to be paid by {day}")
PAY = Text("{visit} · {sum}")
SURE = _("{claim}. Has it been paid? You can't change that later.")
YES_PAID = _("Yes, it is paid")
NOT_YET = _("No, not yet")
PAID = _("{visit}: {sum}, noted as paid. The volunteer sees it with their expenses.")
OTHER = _("{visit}: that was paid before, or something else is claimed by now. Nothing was changed.")


@router.command("expenses", STAFF)
@router.button("expenses", STAFF)
async def expenses(turn: Turn) -> None:
    """What is to be paid, the oldest first, each with a button."""
    turn.pause_form()
    found = await store.unpaid(turn.reader)
    if not found:
        turn.say(NONE, Tap(MATCHES, "matches"), Tap(menu.MENU, "menu"))
        return
    shown = found[:SHOWN]
    head = HEAD.fill(n=len(found), sum=Pence(sum(claim.cost for claim in found)))
    lines = [head, *(_line(turn, claim) for claim in shown), *([MORE_THAN] if len(found) > SHOWN else [])]
    taps = [Tap(PAY.fill(visit=one.visit, sum=Pence(one.cost)), f"paid:{one.visit}") for one in shown]
    turn.say(
        Markup("\n").join(turn.html(line) for line in lines),
        *(taps[i : i + 2] for i in range(0, len(taps), 2)),
        [Tap(MATCHES, "matches"), Tap(menu.MENU, "menu")],
    )


@router.button("paid", STAFF)
async def paid(turn: Turn) -> None:
    """One claim: asked once, for the sum that was shown, and then it is paid."""
    turn.pause_form()
    typed, _colon, sum_shown = turn.incoming.argument.partition(":")
    claim = await store.find(turn.reader, read_reference(typed, PREFIX) or "")
    if claim is None or claim.paid_at or sum_shown not in {"", str(claim.cost)}:
        turn.say(OTHER.fill(visit=claim.visit if claim else typed[:20]), Tap(EXPENSES, "expenses"))
    elif not sum_shown:
        yes = Tap(YES_PAID, f"paid:{claim.visit}:{claim.cost}")
        turn.say(SURE.fill(claim=_line(turn, claim)), yes, Tap(NOT_YET, "expenses"))
    else:
        writer = await turn.write()
        await store.pay(writer, claim.visit, turn.stamp)
        await audit.add(writer, turn.person.id, turn.person.role, "pay_expenses", claim.visit, turn.stamp)
        turn.say(PAID.fill(visit=claim.visit, sum=Pence(claim.cost)), Tap(EXPENSES, "expenses"), Tap(menu.MENU, "menu"))


def _line(turn: Turn, claim: Claim) -> Text:
    """One claim, and what to look at before it is paid."""
    rules, spent = turn.context.settings.expenses, dt.date.fromisoformat(claim.spent_on)
    due = spent + dt.timedelta(days=rules.pay_within_days)
    flags = [
        *([OVER.fill(budget=Pence(rules.budget_pence))] if over_budget(claim.cost, rules.budget_pence) else []),
        *([RECEIPT] if needs_receipt(claim.pence, rules.receipt_from_pence) else []),
        (LATE if due < turn.day(turn.stamp) else DUE).fill(day=words.dated(turn, due)),
    ]
    what = (WITH_MILES if claim.miles_tenths else CLAIM).fill(
        visit=claim.visit,
        name=claim.name,
        volunteer=claim.volunteer,
        day=words.dated(turn, spent),
        sum=Pence(claim.cost),
        miles=claim.miles_tenths / 10,
        rate=Pence(claim.mileage_pence),
    )
    return LINE.fill(claim=what, flags=flags)
