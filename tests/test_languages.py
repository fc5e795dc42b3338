"""More than one language: chosen, offered, changed in the middle of anything, and typed in another."""

import datetime as dt
from pathlib import Path

import pytest

from bot.domain.complaints import Complainer, Subject
from bot.domain.interest import Status
from bot.domain.references import new_code
from bot.engine import answers, filling, turn
from bot.engine.danger import Danger
from bot.engine.message import Button, Kind, Outgoing, rows
from bot.i18n import Text
from bot.settings import Service, Settings
from bot.store import codes, outbox, people
from bot.store.clock import stamp
from handlers import complaint_words, interest_form, languages, menu, safety_words, start, visit_reminders
from handlers.staff import request
from tests import casework, records
from tests.conversation import Someone, World
from tests.spoken import read_by_somebody, words_of
from tests.visiting import SATURDAY, Visiting, heard

SIX = ["en", "cy", "ar", "fa", "pl", "uk"]
OTHERS = SIX[1:]
IN_POLISH = "kto płaci za bilety do kina"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, Settings(service=Service(languages=SIX)))


@pytest.fixture
def child(world: World) -> Someone:
    """Somebody at a service that speaks all six languages."""
    return world.someone("child", "web")


def label(someone: Someone, text: Text, language: str) -> str:
    return someone.world.context.words.plain(text, language)


def names(someone: Someone) -> list[str]:
    return [someone.world.context.words.name(language) for language in SIX]


async def coordinator(world: World) -> Someone:
    staff = world.someone("staff")
    async with world.database() as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, "coordinator", "", world.now)
    await staff.say(f"/start {code}")
    return staff


# Choosing


async def test_the_first_screen_has_every_language_by_its_own_name(child: Someone) -> None:
    """Which language feels best is asked first, in the hinted one; then hello. Once chosen, it is asked no more."""
    heard_first = await child.say("/start", language="pl-PL")
    first = child.messages[0].message

    assert [button.label for row in first.buttons for button in row] == names(child)
    assert label(child, languages.WHICH, "pl") in heard_first
    assert label(child, start.WELCOME, "pl").split("\n")[0] in heard_first
    await child.press("Cymraeg")
    assert label(child, languages.WHICH, "cy") not in await child.say("/start")


@pytest.mark.parametrize("hint", ["cy-GB", "CY", "cy"])
async def test_the_channels_hint_is_followed(child: Someone, hint: str) -> None:
    """Nobody has to choose: what the channel says they read is spoken."""
    await child.say("/start", language=hint)
    assert await child.press("interest") == label(child, interest_form.FOR_WHOM, "cy")


@pytest.mark.parametrize(
    ("hint", "language"), [("fr", "en"), ("prs", "fa"), ("fa-AF", "fa"), ("xx-YY", "en"), ("", "en")]
)
async def test_a_hint_finds_the_nearest_language(child: Someone, hint: str, language: str) -> None:
    """Dari has a tag of its own; a language the service does not speak is answered in its first."""
    await child.say("/start", language=hint)
    assert await child.press("interest") == label(child, interest_form.FOR_WHOM, language)


@pytest.mark.parametrize("language", OTHERS)
async def test_a_choice_holds_and_asks_the_open_question_again(child: Someone, language: str) -> None:
    """Chosen by its own name; the form goes on in it, with what was answered before, whatever the channel hints."""
    await child.say("/start", language="en")
    await child.press("interest")
    await child.press("Me")
    await child.say("Sam")
    assert await child.press("languages") == "Which language feels best?"
    assert child.buttons == names(child)
    heard_now = await child.press(f"language:{language}")
    assert label(child, languages.CHOSEN, language) in heard_now
    assert label(child, interest_form.AGE, language) in heard_now
    assert "Sam" not in await child.say("11", language="en")
    assert child.buttons[0] == label(child, answers.YES, language)


