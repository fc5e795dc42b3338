"""Codes: to come back to one's own story, to take over what an adult asked for, to begin work as staff."""

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot.domain.interest import CLOSED, Interest, Status
from bot.domain.references import code_in, new_code, read_code
from bot.domain.retention import CHILD_CODE_VALID
from bot.domain.roles import EVERYBODY, STAFF, Role
from bot.engine import filling
from bot.engine.message import Outgoing
from bot.engine.router import Router
from bot.engine.turn import NEWS, READ_IT, Tap, Turn
from bot.i18n import Text, _
from bot.store import audit, codes, complaints, concerns, interests, outbox, people, volunteers
from bot.store.clock import stamp
from bot.store.database import Row
from handlers import menu
from handlers.cases import link
from handlers.volunteer import stages

router = Router()

TYPE_IT = _("Type your code here. It looks like 7K3Q-9M2X-4TBR.")
MISREAD = _("I can't read that code. Please check each letter and number. It looks like 7K3Q-9M2X-4TBR.")
NOT_KNOWN = _(
    "I don't know that code. Please check each letter and number. Some codes work only once, or only for some days. "
    "If somebody gave it to you, you can ask them for a new one."
)
WELCOME_BACK = _("Welcome back. You can carry on from here.")
NOT_WITH_ROLE = _("That code belongs to a young person. Please use it in a chat that is not yours for work.")
STAFF_CHAT = _("This chat belongs to a young person already. Please use your code in another one.")
ROLE = {
    Role.VOLUNTEER: _("You are now known here as a volunteer."),
    Role.COORDINATOR: _("You are now known here as a coordinator. I'll tell you when there is a new request."),
    Role.MANAGER: _("You are now known here as a manager. I'll tell you when there is a new request."),
}
RETURN_CODE = _(
    "To come back here later, use this code:\n\n<b>{code}</b>\n\nWrite it down and keep it to yourself. "
    "Anyone who has it can read what you told me."
)
RETURN_CODE_FOR_WORK = _(
    "To come back here later, use this code:\n\n<b>{code}</b>\n\nKeep it to yourself. Whoever has it can work as you."
)
WHO_THOUGHT = {
    "carer": _("Somebody who cares for you"),
    "social_worker": _("Your social worker"),
    "reviewing_officer": _("The person who runs your reviews"),
    "advocate": _("Your advocate"),
    "family": _("Somebody in your family"),
    "other": _("Somebody who knows you"),
}
CHILD_HELLO = _(
    "{who} thought you might like an independent visitor. They gave you this code. You choose, and no is fine.\n\n"
    "They told me your name, your age, and if you live near here. You can change that. "
    "I send nothing to anyone until you say yes."
)
FOR_THE_CHILD = _(
    "This code is for the child. They use it in a chat of their own: on their phone, or after you have left this one."
)
ALREADY_ASKED = _("You have asked for a visitor already, so you don't need this code.")


@router.button("code", EVERYBODY)
async def ask(turn: Turn) -> None:
    turn.pause_form()
    turn.say(TYPE_IT, Tap(menu.MENU, "menu"))


@router.other("code", EVERYBODY)
async def typed(turn: Turn) -> None:
    await redeem(turn, turn.incoming.text)


async def redeem(turn: Turn, text: str) -> None:
    """Whatever this code opens."""
    code = read_code(code_in(text) or text)
    if code is None:
        turn.pause_form()
        turn.say(MISREAD, Tap(menu.MENU, "menu"))
    elif person := await codes.receipt(turn.reader, code):
        await _come_back(turn, person)
    elif invite := await codes.invite(turn.reader, code):
        if invite["expires_at"] <= turn.stamp:
            menu.say_menu(turn, NOT_KNOWN)
        elif invite["role"] == "child":
            await _take_over(turn, code, invite["interest"])
        elif invite["role"] == "handler":
            await _handle(turn, code, invite)
        elif invite["used_at"]:
            menu.say_menu(turn, NOT_KNOWN)
        else:
            await _begin_work(turn, code, invite)
    else:
        menu.say_menu(turn, NOT_KNOWN)


async def give(turn: Turn, before: Text, *taps: Tap | list[Tap]) -> None:
    """A new return code for whoever is here, in one message with what there is to say before it."""
    code = new_code()
    await codes.add_receipt(await turn.write(), code, turn.person.id, turn.stamp)
    at_work = turn.person.role != Role.GUEST or await people.handles(turn.reader, turn.person.id)
    words = RETURN_CODE_FOR_WORK if at_work else RETURN_CODE
    turn.say(Markup("\n\n").join([turn.html(before), turn.html(words.fill(code=code))]), *taps)


async def _come_back(turn: Turn, person: str) -> None:
    """The chat goes on with the story the code belongs to, on whatever device or channel it is."""
    if turn.person.role != Role.GUEST and turn.person.id != person:
        turn.say(NOT_WITH_ROLE)
        return
    if turn.person.id != person:
        before = turn.person.id
        await turn.become(person)
        await people.hand_on(await turn.write(), before, person, turn.stamp)
    for body in await outbox.take_waiting(await turn.write(), person):
        message = Outgoing.from_json(body)
        if message.html in turn.context.words.every(NEWS):  # in whatever language it was written while they were away
            turn.say(NEWS, *(Tap(READ_IT, button.data) for row in message.buttons for button in row))
        else:
            turn.say_again(message)
    await audit.add(await turn.write(), person, turn.person.role, "come_back", turn.incoming.channel, turn.stamp)
    if turn.form:
        await filling.ask(turn, WELCOME_BACK)
    elif await people.handles(turn.reader, turn.person.id):
        await link.welcome_back(turn)
    else:
        menu.say_menu(turn, WELCOME_BACK)


