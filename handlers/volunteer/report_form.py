"""The questions of a visit report: what is asked, of what, and what an answer must be."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.reports import LONGEST, SHORTEST, cost_pence, over_budget, tells_how_to_reach
from bot.engine.forms import ABOUT, Answers, Kind, Option, Problem, Step
from bot.engine.report_line import read_costs, read_minutes
from bot.engine.turn import Tap, Turn
from bot.i18n import Pence, Text, _, n_

A_WORRY = _("I have a worry")
DID_IT_HAPPEN = _("Did the visit happen?")
WHY_NOT = _("Why didn't it happen?")
REASONS = (
    Option("i_could_not", _("I couldn't come")),
    Option("child_could_not", _("They couldn't: ill, school, away")),
    Option("child_did_not_want", _("They didn't want to")),
    Option("nobody_there", _("Nobody was there")),
    Option("called_off_by_adults", _("Carers or staff called it off")),
    Option("weather", _("The weather")),
    Option("other", _("Something else")),
)
HOW_LONG = _("How long were you together? Tap, or type it, like 2:30 or 90 mins.")
NO_TIME = _("I need a time from 10 minutes to 12 hours, like 2.5h or 90 mins.")
HOURS = n_("{n} hour", "{n} hours")
MINUTES = n_("{n} minute", "{n} minutes")
TIMES = (
    Option("60", _("1 hour")),
    Option("90", _("1½ hours")),
    Option("120", _("2 hours")),
    Option("150", _("2½ hours")),
    Option("180", _("3 hours")),
)
ACTIVITY = _("What did you do? A few words. No surnames and no addresses, please. You can skip this.")
WHO_CHOSE = _("Who chose it? You can skip this.")
CHOSEN_BY = (Option("child", _("They did")), Option("both", _("Both of us")), Option("visitor", _("I did")))
MOOD = _("How did they seem to you? You can skip this.")
MOODS = (
    Option("5", _("😀 Very happy")),
    Option("4", _("😊 Happy")),
    Option("3", _("😐 So-so")),
    Option("2", _("😞 Not happy")),
    Option("1", _("😢 Upset")),
)
WHAT_IT_HELPED = _("Did it help with any of these? Tap as many as you like, or skip.")
OUTCOMES = (
    Option("a", _("A steady, kind relationship")),
    Option("b", _("Trusting a grown-up")),
    Option("c", _("Having a friend")),
    Option("d", _("Seeing more of life")),
    Option("e", _("Feeling good about themselves")),
    Option("f", _("Getting on with people")),
    Option("g", _("Feeling better inside")),
    Option("h", _("Culture, leisure or sport")),
    Option("i", _("Knowing how to stay safe")),
)
FOR_CHILD = _("A line for them to read, if you like: “You were great at bowling.” You can skip this.")
NO_WAYS_TO_REACH = _("Please leave out phone numbers, links and names on other apps. What shall they read?")
COSTS = _("What did you spend, and how many miles did you drive? Like £4.20 and 12 miles. You can skip this.")
NO_COSTS = _("I need an amount, like £4.20, or miles, like 12 miles, or both. Up to £500 and 500 miles.")
SPENT = _("{spent}")
DRIVEN = n_("{miles} mile", "{miles} miles")
NOTHING_SPENT = _("nothing")
WHY_OVER = _("That is more than is usual for one visit. What was it for? A few words for {coordinator}.")
PASS_ON = _(
    "Is there anything {coordinator} should know? Not a worry about safety: there is a button for that. "
    "You can skip this."
)
EXPLAINED = _("Have you told them how to complain, if something is not right for them?")
NEXT = _("What about the next time?")
STILL_A_WORRY = _("Do you still have a worry about safety?")

TITLES = {
    "happened": _("It happened"), "why_not": _("Why not"), "minutes": _("Time together"),
    "activity": _("Done together"), "chosen_by": _("Who chose"), "child_mood": _("They seemed"),
    "outcomes": _("It helped with"),
    "for_child": _("For them to read"), "costs": _("Spent and driven"), "why_over": _("What that was for"),
    "pass_on": _("To pass on"), "explained": _("How to complain: told"), "next": _("Next time"), "worry": _("A worry"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """The visit, and what the questions about it depend on; kept with the answers."""

    visit: str
    planned_for: str
    budget_pence: int
    mileage_pence: int
    explain: bool

    def kept(self) -> str:
        return f"{self.visit}|{self.planned_for}|{self.budget_pence}|{self.mileage_pence}|{'explain' * self.explain}"

    @classmethod
    def of(cls, kept: str) -> "About":
        visit, planned_for, budget, mileage, explain = kept.split("|")
        return cls(visit, planned_for, int(budget), int(mileage), bool(explain))


def worry_button(answers: Answers) -> tuple[Tap, ...]:
    return (Tap(A_WORRY, f"report:{About.of(answers[ABOUT]).visit}:worry", danger=True),)


def _did_happen(answers: Answers) -> bool:
    return answers.get("happened") is True


def _did_not_happen(answers: Answers) -> bool:
    return answers.get("happened") is False


def _may_say_to_child(answers: Answers) -> bool:
    """To a child who did not come, or could not, a line from the visitor may sound like blame."""
    return _did_happen(answers) or answers.get("why_not") == "i_could_not"


def _to_explain(answers: Answers) -> bool:
    return _did_happen(answers) and About.of(answers[ABOUT]).explain


def _typed_minutes(turn: Turn, text: str) -> int | Problem:
    return read_minutes(turn.context.words, turn.language, text) or Problem(NO_TIME)


def _long(minutes: int) -> Text:
    hours, rest = divmod(minutes, 60)
    parts = [*([HOURS.fill(n=hours)] if hours else []), *([MINUTES.fill(n=rest)] if rest else [])]
    return Text("{all}", values={"all": parts})


def costs_of(pence: int, miles_tenths: int) -> str:
    """Both as one answer."""
    return f"{pence}/{miles_tenths}" if pence or miles_tenths else ""


def _typed_costs(turn: Turn, text: str) -> str | Problem:
    found = read_costs(turn.context.words, turn.language, text)
    return Problem(NO_COSTS) if found is None else costs_of(*found) or "0/0"


def both(costs: str | None) -> tuple[int, int]:
    pence, _slash, tenths = (costs or "0/0").partition("/")
    return int(pence), int(tenths)


def _cost_words(costs: str) -> Text:
    pence, tenths = both(costs)
    spent = [SPENT.fill(spent=Pence(pence))] if pence else []
    driven = [DRIVEN.fill(n=-(-tenths // 10), miles=_miles(tenths))] if tenths else []
    return Text("{all}", values={"all": [*spent, *driven]}) if spent or driven else NOTHING_SPENT


def _miles(tenths: int) -> float:
    return tenths / 10 if tenths % 10 else tenths // 10


def _is_over(answers: Answers) -> bool:
    about = About.of(answers[ABOUT])
    return over_budget(cost_pence(*both(answers.get("costs")), about.mileage_pence), about.budget_pence)


def _no_ways_to_reach(_turn: Turn, _answers: Answers, words: str) -> Text | None:
    return NO_WAYS_TO_REACH if tells_how_to_reach(words) else None


def was_said(key: str) -> Callable[[Answers], bool]:
    def when(answers: Answers) -> bool:
        return key in answers

    return when


BARE = (
    Step("happened", Kind.YES_NO, DID_IT_HAPPEN),
    Step("why_not", Kind.CHOICE, WHY_NOT, options=REASONS, when=_did_not_happen),
    Step(
        "minutes", Kind.NUMBER, HOW_LONG, options=TIMES, when=_did_happen, least=SHORTEST, most=LONGEST,
        read=_typed_minutes, show=_long,
    ),
)  # fmt: skip
"""What has to be known of a visit for it to be counted."""

STEPS = tuple(
    replace(step, title=TITLES.get(step.key), also=worry_button)
    for step in (
        *BARE,
        Step("activity", Kind.TEXT, ACTIVITY, when=_did_happen, optional=True, longest=500),
        Step("chosen_by", Kind.CHOICE, WHO_CHOSE, options=CHOSEN_BY, when=_did_happen, optional=True),
        Step("child_mood", Kind.CHOICE, MOOD, options=MOODS, when=_did_happen, optional=True),
        Step("costs", Kind.TEXT, COSTS, optional=True, read=_typed_costs, show=_cost_words),
        Step("why_over", Kind.TEXT, WHY_OVER, when=_is_over, longest=300),
        Step("pass_on", Kind.TEXT, PASS_ON, optional=True),
        Step("outcomes", Kind.SEVERAL, WHAT_IT_HELPED, options=OUTCOMES, when=_did_happen, optional=True),
        Step(
            "for_child", Kind.TEXT, FOR_CHILD, when=_may_say_to_child, optional=True, longest=300,
            check=_no_ways_to_reach,
        ),
        Step("explained", Kind.YES_NO, EXPLAINED, when=_to_explain),
        Step("next", Kind.TEXT, NEXT, when=was_said("next"), longest=500),
        Step("worry", Kind.YES_NO, STILL_A_WORRY, when=was_said("worry")),
        Step("check", Kind.CHECK, DID_IT_HAPPEN),
    )
)  # fmt: skip

NOT_ASKED = ("outcomes", "for_child")
"""What has its button where all is read back, and is not asked by itself: a report by taps alone is eight of them."""