@pytest.mark.parametrize("language", OTHERS)
async def test_an_answer_may_be_typed_in_any_language(child: Someone, language: str) -> None:
    """A label of any language spoken here is understood, whichever the question was asked in."""
    await child.say("/start", language="en")
    for line in ("/interest", label(child, interest_form.ME.label, language), "Sam", "11"):
        await child.say(line)
    assert "What do you like doing?" in await child.say(label(child, answers.YES, language).upper() + "!")


@pytest.mark.parametrize(("typed", "age"), [
    ("عمري خمسة عشر", 15), ("3ashra", 10), ("piętnaście", 15), ("mam siedemnascie lat", 17),
    ("пятнадцять", 15), ("blå", None),
    ("мені п'ятнадцять", 15), ("im 11", 11), ("un ar ddeg", 11), ("پانزده ساله هستم", 15), ("۱۴", 14), ("١٤ سنة", 14),
])  # fmt: skip
async def test_an_age_may_be_typed_in_words_of_any_language(child: Someone, typed: str, age: int | None) -> None:
    """Numbers of several words, with their digits and endings, are what they are; else a number is asked for."""
    await child.say("/start", language="en")
    for line in ("/interest", "Me", "Sam"):
        await child.say(line)
    heard_now = await child.say(typed)
    if age is None:
        assert answers.NEED_NUMBER.msgid in heard_now
    async with child.world.database() as database, database.reading() as reader:
        kept = await reader.one("SELECT answers ->> 'age' AS age FROM forms")
    assert kept
    assert kept["age"] == age


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_the_picker_is_always_in_reach(world: World, channel: str) -> None:
    """On the page's bar on every screen; on Telegram under every menu and as a command. Staff have it as well."""
    child = world.someone("child", channel)
    await child.say("/start", language="ar")
    if channel == "telegram":
        assert label(child, menu.LANGUAGE, "ar") in child.buttons
    await child.press("languages")
    assert child.buttons == names(child)
    staff = await coordinator(world)
    await staff.say("/menu")
    assert "🌐 English" in staff.buttons


# Whose words they are


async def test_once_in_each_language_the_bot_owns_up(child: Someone) -> None:
    """A computer wrote its words: said once in each language that nobody has read; never in English."""
    await child.say("/start", language="en")
    told = {language: label(child, turn.BY_MACHINE, language) for language in SIX}
    for language in ("pl", "uk", "pl", "en", "uk"):
        await child.press("languages")
        await child.press(f"language:{language}")
        await child.say("/menu")
    everything = heard(child)

    counts = [sum(told[language] in said for said in everything) for language in ("pl", "uk", "en", "ar")]
    assert counts == [1, 1, 0, 0]
    assert told["pl"] != told["uk"] != told["en"]


async def test_danger_comes_before_owning_up(child: Someone) -> None:
    """Who says first of all that they want to die hears the safety words first; whose words they are comes later."""
    await child.say("chcę się zabić", language="pl")
    assert label(child, safety_words.THANKS, "pl") in heard(child)[0]
    await child.say("on jest teraz w kuchni")
    assert label(child, turn.BY_MACHINE, "pl") not in "".join(heard(child))
    await child.say("/menu")
    assert heard(child)[-1].endswith(label(child, turn.BY_MACHINE, "pl"))


@pytest.mark.parametrize("language", OTHERS)
async def test_safety_words_have_the_english_beside(child: Someone, language: str) -> None:
    """As long as only a computer has seen the words, a grown-up beside the child can read them too."""
    await child.say("/start", language=language)
    for data in ("safety", "safety:tell", "safety:no", "safety:read"):
        await child.send(Kind.BUTTON, data=data)
        screen = "\n".join(heard(child, -2))
        assert "\nEnglish\n" in screen
    assert all("English" not in message for message in heard(child)[:2])
    assert safety_words.THANKS.msgid in "\n".join(heard(child))
    assert label(child, safety_words.THANKS, language) in "\n".join(heard(child))


