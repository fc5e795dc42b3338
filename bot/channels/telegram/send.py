"""Outgoing to Telegram's calls, and Telegram's errors to the engine's."""

import asyncio
import datetime as dt
import mimetypes
from collections.abc import Sequence
from pathlib import Path

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram.text import CAPTION, own_tags, pieces, width
from bot.engine.channel import Refused, TryAgain, Unreachable
from bot.engine.message import Button, Outgoing, Parcel

mimetypes.add_type("text/calendar", ".ics")  # the library asks this table, which knows it on some machines only

_DANGER = "🔴"
_REASONS = (
    "can't parse entities", "message is too long", "message text is empty", "button_data_invalid",
    "caption is too long", "file is too big", "not enough rights", "inline keyboard button url",
    "request entity too large",
)  # fmt: skip
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def deliver(bot: Bot, parcel: Parcel, file: Path | None) -> None:
    """Send one message. Raises TryAgain, Unreachable or Refused, and nothing of the library's along with it.

    A message of several pieces that fails on the way is sent again from its first piece.
    """
    failure: TryAgain | Unreachable | Refused
    try:
        if parcel.message.document is None:
            await _send_text(bot, parcel.address, parcel.message)
        elif file is None:
            raise FileNotFoundError
        else:
            await _send_file(bot, parcel.address, parcel.message, file)
    except TelegramError as error:
        failure = _told(error)
    except OSError:
        failure = TryAgain()  # the file is not there: the next attempt renders it anew
    else:
        return
    # Outside of the except block: what is raised in there would keep the library's error as its context.
    raise failure


async def _send_text(bot: Bot, chat: str, message: Outgoing) -> None:
    texts = pieces(own_tags(message.html))
    markup = _keyboard(message.buttons)
    for number, text in enumerate(texts, start=1):
        keyboard = markup if number == len(texts) else None
        if number == 1 and message.replaces.isdecimal():
            await _replace(bot, chat, int(message.replaces), text, keyboard)
        else:
            await _say(bot, chat, text, keyboard)


async def _send_file(bot: Bot, chat: str, message: Outgoing, file: Path) -> None:
    content = await asyncio.to_thread(file.read_bytes)
    words = own_tags(message.html)
    long = width(words) > CAPTION
    for text in pieces(words) if long else []:
        await _say(bot, chat, text, None)
    await bot.send_document(
        chat,
        content,
        caption=None if long else words,
        filename=file.name,
        parse_mode=ParseMode.HTML,
        reply_markup=_keyboard(message.buttons),
        disable_content_type_detection=True,
    )


async def _say(bot: Bot, chat: str, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
    await bot.send_message(
        chat, text, parse_mode=ParseMode.HTML, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
    )


async def _replace(bot: Bot, chat: str, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
    """Change a message we sent. One that is gone or too old is said anew: the answer must reach them."""
    try:
        await bot.edit_message_text(
            text,
            chat,
            message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard,
            link_preview_options=_NO_PREVIEW,
        )
    except BadRequest as error:
        if "message is not modified" in error.message.lower():
            return
    else:
        return
    await _say(bot, chat, text, keyboard)


def _keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    label = button.label
    if button.danger and not label.startswith(_DANGER):
        label = f"{_DANGER} {label}"
    if button.url:
        return InlineKeyboardButton(label, url=button.url)
    return InlineKeyboardButton(label, callback_data=button.data)


def _told(error: TelegramError) -> TryAgain | Unreachable | Refused:
    """The engine's word for Telegram's error. A BadRequest is a NetworkError to the library, not to us."""
    match error:
        case RetryAfter():
            return TryAgain(seconds(error))
        case Forbidden() | ChatMigrated():
            return Unreachable()
        case BadRequest() if "chat not found" in error.message.lower():
            return Unreachable()
        case BadRequest():
            return Refused(_reason(error.message))
    return TryAgain()


def seconds(error: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, dt.timedelta) else float(after)


def _reason(description: str) -> str:
    """Which of the known reasons this is: a description may quote the message, so none of it is handed on."""
    return next((known for known in _REASONS if known in description.lower()), "not accepted")
