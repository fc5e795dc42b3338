"""What is kept about whoever is here: to see, to save as a file, to mend, to take back, to erase."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from bot.domain.complaints import OPEN
from bot.domain.consent import Purpose
from bot.domain.interest import CLOSED, Note, Status
from bot.domain.interest import ERASED as WAS_ERASED
from bot.domain.roles import EVERYBODY, Role
from bot.engine.message import Document, Kind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.reports import my_data as report
from bot.store import audit, complaint_steps, complaints, consents, interests, my_data
from bot.store.database import Row
from bot.store.my_data import Kept
from handlers import menu, pages
from handlers.cases.notify import News, tell

router = Router()

INTRO = _("This is what I keep about you. You can read it, save it, change it, or rub it out.")
FOR_WORK = _("This chat is for your work. What is kept about it is not rubbed out here: please ask {provider}.")
FOR_VOLUNTEERS = _(
    "You can put some of it right here. The rest is not rubbed out here: the law and the council's rules ask for it. "
    "Your record and stages are kept while you volunteer and {days} days after, what you wrote of visits as long as "
    "the child's request is, and expenses for {years} years. If you don't agree, ask {coordinator} or {officer}."
)
PUT_RIGHT = _("Put something right")
MORE = _("More of it")
AS_A_FILE = _("As a file")
CHANGE = _("Change an answer")
RUB_ONE = _("Rub out one thing")
TAKE_A_YES = _("Take back a yes")
RUB_ALL = _("Rub out everything")
THE_REST = _("What you keep about me")
HERE_IS_IT = _(
    "Here it is. The file stays on this phone or computer until you delete it. Others who use it can read it too."
)

WHICH_ONE = _("Which one shall I rub out?")
NOTHING_TO_RUB = _("You haven't told me anything yet that I could rub out.")
OTHERS = _("Show others")
NOTE_OF = _("Note of {day}")
TALK_OF = _("Talk of {day}")
IDEA_OF = _("Idea of {day}")
VISIT_OF = _("Visit of {day}")
COMPLAINT_OF = _("Complaint of {day}")
DRAFT = _("What I haven't sent yet")
SHALL_I = _("Shall I rub this out: {what}? I can't bring it back.")
THEN = {
    "name": _("Then they don't know here what to call you. They may ask you again."),
    "age": _("Then they may ask you again how old you are."),
    "area": _("Then they may ask you again where you live."),
    "reach": _("Then they may not know how to reach you. You can still write to them here."),
}
THEN_LOOKING = _("Then they can't think of it when they look for a visitor.")
THEN_NOBODY = _("Then nobody can read it here any more.")
THEN_NO_ANSWER = _("Then nobody can read it here any more, or answer it.")
THEN_TAKEN_BACK = _(
    "Then it's taken back, and nobody answers it any more. I tell those who look at it. They may have read it before. "
    "The note that you complained stays, without your words."
)
THEN_A_NOTE = _("They may have read it before. The note that you complained stays, without your words.")
THEN_ANEW = _("Then you start anew if you want to send something.")
I_TELL = _("I tell {coordinator} that something is rubbed out. They may have read it before.")
YES_RUB = _("Yes, rub it out")
NO_KEEP = _("No, keep it")
ONE_GONE = _("I've rubbed it out.")
SCREEN_TOO = _("What we said before has left this screen too.")
SCREEN_STAYS = _("What you see in Telegram stays there until you delete this chat.")

YOUR_YESES = _("You said yes to this. You can take each yes back, and it counts from now on.")
NO_YES = _("You haven't said yes to anything that could be taken back.")
TAKE_REQUEST = _("Take my request back")
NOT_THE_WORKER = _("Don't tell my social worker")
NAME_OFF = _("Take my name off")
NOT_SHARED = _(
    "That's done. {Coordinator} may not tell your social worker from now on, and I've told them so. "
    "If they told before, I can't undo that. You can say yes again any day."
)

WHAT_GOES = _(
    "I can rub out everything about you: your answers, your notes, what we said, and your code. "
    "I do it at once, and I can't bring it back."
)
WHAT_STAYS = _(
    "For {days} days a note stays that there was a request: its number, its days, and how it ended. "
    "It has none of your words, and it doesn't lead to you. It shows that we did our job."
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

SHARE_TAKEN_BACK = _("{reference}: the social worker may not be told any more. That yes was taken back.")
PARTLY_ERASED = _("{reference}: something in it was erased by the person it is from.")
ERASED = _("Erased by the person it was from: {references}. Nothing of it is kept here but the number.")
VISITOR_TO_TELL = _("{reference}: erased by the young person. Their visitor has to be told that the visits are over.")
WHO_IS_IT = _("Who is the visitor?")

ITEMS_AT_A_TIME = 8
DAYS_IN_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be erased by itself. `key` is what a button carries of it, like `note:3`."""

    key: str
    label: Text
    then: Text
    words: tuple[str, ...] = ()
    reference: str = ""  # what staff know it by, when they have it
    complaint: bool = False  # only those on its route may hear of it