async def test_words_that_somebody_has_read_stand_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In English, and in a language that somebody has read, nothing stands beside, and nobody owns up."""
    monkeypatch.setattr("bot.engine.context.DATA", tmp_path)
    (tmp_path / "locales").mkdir()
    read_by_somebody(tmp_path / "locales", "pl")
    child = World(tmp_path, Settings(service=Service(languages=SIX))).someone("child", "web")
    for language in ("en", "pl"):
        await child.send(Kind.BUTTON, data=f"language:{language}")
        assert (await child.press("safety")).count(label(child, safety_words.THANKS, language)) == 1
    assert safety_words.THANKS.msgid not in heard(child)[-1]
    assert label(child, turn.BY_MACHINE, "pl") not in "".join(heard(child))


# Typed in another language


async def test_another_language_that_is_typed_is_answered_and_offered_once(child: Someone) -> None:
    """The page comes in the language of the chat; then their own is offered, in it; pressed, the page comes in it."""
    await child.say("/start", language="en")
    pages = child.world.context.pages
    english, polish = pages.get("money", "en"), pages.get("money", "pl")
    assert english
    assert polish
    heard_now = await child.say(IN_POLISH)
    assert english.title in heard_now
    assert heard_now.endswith(label(child, languages.NOTICED, "pl"))
    assert child.buttons == ["Polski", "English"]
    assert polish.title in await child.press("Polski")
    assert label(child, languages.NOTICED, "en") in await child.say("who pays for the cinema tickets and the food")
    assert label(child, languages.NOTICED, "en") not in await child.say("how often do we see each other then")


async def test_who_stays_is_not_asked_again(child: Someone) -> None:
    """An offer that was not taken is not made twice."""
    await child.say("/start", language="en")
    await child.say(IN_POLISH)
    await child.press("English")
    assert label(child, languages.NOTICED, "pl") not in await child.say(IN_POLISH)


async def test_danger_typed_in_another_language_is_answered_in_it_too(child: Someone) -> None:
    """Danger is heard in every language spoken here: the words come in the chat's, in the typed one, and in English."""
    await child.say("/start", language="cy")
    heard_now = await child.say("chcę się zabić")
    assert all(label(child, safety_words.THANKS, language) in heard_now for language in ("cy", "pl", "en"))
    assert label(child, safety_words.THANKS, "uk") not in heard_now


NAMES = (
    "Sam", "Ali", "Sara", "Maria", "Kim", "Jo", "Max", "Noor", "Amir", "Dina", "Omar", "Layla", "Yusuf", "Hana",
    "Ola", "Jan", "Ewa", "Kasia", "Marek", "Olena", "Ivan", "Taras", "Dilan", "Reza", "Mina", "Zahra", "Gwen",
    "Dylan", "Rhys", "Megan", "Bartek", "Lina", "Tom", "Rose", "Grace", "Mark", "Will", "Hope", "Tia", "Zoe", "Alice",
    "Blake", "Heledd", "علي", "رامي", "ياسين", "نادية", "مریم", "صدیقه", "وحیده", "مهدی",
    "دنیا", "Надія", "Світлана", "Богдан",
)  # fmt: skip


