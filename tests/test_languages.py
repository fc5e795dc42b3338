"""More than one language: chosen, changed in the middle of a form, and typed in another."""

import shutil
from pathlib import Path

import pytest

from bot.settings import DATA, Service, Settings
from tests.conversation import Someone, World

WELSH = {
    "Who would the visitor be for?": "I bwy fyddai'r ymwelydd?",
    "Me": "Fi",
    "Yes": "Ydw",
    "Which language feels best?": "Pa iaith sydd orau?",
    "How old are you? A number is fine, like 11.": "Faint yw dy oed?",
    "Do you live in {area}?": "Wyt ti'n byw yn {area}?",
}


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Someone:
    """Somebody at a service that speaks English and a little Welsh."""
    shutil.copytree(DATA / "locales", tmp_path / "locales")
    folder = tmp_path / "locales" / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    entries = "".join(f'\nmsgid "{english}"\nmsgstr "{welsh}"\n' for english, welsh in WELSH.items())
    (folder / "ivbot.po").write_text(head + entries, encoding="utf-8")
    monkeypatch.setattr("bot.engine.context.DATA", tmp_path)
    return World(tmp_path, Settings(service=Service(languages=["en", "cy"]))).someone("child", "web")


async def test_the_channels_hint_is_followed(child: Someone) -> None:
    """Nobody has to choose: what the channel says they read is spoken, as far as it is there."""
    await child.say("/start", language="cy-GB")
    assert await child.press("interest") == "I bwy fyddai'r ymwelydd?"
    assert child.buttons[:2] == ["Fi", "A child I care for or work with"]


async def test_a_language_the_service_does_not_speak_is_answered_in_its_first(child: Someone) -> None:
    """The fallback is the first language of the service."""
    await child.say("/start", language="fr")
    assert await child.press("interest") == "Who would the visitor be for?"


async def test_a_choice_holds_and_asks_the_open_question_again(child: Someone) -> None:
    """Chosen by the language's own name; the form goes on in it, with what was answered before."""
    await child.say("/start", language="en")
    await child.press("interest")
    await child.press("Me")
    await child.say("Sam")
    await child.say("/language")
    assert child.buttons == ["English", "Cymraeg"]
    assert (await child.press("Cymraeg")).endswith("Faint yw dy oed?")
    assert await child.say("11", language="en") == "Wyt ti'n byw yn our area?"


@pytest.mark.parametrize("typed", ["Ydw", "yes", "YDW!", "1"])
async def test_an_answer_may_be_typed_in_any_language(child: Someone, typed: str) -> None:
    """A label of any language spoken here is understood, whichever the question was asked in."""
    await child.say("/start", language="en")
    for line in ("/interest", "fi", "Sam", "11"):
        await child.say(line)
    assert "What do you like doing?" in await child.say(typed)


async def test_a_page_that_is_not_translated_comes_in_english_and_says_so(child: Someone) -> None:
    """Better in English than not at all, with a line that owns up to it."""
    await child.say("/start", language="cy")
    heard = await child.press("page:can-i-have-one")
    assert heard.startswith("This page is not in your language yet")
    assert "Can I have one?" in heard
