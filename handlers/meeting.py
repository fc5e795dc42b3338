"""Somebody a child could meet: the idea is put to them after the volunteer has said yes, and no is as easy as yes."""

from markupsafe import Markup

from bot.domain.interest import MAY_BE_PROPOSED, Interest, Proposal, Said
from bot.domain.recruitment import Volunteer
from bot.domain.roles import EVERYBODY
from bot.engine.router import SAFETY, Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import interests, people, proposals, volunteers
from handlers import gate, likes, menu, pages, talk, wishes

router = Router()

SOMEBODY = _("There is somebody you could meet: <b>{visitor}</b>. They would like to meet you too.")
ABOUT = _("About {visitor}: {about}")
PROVIDER = _("{visitor} is a visitor from {provider}.")
BOTH_LIKE = _("You both like this: {likes}.")
YOU_CHOOSE = _(
    "Would you like to meet {visitor}? You choose. No is fine, and you don't have to say why. "
    "Then we go on looking, and you keep your place."
)
YOU_SAID_YES = _("You said yes to meeting {visitor}. You can still change your mind, and you don't have to say why.")
YES = _("Yes, I'd like to")
NO = _("No, not this one")
MORE = _("I'd like to know more")
LOOK_AGAIN = _("Show me again")
GOOD = _(
    "Good. I've told {coordinator}. They talk with you about how and when you meet. You can still change your mind."
)
THATS_FINE = _("That's fine, and you don't have to say why. We go on looking, and you keep your place.")
NO_HURRY = _(
    "That's fine, there is no hurry. I've told {coordinator} that you would like to know more about {visitor}. "
    "You can write to them here too."
)
NOT_OPEN = _("Right now there is nobody to say yes or no to. It's not because of you. We go on looking.")
NOT_THEM = _("It will not be {visitor} after all. It's not because of you. We go on looking, and you keep your place.")
IS_YOUR_VISITOR = _(
    "{visitor} is your visitor now. You can still change your mind any day, and you don't have to say why."
)
STAFF_YES = _("{reference}: the child has said yes. It can become a match.")
STAFF_NO = _("{reference}: the child has said no. We go on looking; the volunteer is told that it is not this one.")
STAFF_MORE = _("{reference}: the child would like to know more first.")


@router.button("meet", EVERYBODY)
async def meet(turn: Turn) -> None:
    """Who it is and what they both like; yes, no, or more to know first."""
    reference, _colon, said = turn.incoming.argument.partition(":")
    turn.pause_form()
    found = await proposals.of_child(turn.reader, turn.person.id, reference)
    volunteer = await volunteers.find(turn.reader, found.volunteer) if found else None
    interest = await interests.find(turn.reader, found.interest) if found else None
    if found and said == Said.NO:  # a no counts, whether they can come or not
        await _no(turn, found)
    elif found is None or volunteer is None or interest is None or not await can_come(turn, volunteer):
        await _nobody(turn, await proposals.find(turn.reader, reference))
    elif said == Said.YES and found.child_said is Said.NOTHING:
        await _yes(turn, found)
    elif said == "more":
        await _more(turn, found, volunteer)
    else:
        await _show(turn, found, volunteer, interest)


async def _nobody(turn: Turn, before: Proposal | None) -> None:
    """Nothing to say yes or no to: they are a match by now, somebody else is looked for, or nobody is.

    Who had said yes to somebody reads that it will not be them.
    """
    match = await wishes.current(turn)
    interest = await interests.newest_of(turn.reader, turn.person.id)
    if match:
        turn.say(
            IS_YOUR_VISITOR.fill(visitor=match.visitor), *wishes.WISHES, pages.ACTIONS["story"], Tap(menu.MENU, "menu")
        )
    elif interest and interest.status in MAY_BE_PROPOSED:
        waited = before and not before.open and before.child_said is Said.YES and before.interest == interest.reference
        volunteer = await volunteers.find(turn.reader, before.volunteer) if before and waited else None
        words = NOT_THEM.fill(visitor=volunteer.called) if volunteer else NOT_OPEN
        turn.say(words, pages.ACTIONS["talk"], pages.ACTIONS["story"], Tap(menu.MENU, "menu"))
    else:
        menu.say_menu(turn, menu.STALE)