PLAIN = {
    "fa": (
        "پدرم مرا هر روز می‌زند", "بابام منو هر روز میزنه", "برادرم مرا هر شب می‌زند", "معلم ما را با چوب هر روز می‌زند",
        "پدرم مادرم را هر شب می‌زند", "کاکایم گفت یک روز تو را می‌کشم", "مادراندرم به من هیچ وقت نان نمی‌دهد",
        "padaram mara har shab mizanad",
    ),
    "pl": (
        "on mnie codziennie bije", "on mnie pasem bije", "co dzień mnie bije", "rękami mnie dusi",
        "on mnie papierosem przypala", "w komórce mnie zamykają", "jedzenia mi nie dają", "nożem mi wczoraj groził",
    ),
    "uk": (
        "він мене щодня б'є", "він мене ременем б'є", "мене вдома б'ють", "тато маму щодня б'є",
        "вона мене праскою обпекла", "мені тут їсти не дають", "він мене вбити обіцяє", "отчим меня ремнем бьет",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("language", "typed"), [(one, line) for one, lines in PLAIN.items() for line in lines])
def test_the_order_of_the_words_hides_no_danger(tmp_path: Path, language: str, typed: str) -> None:
    """How often, when and with what may stand between who is hurt and the blow, and the blow may come last."""
    alarm = World(tmp_path, Settings(service=Service(languages=SIX))).context.alarm

    assert alarm.hear(typed, language).danger is Danger.DANGER


@pytest.mark.parametrize("language", SIX)
def test_no_first_name_is_danger(tmp_path: Path, language: str) -> None:
    """A name typed by itself is a name, whatever it means in another language spoken here."""
    alarm = World(tmp_path, Settings(service=Service(languages=SIX))).context.alarm

    assert [name for name in NAMES if alarm.hear(name, language).danger is not Danger.NONE] == []


@pytest.mark.parametrize("language", SIX)
def test_the_words_of_the_red_button_are_danger(tmp_path: Path, language: str) -> None:
    """Who types what the button says is heard as who presses it."""
    world = World(tmp_path, Settings(service=Service(languages=SIX)))
    typed = world.context.words.plain(menu.NOT_SAFE, language)

    assert world.context.alarm.hear(typed, language).danger is Danger.DANGER


@pytest.mark.parametrize("language", SIX)
async def test_no_command_is_danger(child: Someone, language: str) -> None:
    """/help is help, whatever the word is like in another language."""
    await child.say("/start", language=language)
    for command in ("/help", "/menu", "/stop", "/data"):
        assert label(child, safety_words.LINES, language) not in await child.say(command)


@pytest.mark.parametrize("typed", ["zgwałcił", "اغتصبني", "зґвалтування", "chcę się zabić", "خودکشی"])
@pytest.mark.parametrize("language", SIX)
def test_danger_of_another_language_is_heard(tmp_path: Path, language: str, typed: str) -> None:
    """In one word as well: nobody has to change the language first."""
    alarm = World(tmp_path, Settings(service=Service(languages=SIX))).context.alarm

    assert alarm.hear(typed, language).danger is not Danger.NONE


@pytest.mark.parametrize("typed", ["kiedy sa ferie", "Kim są osoby odwiedzające?", "sa i moyn ymwelydd", "jak czesto"])
@pytest.mark.parametrize("language", SIX)
def test_questions_of_another_language_are_none(tmp_path: Path, language: str, typed: str) -> None:
    """What is short for danger in one language is an ordinary word of another."""
    alarm = World(tmp_path, Settings(service=Service(languages=SIX))).context.alarm

    assert alarm.hear(typed, language).danger is not Danger.DANGER


@pytest.mark.parametrize(("typed_in", "language"), [("ar", "fa"), ("fa", "ar")])
def test_what_only_looks_like_ones_own_words_is_no_worry(tmp_path: Path, typed_in: str, language: str) -> None:
    """Arabic and Dari share their letters: questions in the one ring in a chat of the other no more than at home."""
    context = World(tmp_path, Settings(service=Service(languages=SIX))).context
    asks = [ask for page in context.pages.every() if page.language == typed_in for ask in page.asks][::9]
    plain = [ask for ask in asks if context.alarm.language_of(ask, language) == typed_in]

    def rings(ask: str, chat: str) -> bool:
        return context.alarm.hear(ask, chat).danger is Danger.WORRY

    assert len(plain) > len(asks) / 2
    assert [ask for ask in plain if rings(ask, language) and not rings(ask, typed_in)] == []


@pytest.mark.parametrize(
    ("typed", "language"), [("Polski", "pl"), ("العربية", "ar"), ("دری", "fa"), ("Ukrainian", "uk")]
)
async def test_a_language_may_be_typed_by_its_name(child: Someone, typed: str, language: str) -> None:
    """Its own name, or what it is called in another language spoken here."""
    await child.say("/start", language="en")
    assert label(child, languages.CHOSEN, language) in await child.say(typed)


async def test_after_danger_a_new_language_says_the_safety_words(child: Someone) -> None:
    """Whoever changes the language then wants to read what can be done, not the form that was open."""
    await child.say("/start", language="en")
    for data in ("interest", "safety", "safety:tell"):
        await child.send(Kind.BUTTON, data=data)
    heard_now = await child.send(Kind.BUTTON, data="language:uk")
    assert label(child, safety_words.LINES, "uk") in heard_now
    assert label(child, interest_form.NAME, "uk") not in heard_now


async def test_a_yes_counts_only_for_the_words_on_the_screen(child: Someone) -> None:
    """An older button, after the language has changed, asks again in the new words; the yes to those is kept."""
    await records.ask(child, send="languages")
    await child.press("Polski")
    offered = "language:en:money"
    await child.send(Kind.BUTTON, data=offered)
    polish = label(child, interest_form.SEND_YES.label, "pl")
    asked = await child.press(polish)
    assert await _consents(child) == []
    assert label(child, interest_form.SEND, "en").splitlines()[0] in asked
    await child.press("Yes, send them")
    ((language, words),) = await _consents(child)
    assert language == "en"
    assert str(words).startswith(label(child, interest_form.SEND, "en").splitlines()[0])


async def _consents(child: Someone) -> list[tuple[object, ...]]:
    async with child.world.database() as database, database.reading() as reader:
        rows = await reader.all("SELECT language, words FROM consents WHERE purpose = 'send'")
        if rows:
            return [tuple(row) for row in rows]
        kept = await reader.all(
            "SELECT answers ->> '$.send.language' AS language, answers ->> '$.send.words' AS words FROM forms"
            " WHERE answers ->> '$.send' IS NOT NULL"
        )
    return [tuple(row) for row in kept]


# In the middle of things


async def test_a_request_may_change_its_language_at_every_question(child: Someone) -> None:
    """Each question comes in another language, and each answer is read in it; all of it is kept."""
    await child.say("/start", language="en")
    await child.press("interest")
    given: tuple[Text | str, ...] = (interest_form.ME.label, "Sam", "11", answers.YES, filling.SKIP_LABEL)
    for language, answer in zip(OTHERS, given, strict=True):
        await child.send(Kind.BUTTON, data=f"language:{language}")
        await child.say(answer if isinstance(answer, str) else label(child, answer, language))
    async with child.world.database() as database, database.reading() as reader:
        kept = await reader.one("SELECT answers FROM forms")
    assert kept
    assert {'"name":"Sam"', '"age":11', '"area":"in"', '"likes":null'} <= {*kept["answers"].strip("{}").split(",")}


async def test_the_coordinator_reads_their_own_language_and_what_the_child_read(world: World) -> None:
    """A child asks in English and says their yes in Polish: the request is in English, the yes as it was read."""
    staff = await coordinator(world)
    child = world.someone("child", "web")
    await records.ask(child)
    await child.send(Kind.BUTTON, data="language:pl")
    async with world.database() as database, database.writer.transaction() as writer:
        yes = label(child, interest_form.SEND, "pl")
        await writer.run("UPDATE interests SET language = 'pl'")
        await writer.run(
            "INSERT INTO consents (person, interest, purpose, given, words, version, language, answered_at)"
            " SELECT person, reference, 'send', 1, ?, 'v', 'pl', ? FROM interests",
            (yes, "2026-06-12T09:00:00.000Z"),
        )
        row = await writer.one("SELECT reference FROM interests")
    assert row
    shown = await staff.say(f"/show {row['reference']}")
    assert "Polish" in shown
    assert "Polski" not in shown
    told = await staff.press(request.WHAT_THEY_READ.msgid)
    assert "They read, in Polish:" in told
    assert yes.splitlines()[0] in told
    await staff.send(Kind.BUTTON, data="language:pl")
    assert label(child, request.STATUS[Status.ASKED], "pl") in await staff.say(f"/show {row['reference']}")


async def test_a_complaint_goes_on_in_the_next_language(tmp_path: Path) -> None:
    """Half told in English, it is asked on in Arabic; what was written stays word for word."""
    child = World(tmp_path, casework.settings(service=Service(languages=SIX))).someone("child", "web")
    await child.say("/start", language="en")
    await child.send(Kind.BUTTON, data="complain")
    await child.press(label(child, complaint_words.ABOUT[Complainer.CHILD][Subject.SOCIAL_WORKER], "en"))
    question = await child.send(Kind.BUTTON, data="language:ar")
    assert label(child, languages.CHOSEN, "ar") in question
    await child.press(child.buttons[1])
    await child.say("She never rings me back")
    async with child.world.database() as database, database.reading() as reader:
        kept = await reader.one("SELECT answers FROM forms")
    assert kept
    assert "She never rings me back" in kept["answers"]


async def test_a_reminder_comes_in_the_language_of_the_day_it_is_sent(tmp_path: Path) -> None:
    """Planned in English, chosen Polish since: the reminder and its day are Polish; the child's news are in theirs."""
    made = await Visiting.open(tmp_path, service={"languages": SIX})
    await made.alex_plans()
    await made.alex.send(Kind.BUTTON, data="language:pl")
    await made.child.send(Kind.BUTTON, data="language:uk")
    before = len(made.alex.messages)
    await made.at(SATURDAY - dt.timedelta(hours=48))
    told = heard(made.alex, before)

    day = label(made.alex, visit_reminders.REMIND.fill(day=dt.date(2026, 6, 20), time=dt.time(14)), "pl")
    assert told == [day]
    assert "sobota, 20 czerwca" in day
    assert label(made.alex, turn.READ_IT, "pl") in made.alex.buttons


async def test_news_waits_for_the_language_of_whoever_comes_back(tmp_path: Path) -> None:
    """Who never chose a language and left the page reads what waited in the language in which they come back."""
    world = World(tmp_path, Settings(service=Service(languages=["cy", *SIX])))
    child = world.someone("child", "web")
    await child.say("/start", language="fa-AF")
    person, now = "SELECT person FROM addresses WHERE address = 'child'", stamp(world.now)
    code = new_code()
    async with world.database() as database, database.writer.transaction() as writer:
        found = await writer.one(person)
        assert found
        await codes.add_receipt(writer, code, found["person"], now)
        await people.remove_address(writer, "web", "child")
        news = Outgoing(world.context.words.html(turn.NEWS, "cy"), rows(Button("Dangos", "story")), language="cy")
        await outbox.add(writer, [(900, 900, found["person"], "web", "", news.to_json(), now, None)])
    again = world.someone("again", "web")
    await again.say(f"/start {code}", language="fa-AF")

    assert label(again, turn.NEWS, "fa") in heard(again)
    assert label(again, turn.READ_IT, "fa") in again.world.screens["web", "again"][-2].message.buttons[0][0].label
    assert label(again, turn.NEWS, "cy") not in "".join(heard(again))


async def test_staff_read_everything_in_their_language(tmp_path: Path) -> None:
    """Stages as their names are translated, the year in their digits, their own role in their own words."""
    made = await Visiting.open(tmp_path, service={"languages": SIX})
    staff = made.staff
    await staff.send(Kind.BUTTON, data="language:fa")
    assert "۲۰۲۶" in await staff.say("/matches")
    assert "coordinator" not in await staff.say("/data")
    await staff.send(Kind.BUTTON, data="language:pl")
    assert "koordynator" in await staff.say("/data")


async def test_a_page_that_is_not_translated_comes_in_english_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Better in English than not at all, with a line that owns up to it."""
    monkeypatch.setattr("bot.engine.context.DATA", tmp_path)
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "en").symlink_to(Path(menu.__file__).parent.parent / "locales" / "en")
    words_of(tmp_path / "locales", "cy")
    child = World(tmp_path, Settings(service=Service(languages=["en", "cy"]))).someone("child", "web")
    await child.say("/start", language="cy")
    heard_now = await child.press("page:can-i-have-one")
    assert heard_now.startswith("This page is not in your language yet")
    assert "Can I have one?" in heard_now
