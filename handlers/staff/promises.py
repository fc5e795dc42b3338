"""How the 14 standards are going, as children say: evidence for the yearly report."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.domain.roles import STAFF
from bot.domain.standards import FEW, STANDARDS, Answer
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Month, Text, _
from bot.store import standards
from handlers import menu
from handlers.standards import name

router = Router()

SPANS = {"": (11, 0), "month": (0, 0), "before": (23, 12)}
"""How many months ago a span begins, and how many months ago it ends."""

HEAD = _(
    'What young people answered to "Is this happening for you?", {since} to {until}. Nobody\'s name is kept. '
    "Somebody may have answered more than once."
)
LINE = _("<b>{title}</b>\nyes: {yes} · not really: {not_really} · not sure: {not_sure}")
NO_ANSWERS = _("<b>{title}</b>\nno answers")
FEWER = _("fewer than {n}")
LABELS = {"": _("The last 12 months"), "month": _("This month"), "before": _("The 12 months before")}


@router.command("promises", STAFF)
@router.button("promises", STAFF)
async def promises(turn: Turn) -> None:
    """The counts of a span of months, this one included; small numbers are not told."""
    span = turn.incoming.argument if turn.incoming.argument in SPANS else ""
    now = Month.of(turn.day(turn.stamp))
    since, until = (now.before(months) for months in SPANS[span])
    found = await standards.counts(turn.reader, str(since), str(until))
    turn.pause_form()
    turn.say(
        Markup("\n\n").join(
            [
                turn.html(HEAD.fill(since=since, until=until)),
                *(_line(turn, number, found.get(number, {})) for number in STANDARDS),
            ]
        ),
        [Tap(label, f"promises:{other}") for other, label in LABELS.items() if other != span],
        Tap(menu.MENU, "menu"),
    )


def _line(turn: Turn, number: int, answers: Mapping[Answer, int]) -> Markup:
    card = turn.context.pages.get(name(number), turn.language)
    title = card.title if card else str(number)
    if not answers:
        return turn.html(NO_ANSWERS.fill(title=title))
    return turn.html(LINE.fill(title=title, **{answer: _shown(answers.get(answer, 0)) for answer in Answer}))


def _shown(count: int) -> int | Text:
    return count if count >= FEW else FEWER.fill(n=FEW)
