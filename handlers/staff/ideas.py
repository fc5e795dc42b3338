"""Ideas as they came, and what came of them."""

from typing import Any

from markupsafe import Markup

from bot.domain.roles import STAFF
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Option, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Month, Tongue, _, n_
from bot.store import audit, ideas
from bot.store.database import Row
from handlers import menu
from handlers.ideas import LATEST, change, number_in, shown

router = Router()

AT_ONCE = 5
"""How many ideas are shown in one go."""

LONGEST = 300
"""Characters of what children read about a change: two or three sentences."""

NO_IDEAS = _("Nobody has put an idea into the box yet.")
NOTHING_NEW = _("No new ideas. The latest:")
NEW = n_("{n} new idea:", "{n} new ideas:")
IDEA = _("<b>{day}</b> · {language}\n{words}")
READ_BEFORE = _("<b>{day}</b> · {language} · read before\n{words}")
MORE_IDEAS = n_("{n} more new idea", "{n} more new ideas")
WRITE = _("Write what we did")
WRITTEN = _("What we wrote")
YOU_SAID = _(
    "What did young people say? Children read this: write it as you would say it to somebody of nine. "
    "Leave out names, and anything that shows whose idea it was. Up to {n} characters."
)
WE_DID = _("And what did you do because of it? No names here either. If nothing could change, say why.")
PREVIEW = _("This is what everybody can read. Is anybody named in it, or easy to guess? Then go back and change it.")
PUBLISH = Option("yes", _("Publish it"))
DO_NOT_PUBLISH = Option("no", _("Don't publish it"))
PUBLISHED = _('It is published. Everybody finds it under "You said, we did".')
NOT_PUBLISHED = _("Nothing is published. What you wrote is gone.")
NOTHING_WRITTEN = _("Nothing has been published yet.")
TAKE_OFF = _("Take {n} off")
TAKE_IT_OFF = _("Take this off the list? Then nobody can read it any more, and it is not kept.")
YES_TAKE_OFF = _("Yes, take it off")
NO_KEEP = _("No, keep it")
TAKEN_OFF = _("It is off the list.")
GONE = _("That one is off the list already.")


@router.command("ideas", STAFF)
@router.button("ideas", STAFF)
async def box(turn: Turn) -> None:
    """New ideas, oldest first, then those read before. Whoever looks has read them."""
    turn.pause_form()
    found = await ideas.newest(turn.reader, AT_ONCE)
    if not found:
        turn.say(NO_IDEAS, Tap(WRITE, "did"), Tap(WRITTEN, "did:list"), Tap(menu.MENU, "menu"))
        return
    writer = await turn.write()
    for row in found:
        await ideas.mark_read(writer, row["id"], turn.stamp)
        await audit.add(writer, turn.person.id, turn.person.role, "read_idea", f"idea {row['id']}", turn.stamp)
    new, left = sum(not row["read_at"] for row in found), await ideas.unread(turn.reader)
    turn.say(
        Markup("\n\n").join([turn.html(NEW.fill(n=new) if new else NOTHING_NEW), *(_idea(turn, row) for row in found)]),
        *([Tap(MORE_IDEAS.fill(n=left), "ideas")] if left else []),
        Tap(WRITE, "did"),
        Tap(WRITTEN, "did:list"),
        Tap(menu.MENU, "menu"),
    )


def _idea(turn: Turn, row: Row) -> Markup:
    words = READ_BEFORE if row["read_at"] else IDEA
    language = Tongue(row["language"])
    return turn.html(words.fill(day=turn.day(row["at"]), language=language, words=row["words"]))


@router.button("did", STAFF)
async def did(turn: Turn) -> None:
    """Write what was changed, see what was written, take it off again."""
    match turn.incoming.argument.split(":"):
        case [""]:
            await filling.begin(turn, "did")
        case ["off", number]:
            await _ask_off(turn, number_in(number))
        case ["off", number, "yes"]:
            await _take_off(turn, number_in(number))
        case _:
            await _written(turn)


async def _written(turn: Turn) -> None:
    """What children read now, each with a button that takes it off."""
    turn.pause_form()
    rows = await ideas.changes(turn.reader, LATEST)
    lines = [Markup("{}.\n{}").format(number, change(turn, row)) for number, row in enumerate(rows, 1)]
    offs = [Tap(TAKE_OFF.fill(n=number), f"did:off:{row['id']}") for number, row in enumerate(rows, 1)]
    turn.say(Markup("\n\n").join(lines) if lines else NOTHING_WRITTEN, *offs, Tap(WRITE, "did"), Tap(menu.MENU, "menu"))


async def _ask_off(turn: Turn, number: int) -> None:
    row = await ideas.change(turn.reader, number)
    if not row:
        turn.say(GONE, *menu.taps(turn))
        return
    turn.say(
        Markup("\n\n").join([change(turn, row), turn.html(TAKE_IT_OFF)]),
        Tap(YES_TAKE_OFF, f"did:off:{number}:yes"),
        Tap(NO_KEEP, "did:list"),
    )


async def _take_off(turn: Turn, number: int) -> None:
    writer = await turn.write()
    if not await ideas.take_back(writer, number):
        turn.say(GONE, *menu.taps(turn))
        return
    await audit.add(writer, turn.person.id, turn.person.role, "take_off_change", f"change {number}", turn.stamp)
    turn.say(TAKEN_OFF, *menu.taps(turn))


def _preview(turn: Turn, answers: Answers) -> Markup:
    """Word for word what children will read."""
    said = shown(turn, answers["you_said"], answers["we_did"], Month.of(turn.day(turn.stamp)))
    return Markup("\n\n").join([said, turn.html(PREVIEW)])


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    """Publish it, if they still want to."""
    if not answers["publish"]:
        turn.say(NOT_PUBLISHED, *menu.taps(turn))
        return
    writer = await turn.write()
    number = await ideas.publish(writer, turn.person.id, answers["you_said"], answers["we_did"], turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "publish_change", f"change {number}", turn.stamp)
    turn.say(PUBLISHED, *menu.taps(turn))


FORMS = (
    Form(
        "did",
        (
            Step("you_said", Kind.TEXT, YOU_SAID.fill(n=LONGEST), longest=LONGEST),
            Step("we_did", Kind.TEXT, WE_DID, longest=LONGEST),
            Step("publish", Kind.YES_NO, _preview, options=(PUBLISH, DO_NOT_PUBLISH)),
        ),
        done,
    ),
)
