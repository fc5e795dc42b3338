"""What the bot says and when: one module a topic of conversation."""

from bot.engine.forms import by_name
from bot.engine.router import SAFETY, Router
from bot.i18n import _
from handlers import (
    after,
    cases,
    codes,
    complaint,
    enquiry,
    faces,
    gate,
    ideas,
    interest,
    languages,
    meeting,
    menu,
    moments,
    my_complaint,
    my_data,
    odd,
    pages,
    questions,
    referral,
    road,
    safety,
    staff,
    standards,
    start,
    story,
    talk,
    visit_reminders,
    visits,
    volunteer,
    wishes,
)

_TOPICS = (
    after, codes, complaint, enquiry, faces, gate, ideas, interest, languages, meeting, menu, moments, my_complaint,
    my_data, odd, pages, questions, referral, road, safety, standards, start, story, talk, visit_reminders, visits,
    wishes,
)  # fmt: skip
ROUTER = Router().include([*(topic.router for topic in _TOPICS), staff.ROUTER, cases.ROUTER, volunteer.ROUTER])
FORMS = by_name(
    [*(form for topic in _TOPICS for form in getattr(topic, "FORMS", ())), *staff.FORMS, *cases.FORMS, *volunteer.FORMS]
)

ALWAYS = ((menu.MENU, "menu", False), (menu.LANGUAGE, "languages", False), (menu.NOT_SAFE, SAFETY, True))
"""The buttons of every screen: label, data, danger."""

COMMANDS = (
    ("start", _("Start")),
    ("menu", _("What I can do")),
    ("safe", _("I'm not safe")),
    ("story", _("My request")),
    ("talk", _("Talk to a person")),
    ("complain", _("Tell what is wrong")),
    ("data", _("What you keep about me")),
    ("language", _("Choose a language")),
    ("stop", _("Stop what we are doing")),
    ("help", _("Help")),
)
"""Telegram's menu of commands. Staff have more of them; those are told to staff alone."""

ABOUT = (
    _("Find out about independent visitors, and ask for one."),
    _(
        "An independent visitor is a grown-up who visits a young person in care, as a friend. I'm a computer program. "
        "I can tell you about visitors and help you ask for one. I don't send anything to anyone until you say yes.\n\n"
        "Nobody watches this chat. If you are not safe, ring 999. Or ring Childline, free, on 0800 1111."
    ),
)
"""Telegram's short and long description of the bot."""

NOT_HERE = _("I only talk with one person at a time. Please write to me in a chat of our own.")