async def _show(turn: Turn, found: Proposal, volunteer: Volunteer, interest: Interest) -> None:
    both = likes.shared(turn, interest.likes, volunteer.likes)
    said_yes = found.child_said is Said.YES
    lines = [
        SOMEBODY,
        *([ABOUT.fill(about=volunteer.about)] if volunteer.about else []),
        *([PROVIDER.fill(provider=volunteer.provider)] if volunteer.provider else []),
        *([BOTH_LIKE.fill(likes=both)] if both else []),
        YOU_SAID_YES if said_yes else YOU_CHOOSE,
    ]
    data = f"meet:{found.reference}"
    answers = [*([] if said_yes else [Tap(YES, f"{data}:{Said.YES}")]), Tap(NO, f"{data}:{Said.NO}")]
    turn.say(
        Markup("\n\n").join(turn.html(line.fill(visitor=volunteer.called)) for line in lines),
        answers,
        Tap(MORE, f"{data}:more"),
        Tap(menu.NOT_SAFE, SAFETY, danger=True),
        *await talk.waiting(turn),
        Tap(menu.MENU, "menu"),
    )


async def _yes(turn: Turn, found: Proposal) -> None:
    await proposals.child_says(await turn.write(), found.reference, Said.YES, turn.stamp)
    turn.say(GOOD, pages.ACTIONS["story"], Tap(menu.MENU, "menu"))
    await tell_staff(turn, STAFF_YES, found)


async def _no(turn: Turn, found: Proposal) -> None:
    """No reason is asked. The volunteer hears in a while that it will not be this one, and not why."""
    await proposals.child_says(await turn.write(), found.reference, Said.NO, turn.stamp)
    turn.say(THATS_FINE, pages.ACTIONS["story"], Tap(menu.MENU, "menu"))
    await tell_staff(turn, STAFF_NO, found)


async def _more(turn: Turn, found: Proposal, volunteer: Volunteer) -> None:
    again = Tap(LOOK_AGAIN, f"meet:{found.reference}")
    turn.say(NO_HURRY.fill(visitor=volunteer.called), pages.ACTIONS["talk"], again, Tap(menu.MENU, "menu"))
    await tell_staff(turn, STAFF_MORE, found)


async def ask(turn: Turn, found: Proposal) -> bool:
    """The child learns that there is something to read. False: the volunteer could not come, so they are not asked."""
    interest = await interests.find(turn.reader, found.interest)
    volunteer = await volunteers.find(turn.reader, found.volunteer)
    if interest is None or volunteer is None or not await can_come(turn, volunteer):
        return False
    if child := await people.find(turn.reader, interest.person or ""):
        await turn.nudge(child, f"meet:{found.reference}")
    return True


async def tell_not_them(turn: Turn, found: Proposal) -> None:
    """A child who said yes, and waits, learns that there is something to read. Called after the proposal has ended."""
    interest = await interests.find(turn.reader, found.interest)
    child = await people.find(turn.reader, interest.person) if interest and interest.person else None
    if child and found.child_said is Said.YES:
        await turn.nudge(child, f"meet:{found.reference}")


async def can_come(turn: Turn, volunteer: Volunteer) -> bool:
    """Whether they may be matched now, and have a place free."""
    ready = await volunteers.is_ready(turn.reader, volunteer.reference, gate.today(turn.now))
    return ready and await volunteers.load(turn.reader, volunteer.reference) < volunteer.capacity


async def tell_staff(turn: Turn, text: Text, found: Proposal) -> None:
    """Those who match learn what was said of a proposal, by its number alone."""
    reference = found.reference
    await turn.tell_staff(text.fill(reference=reference), Tap(reference, f"proposal:{reference}"))
