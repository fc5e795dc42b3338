"""Adults who would like to become a visitor: what is new, one of them whole, and how far it has come."""

from markupsafe import Markup

from bot.domain.references import read_reference
from bot.domain.roles import STAFF
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Tongue, _, n_
from bot.store import audit, enquiries
from bot.store.enquiries import OPEN, PREFIX, Enquiry
from handlers import channels, menu

router = Router()

LISTED = 10
NOTHING_NEW = _("No new enquiries. /enquiries VE-7K3Q-M shows an earlier one.")
NEW = n_("{n} new enquiry:", "{n} new enquiries:")
MORE_THAN = _("More than {n} new enquiries. The oldest:")
LINE = _("{reference} · {day} · {channel}")
NO_SUCH = _("There is no enquiry with that number. Please check it.")
TAKEN_BACK = _("{reference}: taken back on {day}. There is nothing to see.")
FACTS = _("<b>{reference}</b> · {status} since {day} · received {received} · {channel} · {language}")
STATUS = {"new": _("new"), "contacted": _("contacted"), "closed": _("closed")}
NAME = _("Name: {name}")
REACH = _("Reach: {reach}")
AREA = _("Area: {area}")
WHY = _("Why: {why}")
INDEPENDENT = {
    "yes": _("Independent of children's services: yes, they say."),
    "no": _("Independent of children's services: no, they say. Please look at it with them (SI 2010/959 reg 47)."),
    "unsure": _("Independent of children's services: not sure. Please look at it with them (SI 2010/959 reg 47)."),
}
AGREED = n_(
    "They agreed on {day} that you may get in touch. It is deleted {n} day after its last change of status.",
    "They agreed on {day} that you may get in touch. It is deleted {n} days after its last change of status.",
)
MARK = {"contacted": _("Mark as contacted"), "closed": _("Mark as closed")}
MAKE_THEM_ONE = _("Make them a volunteer")
MARKED = _("{reference} is now marked as {status}.")
ALL_NEW = _("New enquiries")


@router.command("enquiries", STAFF)
@router.button("enquiries", STAFF)
async def show(turn: Turn) -> None:
    """The new ones; with a number that one; with a mark after the number, it is marked."""
    turn.pause_form()
    asked, _colon, mark = turn.incoming.argument.partition(":")
    if not asked:
        await _list(turn)
        return
    reference = read_reference(asked, PREFIX)
    found = await enquiries.find(turn.reader, reference) if reference else None
    if found is None:
        turn.say(NO_SUCH, *menu.taps(turn))
    elif found.status == "withdrawn":
        turn.say(TAKEN_BACK.fill(reference=found.reference, day=turn.day(found.status_since)), *menu.taps(turn))
    elif mark in MARK and found.status in OPEN and mark != found.status:
        await _mark(turn, found, mark)
    else:
        await _show(turn, found)


async def _list(turn: Turn) -> None:
    found = await enquiries.new(turn.reader, LISTED + 1)
    if not found:
        turn.say(NOTHING_NEW, *menu.taps(turn))
        return
    head = NEW.fill(n=len(found)) if len(found) <= LISTED else MORE_THAN.fill(n=LISTED)
    lines = [
        turn.html(LINE.fill(reference=e.reference, day=turn.day(e.received_at), channel=channels.named(e.channel)))
        for e in found[:LISTED]
    ]
    taps = [Tap(e.reference, f"enquiries:{e.reference}") for e in found[:LISTED]]
    turn.say(Markup("\n").join([turn.html(head), *lines]), *taps, Tap(menu.MENU, "menu"))


async def _show(turn: Turn, found: Enquiry) -> None:
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "show_enquiry", found.reference, turn.stamp)
    facts = FACTS.fill(
        reference=found.reference,
        status=STATUS[found.status],
        day=turn.day(found.status_since),
        received=turn.day(found.received_at),
        channel=channels.named(found.channel),
        language=Tongue(found.language),
    )
    days = turn.context.settings.retention.enquiries
    told = [
        facts,
        NAME.fill(name=found.name),
        REACH.fill(reach=found.reach),
        AREA.fill(area=found.area),
        *([WHY.fill(why=found.why)] if found.why else []),
        INDEPENDENT[found.independent],
        AGREED.fill(day=turn.day(found.agreed_at), n=days),
    ]
    marks = [mark for mark in MARK if found.status in OPEN and mark != found.status]
    taps = [Tap(MARK[mark], f"enquiries:{found.reference}:{mark}") for mark in marks]
    taps += [Tap(MAKE_THEM_ONE, f"newvolunteer:{found.reference}")] if found.status in OPEN else []
    text = Markup("\n").join(turn.html(line) for line in told)
    turn.say(text, *taps, Tap(ALL_NEW, "enquiries"), Tap(menu.MENU, "menu"))


async def _mark(turn: Turn, found: Enquiry, mark: str) -> None:
    writer = await turn.write()
    await enquiries.move(writer, found.reference, mark, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, f"enquiry_{mark}", found.reference, turn.stamp)
    turn.say(
        MARKED.fill(reference=found.reference, status=STATUS[mark]), Tap(ALL_NEW, "enquiries"), Tap(menu.MENU, "menu")
    )