async def _take_over(turn: Turn, code: str, reference: str) -> None:
    """The child an adult asked for is here: the rest is theirs to say.

    Until they have said yes or no the code begins anew as often as it is used, with what the adult told and nothing
    else: a child who had to leave can come again, and nobody reads what they had typed.
    """
    if turn.person.role != Role.GUEST:
        turn.say(NOT_WITH_ROLE)
        return
    mine = await interests.newest_of(turn.reader, turn.person.id)
    if mine and mine.status not in CLOSED:
        menu.say_menu(turn, ALREADY_ASKED)
        return
    interest = await interests.find(turn.reader, reference)
    if not interest or interest.status != Status.AWAITING_CHILD:
        menu.say_menu(turn, NOT_KNOWN)
        return
    if interest.asked_by_person == turn.person.id:
        menu.say_menu(turn, FOR_THE_CHILD)
        return
    writer = await turn.write()
    await codes.use_invite(writer, code, turn.person.id, turn.stamp)
    await interests.update(writer, replace(interest, person=turn.person.id))
    turn.say(CHILD_HELLO.fill(who=WHO_THOUGHT.get(interest.asked_by, WHO_THOUGHT["other"])))
    await filling.begin(turn, "interest", known_of(turn, interest))


def known_of(turn: Turn, interest: Interest) -> dict[str, Any]:
    """What an adult told about a child, as the answers the child begins with. Where an age is checked, it is asked."""
    known = {"for": "me", "name": interest.name, "area": interest.area}
    checked = turn.incoming.channel == "telegram" and turn.context.settings.telegram.under_16 != "allow"
    return known if checked else known | {"age": interest.age}


async def give_child_code(turn: Turn, reference: str) -> str:
    """A code an adult passes on to the child they asked for."""
    code = new_code()
    expires = stamp(turn.now + CHILD_CODE_VALID)
    await codes.add_invite(await turn.write(), code, "child", turn.stamp, expires, interest=reference)
    return code


async def _handle(turn: Turn, code: str, invite: Row) -> None:
    """An officer opens the link of a mail: one complaint or one concern is theirs to handle, and nothing else."""
    guest = turn.person.role == Role.GUEST
    if guest and not await people.handles(turn.reader, turn.person.id) and await _has_a_story(turn):
        turn.say(link.NOT_THIS_CHAT, Tap(menu.MENU, "menu"))
    elif await link.attach(turn, code, invite):
        if turn.incoming.channel == "web" and not await codes.has_receipt(turn.reader, turn.person.id):
            await give(turn, link.welcome(turn, invite))
        await link.show(turn, invite)


async def _has_a_story(turn: Turn) -> bool:
    """Whether a young person may come back here: with something of theirs, a return code, or from another device."""
    known = turn.person.id
    others = [way for way in await people.addresses(turn.reader, known) if way.address != turn.incoming.address]
    asked = await interests.newest_of(turn.reader, known) or await interests.asked_for_others(turn.reader, known)
    told = await complaints.of_person(turn.reader, known) or await concerns.raised_by(turn.reader, known)
    return bool(others or asked or told or await codes.has_receipt(turn.reader, known))


async def _begin_work(turn: Turn, code: str, invite: Row) -> None:
    role = Role(invite["role"])
    if turn.person.role in STAFF and role not in STAFF:
        menu.say_menu(turn, ROLE[Role(turn.person.role)])
        return
    if turn.person.role == Role.GUEST and await _has_a_story(turn):
        turn.say(STAFF_CHAT)
        return
    writer = await turn.write()
    if not await _one_more_device(turn, invite["volunteer"]):
        turn.drop_forms()
    turn.person = replace(turn.person, role=role, name=invite["name"])
    await people.save(writer, [turn.person], turn.stamp)
    if invite["volunteer"]:
        await volunteers.join(writer, invite["volunteer"], turn.person.id, turn.stamp)
    await codes.use_invite(writer, code, turn.person.id, turn.stamp)
    await audit.add(writer, turn.person.id, role, "redeem_invite", role, turn.stamp)
    taps = [] if role is Role.VOLUNTEER else menu.taps(turn)
    if turn.incoming.channel == "web":
        await give(turn, ROLE[role], *taps)
    else:
        turn.say(ROLE[role], *taps)
    if role is Role.VOLUNTEER:
        await stages.show(turn)


async def _one_more_device(turn: Turn, volunteer: str | None) -> bool:
    """A volunteer who is in the bot already is the same person here; what was told in this chat goes with them."""
    known = await volunteers.find(turn.reader, volunteer) if volunteer else None
    person = await people.find(turn.reader, known.person) if known and known.person else None
    if person is None or person.role != Role.VOLUNTEER or person.id == turn.person.id:
        return False
    before = turn.person.id
    await turn.become(person.id)
    await people.hand_on(await turn.write(), before, person.id, turn.stamp)
    return True
