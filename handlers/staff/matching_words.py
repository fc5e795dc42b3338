"""Why somebody could fit a child, in words; and the words in which children say whom they would like.

The lists are no sentences: each language has its own, with commas between the entries.
"""

from bot.domain.interest import Outcome, Proposal, Said
from bot.domain.matching import FAITHS, Code, Fit, LeftOut, Past, Reason, Wish, plain_wishes
from bot.engine.folding import fold
from bot.i18n import FALLBACK, Text, Words, _, n_

TYPED = {
    Wish.WOMAN: _("woman, women, lady, ladies, female"),
    Wish.MAN: _("man, men, guy, bloke, male"),
    Wish.SAME_LANGUAGE: _("my language, same language, my own language"),
    Wish.SAME_FAITH: _("my faith, same faith, my religion, same religion"),
    Wish.BUDDHIST: _("buddhist, buddhism"),
    Wish.CHRISTIAN: _("christian, christianity, catholic, church"),
    Wish.HINDU: _("hindu, hinduism"),
    Wish.JEWISH: _("jewish, jew, judaism"),
    Wish.MUSLIM: _("muslim, islam, islamic, mosque"),
    Wish.SIKH: _("sikh, sikhism"),
}
NEGATIONS = _("not, no, don't, never, without, isn't, doesn't, nobody")

WISHES = {
    Wish.WOMAN: _("a woman"),
    Wish.MAN: _("a man"),
    Wish.SAME_LANGUAGE: _("the same language"),
    Wish.SAME_FAITH: _("the same faith"),
    Wish.BUDDHIST: _("a Buddhist"),
    Wish.CHRISTIAN: _("a Christian"),
    Wish.HINDU: _("a Hindu"),
    Wish.JEWISH: _("somebody Jewish"),
    Wish.MUSLIM: _("a Muslim"),
    Wish.SIKH: _("a Sikh"),
}
PAST = {
    Past.VOLUNTEER_NO: _("said no to this child before"),
    Past.ENDED: _("visited this child before"),
    Past.CHILD_NO: _("this child said no to them before"),
}
LIKES = {Fit.FOR: _("both like {likes}"), Fit.UNKNOWN: _("what they both like")}
LANGUAGE = {
    Fit.FOR: _("speaks {language}"),
    Fit.AGAINST: _("is not noted as speaking {language}"),
    Fit.UNKNOWN: _("whether they speak {language}"),
}
WISH = {
    Fit.FOR: _("as wished: {wish}"),
    Fit.AGAINST: _("not as wished: {wish}"),
    Fit.UNKNOWN: _("whether as wished: {wish}"),
}
PROVIDER = {
    Fit.FOR: _("is a volunteer of {provider}"),
    Fit.AGAINST: _("is no volunteer of {provider}"),
    Fit.UNKNOWN: _("whether {provider}, whose volunteer they are, agrees"),
}
AREA = {
    Fit.FOR: _("visits where the child lives"),
    Fit.AGAINST: _("does not visit where the child lives"),
    Fit.UNKNOWN: _("whether they visit where the child lives"),
}
FREE = n_("{n} place free", "{n} places free")
ASKED = n_("is asked about {n} other child now", "is asked about {n} other children now")
LEFT_OUT = {
    LeftOut.NOT_READY: n_("{n} not ready", "{n} not ready"),
    LeftOut.FULL: n_("{n} full", "{n} full"),
    LeftOut.CONFLICT: n_("{n} who asked for this child", "{n} who asked for this child"),
}


STATE = {
    (Said.NOTHING, Said.NOTHING): _("the volunteer is asked, since {day}"),
    (Said.YES, Said.NOTHING): _("the volunteer said yes, the child is asked, since {day}"),
    (Said.YES, Said.YES): _("both have said yes, since {day}"),
}
OUTCOME = {
    Outcome.MATCHED: _("they are a match, since {day}"),
    Outcome.VOLUNTEER_NO: _("the volunteer said no, on {day}"),
    Outcome.CHILD_NO: _("the child said no, on {day}"),
    Outcome.DROPPED: _("withdrawn, on {day}"),
}


def state(proposal: Proposal) -> Text:
    """Where a proposal stands; {day} is for the caller to fill."""
    if proposal.outcome is not Outcome.OPEN:
        return OUTCOME[proposal.outcome]
    return STATE[proposal.volunteer_said, proposal.child_said]


def wishes(words: Words, said: str, language: str) -> frozenset[Wish]:
    """What a child plainly wishes: in their language, or else in English or another, with no "not" of any language."""
    own = _typed(words, language)
    if found := plain_wishes(fold(said), *own):
        return found
    others = [_typed(words, other) for other in dict.fromkeys((FALLBACK, *words.languages))]
    negations = [negation for _lists, those in (own, *others) for negation in those]
    read = (plain_wishes(fold(said), lists, negations) for lists, _negations in others)
    return next((found for found in read if found), frozenset())


def _typed(words: Words, language: str) -> tuple[dict[Wish, list[str]], list[str]]:
    """The words of each wish in a language, and those that turn a wish into its opposite; folded."""
    return {wish: _entries(words, text, language) for wish, text in TYPED.items()}, _entries(words, NEGATIONS, language)


def faith(words: Words, said: str) -> Wish | None:
    """The faith somebody is noted with, if it is one that is known, in any language spoken here."""
    heard = f" {fold(said)} "
    for wish in sorted(FAITHS):
        names = [name for listed in words.every(TYPED[wish]) for name in _split(listed)]
        if any(f" {name} " in heard for name in names):
            return wish
    return None


def told(reason: Reason, language: str, likes: list[Text | str]) -> Text | None:
    """A reason in words; None where there is nothing to say. `language`: its name; `likes`: those of the reason."""
    match reason.code:
        case Code.PAST:
            return PAST.get(Past(reason.values[0]))
        case Code.LIKES:
            return LIKES[reason.fit].fill(likes=likes)
        case Code.LANGUAGE:
            return LANGUAGE[reason.fit].fill(language=language)
        case Code.WISH:
            return WISH[reason.fit].fill(wish=WISHES[Wish(reason.values[0])])
        case Code.PROVIDER:
            return PROVIDER[reason.fit].fill(provider=reason.values[0]) if reason.values[0] else None
        case Code.AREA:
            return AREA[reason.fit]
        case Code.FREE:
            return FREE.fill(n=reason.amount)
    return ASKED.fill(n=-reason.amount) if reason.amount else None


def _entries(words: Words, text: Text, language: str) -> list[str]:
    return _split(words.plain(text, language))


def _split(listed: str) -> list[str]:
    return [fold(entry) for entry in listed.split(",") if fold(entry)]
