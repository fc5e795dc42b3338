"""Taking what comes back to the open question of a form: a typed answer, or a pressed button."""

from dataclasses import asdict, replace

from bot.engine import appointment, filling
from bot.engine.answers import PICK, Value, is_typed, read_typed
from bot.engine.folding import fold
from bot.engine.forms import DRAFT, Answers, Form, Kind, Problem, Step, back, drop_drafts, with_answer
from bot.engine.message import Kind as EventKind
from bot.engine.turn import Turn
from bot.engine.understanding import NONE as NO_TOPIC
from bot.i18n import Text, _

STALE = _("That button is from before. Here is the question we are at.")
NO_SKIPPING = _("I need this one to go on. You can say it in your own way, or stop.")
WHICH_TO_CHANGE = _("Which one shall we change? Tap it.")
FEW_WORDS = 3


async def take(turn: Turn) -> None:
    """Take a typed answer or a pressed button of the open form."""
    if turn.incoming.kind is EventKind.BUTTON:
        await _press(turn, turn.incoming.data)
        return
    form, answers = filling.opened(turn)
    step = form.current(answers)
    if step is None:
        await filling.ask(turn)
        return
    if data := _typed_button(turn, form, step, answers):
        turn.incoming = replace(turn.incoming, kind=EventKind.BUTTON, data=data)
        await turn.context.router.find(turn).handle(turn)
        return
    if not step.optional and is_typed(turn, filling.SKIP_LABEL):
        await filling.ask(turn, NO_SKIPPING)
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
    for row in filling.taps_of(turn, form, step, answers):
        for tap in row if isinstance(row, list) else [row]:
            labels = turn.context.words.every(tap.label) if isinstance(tap.label, Text) else {tap.label}
            ticks = f":{step.key}:{filling.TOGGLE}" in tap.data
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
        await filling.ask(turn, STALE)
        return
    form, answers = filling.opened(turn)
    step, kind, value = form.current(answers), action[:1], action[1:]
    if kind == filling.CHANGE and (changed := form.step(key)) and changed.answered(answers):
        filling.keep(turn, form.without(answers, key))
        await filling.ask(turn)
    elif step is None or step.key != key:
        await filling.ask(turn, STALE)
    elif kind == filling.BACK:
        filling.keep(turn, back(answers))
        await filling.ask(turn)
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
            filling.keep(turn, {**answers, DRAFT + step.key: picked})
            await filling.ask(turn, replacing=True)
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
            await filling.ask(turn, STALE)


async def _give(turn: Turn, step: Step, value: Value | Problem | None) -> None:
    """An answer was understood, or not: keep it and go on, or say what would work and ask again."""
    form, answers = filling.opened(turn)
    wrong = value.text if isinstance(value, Problem) else None
    if wrong is None and value is not None and step.check:
        wrong = step.check(turn, answers, value)
    if step.kind is Kind.CHECK and value is False:
        wrong = WHICH_TO_CHANGE
    if wrong:
        await filling.ask(turn, wrong)
        return
    if step.kind is Kind.DATE and value is not None:
        filling.keep(turn, {**answers, DRAFT + step.key: value})
    elif step.kind is Kind.SEVERAL and step.own_words and isinstance(value, list) and DRAFT + step.key in answers:
        filling.keep(turn, with_answer(answers, step.key, list(dict.fromkeys([*answers[DRAFT + step.key], *value]))))
    elif step.kind is Kind.CONSENT:
        said = filling.consent_of(turn, form, step, answers, given=value is True)
        if answers.get(filling.READ) != said.version:
            await filling.ask(
                turn, STALE
            )  # the words on the screen were others: in another language, or of another day
            return
        filling.keep(turn, with_answer(answers, step.key, asdict(said)))
    else:
        filling.keep(turn, with_answer(answers, step.key, value))
    await filling.ask(turn)


async def _confirm_day(turn: Turn, step: Step, answers: Answers, right: object) -> None:
    """A day was read back: yes keeps it, no asks again; a new date typed instead is read back in its turn."""
    if right is True:
        filling.keep(turn, with_answer(answers, step.key, answers[DRAFT + step.key]))
        await filling.ask(turn)
    elif right is False:
        filling.keep(turn, drop_drafts(answers))
        await filling.ask(turn)
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
        await filling.ask(turn, STALE)


async def _confirm_moment(turn: Turn, step: Step, answers: Answers, stamped: str) -> None:
    """The moment that was read back is kept, if there is still time for it."""
    if wrong := appointment.too_late(turn, stamped):
        await _arrange(turn, step, None, wrong)
        return
    filling.keep(turn, with_answer(answers, step.key, stamped))
    await filling.ask(turn)


async def _arrange(turn: Turn, step: Step, draft: appointment.Draft | None, wrong: Text | None) -> None:
    """Keep what is known so far, and ask for the rest; or read it back, if the step has nothing against it."""
    _form, answers = filling.opened(turn)
    if isinstance(draft, str) and step.check and (wrong := step.check(turn, answers, draft)):
        draft = appointment.day_of(turn, draft)
    rest = {key: value for key, value in answers.items() if key != DRAFT + step.key}
    filling.keep(turn, {**rest, DRAFT + step.key: draft} if draft else rest)
    await filling.ask(turn, wrong)