@router.command("data", EVERYBODY)
@router.button("data", EVERYBODY)
async def data(turn: Turn) -> None:
    """What is kept, page by page, and what can be done about it."""
    turn.pause_form()
    verb, _colon, rest = turn.incoming.argument.partition(":") if turn.incoming.kind is Kind.BUTTON else ("", "", "")
    kept = await my_data.collect(turn.reader, turn.person.id)
    match verb:
        case "file":
            turn.say(HERE_IS_IT, Tap(menu.MENU, "menu"), document=Document(report.KIND, report.FORMAT))
        case "one" | "all" if turn.person.role != Role.GUEST:
            menu.say_menu(turn, _not_here(turn))
        case "one":
            await _one(turn, kept, rest)
        case "yes":
            _yeses(turn, kept)
        case "noshare":
            await _take_back_share(turn, kept)
        case "all":
            await _all(turn, kept, sure=rest == "yes")
        case _:
            _show(turn, kept, int(verb) if verb.isdecimal() and len(verb) < len("1000") else 0)


def _show(turn: Turn, kept: Kept, number: int) -> None:
    pages = report.pages(kept, turn.context, turn.now, turn.html)
    number = number if number < len(pages) else 0
    more = [Tap(MORE, f"data:{number + 1}")] if number + 1 < len(pages) else []
    shown, file = pages[number : number + 1], Tap(AS_A_FILE, "data:file")
    if turn.person.role != Role.GUEST:
        right = [Tap(PUT_RIGHT, "vfacts")] if turn.person.role == Role.VOLUNTEER else []
        turn.say(Markup("\n\n").join([*shown, turn.html(_not_here(turn))]), *more, file, *right, *menu.taps(turn))
        return
    turn.say(
        Markup("\n\n").join([*([] if number else [turn.html(INTRO)]), *shown]),
        *more,
        file,
        *([Tap(CHANGE, "change")] if _open(kept) else []),
        *([Tap(RUB_ONE, "data:one")] if _items(turn, kept) else []),
        *([Tap(TAKE_A_YES, "data:yes")] if _given(kept) else []),
        Tap(RUB_ALL, "data:all"),
        Tap(menu.MENU, "menu"),
    )


