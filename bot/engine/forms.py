"""Forms: a declaration of steps. The next question is the first one not yet answered: the answers are all the state.

Kept with the answers, in the same JSON object: `?key`, a draft (ticks not yet sent, a date to be confirmed),
`~key`, what an answer was before somebody chose to change it, and `@about`, what the whole form is about, such as a
reference: no answer, so never asked, never taken back, and given to `done` as `about`. `@aside`: see Turn.open_form.
Button data is `f:FORM:STEP:ACTION`.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from bot.engine.turn import Tap, Turn
from bot.i18n import Text

Answers = Mapping[str, Any]
DRAFT, WAS, ABOUT = "?", "~", "@about"

SHORT = 100
"""Characters: a step that takes no more wants a name or the like, not a story."""


class Kind(StrEnum):
    """What sort of answer a step takes."""

    CHOICE = "choice"
    SEVERAL = "several"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"  # the day and the time of a visit to come; a stamp is kept
    YES_NO = "yes_no"
    CHECK = "check"  # all answers are shown; yes goes on, each can be changed
    CONSENT = "consent"  # a yes or a no that is kept with the exact words it answered


@dataclass(frozen=True, slots=True)
class Option:
    """A choice. `value` is what is kept: short, plain ASCII, never shown."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer cannot be taken, in words that say what would work."""

    text: Text


Words = Text | Callable[[Turn, Answers], Text | Markup]
Check = Callable[[Turn, Answers, Any], Text | None]
Read = Callable[[Turn, str], Any]


def _always(_answers: Answers) -> bool:
    return True


def _nothing(_answers: Answers) -> tuple[Tap, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Step:
    """One question."""

    key: str
    kind: Kind
    question: Words
    title: Text | None = None  # its name in the summary; without one it is not shown there
    options: tuple[Option, ...] = ()
    when: Callable[[Answers], bool] = _always
    optional: bool = False
    past: bool = False  # for a day: without a year it is over, not to come
    own_words: bool = False  # for several: what they type themselves counts as well
    longest: int = 1000  # characters of a typed answer
    least: int = 0
    most: int = 1_000_000
    read: Read | None = None  # reads what is typed its own way: a value, or a Problem
    show: Callable[[Any], Text] | None = None  # how a kept value is read back, where it is no label and no words
    check: Check | None = None  # says what is wrong with an answer that was understood
    also: Callable[[Answers], tuple[Tap, ...]] = _nothing  # buttons that lead elsewhere, under those of the question

    @property
    def one_line(self) -> bool:
        """Whether a name or the like is wanted, not a story."""
        return self.kind is Kind.TEXT and self.longest <= SHORT

    def words(self, turn: Turn, answers: Answers) -> Text | Markup:
        return self.question if isinstance(self.question, Text) else self.question(turn, answers)

    def label(self, value: str) -> Text | str:
        """How a kept value is shown."""
        return next((option.label for option in self.options if option.value == value), value)

    def answered(self, answers: Answers) -> bool:
        """Whether there is an answer that still counts: one a new version no longer offers does not."""
        if self.key not in answers:
            return False
        value = answers[self.key]
        if value is None:
            return self.optional
        offered = {option.value for option in self.options}
        match self.kind:
            case Kind.CHOICE:
                return value in offered
            case Kind.SEVERAL:
                return isinstance(value, list) and (self.own_words or set(value) <= offered)
            case Kind.NUMBER:
                return isinstance(value, int) and self.least <= value <= self.most
            case Kind.CONSENT:
                return isinstance(value, dict)
            case Kind.YES_NO | Kind.CHECK:
                return isinstance(value, bool)
        return isinstance(value, str)


@dataclass(frozen=True, slots=True)
class Form:
    """Steps in order. `done` is the only part that writes records; the form is closed before it runs."""

    name: str
    steps: tuple[Step, ...]
    done: Callable[[Turn, dict[str, Any]], Awaitable[None]]
    can_stop: bool = True
    worth_keeping: bool = True  # stopping offers to keep the answers for later, or to rub them out
    at_work: bool = False  # filled in by somebody who handles a case: words of danger in it are no alarm

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def open_steps(self, answers: Answers) -> list[Step]:
        """The steps that these answers lead through."""
        return [step for step in self.steps if step.when(answers)]

    def current(self, answers: Answers) -> Step | None:
        """The first question not yet answered; None when all are."""
        return next((step for step in self.open_steps(answers) if not step.answered(answers)), None)

    def result(self, answers: Answers) -> dict[str, Any]:
        """The answers that count: those of the steps they lead through."""
        about = {"about": answers[ABOUT]} if ABOUT in answers else {}
        return about | {step.key: answers[step.key] for step in self.open_steps(answers)}

    def without(self, answers: Answers, key: str) -> dict[str, Any]:
        """The answers with one taken back to be given anew, and with it every yes that was given to the whole."""
        confirmed = {step.key for step in self.steps if step.kind in {Kind.CHECK, Kind.CONSENT}}
        kept = {name: value for name, value in answers.items() if name not in confirmed and name != key}
        return drop_drafts(kept) | {WAS + key: answers[key]}


def by_name(forms: Iterable[Form]) -> dict[str, Form]:
    return {form.name: form for form in forms}


def given(answers: Answers) -> list[str]:
    """The keys of the answers given, in their order."""
    return [key for key in answers if key[0] not in (DRAFT, WAS, ABOUT[0])]


def drop_drafts(answers: Answers) -> dict[str, Any]:
    """The answers alone, and what they are about."""
    return {key: value for key, value in answers.items() if key[0] not in (DRAFT, WAS)}


def with_answer(answers: Answers, key: str, value: object) -> dict[str, Any]:
    """The answers with one more, which is then the last one given."""
    rest = drop_drafts(answers)
    rest.pop(key, None)
    return {**rest, key: value}


def back(answers: Answers) -> dict[str, Any]:
    """One step back: a change is undone, else a draft forgotten, else the last answer."""
    was = {key.removeprefix(WAS): value for key, value in answers.items() if key.startswith(WAS)}
    if was:
        return {**drop_drafts(answers), **was}
    kept = drop_drafts(answers)
    if kept == dict(answers) and given(kept):
        del kept[given(kept)[-1]]
    return kept
