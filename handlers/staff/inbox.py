"""The coordinator's side in chat: what is new, one request whole, a file of all. Every look is in the audit."""

from markupsafe import Markup

from bot.domain.consent import Purpose
from bot.domain.interest import PREFIX, Interest, Status
from bot.domain.references import read_reference
from bot.domain.roles import STAFF
from bot.engine.message import Document
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import audit, consents, interests
from handlers import menu, story

router = Router()

INBOX_SIZE = 10
NOTHING_NEW = _("Nothing new.")
NEW = n_("{n} new request:", "{n} new requests:")
MORE_THAN = _("More than {n} new requests. The oldest:")
LINE = _("{reference} · asked {day} · {channel}")
WHICH = _("Which one? Send /show and its number, like /show IV-7K3Q-M.")
NO_SUCH = _("There is no request with that number. Please check it.")
NOT_YET = _("{reference}: the child has not said yes, or has taken it back. There is nothing to see.")
FACTS = _("<b>{reference}</b> · {status} since {day} · {channel} · {language}")
ASKED_BY = _("Asked by: {who}")
CHILD = _("the child")
MAY_TELL = _("The social worker may be told: yes, on {day}.")
MAY_NOT_TELL = _("The social worker may not be told.")
WHICH_FORMAT = _("Which kind of file?")
FILE_KINDS = _("I can make csv, xlsx or json. For example: /export interest xlsx")
HERE_IS_THE_FILE = _("All requests up to now. Names are in it: keep it safe, and delete it when you are done.")
FORMATS = ("xlsx", "csv", "json")
STATUS = {
    Status.AWAITING_CHILD: _("waiting for the child"), Status.ASKED: _("asked"), Status.TALKING: _("talking"),
    Status.REFERRED: _("referred"), Status.WAITING: _("waiting"), Status.MATCHED: _("matched"),
    Status.VISITING: _("visiting"), Status.ENDED: _("ended"), Status.NOT_NOW: _("not now"),
    Status.DECLINED: _("declined"), Status.WITHDRAWN: _("withdrawn"),
}  # fmt: skip


@router.command("inbox", STAFF)
@router.button("inbox", STAFF)
async def inbox(turn: Turn) -> None:
    """What nobody has answered, oldest first, one line each."""
    found = await interests.unanswered(turn.reader, INBOX_SIZE + 1)
    if not found:
        turn.say(NOTHING_NEW, *menu.taps(turn))
        return
    head = NEW.fill(n=len(found)) if len(found) <= INBOX_SIZE else MORE_THAN.fill(n=INBOX_SIZE)
    shown = found[:INBOX_SIZE]
    lines = [turn.html(LINE.fill(reference=i.reference, day=turn.day(i.received_at), channel=i.channel)) for i in shown]
    turn.say(Markup("\n").join([turn.html(head), *lines]), *(Tap(i.reference, f"show:{i.reference}") for i in shown))


@router.command("show", STAFF)
@router.button("show", STAFF)
async def show(turn: Turn) -> None:
    """One request with everything the child agreed to send."""
    asked = turn.incoming.argument
    if not asked:
        turn.say(WHICH)
        return
    reference = read_reference(asked, PREFIX)
    interest = await interests.find(turn.reader, reference) if reference else None
    if not interest:
        turn.say(NO_SUCH)
        return
    sent = await consents.newest(turn.reader, interest.reference, Purpose.SEND)
    if not sent or not sent["given"] or sent["withdrawn_at"]:
        turn.say(NOT_YET.fill(reference=interest.reference))
        return
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "show", interest.reference, turn.stamp)
    turn.say(Markup("\n\n").join(await _facts(turn, interest)), *menu.taps(turn))


async def _facts(turn: Turn, interest: Interest) -> list[Markup]:
    shared = await consents.newest(turn.reader, interest.reference, Purpose.SHARE)
    may_tell = shared and shared["given"] and not shared["withdrawn_at"]
    who = CHILD if interest.asked_by == "child" else _adult(turn, interest)
    return [
        turn.html(
            FACTS.fill(
                reference=interest.reference,
                status=STATUS[interest.status],
                day=turn.day(interest.status_since),
                channel=interest.channel,
                language=turn.context.words.name(interest.language),
            )
        ),
        turn.html(ASKED_BY.fill(who=who)),
        story.told(turn, interest),
        turn.html(MAY_TELL.fill(day=turn.day(shared["answered_at"])) if shared and may_tell else MAY_NOT_TELL),
    ]


def _adult(turn: Turn, interest: Interest) -> Text | str:
    step = turn.context.forms["interest"].step("who")
    return step.label(interest.asked_by) if step else interest.asked_by


@router.command("export", STAFF)
@router.button("export", STAFF)
async def export(turn: Turn) -> None:
    """A file of all requests, made when it is sent."""
    wanted = [word for word in turn.incoming.argument.lower().split() if word != "interest"]
    if not wanted:
        turn.say(WHICH_FORMAT, [Tap(name.upper(), f"export:{name}") for name in FORMATS])
        return
    if len(wanted) > 1 or wanted[0] not in FORMATS:
        turn.say(FILE_KINDS)
        return
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "export", f"interest.{wanted[0]}", turn.stamp)
    turn.say(HERE_IS_THE_FILE, document=Document("interest", wanted[0]))