def _not_here(turn: Turn) -> Text:
    """Why what is kept of somebody's work is not erased by them, and whom to ask."""
    if turn.person.role != Role.VOLUNTEER:
        return FOR_WORK
    kept = turn.context.settings.retention
    officer = turn.context.settings.contacts.data_protection.name
    return FOR_VOLUNTEERS.fill(days=kept.volunteers, years=kept.expenses // DAYS_IN_A_YEAR, officer=officer)


# One thing


async def _one(turn: Turn, kept: Kept, asked: str) -> None:
    """`asked` is empty, a number to go on from, or an item's key, and `:yes` after it once they are sure."""
    items = _items(turn, kept)
    key, sure = asked.removesuffix(":yes"), asked.endswith(":yes")
    item = next((item for item in items if item.key == key), None)
    if item and sure:
        await _erase_item(turn, item)
    elif item:
        told = [turn.html(I_TELL)] if item.reference and not item.complaint else []
        shall_i = turn.html(SHALL_I.fill(what=item.label))
        turn.say(
            Markup("\n\n").join([shall_i, turn.html(item.then), *told]),
            Tap(YES_RUB, f"data:one:{key}:yes"),
            Tap(NO_KEEP, "data"),
        )
    elif items:
        first = int(asked) if asked.isdecimal() and int(asked) < len(items) else 0
        last = first + ITEMS_AT_A_TIME
        others = [Tap(OTHERS, f"data:one:{last if last < len(items) else 0}")] if len(items) > ITEMS_AT_A_TIME else []
        shown = [Tap(item.label, f"data:one:{item.key}") for item in items[first:last]]
        turn.say(WHICH_ONE, *shown, *others, Tap(THE_REST, "data"), Tap(menu.MENU, "menu"))
    else:
        turn.say(NOTHING_TO_RUB, Tap(THE_REST, "data"), Tap(menu.MENU, "menu"))


async def _erase_item(turn: Turn, item: Item) -> None:
    kind, _colon, which = item.key.partition(":")
    writer = await turn.write()
    await turn.forget(item.words, [item.reference] if item.reference else [])
    match kind:
        case "answer":
            reference, _colon, answer = which.partition(":")
            await my_data.erase_answer(writer, reference, answer)
        case "note":
            await my_data.erase_note(writer, int(which))
        case "talk":
            await my_data.erase_talk(writer, which)
        case "idea":
            await my_data.erase_idea(writer, int(which))
        case "visit":
            await my_data.erase_visit_words(writer, which)
        case "complaint":
            await _erase_complaint(turn, which)
        case _:
            turn.drop_forms()
    await audit.add(writer, turn.person.id, turn.person.role, "erase_one", item.reference, turn.stamp)
    turn.say(_with_screen(turn, ONE_GONE), Tap(THE_REST, "data"), Tap(menu.MENU, "menu"))
    if item.reference and not item.complaint:
        await turn.tell_staff(PARTLY_ERASED.fill(reference=item.reference))


async def _erase_complaint(turn: Turn, reference: str) -> None:
    """One that is open is taken back by it; only those who see it hear of that."""
    found = await complaints.own(turn.reader, reference, turn.person.id)
    await complaint_steps.erase_one(await turn.write(), reference, turn.person.id, turn.stamp)
    if found and found.status in OPEN:
        await tell(turn, found, News.WITHDRAWN)


def _items(turn: Turn, kept: Kept) -> list[Item]:
    return [*_answers(turn, kept), *_others(turn, kept), *_drafts(turn)]


def _answers(turn: Turn, kept: Kept) -> Iterator[Item]:
    """The answers of the newest request that has any."""
    form = turn.context.forms["interest"]
    for row in sorted(kept["interests"], key=lambda row: (row["status"] in CLOSED, row["received_at"])):
        told = {key: value for key, value in report.answers_of(row).items() if value not in (None, "", [])}
        for key, value in told.items():
            step = form.step(key)
            if step and step.title:
                yield Item(
                    f"answer:{row['reference']}:{key}",
                    step.title,
                    THEN.get(key, THEN_LOOKING),
                    tuple(my_data.strings(value)),
                    "" if row["status"] == Status.AWAITING_CHILD else row["reference"],
                )
        if told:
            return


def _others(turn: Turn, kept: Kept) -> Iterator[Item]:
    for row in kept["notes"]:
        if row["own"] and row["kind"] == Note.ADDED:
            label = NOTE_OF.fill(day=turn.day(row["at"]))
            yield Item(f"note:{row['id']}", label, THEN_NOBODY, (row["words"],), row["interest"])
    for row in kept["talks"]:
        said = [message["words"] for message in kept["messages"] if message["talk"] == row["reference"]]
        label, words = TALK_OF.fill(day=turn.day(row["opened_at"])), (*said, *row["reply_way"].split(", "))
        yield Item(f"talk:{row['reference']}", label, THEN_NO_ANSWER, words, row["reference"])
    for row in kept["ideas"]:
        yield Item(f"idea:{row['id']}", IDEA_OF.fill(day=turn.day(row["at"])), THEN_NOBODY, (row["words"],))
    for row in kept["visits"]:
        if row["child_said"] or row["child_words"] or row["child_missed"] or row["child_face"]:
            label = VISIT_OF.fill(day=turn.day(row["planned_for"]))
            yield Item(f"visit:{row['reference']}", label, THEN_NOBODY, (row["child_words"],), row["reference"])
    for row in kept["complaints"]:
        said = [message["words"] for message in kept["complaint_messages"] if message["complaint"] == row["reference"]]
        label = COMPLAINT_OF.fill(day=turn.day(row["received_at"]))
        words = tuple(text for text in (*my_data.complaint_words(row), *said) if text)
        then = THEN_TAKEN_BACK if row["status"] in OPEN else THEN_A_NOTE
        yield Item(f"complaint:{row['reference']}", label, then, words, row["reference"], complaint=True)


def _drafts(turn: Turn) -> Iterator[Item]:
    if turn.form and turn.context.forms[turn.form.name].can_stop:
        yield Item("draft", DRAFT, THEN_ANEW, tuple(my_data.strings(dict(turn.form.answers))))


# A yes


def _yeses(turn: Turn, kept: Kept) -> None:
    given = _given(kept)
    taps = [Tap(NOT_THE_WORKER, "data:noshare")] if Purpose.SHARE in given else []
    taps += [Tap(NAME_OFF, "norefer")] if Purpose.REFER in given else []
    taps += [Tap(TAKE_REQUEST, "takeback")] if Purpose.SEND in given else []
    words = YOUR_YESES if taps else NO_YES
    turn.say(words, *taps, Tap(THE_REST, "data"), Tap(menu.MENU, "menu"))


async def _take_back_share(turn: Turn, kept: Kept) -> None:
    """The social worker is not to be told any more: done at once, and those who could tell them know."""
    reference = _given(kept).get(Purpose.SHARE)
    if reference is None:
        _yeses(turn, kept)
        return
    writer = await turn.write()
    await consents.withdraw_one(writer, reference, Purpose.SHARE, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "take_back_share", reference, turn.stamp)
    turn.say(NOT_SHARED, Tap(THE_REST, "data"), Tap(menu.MENU, "menu"))
    await turn.tell_staff(SHARE_TAKEN_BACK.fill(reference=reference))


def _given(kept: Kept) -> dict[Purpose, str]:
    """The yeses that stand, with the open request each was given for: the newest answer counts."""
    open_ = {row["reference"] for row in _open(kept)}
    newest = {(row["interest"], row["purpose"]): row for row in kept["consents"] if row["interest"] in open_}
    return {
        Purpose(purpose): interest
        for (interest, purpose), row in newest.items()
        if row["given"] and not row["withdrawn_at"]
    }


def _open(kept: Kept) -> list[Row]:
    """The requests that somebody works on, or that wait for them."""
    return [row for row in kept["interests"] if row["status"] not in CLOSED]


# Everything


async def _all(turn: Turn, kept: Kept, *, sure: bool) -> None:
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
    stays = [*([WHAT_STAYS.fill(days=days)] if noted else []), *counted, *complained, *told] or [ONLY_THAT]
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
    for row in (*_open(kept), *(row for row in kept["asked"] if row["unclaimed"])):
        await interests.move(writer, row["reference"], Status.WITHDRAWN, person.id, turn.stamp, WAS_ERASED)
    await turn.forget(my_data.words(kept), my_data.references(kept), wholly=True)
    await my_data.erase(writer, person.id, turn.stamp)
    for reference in my_data.references(kept) or [""]:
        await audit.add(writer, person.id, person.role, "erase_everything", reference, turn.stamp)
    turn.say(_with_screen(turn, ALL_GONE), *menu.taps(turn))
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
        *(row["reference"] for row in _open(kept) if row["status"] != Status.AWAITING_CHILD),
        *(row["reference"] for row in kept["talks"]),
        *(row["reference"] for row in kept["enquiries"] if row["status"] in {"new", "contacted"}),
    ]


def _with_visitor(kept: Kept) -> str:
    """The request that has a visitor now."""
    return next((row["interest"] for row in kept["matches"] if not row["ended_at"]), "")


def _with_screen(turn: Turn, done: Text) -> Markup:
    return turn.joined(done, SCREEN_TOO if turn.incoming.channel == "web" else SCREEN_STAYS)
