"""Where a request stands, in words for the child: fixed for each step and reason, so that nobody can make them cold.

A coordinator's own reason is never among them.
"""

import datetime as dt

from markupsafe import Markup

from bot.domain.interest import Interest, Match, Note, Reason, Status, picture
from bot.engine.turn import Turn
from bot.i18n import Text, _
from bot.store.breaks import Break
from bot.store.goodbyes import Goodbye

NOW = {
    Status.ASKED: _("Your answers are with {coordinator}."),
    Status.TALKING: _("{Coordinator} talks with you about what you would like."),
    Status.REFERRED: _("Your name is down for a visitor."),
    Status.WAITING: _("We are looking for the right visitor for you."),
    Status.MATCHED: _("You have a visitor: {visitor}."),
    Status.VISITING: _("{Visitor} comes to see you."),
}
NEXT = {
    Status.ASKED: _("Next, {coordinator} reads them and talks with you, in the way you chose."),
    Status.TALKING: _("Next, they put your name down for a visitor."),
    Status.REFERRED: _("Next, we start to look for the right person."),
    Status.WAITING: _(
        "This can take some months. I'll tell you here when we have found somebody. You can say no to them."
    ),
    Status.MATCHED: _("Next, you meet. You can say no at any time, and you don't have to say why."),
    Status.VISITING: _("You can look at your next visit here. You can ask for a change at any time."),
}
LOOKING_AGAIN = _("We are looking for another visitor for you. You did nothing wrong.")
NEAR_YOU = _("You live outside {area}. So {who} looks for a visitor near you.")
ABOUT = _("About {visitor}: {about}")
YOUR_VISITOR = _("your visitor")
ON_A_BREAK = _("{Visitor} has a break from visits. It's not because of you.")
ON_A_BREAK_UNTIL = _("{Visitor} has a break from visits, until {until} or a bit longer. It's not because of you.")
AFTER_THE_BREAK = _("When there is a new visit, I tell you here. You can talk to a person any day.")
STOPS = _("{Visitor} can't be your visitor for much longer. It's not because of you.")
LAST_VISIT = _("You can have a last visit to say goodbye. They thought of {day}.")
AFTER_GOODBYE = _("A goodbye can be hard. You can talk to a person about it, and about what you would like next.")
NOTED = {
    Note.NEW_SOCIAL_WORKER: _("We know that you have a new social worker. Your request goes on. Nothing starts again."),
    Note.MOVED: _("We know that you have moved. Your request goes on. Nothing starts again."),
    Note.NO_SOCIAL_WORKER: _(
        "We know that you have no social worker right now. Your request goes on. Nothing starts again."
    ),
    Note.NEW_PROVIDER: _("Other people look after the visits now. Your request goes on. Nothing starts again."),
}
TURN_TO = _("Until you have a new one, {who} is there for you.")
RING_THEM = _("Until you have a new one, {who} is there for you. You can ring them: {phone}.")
PAUSED = {
    Reason.CHILD_PAUSED: _("You wanted a pause, and that's fine."),
    Reason.CHILDS_WISH: _("You said that now is not the right time, and that's fine."),
    Reason.TIMING: _("Your request has a pause. Now is not a good time to start."),
    Reason.CIRCUMSTANCES: _("Your request has a pause, because a lot is changing for you right now."),
    Reason.NO_VISITOR_FREE: _("Your request has a pause. There is no visitor free right now. It's not because of you."),
    Reason.OTHER: _("Your request has a pause. It is not lost."),
}
ASK_AGAIN = _("I'll ask you again on {day}. You can go on any day before that.")
UNTIL_YOU_SAY = _("Nothing happens until you say. You can go on any day.")
GO_ON_NOW = _("You wanted me to ask you again. Would you like to go on? It's fine to wait.")
LOOK_AGAIN = _("We look at it again on {day}. Then I'll send you a message. You can talk to a person any day.")
LOOK_NOW = _("The day to look at it again has come. {Coordinator} has been told. You can talk to a person any day.")
SAID_NO = {
    Reason.CHILDS_WISH: _("You said that you don't want a visitor, and that's fine."),
    Reason.TOO_YOUNG: _("The answer is no this time. Our visitors are for older children."),
    Reason.BRIEFLY_IN_CARE: _("The answer is no this time. They think that you may not be in care for long."),
    Reason.REGULAR_CONTACT: _("The answer is no this time. They think that you see enough people who care about you."),
    Reason.SETTLED: _("The answer is no this time. They think that things go well where you live."),
    Reason.OTHER: _("The answer is no this time."),
}
STILL_ASK = _(
    "You did nothing wrong, and you can still ask. If a visitor would be good for you, your council must find you one."
)
WHO_ELSE = {
    "england": _(
        "Tell the person who runs your reviews. Or ask for an advocate: someone who helps you say what you want. "
        "Help at Hand can help, free: 0800 528 0731. Or talk to a person here."
    ),
    "wales": _(
        "Tell the person who runs your reviews. Or ask for an advocate: someone who helps you say what you want. "
        "Meic can help, free: 080880 23456. Or talk to a person here."
    ),
}
GOODBYE = {
    Reason.SAID_GOODBYE: _("Your visits with {visitor} have come to an end, and you said goodbye."),
    Reason.CHILDS_WISH: _("You wanted the visits to stop, and that's fine. They have stopped."),
    Reason.VISITOR_STOPS: _("{Visitor} can't visit you any more. It's not because of you."),
    Reason.LEFT_CARE: _("You have left care, so your visits with {visitor} have come to an end."),
    Reason.OTHER: _("Your visits with {visitor} have come to an end."),
}
THANKS = _("Thank you for the time you had together. A goodbye can be hard. You can talk to a person about it.")
ASK_ANEW = _("You can ask for a visitor again any day.")
ADVISER = _("Your personal adviser can tell you who else is there for you.")


