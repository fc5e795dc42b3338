"""What is kept about whoever is here: to see, to save as a file, to mend, to take back, to erase."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from bot.domain.complaints import OPEN
from bot.domain.consent import Purpose
from bot.domain.interest import CLOSED, Note, Status
from bot.domain.roles import EVERYBODY, Role
from bot.engine.message import Document, Kind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.reports import my_data as report
from bot.store import audit, complaint_steps, complaints, consents, my_data
from bot.store.my_data import Kept
from handlers import erase_all, menu
from handlers.cases.notify import News, tell

router = Router()

INTRO = _("This is what I keep about you. You can read it, save it, change it, or rub it out.")
FOR_WORK = _("This chat is for your work. What is kept about it is not rubbed out here: please ask {provider}.")
FOR_VOLUNTEERS = _(
    "You can put some of it right here. The rest is not rubbed out here: the law and the council's rules ask for it. "
    "{record} What you wrote of visits is kept as long as the child's request. {expenses} "
    "If you don't agree, ask {coordinator} or {officer}."
)
RECORD_KEPT = n_(
    "Your record and stages are kept while you volunteer and {n} day after.",
    "Your record and stages are kept while you volunteer and {n} days after.",
)
EXPENSES_KEPT = n_("Expenses are kept for {n} year.", "Expenses are kept for {n} years.")
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
ONE_GONE = _("I've rubbed it out.")

YOUR_YESES = _("You said yes to this. You can take each yes back, and it counts from now on.")
NO_YES = _("You haven't said yes to anything that could be taken back.")
TAKE_REQUEST = _("Take my request back")
NOT_THE_WORKER = _("Don't tell my social worker")
NAME_OFF = _("Take my name off")
NOT_SHARED = _(
    "That's done. {Coordinator} may not tell your social worker from now on, and I've told them so. "
    "If they told before, I can't undo that. You can say yes again any day."
)

SHARE_TAKEN_BACK = _("{reference}: the social worker may not be told any more. That yes was taken back.")
PARTLY_ERASED = _("{reference}: something in it was erased by the person it is from.")
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
            await erase_all.ask(turn, kept, sure=rest == "yes")
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
        *([Tap(CHANGE, "change")] if erase_all.open_requests(kept) else []),
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
    record, expenses = RECORD_KEPT.fill(n=kept.volunteers), EXPENSES_KEPT.fill(n=kept.expenses // DAYS_IN_A_YEAR)
    return FOR_VOLUNTEERS.fill(record=record, expenses=expenses, officer=officer)


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
            Tap(erase_all.NO_KEEP, "data"),
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
    turn.say(erase_all.with_screen(turn, ONE_GONE), Tap(THE_REST, "data"), Tap(menu.MENU, "menu"))
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
    open_ = {row["reference"] for row in erase_all.open_requests(kept)}
    newest = {(row["interest"], row["purpose"]): row for row in kept["consents"] if row["interest"] in open_}
    return {
        Purpose(purpose): interest
        for (interest, purpose), row in newest.items()
        if row["given"] and not row["withdrawn_at"]
    }
