"""Filling in a form: asking the question that is open, and taking what comes back."""

import hashlib
from dataclasses import asdict, replace

from markupsafe import Markup

from bot.domain.consent import Answer
from bot.engine import appointment
from bot.engine.answers import DONE, NO, PICK, YES, Value, is_typed, read_typed
from bot.engine.folding import fold
from bot.engine.forms import (
    ABOUT,
    DRAFT,
    Answers,
    Form,
    Kind,
    Option,
    Problem,
    Step,
    back,
    drop_drafts,
    given,
    with_answer,
)
from bot.engine.message import Kind as EventKind
from bot.engine.turn import PAUSED, OpenForm, Tap, Turn
from bot.engine.understanding import NONE as NO_TOPIC
from bot.i18n import Text, _

VERB = "f"
CHOOSE, TOGGLE, ALL, SKIP, BACK, CHANGE = "=", "+", "!", "-", "<", "?"

FEW_WORDS = 3

READ = "?read"
"""Among the answers: the version of the words that were shown with a yes and a no under them."""

STALE = _("That button is from before. Here is the question we are at.")
NO_SKIPPING = _("I need this one to go on. You can say it in your own way, or stop.")
SUMMARY = _("Here is what you told me:")
IS_IT_RIGHT = _("Is that right?")
WHICH_TO_CHANGE = _("Which one shall we change? Tap it.")
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
    form, answers = _open(turn)
    if PAUSED in answers:
        answers = {key: value for key, value in answers.items() if key != PAUSED}
        _keep(turn, answers)
    step = form.current(answers)
    if step is None:
        turn.close_form()
        await form.done(turn, form.result(answers))
        return
    words = _question(turn, form, step, answers)
    if step.kind is Kind.CONSENT:
        _keep(turn, {**answers, READ: version(str(words.striptags()))})
    text = Markup("\n\n").join([turn.html(lead), words]) if lead else words
    turn.say(text, *_taps(turn, form, step, answers), replacing=replacing)


async def take(turn: Turn) -> None:
    """Take a typed answer or a pressed button of the open form."""
    if turn.incoming.kind is EventKind.BUTTON:
        await _press(turn, turn.incoming.data)
        return
    form, answers = _open(turn)
    step = form.current(answers)
    if step is None:
        await ask(turn)
        return
    if data := _typed_button(turn, form, step, answers):
        turn.incoming = replace(turn.incoming, kind=EventKind.BUTTON, data=data)
        await turn.context.router.find(turn).handle(turn)
        return
    if not step.optional and is_typed(turn, SKIP_LABEL):
        await ask(turn, NO_SKIPPING)
        return
    if _is_question(turn, step):
        await turn.context.router.others["question"].handle(turn)
        return
    if step.kind is Kind.DATE and DRAFT + step.key in answers:
        await _confirm_day(turn, step, answers, read_typed(turn, replace(step, kind=Kind.YES_NO), turn.incoming.text))
        return
    if step.kind is Kind.MOMENT:
        await _take_moment(turn, step, answers, turn.incoming.text)
        return
    await _give(turn, step, read_typed(turn, step, turn.incoming.text))


def _typed_button(turn: Turn, form: Form, step: Step, answers: Answers) -> str:
    """The data of the button whose words were typed; ticks are left to the step, which takes several at a time."""
    typed = fold(turn.incoming.text)
    for row in _taps(turn, form, step, answers):
        for tap in row if isinstance(row, list) else [row]:
            labels = turn.context.words.every(tap.label) if isinstance(tap.label, Text) else {tap.label}
            ticks = f":{step.key}:{TOGGLE}" in tap.data
            if not ticks and typed and typed in {fold(label) for label in labels}:
                return tap.data
    return ""


def _is_question(turn: Turn, step: Step) -> bool:
    """Whether they asked us something where only a short answer was asked for: a name of five words is none.

    Where they may use their own words, only what ends in a question mark is one; an answer that comes first is none.
    """
    text = turn.incoming.text.strip()
    words = text.split()
    if step.kind is Kind.TEXT and not step.one_line:
        return False
    asks = "?" in text
    if step.kind is Kind.MOMENT:
        asks = (asks or len(words) > FEW_WORDS) and not appointment.understood(turn, text)
    elif step.own_words:
        asks = text.endswith("?") and len(words) > FEW_WORDS
    elif not asks and len(words) > FEW_WORDS:
        asks = step.one_line or isinstance(read_typed(turn, step, " ".join(words[:FEW_WORDS])), Problem)
    return asks and turn.context.understanding.topic(text, turn.typed_in or turn.language).topic != NO_TOPIC


async def _press(turn: Turn, data: str) -> None:
    """A button of a form. One that is not of the open question, or of an older form, asks the open question again."""
    if not turn.form:
        await turn.context.router.others["stale"].handle(turn)
        return
    name, key, action = (*data.split(":", 3)[1:], "", "", "")[:3]
    if turn.form.name != name:
        await ask(turn, STALE)
        return
    form, answers = _open(turn)
    step, kind, value = form.current(answers), action[:1], action[1:]
    if kind == CHANGE and (changed := form.step(key)) and changed.answered(answers):
        _keep(turn, form.without(answers, key))
        await ask(turn)
    elif step is None or step.key != key:
        await ask(turn, STALE)
    elif kind == BACK:
        _keep(turn, back(answers))
        await ask(turn)
    else:
        await _act(turn, step, answers, kind, value)


