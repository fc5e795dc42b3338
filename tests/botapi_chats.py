"""The chats of the local Bot API server: who is there, and what the bot said to them."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field

from aiohttp import web

from tests import botapi_rules as rules
from tests.botapi_rules import Args, Problem, bad

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@dataclass
class Sent:
    """One message of the bot's, as it stands in the chat now. `edits` is what it said before, oldest first."""

    id: int
    chat_id: int
    text: str
    html: str
    entities: list[Args]
    buttons: list[list[Args]]
    file_name: str = ""
    content: bytes = b""
    edits: list[str] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.buttons for button in row]


class Chats:
    """The methods of the Bot API that say something, and what came of them. `delay` is how long saying takes."""

    def __init__(self, me: Args, delay: float) -> None:
        self._me = me
        self._delay = delay
        self.known: dict[int, Args] = {}
        self.sent: dict[int, list[Sent]] = defaultdict(list)
        self.blocked: set[int] = set()
        self.queries: set[str] = set()
        self.answered: list[str] = []
        self.left: list[int] = []
        self.last_message = 0
        self.methods = {
            "sendMessage": self._send_message,
            "sendDocument": self._send_document,
            "editMessageText": self._edit_message_text,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_callback_query,
            "leaveChat": self._leave_chat,
        }

    def next_message(self) -> int:
        self.last_message += 1
        return self.last_message

    def meet(self, update: Args) -> None:
        """A bot can only write to a chat it has heard of."""
        for value in update.values():
            part = value.get("message", value) if isinstance(value, dict) else {}
            if isinstance(part.get("chat"), dict):
                self.known[part["chat"]["id"]] = part["chat"]

    def with_button(self, chat_id: int, label_or_data: str) -> tuple[Sent, Args]:
        """The newest message that has this button."""
        for sent in reversed(self.sent[chat_id]):
            for button in (button for row in sent.buttons for button in row):
                if label_or_data in (button["text"], button.get("callback_data")):
                    return sent, button
        shown = [sent.labels for sent in self.sent[chat_id]]
        raise LookupError(f"no button {label_or_data!r} in chat {chat_id}; there are {shown}")

    def told(self, sent: Sent) -> Args:
        """A message of the bot's as Telegram tells of it."""
        told: Args = {
            "message_id": sent.id,
            "from": self._me,
            "chat": self.known[sent.chat_id],
            "date": int(time.time()),
            "caption" if sent.file_name else "text": sent.text,
        }
        if sent.file_name:
            told["document"] = {"file_id": "f", "file_unique_id": "f", "file_name": sent.file_name}
        if sent.buttons:
            told["reply_markup"] = {"inline_keyboard": sent.buttons}
        return told

    async def _send_message(self, args: Args) -> Args:
        chat_id = self._reachable(args)
        text, entities = rules.message_text(args)
        buttons = rules.keyboard(args.get("reply_markup"))
        await asyncio.sleep(self._delay)
        sent = Sent(self.next_message(), chat_id, text, str(args["text"]), entities, buttons)
        self.sent[chat_id].append(sent)
        return self.told(sent)

    async def _send_document(self, args: Args) -> Args:
        chat_id = self._reachable(args)
        text, entities = rules.caption(args)
        buttons = rules.keyboard(args.get("reply_markup"))
        document = args.get("document")
        if not isinstance(document, web.FileField):
            bad("there is no document in the request")
        content = document.file.read()
        if not content:
            bad("file must be non-empty")
        await asyncio.sleep(self._delay)
        sent = Sent(self.next_message(), chat_id, text, str(args.get("caption", "")), entities, buttons)
        sent.file_name, sent.content = document.filename, content
        self.sent[chat_id].append(sent)
        return self.told(sent)

    async def _edit_message_text(self, args: Args) -> Args:
        chat_id = self._reachable(args)
        sent = self._find(chat_id, args, "edit")
        if sent.file_name:
            bad("there is no text in the message to edit")
        text, entities = rules.message_text(args)
        buttons = rules.keyboard(args.get("reply_markup"))
        if (text, entities, buttons) == (sent.text, sent.entities, sent.buttons):
            bad(SAME)
        sent.edits.append(sent.html)
        sent.text, sent.html, sent.entities, sent.buttons = text, str(args["text"]), entities, buttons
        return self.told(sent)

    async def _delete_message(self, args: Args) -> bool:
        chat_id = self._reachable(args)
        self.sent[chat_id].remove(self._find(chat_id, args, "delete"))
        return True

    async def _answer_callback_query(self, args: Args) -> bool:
        query = str(args.get("callback_query_id", ""))
        if query not in self.queries:
            bad("query is too old and response timeout expired or query ID is invalid")
        self.queries.discard(query)
        self.answered.append(query)
        return True

    async def _leave_chat(self, args: Args) -> bool:
        chat_id = self._reachable(args)
        if self.known[chat_id]["type"] == "private":
            bad("chat member status can't be changed in private chats")
        self.left.append(chat_id)
        self.blocked.add(chat_id)
        return True

    def _reachable(self, args: Args) -> int:
        try:
            chat_id = int(args.get("chat_id", ""))
        except ValueError:
            bad("chat not found" if args.get("chat_id") else "chat_id is empty")
        if chat_id not in self.known:
            bad("chat not found")
        if chat_id in self.blocked:
            private = self.known[chat_id]["type"] == "private"
            raise Problem(
                403, f"Forbidden: bot {'was blocked by the user' if private else 'is not a member of the chat'}"
            )
        return chat_id

    def _find(self, chat_id: int, args: Args, verb: str) -> Sent:
        number = int(args.get("message_id", 0))
        found = next((sent for sent in self.sent[chat_id] if sent.id == number), None)
        if found is None:
            bad(f"message to {verb} not found")
        return found