def on_the_road(turn: Turn, interest: Interest, match: Match | None, note: Note | None) -> Markup:
    """The picture, where it stands, what is new beside the road, and what comes next."""
    status, visitor = interest.status, match.visitor if match else YOUR_VISITOR
    again = status is Status.WAITING and match is not None
    now = turn.html((LOOKING_AGAIN if again else NOW[status]).fill(visitor=visitor))
    lines = [Markup("{}\n<b>{}</b>").format(picture(status), now)]
    if status in {Status.REFERRED, Status.WAITING} and interest.provider:
        lines.append(turn.html(NEAR_YOU.fill(who=interest.provider)))
    if status is Status.MATCHED and match and match.about:
        lines.append(turn.html(ABOUT.fill(visitor=visitor, about=match.about)))
    if note in NOTED:
        lines.append(turn.html(NOTED[note]))
    if note is Note.NO_SOCIAL_WORKER and (who := turn.context.settings.road.no_worker_contact):
        contact = getattr(turn.context.settings.contacts, who)
        lines.append(turn.html((RING_THEM if contact.phone else TURN_TO).fill(who=contact.name, phone=contact.phone)))
    return Markup("\n\n").join([*lines, turn.html(NEXT[status])])


def of_the_visitor(turn: Turn, match: Match, pause: Break | None, goodbye: Goodbye | None) -> list[Markup]:
    """That the visitor has a break, or is going to stop: the second only after a coordinator has agreed."""
    said: list[Text] = []
    if goodbye and goodbye.agreed_at:
        last = dt.date.fromisoformat(goodbye.last_on) if goodbye.last_on else None
        ahead = last is not None and last >= turn.day(turn.stamp)
        said += [STOPS, *([LAST_VISIT.fill(day=last)] if ahead else []), AFTER_GOODBYE]
    elif pause:
        until = turn.date(pause.until) if pause.until else None
        said += [ON_A_BREAK_UNTIL.fill(until=until) if until else ON_A_BREAK, AFTER_THE_BREAK]
    return [turn.html(text.fill(visitor=match.visitor)) for text in said]


def paused(turn: Turn, interest: Interest) -> Markup:
    """Why there is a pause, and until when."""
    day = dt.date.fromisoformat(interest.review_on) if interest.review_on else None
    over = day is not None and day <= turn.day(turn.stamp)
    if interest.may_go_on:
        until = GO_ON_NOW if over else ASK_AGAIN if day else UNTIL_YOU_SAY
    else:
        until = LOOK_NOW if over else LOOK_AGAIN
    return _both(turn, _of(PAUSED, interest), until.fill(day=day or ""))


def declined(turn: Turn, interest: Interest) -> Markup:
    """No, for a reason that takes no right away, and who else can be asked."""
    return _both(turn, _of(SAID_NO, interest), STILL_ASK, WHO_ELSE[turn.context.settings.service.jurisdiction])


def ended(turn: Turn, interest: Interest, match: Match | None) -> Markup:
    """A goodbye, thanks, and what next."""
    words = _of(GOODBYE, interest).fill(visitor=match.visitor if match else YOUR_VISITOR)
    after = ADVISER if interest.closed_reason == Reason.LEFT_CARE else ASK_ANEW
    return _both(turn, words, THANKS, after)


def _of(words: dict[Reason, Text], interest: Interest) -> Text:
    code = interest.closed_reason
    return words[Reason(code)] if code in words else words[Reason.OTHER]


def _both(turn: Turn, *texts: Text) -> Markup:
    return Markup("\n\n").join(turn.html(text) for text in texts)