async def _act(turn: Turn, step: Step, answers: Answers, kind: str, value: str) -> None:
    offered = {option.value for option in step.options}
    picked = list(answers.get(DRAFT + step.key, [])) if step.kind is Kind.SEVERAL else []
    match kind, step.kind:
        case "-", _ if step.optional:
            await _give(turn, step, None)
        case "+", Kind.SEVERAL if value in offered:
            picked = [item for item in picked if item != value] if value in picked else [*picked, value]
            _keep(turn, {**answers, DRAFT + step.key: picked})
            await ask(turn, replacing=True)
        case "!", Kind.SEVERAL:
            await _give(turn, step, picked or (None if step.optional else Problem(PICK)))
        case "=", Kind.CHOICE if value in offered:
            await _give(turn, step, value)
        case "=", Kind.NUMBER if value in offered:
            await _give(turn, step, int(value))
        case "=", Kind.YES_NO | Kind.CHECK | Kind.CONSENT:
            await _give(turn, step, value == "yes")
        case "=", Kind.DATE if DRAFT + step.key in answers:
            await _confirm_day(turn, step, answers, value == "yes")
        case "=", Kind.MOMENT:
            await _press_moment(turn, step, answers, value)
        case _:
            await ask(turn, STALE)


async def _give(turn: Turn, step: Step, value: Value | Problem | None) -> None:
    """An answer was understood, or not: keep it and go on, or say what would work and ask again."""
    form, answers = _open(turn)
    wrong = value.text if isinstance(value, Problem) else None
    if wrong is None and value is not None and step.check:
        wrong = step.check(turn, answers, value)
    if step.kind is Kind.CHECK and value is False:
        wrong = WHICH_TO_CHANGE
    if wrong:
        await ask(turn, wrong)
        return
    if step.kind is Kind.DATE and value is not None:
        _keep(turn, {**answers, DRAFT + step.key: value})
    elif step.kind is Kind.SEVERAL and step.own_words and isinstance(value, list) and DRAFT + step.key in answers:
        _keep(turn, with_answer(answers, step.key, list(dict.fromkeys([*answers[DRAFT + step.key], *value]))))
    elif step.kind is Kind.CONSENT and answers.get(READ) != _consent(turn, form, step, answers, given=True).version:
        await ask(turn, STALE)  # the words on the screen were others: in another language, or of another day
        return
    elif step.kind is Kind.CONSENT:
        _keep(turn, with_answer(answers, step.key, asdict(_consent(turn, form, step, answers, given=value is True))))
    else:
        _keep(turn, with_answer(answers, step.key, value))
    await ask(turn)


async def _confirm_day(turn: Turn, step: Step, answers: Answers, right: object) -> None:
    """A day was read back: yes keeps it, no asks again; a new date typed instead is read back in its turn."""
    if right is True:
        _keep(turn, with_answer(answers, step.key, answers[DRAFT + step.key]))
        await ask(turn)
    elif right is False:
        _keep(turn, drop_drafts(answers))
        await ask(turn)
    else:
        await _give(turn, step, read_typed(turn, step, turn.incoming.text))


async def _take_moment(turn: Turn, step: Step, answers: Answers, text: str) -> None:
    """A day, a time or both were typed, or a yes to those that were read back."""
    draft = answers.get(DRAFT + step.key)
    if appointment.confirmed(turn, draft, text):
        await _confirm_moment(turn, step, answers, str(draft))
    else:
        await _arrange(turn, step, *appointment.typed(turn, draft, text))


async def _press_moment(turn: Turn, step: Step, answers: Answers, value: str) -> None:
    draft = answers.get(DRAFT + step.key)
    if value == appointment.YES and isinstance(draft, str):
        await _confirm_moment(turn, step, answers, draft)
    elif arranged := appointment.pressed(turn, draft, value):
        await _arrange(turn, step, *arranged)
    else:
        await ask(turn, STALE)


async def _confirm_moment(turn: Turn, step: Step, answers: Answers, stamped: str) -> None:
    """The moment that was read back is kept, if there is still time for it."""
    if wrong := appointment.too_late(turn, stamped):
        await _arrange(turn, step, None, wrong)
        return
    _keep(turn, with_answer(answers, step.key, stamped))
    await ask(turn)


async def _arrange(turn: Turn, step: Step, draft: appointment.Draft | None, wrong: Text | None) -> None:
    """Keep what is known so far, and ask for the rest; or read it back, if the step has nothing against it."""
    _form, answers = _open(turn)
    if isinstance(draft, str) and step.check and (wrong := step.check(turn, answers, draft)):
        draft = appointment.day_of(turn, draft)
    rest = {key: value for key, value in answers.items() if key != DRAFT + step.key}
    _keep(turn, {**rest, DRAFT + step.key: draft} if draft else rest)
    await ask(turn, wrong)


def _consent(turn: Turn, form: Form, step: Step, answers: Answers, *, given: bool) -> Answer:
    """The answer with the words as they stood on the screen; their version changes when the words do."""
    words = str(_question(turn, form, step, answers).striptags())
    return Answer(given, words, version(words), turn.language, turn.stamp)


def version(words: str) -> str:
    """Tells one wording from another."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _question(turn: Turn, form: Form, step: Step, answers: Answers) -> Markup:
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


def _taps(turn: Turn, form: Form, step: Step, answers: Answers) -> list[Tap | list[Tap]]:
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


def _open(turn: Turn) -> tuple[Form, Answers]:
    if turn.form is None:
        raise ValueError("no form is open")
    return turn.context.forms[turn.form.name], turn.form.answers


def _keep(turn: Turn, answers: Answers) -> None:
    if turn.form:
        turn.form = OpenForm(turn.form.name, answers)
