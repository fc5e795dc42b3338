"""Filling in a form: asking the question that is open. What comes back is taken in taking.py."""

import hashlib

from markupsafe import Markup

from bot.domain.consent import Answer
from bot.engine import appointment
from bot.engine.answers import DONE, NO, YES
from bot.engine.forms import ABOUT, DRAFT, Answers, Form, Kind, Option, Step, given
from bot.engine.turn import PAUSED, OpenForm, Tap, Turn
from bot.i18n import Text, _

VERB = "f"
CHOOSE, TOGGLE, ALL, SKIP, BACK, CHANGE = "=", "+", "!", "-", "<", "?"

READ = "?read"
"""Among the answers: the version of the words that were shown with a yes and a no under them."""

SUMMARY = _("Here is what you told me:")
IS_IT_RIGHT = _("Is that right?")
RIGHT = _("That's right")
NOTHING = _("not said")
BACK_LABEL = _("Back")
SKIP_LABEL = _("Skip")
STOP_LABEL = _("Stop")
READ_BACK = _("Do you mean {day}?")
DAY_RIGHT = _("Yes, that day")
DAY_OTHER = _("Another day")


async def begin(turn: Turn, name: str, answers: Answers | None = None, *, about: str = "") -> None:
    """Open a form and ask its first open question. `about` comes back to `done`, as `about` among the answers."""
    turn.open_form(name, {**({ABOUT: about} if about else {}), **(answers or {})})
    await ask(turn)


async def ask(turn: Turn, lead: Text | None = None, *, replacing: bool = False) -> None:
    """Ask the first question not yet answered, or finish. `lead` goes before the question."""
    form, answers = opened(turn)
    if PAUSED in answers:
        answers = {key: value for key, value in answers.items() if key != PAUSED}
        keep(turn, answers)
    step = form.current(answers)
    if step is None:
        turn.close_form()
        await form.done(turn, form.result(answers))
        return
    words = question(turn, form, step, answers)
    if step.kind is Kind.CONSENT:
        keep(turn, {**answers, READ: version(str(words.striptags()))})
    text = Markup("\n\n").join([turn.html(lead), words]) if lead else words
    turn.say(text, *taps_of(turn, form, step, answers), replacing=replacing)


def consent_of(turn: Turn, form: Form, step: Step, answers: Answers, *, given: bool) -> Answer:
    """The answer with the words as they stood on the screen; their version changes when the words do."""
    words = str(question(turn, form, step, answers).striptags())
    return Answer(given, words, version(words), turn.language, turn.stamp)


def version(words: str) -> str:
    """Tells one wording from another."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def question(turn: Turn, form: Form, step: Step, answers: Answers) -> Markup:
    if step.kind is Kind.CHECK:
        return Markup("\n\n").join([turn.html(SUMMARY), summary(turn, form, answers), turn.html(IS_IT_RIGHT)])
    if step.kind is Kind.DATE and DRAFT + step.key in answers:
        return turn.html(Text(READ_BACK.msgid, values={"day": turn.date(answers[DRAFT + step.key])}))
    if step.kind is Kind.MOMENT and (words := appointment.question(turn, answers.get(DRAFT + step.key))):
        return turn.html(words)
    return turn.html(step.words(turn, answers))


def summary(turn: Turn, form: Form, answers: Answers) -> Markup:
    """Every answer so far under its title."""
    lines = [
        Markup("<b>{}:</b> {}").format(turn.plain(step.title), shown(turn, step, answers[step.key]))
        for step in form.open_steps(answers)
        if step.title and step.answered(answers)
    ]
    return Markup("\n").join(lines)


def shown(turn: Turn, step: Step, value: object) -> Markup:
    """An answer as people read it."""
    match value:
        case None | []:
            return turn.html(NOTHING)
        case _ if step.show:
            return turn.html(step.show(value))
        case bool():
            return turn.html(YES if value else NO)
        case list():
            return turn.html(Text("{all}", values={"all": [step.label(item) for item in value]}))
        case str() if step.kind is Kind.MOMENT:
            return turn.html(appointment.shown(turn, value))
        case str():
            value = turn.date(value) if step.kind is Kind.DATE else step.label(value)
    return turn.html(Text("{one}", values={"one": value}))


def taps_of(turn: Turn, form: Form, step: Step, answers: Answers) -> list[Tap | list[Tap]]:
    """The buttons under a question: its options, then back, skip and stop side by side."""

    def tap(label: Text | str, action: str, key: str = step.key) -> Tap:
        return Tap(label, f"{VERB}:{form.name}:{key}:{action}")

    controls = [tap(BACK_LABEL, BACK)] if form.can_stop and given(answers) else []
    controls += [tap(SKIP_LABEL, SKIP)] if step.optional else []
    controls += [Tap(STOP_LABEL, "stop")] if form.can_stop else []
    taps: list[Tap | list[Tap]] = []
    match step.kind:
        case Kind.CHOICE | Kind.NUMBER:
            taps = [tap(option.label, CHOOSE + option.value) for option in step.options]
        case Kind.SEVERAL:
            picked = answers.get(DRAFT + step.key, [])
            ticks = [tap(_ticked(turn, option, picked), TOGGLE + option.value) for option in step.options]
            taps = [*(ticks[i : i + 2] for i in range(0, len(ticks), 2)), *([tap(DONE, ALL)] if picked else [])]
        case Kind.YES_NO | Kind.CONSENT:
            yes, no = step.options[:2] if step.options else (Option("yes", YES), Option("no", NO))
            taps = [tap(yes.label, CHOOSE + "yes"), tap(no.label, CHOOSE + "no")]
        case Kind.DATE if DRAFT + step.key in answers:
            taps = [[tap(DAY_RIGHT, CHOOSE + "yes"), tap(DAY_OTHER, CHOOSE + "no")]]
        case Kind.MOMENT:
            rows = appointment.labels(turn, answers.get(DRAFT + step.key))
            taps = [[tap(label, CHOOSE + value) for label, value in row] for row in rows]
        case Kind.CHECK:
            titled = [s for s in form.open_steps(answers) if s.title and s.answered(answers)]
            changes = [tap(f"✎ {turn.plain(s.title)}", CHANGE, s.key) for s in titled if s.title]
            taps = [tap(RIGHT, CHOOSE + "yes"), *(changes[i : i + 2] for i in range(0, len(changes), 2))]
    taps = [*taps, *step.also(answers)]
    return [*taps, controls] if controls else taps


def _ticked(turn: Turn, option: Option, picked: list[str]) -> str:
    return f"{'✓ ' if option.value in picked else ''}{turn.plain(option.label)}"


def opened(turn: Turn) -> tuple[Form, Answers]:
    if turn.form is None:
        raise ValueError("no form is open")
    return turn.context.forms[turn.form.name], turn.form.answers


def keep(turn: Turn, answers: Answers) -> None:
    if turn.form:
        turn.form = OpenForm(turn.form.name, answers)
