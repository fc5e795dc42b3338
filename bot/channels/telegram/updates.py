"""Telegram's updates as Incoming. Only private chats are conversations; a group or channel is a place to leave."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update
from telegram.ext import filters

from bot.engine.message import Incoming, Kind

ALLOWED = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
"""The sorts of update asked for. Posts of channels are not: a channel is left when we are added to it."""

_COMMAND = re.compile(r"^(/\w+)@\w+")
# In this order: an animation is a document as well, a venue a location.
_SORTS = (
    ("photo", "photo"),
    ("live_photo", "photo"),
    ("sticker", "sticker"),
    ("voice", "voice"),
    ("video", "video"),
    ("video_note", "video"),
    ("animation", "video"),
    ("audio", "audio"),
    ("document", "document"),
    ("location", "location"),
    ("contact", "contact"),
    ("poll", "poll"),
)
_OUTSIDE = (ChatMember.LEFT, ChatMember.BANNED)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A group or channel we are in and should not be. In a group one says why; a channel is left without a word."""

    chat: int
    group: bool
    language: str


def events(updates: Iterable[Update]) -> list[Incoming]:
    """What happened in private chats. Of an album one picture is told, and any that has words under it."""
    found, albums = [], set[str]()
    for update in updates:
        event = _event(update)
        album = update.message.media_group_id if update.message else None
        if event is None or (album in albums and not event.data):
            continue
        if album:
            albums.add(album)
        found.append(event)
    return found


def elsewhere(update: Update, username: str) -> Elsewhere | None:
    """The group or channel that added us, or in which somebody speaks to us; None for all else."""
    if member := update.my_chat_member:
        chat, user = member.chat, member.from_user
        spoken_to = member.new_chat_member.status not in _OUTSIDE
    elif (message := update.message) and message.from_user and not message.from_user.is_bot:
        chat, user = message.chat, message.from_user
        spoken_to = _addressed(message, username)
    else:
        return None
    if chat.type == Chat.PRIVATE or not spoken_to:
        return None
    return Elsewhere(chat.id, chat.type != Chat.CHANNEL, user.language_code or "")


def _event(update: Update) -> Incoming | None:
    number = str(update.update_id)
    if update.message:
        return _message(number, update.message)
    if update.edited_message:
        return _edited(number, update.edited_message)
    if update.callback_query:
        return _pressed(number, update.callback_query)
    if update.my_chat_member:
        return _member(number, update.my_chat_member)
    return None


def _message(number: str, message: Message) -> Incoming | None:
    if not _from_a_person(message):
        return None
    if message.text is not None:
        return _incoming(number, message, Kind.TEXT, text=_COMMAND.sub(r"\1", message.text))
    if filters.StatusUpdate.ALL.check_update(Update(0, message=message)):
        return None  # a message pinned, a timer set, …: nobody says anything
    sort = next((word for attribute, word in _SORTS if getattr(message, attribute)), "other")
    # The words under a picture may be a cry for help; the picture itself is not taken.
    return _incoming(number, message, Kind.UNREADABLE, text=sort, data=message.caption or "")


def _edited(number: str, message: Message) -> Incoming | None:
    text = message.text or message.caption
    if not text or not _from_a_person(message):
        return None  # a live location moves by edits
    return _incoming(number, message, Kind.EDITED, text=text)


def _incoming(number: str, message: Message, kind: Kind, *, text: str, data: str = "") -> Incoming:
    language = message.from_user.language_code if message.from_user else None
    return Incoming("telegram", number, str(message.chat.id), kind, text, data, language=language or "")


def _pressed(number: str, query: CallbackQuery) -> Incoming | None:
    message = query.message
    if message is None or message.chat.type != Chat.PRIVATE or not query.data:
        return None
    return Incoming(
        "telegram",
        number,
        str(message.chat.id),
        Kind.BUTTON,
        data=query.data,
        pressed=str(message.message_id),
        language=query.from_user.language_code or "",
    )


def _member(number: str, member: ChatMemberUpdated) -> Incoming | None:
    if member.chat.type != Chat.PRIVATE:
        return None
    kind = Kind.BLOCKED if member.new_chat_member.status in _OUTSIDE else Kind.UNBLOCKED
    return Incoming("telegram", number, str(member.chat.id), kind, language=member.from_user.language_code or "")


def _from_a_person(message: Message) -> bool:
    sender = message.from_user
    return message.chat.type == Chat.PRIVATE and sender is not None and not sender.is_bot


def _addressed(message: Message, username: str) -> bool:
    """Whether a message in a group is for us: a command, our name, or an answer to what we said."""
    if not username:
        return False  # not logged in yet
    text = message.text or message.caption or ""
    answered = message.reply_to_message.from_user if message.reply_to_message else None
    if answered is not None and (answered.username or "").lower() == username.lower():
        return True
    if text.startswith("/"):
        named = re.match(r"/\w+@(\w+)", text)
        return named is None or named[1].lower() == username.lower()
    return re.search(rf"@{re.escape(username)}\b", text, re.IGNORECASE) is not None
