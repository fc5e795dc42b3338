"""Everything kept about one person, in words they can read: page by page in the chat, and whole as a text file."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import orjson
from markupsafe import Markup

from bot.domain.complaints import Step as ComplaintStep
from bot.domain.interest import Note, Reason, Status
from bot.domain.roles import Role
from bot.engine.answers import NO, YES
from bot.engine.context import Context
from bot.engine.forms import Form, Kind, Step, given
from bot.engine.message import Parcel
from bot.i18n import FullDate, Text, _, n_
from bot.reports import my_work
from bot.reports.section import LINE, Section
from bot.store import my_data
from bot.store.clock import moment
from bot.store.database import Reader, Row
from bot.store.my_data import ANSWERS, Kept

KIND, FORMAT = "my-data", "txt"
"""Of the document (bot/engine/message.py)."""

LONGEST_PAGE = 700
"""Letters shown at one go in the chat."""

TITLE = _("What {service} keeps about you")
MADE = _("Made on {day} at {time}. Only you were given it.")

HERE = _("This chat")
LANGUAGE = _("The language we use: {language}")
SIMPLE = _("You read the short pages.")
PHONE = _("You write from a phone, with Telegram. The last time was {day}.")
PAGE = _("You write from a web page. The last time was {day}.")
SCREEN = _("What we say on a web page, until you leave it.")
HAS_CODE = _("You have a code to come back. I keep it so that nobody can read it, me neither.")
NO_CODE = _("You have no code to come back.")
KNOWN_AS = _("You are known here for your work: {role}.")
ROLES = {Role.VOLUNTEER: _("volunteer"), Role.COORDINATOR: _("coordinator"), Role.MANAGER: _("manager")}
NAMED = Text("{role} {name}")

REQUEST = _("Your request {reference}")
YOU_ASKED = _("It began on {day}.")
ASKED_FOR_YOU = _("Somebody asked for you on {day}. They told me your name, your age, and if you live near.")
BULLET = Markup("• ")
"""Before each line in the chat, where a long one runs over several."""
STEPS = {
    Status.AWAITING_CHILD: _("it waits for your yes or no"),
    Status.ASKED: _("your answers were sent"),
    Status.TALKING: _("somebody talks with you"),
    Status.REFERRED: _("they check what is good for you"),
    Status.WAITING: _("they look for a visitor"),
    Status.MATCHED: _("you have a visitor"),
    Status.VISITING: _("the visits began"),
    Status.NOT_NOW: _("a pause"),
    Status.ENDED: _("the visits are over"),
    Status.DECLINED: _("it stopped with a no"),
    Status.WITHDRAWN: _("you took it back"),
}
WHY = _("{step} (why: {reason})")
REASONS = {
    Reason.CHILDS_WISH: _("you wanted it so"),
    Reason.TIMING: _("it was not the right time"),
    Reason.CIRCUMSTANCES: _("things were changing for you"),
    Reason.NO_VISITOR_FREE: _("no visitor was free"),
    Reason.TOO_YOUNG: _("too young for this service"),
    Reason.BRIEFLY_IN_CARE: _("in care for a short time only"),
    Reason.REGULAR_CONTACT: _("they think you see people close to you often"),
    Reason.SETTLED: _("they think you have settled where you live"),
    Reason.SAID_GOODBYE: _("as planned, with a goodbye"),
    Reason.VISITOR_STOPS: _("your visitor stopped"),
    Reason.LEFT_CARE: _("you have left care"),
    Reason.OTHER: _("another reason"),
    Reason.CHILD_PAUSED: _("you wanted a pause"),
}
"""As the service noted them."""
REVIEW = _("They look at it again on {day}.")
WHO_LOOKS = _("Who looks for a visitor: {who}")
LOOKED = _("People who work here looked at it, or changed it, on these days: {days}.")

ANSWERED = _("Your yes and no")
SAID_YES = _("On {day} you said yes to this: “{words}”")
SAID_NO = _("On {day} you said no to this: “{words}”")
YES_TAKEN_BACK = _("You took it back on {day}.")

NOTES = _("Notes with your request")
NOTE = {
    Note.ADDED: _("you added something"),
    Note.CHANGED: _("you changed an answer"),
    Note.ANOTHER_VISITOR: _("you asked for another visitor"),
    Note.STOP: _("you asked to stop"),
    Note.NEW_SOCIAL_WORKER: _("you have a new social worker"),
    Note.MOVED: _("you moved"),
    Note.NO_SOCIAL_WORKER: _("you have no social worker right now"),
    Note.NEW_PROVIDER: _("others look for your visitor now"),
    Note.TO_FLAG: _("your new social worker has to be told that you have a visitor"),
    Note.FLAGGED: _("your new social worker knows that you have a visitor"),
    Note.TO_REFER: _("you were asked if they may put your name down"),
}

VISITOR = _("Your visitor, {visitor}")
SINCE = _("Since {day}")
UNTIL = _("From {day} to {last}")
VISIT = _("A visit on {day} at {time}")
AT = _("{day} at {time}")
CALLED_OFF = _("It was called off.")
YOU_SAID = _("You said: {said}")
SAID = {
    "yes": _("yes"),
    "another_day": _("another day"),
    "no": _("I don't want to"),
    "not_safe": _("I don't feel safe"),
}
MISSED = _("You said that it didn't happen.")
FACE = _("How it was for you: {face} out of 5")
IT_HAPPENED = n_(
    "Your visitor wrote that it went ahead, for {n} minute.", "Your visitor wrote that it went ahead, for {n} minutes."
)
IT_DID_NOT = _("Your visitor wrote that it did not happen.")
YOU_DID = _("What you did, as your visitor wrote it: {words}")
CHOSEN = {
    "child": _("Your visitor wrote that you chose it."),
    "both": _("Your visitor wrote that you both chose it."),
    "visitor": _("Your visitor wrote that they chose it."),
}
YOU_SEEMED = _("How you seemed to your visitor: {mood} out of 5")
WROTE_FOR_YOU = _("What your visitor wrote for you: {words}")
PASSED_ON = _("Your visitor wrote something for {coordinator} as well. You can ask them to read it with you.")
"""A person looks at it first: it may be about others too, and may hurt on a screen that others see."""

TALK = _("Your talk with a person ({reference})")
ANSWER_BY = _("How they can answer you: {ways}")
YOU_WROTE = _("You, {day}: {words}")
YOU_ASKED_TO_TALK = _("You asked to talk, on {day}.")
THEY_WROTE = _("{Coordinator}, {day}: {words}")
THEY_REACHED_YOU = _("{Coordinator} answered you in another way, on {day}.")

COMPLAINT = _("Your complaint {reference}")
COMPLAINT_STEP = {
    ComplaintStep.RECEIVED: _("you sent it"),
    ComplaintStep.SEEN: _("somebody read it"),
    ComplaintStep.ACKNOWLEDGED: _("they told you that they have it"),
    ComplaintStep.ASKED: _("they asked you something"),
    ComplaintStep.REPLIED: _("you wrote back"),
    ComplaintStep.ADVOCATE: _("you asked for an advocate"),
    ComplaintStep.EXTENDED: _("they needed more time"),
    ComplaintStep.PAUSED: _("it stood still"),
    ComplaintStep.RESUMED: _("it went on"),
    ComplaintStep.PANEL_MET: _("three people met about it"),
    ComplaintStep.ANSWERED: _("they answered"),
    ComplaintStep.LEARNED: _("they wrote down what they changed"),
    ComplaintStep.NEXT_STAGE: _("you took it one step further"),
    ComplaintStep.CLOSED: _("it was closed"),
}
THEY_CHANGED = _("What they changed: {words}")
THEY_ASKED = _("They asked you, {day}: {words}")
THEY_ANSWERED = _("They answered you, {day}: {words}")

TOLD = _("What you told about not being safe")
PRESSED = _("you asked me to tell someone")
READ_BY = _("Somebody whose job is to help read it on {day}.")

IDEAS = _("Your ideas")
NOT_SENT = _("What you have not sent yet")
FOR_A_CHILD = _("What you asked for a child")

ENQUIRY = _("Becoming a visitor ({reference})")
STANDS = {
    "new": _("Sent on {day}. Nobody has been in touch yet."),
    "contacted": _("Somebody has been in touch, on {day}."),
    "closed": _("Closed on {day}."),
    "withdrawn": _("Taken back on {day}."),
}


async def write(reader: Reader, parcel: Parcel, context: Context, now: dt.datetime) -> str:
    """The file for whoever the parcel is for, as long as its address still speaks for them."""
    row = await my_data.speaks_for(reader, parcel.channel, parcel.address)
    mine = row is not None and row["person"] == parcel.person
    kept = await my_data.collect(reader, parcel.person if mine else "")
    language = context.words.choose(row["chosen"], row["hint"]) if row else context.words.languages[0]
    here = now.astimezone(context.settings.zone)
    head = Section(TITLE, (MADE.fill(day=FullDate.of(here.date()), time=here.time()),))

    def said(text: Text) -> str:
        return context.words.plain(text, language)

    parts = []
    for section in (head, *sections(kept, context, now)):
        title = said(section.title)
        parts.append("\n".join([title, "-" * len(title), *(said(line) for line in section.lines)]))
    return "\n\n".join(parts) + "\n"


def pages(kept: Kept, context: Context, now: dt.datetime, said: Callable[[Text], Markup]) -> list[Markup]:
    """The same for the chat."""
    return paged(sections(kept, context, now), said)


def paged(made: Sequence[Section], said: Callable[[Text], Markup]) -> list[Markup]:
    """Sections as pages, none of them parted unless it is longer than a page. `said` puts a text into words."""
    found: list[list[Markup]] = [[]]
    for section in made:
        blocks = list(
            _blocks(Markup("<b>{}</b>").format(said(section.title)), [BULLET + said(line) for line in section.lines])
        )
        for number, block in enumerate(blocks):
            if found[-1] and (number or sum(map(len, found[-1])) + len(block) > LONGEST_PAGE):
                found.append([])
            found[-1].append(block)
    return [Markup("\n\n").join(blocks) for blocks in found if blocks]


def _blocks(title: Markup, lines: Sequence[Markup]) -> Iterator[Markup]:
    block = [title]
    for line in lines:
        if len(block) > 1 and sum(map(len, block)) + len(line) > LONGEST_PAGE:
            yield Markup("\n").join(block)
            block = [title]
        block.append(line)
    if len(block) > 1:
        yield Markup("\n").join(block)


def sections(kept: Kept, context: Context, now: dt.datetime) -> list[Section]:
    """All there is, most asked for first; what there is nothing of is left out."""
    view = _View(kept, context, now.astimezone(context.settings.zone).year)
    found = [
        *(view.request(row) for row in kept["interests"]),
        Section(ANSWERED, tuple(view.answered())),
        Section(NOTES, tuple(view.notes())),
        *(view.visitor(row) for row in kept["matches"] if row["visitor"]),
        *(view.talk(row) for row in kept["talks"]),
        *(view.complaint(row) for row in kept["complaints"]),
        Section(TOLD, tuple(view.concerns())),
        Section(IDEAS, tuple(view.dated(row["at"], row["words"]) for row in kept["ideas"])),
        Section(NOT_SENT, tuple(view.draft())),
        Section(FOR_A_CHILD, tuple(view.asked())),
        *(view.enquiry(row) for row in kept["enquiries"]),
        *my_work.sections(kept, context, view.day),
        Section(HERE, tuple(view.here())),
    ]
    return [section for section in found if section.lines]


@dataclass(frozen=True, slots=True)
class _View:
    """Rows as lines."""

    kept: Kept
    context: Context
    year: int

    @property
    def _zone(self) -> ZoneInfo:
        return self.context.settings.zone

    def day(self, stamped: str) -> dt.date:
        """The day, with its year when that is another one."""
        day = moment(stamped).astimezone(self._zone).date()
        return day if day.year == self.year else FullDate.of(day)

    def dated(self, stamped: str, words: object) -> Text:
        return LINE.fill(title=self.day(stamped), value=words)

    def request(self, row: Row) -> Section:
        began = YOU_ASKED if row["asked_by"] == "child" else ASKED_FOR_YOU
        steps = [step for step in self.kept["steps"] if step["interest"] == row["reference"]]
        looks = {self.day(look["at"]): None for look in self.kept["looks"] if look["subject"] == row["reference"]}
        lines = [
            began.fill(day=self.day(row["received_at"])),
            *filled_in(self.context.forms["interest"], answers_of(row)),
            *(self._step(step) for step in steps),
            *([REVIEW.fill(day=dt.date.fromisoformat(row["review_on"]))] if row["review_on"] else []),
            *([WHO_LOOKS.fill(who=row["provider"])] if row["provider"] else []),
            *([LOOKED.fill(days=list(looks))] if looks else []),
        ]
        return Section(REQUEST.fill(reference=row["reference"]), tuple(lines))

    def _step(self, row: Row) -> Text:
        step = STEPS[Status(row["to_status"])]
        code, _colon, words = row["reason"].partition(": ")
        reason = REASONS[Reason(code)] if code in set(Reason) else ""  # what is no such reason, the step says
        why = LINE.fill(title=reason, value=words) if reason and words else reason or words
        return self.dated(row["at"], WHY.fill(step=step, reason=why) if why else step)

    def answered(self) -> Iterator[Text]:
        for row in self.kept["consents"]:
            yield (SAID_YES if row["given"] else SAID_NO).fill(day=self.day(row["answered_at"]), words=row["words"])
            if row["withdrawn_at"]:
                yield YES_TAKEN_BACK.fill(day=self.day(row["withdrawn_at"]))

    def notes(self) -> Iterator[Text]:
        for row in self.kept["notes"]:
            kind = Note(row["kind"])
            words = self._titles(row["words"]) if kind is Note.CHANGED else row["words"]
            yield self.dated(row["at"], LINE.fill(title=NOTE[kind], value=words) if words else NOTE[kind])

    def _titles(self, keys: str) -> list[Text]:
        """What was changed, as the form names it."""
        steps = [self.context.forms["interest"].step(key) for key in keys.split(", ")]
        return [step.title for step in steps if step and step.title]

    def visitor(self, row: Row) -> Section:
        first = self.day(row["started_at"])
        until = UNTIL.fill(day=first, last=self.day(row["ended_at"])) if row["ended_at"] else SINCE.fill(day=first)
        visits = [visit for visit in self.kept["visits"] if visit["match"] == row["reference"]]
        lines = [until, *_told(row["about"]), *(line for visit in visits for line in self._visit(visit))]
        return Section(VISITOR.fill(visitor=row["visitor"]), tuple(lines))

    def _visit(self, row: Row) -> Iterator[Text]:
        planned = moment(row["planned_for"]).astimezone(self._zone)
        yield VISIT.fill(day=planned.date(), time=planned.time())
        yield from _told(row["plan"])
        if row["status"] == "cancelled":
            yield CALLED_OFF
        if row["child_said"]:
            yield YOU_SAID.fill(said=SAID[row["child_said"]])
        if row["child_words"]:
            yield YOU_SAID.fill(said=row["child_words"])
        if row["child_missed"]:
            yield MISSED
        if row["child_face"]:
            yield FACE.fill(face=row["child_face"])
        for report in self.kept["reports"]:
            if report["visit"] == row["reference"]:
                yield from _reported(report)

    def talk(self, row: Row) -> Section:
        messages = [message for message in self.kept["messages"] if message["talk"] == row["reference"]]
        step = self.context.forms["talk"].step("way")
        ways = [step.label(way) if step else way for way in row["reply_way"].split(", ") if way]
        lines = [*([ANSWER_BY.fill(ways=ways)] if ways else []), *(self._message(message) for message in messages)]
        return Section(TALK.fill(reference=row["reference"]), tuple(lines))

    def _message(self, row: Row) -> Text:
        if row["words"]:
            return (THEY_WROTE if row["by_staff"] else YOU_WROTE).fill(day=self.day(row["at"]), words=row["words"])
        return (THEY_REACHED_YOU if row["by_staff"] else YOU_ASKED_TO_TALK).fill(day=self.day(row["at"]))

    def complaint(self, row: Row) -> Section:
        """What was told, what happened to it since, and what was said."""
        answers = {
            f"{row['complainer']}_about": row["about"],
            "what": row["what_happened"],
            "wanted": row["wanted_outcome"],
            "name": row["name"],
            "way": [way for way in row["answer_way"].split(", ") if way],
            "advocate": "yes" if row["advocate_wanted"] else "",
        }
        steps = [step for step in self.kept["complaint_steps"] if step["complaint"] == row["reference"]]
        said = [message for message in self.kept["complaint_messages"] if message["complaint"] == row["reference"]]
        looks = {self.day(look["at"]): None for look in self.kept["looks"] if look["subject"] == row["reference"]}
        lines = [
            *filled_in(self.context.forms["complaint"], answers),
            *(self.dated(s["at"], COMPLAINT_STEP[s["kind"]]) for s in steps if s["kind"] in COMPLAINT_STEP),
            *(self._said(message) for message in said),
            *([THEY_CHANGED.fill(words=row["learning"])] if row["learning"] else []),
            *([LOOKED.fill(days=list(looks))] if looks else []),
        ]
        return Section(COMPLAINT.fill(reference=row["reference"]), tuple(lines))

    def _said(self, row: Row) -> Text:
        words = {"question": THEY_ASKED, "answer": THEY_ANSWERED, "reply": YOU_WROTE}[row["kind"]]
        return words.fill(day=self.day(row["at"]), words=row["words"])

    def concerns(self) -> Iterator[Text]:
        for row in self.kept["concerns"]:
            yield self.dated(row["raised_at"], row["words"] or PRESSED)
            if row["acknowledged_at"]:
                yield READ_BY.fill(day=self.day(row["acknowledged_at"]))
            if looks := {
                self.day(look["at"]): None for look in self.kept["looks"] if look["subject"] == row["reference"]
            }:
                yield LOOKED.fill(days=list(looks))

    def draft(self) -> Iterator[Text]:
        for row in self.kept["form"]:
            if form := self.context.forms.get(row["name"]):
                yield from filled_in(form, self._with_times(form, orjson.loads(row["answers"])))

    def _with_times(self, form: Form, answers: dict[str, object]) -> dict[str, object]:
        """The answers, a moment among them as the day and the time it is where the service is."""
        moments = [step.key for step in form.steps if step.kind is Kind.MOMENT and answers.get(step.key)]
        local = {key: moment(str(answers[key])).astimezone(self._zone) for key in moments}
        return answers | {key: AT.fill(day=when.date(), time=when.time()) for key, when in local.items()}

    def asked(self) -> Iterator[Text]:
        for row in self.kept["asked"]:
            yield self.dated(row["received_at"], row["reference"])
            if row["unclaimed"]:
                yield from filled_in(self.context.forms["interest"], {"name": row["name"], "age": row["age"]})

    def enquiry(self, row: Row) -> Section:
        form = self.context.forms["enquiry"]
        keys = ("name", "reach", "area", "independent", "why")
        lines = [
            STANDS[row["status"]].fill(day=self.day(row["status_since"])),
            *filled_in(form, {key: row[key] for key in keys}),
            SAID_YES.fill(day=self.day(row["agreed_at"]), words=row["agreed_words"]),
        ]
        return Section(ENQUIRY.fill(reference=row["reference"]), tuple(lines))

    def here(self) -> Iterator[Text]:
        for row in self.kept["person"]:
            if row["role"] != Role.GUEST:
                role = ROLES[Role(row["role"])]
                yield KNOWN_AS.fill(role=NAMED.fill(role=role, name=row["name"]) if row["name"] else role)
            if row["language"]:
                yield LANGUAGE.fill(language=self.context.words.name(row["language"]))
            if row["simple"]:
                yield SIMPLE
            for way in self.kept["addresses"]:
                yield (PAGE if way["channel"] == "web" else PHONE).fill(day=self.day(way["seen_at"]))
            if any(way["channel"] == "web" for way in self.kept["addresses"]):
                yield SCREEN
            yield HAS_CODE if self.kept["codes"] else NO_CODE


def answers_of(row: Row) -> dict[str, object]:
    """What a row of interests holds, as the answers of its form."""
    answers = {key: row[column] for key, column in ANSWERS.items()}
    answers["likes"] = orjson.loads(row["likes"])
    answers["reach"] = [part for part in row["contact_way"].split(", ") if part]
    return answers


def filled_in(form: Form, answers: dict[str, object]) -> Iterator[Text]:
    """The answers of a form under the titles it has for them."""
    for key in given(answers):
        step, value = form.step(key), answers[key]
        if step and step.kind is not Kind.CHECK and value not in (None, "", []):
            shown = _shown(step, value)
            yield LINE.fill(title=step.title, value=shown) if step.title else Text("{value}").fill(value=shown)


def _shown(step: Step, value: object) -> object:
    match value:
        case bool():
            return YES if value else NO
        case dict():
            return YES if value.get("given") else NO
        case list():
            return [step.label(item) for item in value]
        case str() if step.kind is Kind.DATE:
            return dt.date.fromisoformat(value)
        case str():
            return step.label(value)
    return value


def _reported(row: Row) -> Iterator[Text]:
    """What a visitor wrote of a visit, as far as it is read without a person beside it."""
    yield IT_HAPPENED.fill(n=row["minutes"]) if row["happened"] else IT_DID_NOT
    if row["activity"]:
        yield YOU_DID.fill(words=row["activity"])
    if row["chosen_by"]:
        yield CHOSEN[row["chosen_by"]]
    if row["child_mood"]:
        yield YOU_SEEMED.fill(mood=row["child_mood"])
    if row["for_child"]:
        yield WROTE_FOR_YOU.fill(words=row["for_child"])
    if row["pass_on"]:
        yield PASSED_ON


def _told(words: str) -> list[Text]:
    return [Text("{words}").fill(words=words)] if words else []
