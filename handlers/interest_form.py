"""The questions of the interest form: what is asked, of whom, and what an answer must be."""

from markupsafe import Markup

from bot.domain.interest import Fit, fit
from bot.engine.forms import Answers, Kind, Option, Step, Words
from bot.engine.turn import Turn
from bot.i18n import Text, _

TOO_YOUNG_HERE = _(
    "If you're under 16, I can't do this with you on Telegram. I haven't kept your age. "
    "Our web page is made for you. A grown-up you trust can help you find it.\n\n"
    "If that is not your age, type it again."
)

TELEGRAM_AGE = 16
"""Telegram's terms in the United Kingdom (domain.md, section 7)."""

FOR_WHOM = _("Who would the visitor be for?")
ME = Option("me", _("Me"))
A_CHILD = Option("child", _("A child I care for or work with"))
WHO_ARE_YOU = _("Who are you to this child?")
ADULTS = (
    Option("carer", _("I care for them")),
    Option("social_worker", _("I'm their social worker")),
    Option("reviewing_officer", _("I run their reviews")),
    Option("advocate", _("I'm their advocate")),
    Option("family", _("I'm family")),
    Option("other", _("Somebody else")),
)
NAME = _(
    "What shall we call you? Your first name is fine, or a nickname.\n\n"
    "I'll ask some more short questions. You can stop at any time. I send nothing until you say yes at the end."
)
THEIR_NAME = _("What is the child's first name or nickname? Please leave out their surname.")
AGE = _("How old are you? A number is fine, like 11.")
THEIR_AGE = _("How old is the child? A number is fine, like 11.")
AREA = _("Do you live in {area}?")
THEIR_AREA = _("Does the child live in {area}?")
AREAS = (
    Option("in", _("Yes")),
    Option("out", _("No, somewhere else")),
    Option("unsure", _("I'm not sure")),
)
LIKES = _("What do you like doing? Tap as many as you like. You can type your own too.")
LIKE = (
    Option("football", _("Football")),
    Option("sport", _("Other sport")),
    Option("music", _("Music")),
    Option("making", _("Art and making things")),
    Option("games", _("Games")),
    Option("films", _("Films and shows")),
    Option("reading", _("Books and stories")),
    Option("animals", _("Animals")),
    Option("food", _("Cooking and eating out")),
    Option("outdoors", _("Being outside")),
    Option("shops", _("Shops and hair")),
    Option("talking", _("A chat and a walk")),
)
WISHES = _(
    "What would you like your visitor to be like? You could say a man or a woman, young or older. "
    "You could say what they like doing, or that they share your faith. "
    "I can't promise it, but it helps to know. You can skip this."
)
REACH = _(
    "How can the coordinator reach you in a way that is safe for you? Tap as many as you like. "
    "Or type another way, like a phone number and when to ring."
)
HERE = Option("here", _("Here in this chat"))
WAYS = (
    HERE,
    Option("carer", _("Through the people I live with")),
    Option("social_worker", _("Through my social worker")),
    Option("school", _("At school")),
)
ANYTHING = _("Is there anything else you want to say? You can skip this.")
SEND = _(
    "I can send your answers to {coordinator} at {provider}. They look for visitors. "
    "Only they see them all. A visitor who might fit sees what you like, and later your first name. "
    "Your social worker is told only if you say yes, or if somebody might get hurt.\n\n"
    "You can change your mind any day. Shall I send them?"
)
SEND_YES = Option("yes", _("Yes, send them"))
SEND_NO = Option("no", _("No, don't send them"))
SHARE = _(
    "May {coordinator} tell your social worker that you would like a visitor? Your social worker has a say "
    "in your plan, so it can help if they know. It's fine to say no. You can say yes later."
)
THROUGH_THEM = _("You want to be reached through your social worker. For that they must be told.")
SHARE_YES = Option("yes", _("Yes, they may tell"))
SHARE_NO = Option("no", _("No, not now"))

TITLES = {
    "for": _("For"), "who": _("You are"), "name": _("Name"), "age": _("Age"), "area": _("Lives here"),
    "likes": _("Likes"), "wishes": _("Visitor"), "reach": _("Reach me"), "anything": _("Also"),
}  # fmt: skip

