"""Who visits whom: every match that runs, with what needs a look, under the figures. No child is named."""

from markupsafe import Markup

from bot.domain.costs import monthly_cost
from bot.domain.roles import STAFF
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Pence, Text, Year, _, n_
from bot.store import figures, overview
from handlers import menu
from handlers.staff import match_words as words

router = Router()

SHOWN = 6

NOBODY = _("Nobody is matched yet.")
MATCHED = n_("{n} matched", "{n} matched")
PLACES = n_("{n} place", "{n} places")
WAITING = n_("{n} waiting", "{n} waiting")
COST = _("{sum} a month")
TARGET = _("{n} of {target}")
TARGET_BY = _("{n} of {target} by {day}")
SHARE = _("{share} percent of the children looked after, of {target} percent")
THIS_YEAR = _("{year}: {visits}, {hours} h, {missed} missed")
LATER, EARLIER = _("More matches"), _("Back")
EXPENSES = _("Expenses")
MATCHES = _("Matches")


@router.command("matches", STAFF)
@router.button("matches", STAFF)
async def matches(turn: Turn) -> None:
    """The figures in two lines, then those that run, the longest without a visit first."""
    turn.pause_form()
    skipping = number(turn.incoming.argument)
    found = await overview.running(turn.reader, turn.stamp, words.year(turn), SHOWN + 1, skipping)
    shown = found[:SHOWN]
    past = await overview.outcomes(turn.reader, [match.reference for match in shown], turn.stamp)
    lines = [words.running(turn, match, past[match.reference]) for match in shown] or [turn.html(NOBODY)]
    taps = [Tap(match.reference, f"matched:{match.reference}") for match in shown]
    pages = [
        *([Tap(EARLIER, f"matches:{max(0, skipping - SHOWN)}")] if skipping else []),
        *([Tap(LATER, f"matches:{skipping + SHOWN}")] if len(found) > SHOWN else []),
    ]
    turn.say(
        Markup("\n\n").join([await _head(turn), *lines]),
        *(taps[i : i + 2] for i in range(0, len(taps), 2)),
        *([pages] if pages else []),
        [Tap(EXPENSES, "expenses"), Tap(menu.MENU, "menu")],
    )


def number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0  # noqa: PLR2004


async def _head(turn: Turn) -> Markup:
    """Where the service stands, next to what it has places for and set out to reach; and what was done this year."""
    settings = turn.context.settings
    n, capacity = await figures.matched(turn.reader, turn.stamp), settings.service.capacity
    cost = monthly_cost(n, settings.costs.bands)
    facts = [
        MATCHED.fill(n=n),
        *([PLACES.fill(n=capacity)] if capacity else []),
        WAITING.fill(n=await figures.waiting(turn.reader)),
        *([COST.fill(sum=Pence(cost))] if cost is not None else []),
    ]
    [year] = await figures.of_service(turn.reader, [words.year(turn)])
    done = THIS_YEAR.fill(
        year=Year(turn.day(turn.stamp).year), visits=words.visits(year.happened), hours=year.hours, missed=year.missed
    )
    lines = [words.joined(turn, facts), words.joined(turn, _targets(turn, n)), turn.html(done)]
    return Markup("\n").join(line for line in lines if line)


def _targets(turn: Turn, n: int) -> list[Text]:
    """How far the service is on its way to what the council set out to reach."""
    targets, found = turn.context.settings.targets, []
    if targets.matches:
        by = words.dated(turn, targets.by) if targets.by else None
        found.append((TARGET_BY if by else TARGET).fill(n=n, target=targets.matches, day=by))
    if targets.share_of_children and targets.children_looked_after:
        share = round(100 * n / targets.children_looked_after, 1)
        found.append(SHARE.fill(share=share, target=targets.share_of_children))
    return found
