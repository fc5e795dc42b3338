"""An officer who opens the link of a mail: one complaint or one concern is theirs to handle, and nothing else."""

from bot.domain.roles import Role
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import audit, codes, complaint_steps, complaints, concerns, people
from bot.store.database import Row
from handlers import menu
from handlers.cases import notify
from handlers.cases.complaint import viewer
from handlers.cases.complaints import list_open, show_by_reference
from handlers.cases.concern import show_one

NOT_WITH_ROLE = _(
    "That link is for somebody who has no other role here. Please open it in a chat that is not yours for this work."
)
NOT_THIS_CHAT = _(
    "Something else was begun in this chat before, so your link can't be used here. Please open it in another chat, or "
    "leave this page first."
)
USED = _(
    "That link was opened before, by somebody else or in another chat. If it was you, come back with the code you were "
    "given then. If not, look for a newer mail: there is one with a link that nobody has opened, or ask whoever reads "
    "that mailbox."
)
SENT_ANEW = _(
    "That link was opened before, by somebody else or in another chat. If it was you, come back with the code you were "
    "given then. A new link is on its way to the mailbox that this one went to."
)
OVER = _("That link opens nothing any more: it is taken back, or it is with somebody else now.")
WELCOME = _("You are here as {contact}, and see this and nothing else. {command} shows it again.")
WELCOME_BACK = _("Welcome back.")


async def attach(turn: Turn, code: str, invite: Row) -> bool:
    """Whether it is theirs now; if not, they are told why."""
    who = viewer(turn)
    if who.role != Role.GUEST:
        turn.say(NOT_WITH_ROLE, Tap(menu.MENU, "menu"))
    elif invite["used_at"] and invite["used_by"] != who.person:
        turn.say(await _used(turn, invite), Tap(menu.MENU, "menu"))
    elif not await _take_on(turn, invite):
        turn.say(OVER, Tap(menu.MENU, "menu"))
    else:
        writer = await turn.write()
        await codes.use_invite(writer, code, who.person, turn.stamp)
        await audit.add(writer, who.person, who.role, "redeem_link", _reference(invite), turn.stamp)
        turn.drop_forms()
        return True
    return False


async def _take_on(turn: Turn, invite: Row) -> bool:
    """Whether they see it, now that they came by the link: its route may be another one by now."""
    writer, who = await turn.write(), viewer(turn)
    await people.save(writer, [turn.person], turn.stamp)
    if invite["complaint"]:
        await complaint_steps.attach(writer, invite["complaint"], who.person, invite["contact"], turn.stamp)
        return await complaints.find(turn.reader, invite["complaint"], who) is not None
    await concerns.attach(writer, invite["concern"], who.person, invite["contact"], turn.stamp)
    return await concerns.find(turn.reader, invite["concern"], who) is not None


async def _used(turn: Turn, invite: Row) -> Text:
    """Why a link does not open twice; whoever has the mailbox gets another one."""
    complaint = await complaints.find(turn.reader, invite["complaint"], None) if invite["complaint"] else None
    sent = complaint is not None and await notify.new_link(turn, complaint, invite["contact"])
    return SENT_ANEW if sent else USED


def welcome(turn: Turn, invite: Row) -> Text:
    command = "/complaints" if invite["complaint"] else "/concerns"
    return WELCOME.fill(contact=notify.name(turn, invite["contact"]), command=command)


async def show(turn: Turn, invite: Row) -> None:
    """What the link opens."""
    if invite["complaint"]:
        await show_by_reference(turn, invite["complaint"])
    elif concern := await concerns.find(turn.reader, invite["concern"], viewer(turn)):
        await show_one(turn, concern)


async def welcome_back(turn: Turn) -> None:
    """An officer came back with their code."""
    turn.say(WELCOME_BACK)
    await list_open(turn)


def _reference(invite: Row) -> str:
    return str(invite["complaint"] or invite["concern"])