YOUNGER = _(
    "Our visitors are for people aged {age_from} to {age_to}. But you can still ask your council for one. "
    "Tell your social worker, or the person who runs your reviews. "
    "You can ring Childline, free, about anything: 0800 1111.\n\nIf that is not your age, type it again."
)
OLDER = _(
    "Our visitors are for people aged {age_from} to {age_to}. There is other help for you. "
    "In care, you can still ask your council for a visitor. If you have left care, ask your personal adviser. "
    "Free help in England: Help at Hand, 0800 528 0731. In Wales: Meic, 080880 23456.\n\n"
    "If that is not your age, type it again."
)

SAVE_CODE = _(
    "One more thing. This is your code to come back:\n\n<b>{code}</b>\n\nWrite it down and keep it to yourself. "
    "It opens your story on any phone or computer. Anyone who has it can read what you told me."
)
SAVED = Option("saved", _("I've saved it"))
THEY_ARE_OUTSIDE = _(
    "Our visitors are for people aged {age_from} to {age_to}. The council's duty to a child in care has no such "
    "limits. Please ask the child's social worker, or the person who runs the reviews.\n\n"
    "If that is not the age, type it again."
)


def _by_whom(own: Text, about_a_child: Text) -> Words:
    """The question in the words for a child, or for an adult who asks for one."""

    def words(_turn: Turn, answers: Answers) -> Text:
        return about_a_child if answers.get("for") == "child" else own

    return words


def share_words(turn: Turn, answers: Answers) -> Text | Markup:
    """The second question; who wants to be reached through the social worker is told what that needs."""
    if "social_worker" not in (answers.get("reach") or ()):
        return SHARE
    return Markup("\n\n").join([turn.html(THROUGH_THEM), turn.html(SHARE)])


def _for_me(answers: Answers) -> bool:
    return answers.get("for") == "me"


def _for_a_child(answers: Answers) -> bool:
    return answers.get("for") == "child"


def _agreed(answers: Answers) -> bool:
    return _for_me(answers) and bool((answers.get("send") or {}).get("given"))


def check_age(turn: Turn, answers: Answers, age: int) -> Text | None:
    """Who is outside the range is told kindly what there is instead; who is under 16 on Telegram, where to go."""
    service = turn.context.settings.service
    telegram = turn.context.settings.telegram
    if (
        turn.incoming.channel == "telegram"
        and telegram.under_16 == "web_only"
        and age < TELEGRAM_AGE
        and _for_me(answers)
    ):
        return TOO_YOUNG_HERE
    found = fit(age, service.age_from, service.age_to)
    if found is Fit.FITS:
        return None
    return THEY_ARE_OUTSIDE if _for_a_child(answers) else YOUNGER if found is Fit.TOO_YOUNG else OLDER


def _code_words(_turn: Turn, answers: Answers) -> Text:
    return SAVE_CODE.fill(code=answers["?code"])


STEPS = (
    Step("for", Kind.CHOICE, FOR_WHOM, TITLES["for"], options=(ME, A_CHILD)),
    Step("who", Kind.CHOICE, WHO_ARE_YOU, TITLES["who"], options=ADULTS, when=_for_a_child),
    Step("name", Kind.TEXT, _by_whom(NAME, THEIR_NAME), TITLES["name"], longest=40),
    Step("age", Kind.NUMBER, _by_whom(AGE, THEIR_AGE), TITLES["age"], most=120, check=check_age),
    Step("area", Kind.CHOICE, _by_whom(AREA, THEIR_AREA), TITLES["area"], options=AREAS),
    Step("likes", Kind.SEVERAL, LIKES, TITLES["likes"], LIKE, _for_me, optional=True, own_words=True, longest=60),
    Step("wishes", Kind.TEXT, WISHES, TITLES["wishes"], when=_for_me, optional=True),
    Step("reach", Kind.SEVERAL, REACH, TITLES["reach"], WAYS, _for_me, own_words=True, longest=200),
    Step("anything", Kind.TEXT, ANYTHING, TITLES["anything"], when=_for_me, optional=True, longest=2000),
    Step("check", Kind.CHECK, FOR_WHOM),
    Step("send", Kind.CONSENT, SEND, options=(SEND_YES, SEND_NO), when=_for_me),
    Step("share", Kind.CONSENT, share_words, options=(SHARE_YES, SHARE_NO), when=_agreed),
)

SHARE_STEP = Step("share", Kind.CONSENT, SHARE, options=(SHARE_YES, SHARE_NO))
"""The second question alone, for who wants to answer it again later."""

RECEIPT_STEP = Step("saved", Kind.CHOICE, _code_words, options=(SAVED,))
"""The return code, until they say that it is saved."""
