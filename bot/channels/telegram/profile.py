"""What Telegram shows of the bot before anybody has spoken: its commands, and what it is for, in every language."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bot.i18n import Text, Words

log = structlog.get_logger()

_ISO_639_1 = len("en")


async def show(bot: Bot, words: Words, commands: Sequence[tuple[str, Text]], about: tuple[Text, Text]) -> None:
    """Set what differs: Telegram allows few changes an hour. What fails is logged, and the rest goes on."""
    short, long = about
    for language, code in _languages(words):
        listed = [BotCommand(name, words.plain(text, language)) for name, text in commands]
        with _logged("commands", language):
            await _set_commands(bot, listed, code)
        with _logged("short_description", language):
            await _set_short(bot, words.plain(short, language), code)
        with _logged("description", language):
            await _set_long(bot, words.plain(long, language), code)


@contextmanager
def _logged(part: str, language: str) -> Iterator[None]:
    try:
        yield
    except TelegramError as error:
        log.warning("telegram.profile_failed", part=part, language=language, error=type(error).__name__)


def _languages(words: Words) -> Iterator[tuple[str, str | None]]:
    """Each language with Telegram's code for it; first the default, for people who read none of them.

    Telegram knows languages by two letters (ISO 639-1): one that has none, such as Dari, is left to the default.
    """
    yield words.languages[0], None
    for language in words.languages:
        code = language.split("-")[0].lower()
        if len(code) == _ISO_639_1:
            yield language, code


async def _set_commands(bot: Bot, wanted: Sequence[BotCommand], code: str | None) -> None:
    if tuple(wanted) != await bot.get_my_commands(language_code=code):
        await bot.set_my_commands(wanted, language_code=code)


async def _set_short(bot: Bot, wanted: str, code: str | None) -> None:
    if wanted != (await bot.get_my_short_description(code)).short_description:
        await bot.set_my_short_description(wanted, language_code=code)


async def _set_long(bot: Bot, wanted: str, code: str | None) -> None:
    if wanted != (await bot.get_my_description(code)).description:
        await bot.set_my_description(wanted, language_code=code)
