"""Erasing everything about whoever is here: what goes, what stays and why, and then all of it at once."""

from markupsafe import Markup

from bot.domain.complaints import OPEN
from bot.domain.interest import CLOSED, Status
from bot.domain.interest import ERASED as WAS_ERASED
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import audit, complaints, interests, my_data
from bot.store.database import Row
from bot.store.my_data import Kept
from handlers import menu, pages
from handlers.cases.notify import News, tell

WHAT_GOES = _(
    "I can rub out everything about you: your answers, your notes, what we said, and your code. "
    "I do it at once, and I can't bring it back."
)
WHAT_STAYS = n_(
    "For {n} day a note stays that there was a request: its number, its days, and how it ended. "
    "It has none of your words, and it doesn't lead to you. It shows that we did our job.",
    "For {n} days a note stays that there was a request: its number, its days, and how it ended. "
    "It has none of your words, and it doesn't lead to you. It shows that we did our job.",
)
VISITS_STAY = _("The days of your visits stay with it, so that they can be counted. No word about them stays.")
ONLY_THAT = _("A line stays that something was rubbed out on this day. It doesn't say what.")
COMPLAINT_STAYS = _(
    "A note stays that you complained: its number, its days, what it was about, and how it ended. "
    "It has none of your words. Those who read it may have notes of their own."
)
COMPLAINT_ENDS = _("A complaint that is still open is taken back with it. I tell those who look at it.")
CONCERN_STAYS = _(
    "What you told me about not being safe stays, with your words. I have to keep it until those who help have it in "
    "their own file. Who you are is not kept with it."
)
NOT_YET = _(
    "I can't rub out everything yet. You told me that somebody may not be safe. A person has to look into that first, "
    "and may need to know who you are. When they have done that, you can rub out everything. "
    "You can rub out one thing at a time now."
)
VISITS_END = _(
    "Your visits end with it. I tell {coordinator}, so that your visitor knows. "
    "That is why the visitor's first name stays with the note."
)
IT_ENDS = _("What you asked for ends with it. I tell {coordinator} its number, and nothing else.")
CODES_END = _("The code you were given for a child stops working.")
OUT_OF_REACH = _(
    "{Coordinator} may have written down what they read. I can't reach that, so please ask them. "
    "By law your council keeps its own file about you until you are 75."
)
COPIES = _("Copies, made in case a computer breaks, still have it. They are deleted when they get old.")
SHALL_I_ALL = _("Shall I rub out everything?")
YES_ALL = _("Yes, rub out everything")
ALL_GONE = _("Everything is rubbed out. A code you had opens nothing any more. You can start again any day.")
NO_KEEP = _("No, keep it")
SCREEN_TOO = _("What we said before has left this screen too.")
SCREEN_STAYS = _("What you see in Telegram stays there until you delete this chat.")
ERASED = _("Erased by the person it was from: {references}. Nothing of it is kept here but the number.")
VISITOR_TO_TELL = _("{reference}: erased by the young person. Their visitor has to be told that the visits are over.")
WHO_IS_IT = _("Who is the visitor?")


async def ask(turn: Turn, kept: Kept, *, sure: bool) -> None:
    if my_data.looked_into(kept):
        turn.say(NOT_YET, pages.ACTIONS["talk"], Tap(NO_KEEP, "data"), Tap(menu.MENU, "menu"))
        return
    if sure:
        await _erase_everything(turn, kept)
        return
    sent = [row for row in kept["interests"] if row["status"] != Status.AWAITING_CHILD]
    noted = kept["interests"] or any(row["unclaimed"] for row in kept["asked"])
    days = turn.context.settings.retention.closed_interests
    complained = [COMPLAINT_STAYS] if kept["complaints"] else []
    told = [CONCERN_STAYS] if len(kept["concerns"]) > len(my_data.handed_over(kept)) else []
    counted = [VISITS_STAY] if kept["planned"] else []
    stays = [*([WHAT_STAYS.fill(n=days)] if noted else []), *counted, *complained, *told] or [ONLY_THAT]
    ends = [VISITS_END] if _with_visitor(kept) else [IT_ENDS] if _under_way(kept) else []
    ends += [COMPLAINT_ENDS] if any(row["status"] in OPEN for row in kept["complaints"]) else []
    codes = [CODES_END] if any(row["unclaimed"] for row in kept["asked"]) else []
    turn.say(turn.joined(WHAT_GOES, *stays, *ends, *codes))
    turn.say(
        turn.joined(*([OUT_OF_REACH] if sent else []), COPIES, SHALL_I_ALL),
        Tap(YES_ALL, "data:all:yes"),
        Tap(NO_KEEP, "data"),
    )


async def _erase_everything(turn: Turn, kept: Kept) -> None:
    """All of it, now. Whoever is here is somebody new afterwards."""
    person, writer = turn.person, await turn.write()
    under_way, with_visitor = _under_way(kept), _with_visitor(kept)
    open_complaints = [c for c in await complaints.of_person(turn.reader, person.id) if c.status in OPEN]
    for row in (*open_requests(kept), *(row for row in kept["asked"] if row["unclaimed"])):
        await interests.move(writer, row["reference"], Status.WITHDRAWN, person.id, turn.stamp, WAS_ERASED)
    await turn.forget(my_data.words(kept), my_data.references(kept), wholly=True)
    await my_data.erase(writer, person.id, turn.stamp)
    for reference in my_data.references(kept) or [""]:
        await audit.add(writer, person.id, person.role, "erase_everything", reference, turn.stamp)
    turn.say(with_screen(turn, ALL_GONE), *menu.taps(turn))
    if with_visitor:
        asks = Tap(WHO_IS_IT, f"erased:{with_visitor}")
        await turn.tell_staff(VISITOR_TO_TELL.fill(reference=with_visitor), asks)
    for complaint in open_complaints:
        await tell(turn, complaint, News.WITHDRAWN)
    if others := [reference for reference in under_way if reference != with_visitor]:
        await turn.tell_staff(ERASED.fill(references=others))


def _under_way(kept: Kept) -> list[str]:
    """What staff have, and what something is still to come of."""
    return [
        *(row["reference"] for row in open_requests(kept) if row["status"] != Status.AWAITING_CHILD),
        *(row["reference"] for row in kept["talks"]),
        *(row["reference"] for row in kept["enquiries"] if row["status"] in {"new", "contacted"}),
    ]


def _with_visitor(kept: Kept) -> str:
    """The request that has a visitor now."""
    return next((row["interest"] for row in kept["matches"] if not row["ended_at"]), "")


def with_screen(turn: Turn, done: Text) -> Markup:
    return turn.joined(done, SCREEN_TOO if turn.incoming.channel == "web" else SCREEN_STAYS)


def open_requests(kept: Kept) -> list[Row]:
    """The requests that somebody works on, or that wait for them."""
    return [row for row in kept["interests"] if row["status"] not in CLOSED]
