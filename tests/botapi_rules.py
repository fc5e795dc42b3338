"""What Telegram accepts: its HTML, its lengths, its buttons. Errors are worded as Telegram words them."""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

Args = dict[str, Any]
"""The arguments of a call, or an object of the Bot API."""

TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
ENTITY = re.compile(r"&(lt|gt|amp|quot|#\d{1,8}|#x[0-9a-fA-F]{1,6});?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
START = re.compile(r"<([^\s>/][^\s>]*)((?:\s+[^\s=>/\"']+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[a-zA-Z0-9.-]+))*)\s*>")
END = re.compile(r"</([^\s>]*)\s*>")
HREF = re.compile(r"\shref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([a-zA-Z0-9.-]+))")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")


@dataclass
class Problem(Exception):
    """An answer that is not ok."""

    status: int
    description: str
    parameters: Args = field(default_factory=dict)


def bad(description: str) -> NoReturn:
    """Refuse a request."""
    raise Problem(400, f"Bad Request: {description}")


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    offset: int
    url: str = ""


def parse(html: str) -> tuple[str, list[Args]]:
    """Plain text and entities of Telegram's HTML."""
    text, entities, opened, at = "", list[Args](), list[_Open](), 0
    while at < len(html):
        if match := ENTITY.match(html, at):
            text, at = text + _decode(match[1]), match.end()
        elif html[at] != "<":
            text, at = text + html[at], at + 1
        elif html.startswith("</", at):
            match = END.match(html, at)
            entities += _close(opened, match[1] if match else None, units(text), _byte(html, at))
            at = match.end() if match else len(html)
        else:
            opened.append(_start(html, at, units(text)))
            at = html.index(">", at) + 1 if not (match := START.match(html, at)) else match.end()
    if opened:
        bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1].tag}\"")
    return _trimmed(text, entities)


def _byte(html: str, at: int) -> int:
    return len(html[:at].encode())


def _decode(name: str) -> str:
    if name in NAMED:
        return NAMED[name]
    code = int(f"0{name[1:]}", 0) if name[1] == "x" else int(name[1:])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _start(html: str, at: int, offset: int) -> _Open:
    name = re.match(r"<([^\s>]*)", html[at:])
    tag = name[1].lower() if name else ""
    if ">" not in html[at:]:
        bad(f"can't parse entities: Unclosed start tag at byte offset {_byte(html, at)}")
    if tag not in TAGS:
        bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {_byte(html, at)}')
    match = START.match(html, at)
    if not match:
        bad(f'can\'t parse entities: Empty attribute name in the tag "{tag}" at byte offset {_byte(html, at)}')
    href = HREF.search(match[2])
    return _Open(tag, offset, next((value for value in href.groups() if value), "") if href else "")


def _close(opened: list[_Open], tag: str | None, offset: int, byte: int) -> list[Args]:
    if not opened:
        bad(f"can't parse entities: Unexpected end tag at byte offset {byte}")
    if tag is None:
        bad(f"can't parse entities: Unclosed end tag at byte offset {byte}")
    last = opened.pop()
    if tag and tag.lower() != last.tag:
        bad(
            f"can't parse entities: Unmatched end tag at byte offset {byte}, "
            f'expected "</{last.tag}>", found "</{tag}>"'
        )
    if offset == last.offset or (last.tag == "a" and not last.url):
        return []
    entity = {"type": TAGS[last.tag], "offset": last.offset, "length": offset - last.offset}
    return [entity | {"url": last.url} if last.url else entity]


def _trimmed(text: str, entities: list[Args]) -> tuple[str, list[Args]]:
    """Telegram trims a message; entities move and shrink with it."""
    shown = text.strip()
    cut, length = units(text) - units(text.lstrip()), units(shown)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, length)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return shown, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def message_text(args: Args) -> tuple[str, list[Args]]:
    """The text of a message, refused when there is none or too much."""
    text, entities = _body(args, "text")
    if not text:
        bad("message text is empty")
    if units(text) > 4096:
        bad("message is too long")
    return text, entities


def caption(args: Args) -> tuple[str, list[Args]]:
    """The text under a file, refused when there is too much."""
    text, entities = _body(args, "caption")
    if units(text) > 1024:
        bad("message caption is too long")
    return text, entities


def _body(args: Args, name: str) -> tuple[str, list[Args]]:
    raw, mode = str(args.get(name, "")), str(args.get("parse_mode", ""))
    if not mode:
        return raw.strip(), []
    if mode.lower() != "html":
        bad("unsupported parse_mode")
    return parse(raw)


def keyboard(markup: object) -> list[list[Args]]:
    """The rows of an inline keyboard, each button checked."""
    if not markup:
        return []
    if not isinstance(markup, dict) or not isinstance(markup.get("inline_keyboard"), list):
        bad("object expected as reply markup")
    rows: list[list[Args]] = markup["inline_keyboard"]
    for row in rows:
        for button in row:
            _check_button(button)
    return [row for row in rows if row]


def _check_button(button: Args) -> None:
    if not button.get("text"):
        bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    if "url" in button:
        if not re.match(r"(https?|tg)://\S+|[\w-]+(\.[\w-]+)+", button["url"]):
            bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    elif "callback_data" not in button:
        bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    elif not 1 <= len(button["callback_data"].encode()) <= 64:
        bad("BUTTON_DATA_INVALID")


def commands(listed: object) -> list[dict[str, str]]:
    """A command list, each checked."""
    if not isinstance(listed, list):
        bad("can't parse BotCommand list")
    for command in listed:
        if not COMMAND.fullmatch(command["command"]):
            bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return listed


def language_code(args: Args) -> str:
    """A language as Telegram knows it: two letters, or none."""
    code = str(args.get("language_code", ""))
    if code and not re.fullmatch(r"[a-z]{2}", code):
        bad("invalid language code specified")
    return code


def webhook_url(url: str) -> str:
    """An address Telegram would call. Plain http is taken here for this machine only."""
    if not url.startswith(("https://", "http://127.0.0.1:")):
        bad("bad webhook: An HTTPS URL must be provided for webhook")
    return url


def webhook_secret(secret: str) -> str:
    """The word sent along with each call."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        bad("secret token contains unallowed characters")
    return secret
