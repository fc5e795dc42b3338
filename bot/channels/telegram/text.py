"""Messages longer than Telegram takes, cut where a reader would pause."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MESSAGE = 4096
"""The longest message, in UTF-16 code units of the text that is shown (Bot API, sendMessage)."""

CAPTION = 1024
"""The longest text under a file, counted likewise (Bot API, sendDocument)."""

# The only entities Telegram decodes; any other is shown as it is written (Bot API, HTML style).
_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-z]+)[^>]*>|&(?:lt|gt|amp|quot|#(?P<dec>\d{1,8})|#x(?P<hex>[0-9a-f]{1,6}));|\n\n|.",
    re.IGNORECASE | re.DOTALL,
)
_LAST_SINGLE = "\uffff"  # a character after this one is two code units
_PARAGRAPH, _LINE, _WORD, _NOWHERE = 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class _Token:
    """A tag, an entity, a blank line or a character: what is never cut. `pause` is how good a place follows it."""

    raw: str
    width: int
    pause: int = _NOWHERE
    opens: str = ""
    closes: bool = False


def own_tags(html: str) -> str:
    """Without the tags that are not Telegram's: it cannot be told the language of a part."""
    return re.sub("</?div[^>]*>", "", html)


def width(html: str) -> int:
    """How long Telegram takes this to be: UTF-16 code units, tags left out and entities decoded."""
    return sum(token.width for token in _tokens(html))


def pieces(html: str, limit: int = MESSAGE) -> list[str]:
    """The message in pieces of at most `limit`: cut between paragraphs, else lines, else words, else anywhere.

    A tag that is open at a cut is closed there and opened again in the next piece.
    """
    if 2 * len(html) <= limit:  # no character is more than two code units: nearly every message ends here
        return [html]
    tokens, found, opened = list(_tokens(html)), [], tuple[_Token, ...]()
    while tokens:
        end = _cut(tokens, limit)
        piece, tokens = tokens[:end], tokens[end:]
        still = _open_after(opened, piece)
        if any(token.raw.strip() for token in piece if token.width):
            closing = "".join(f"</{token.opens}>" for token in reversed(still))
            found.append(("".join(token.raw for token in (*opened, *piece)) + closing).strip())
        opened = still
    return found or [html]


def _tokens(html: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(html):
        raw = match[0]
        if match["tag"]:
            yield _Token(raw, 0, opens="" if match["close"] else match["tag"], closes=bool(match["close"]))
        elif raw.startswith("&") and len(raw) > 1:
            code = int(match["dec"] or int(match["hex"] or "0", 16))
            yield _Token(raw, 1 + (code > ord(_LAST_SINGLE)))
        else:
            yield _Token(raw, len(raw) + sum(character > _LAST_SINGLE for character in raw), _pause(raw))


def _pause(raw: str) -> int:
    if raw == "\n\n":
        return _PARAGRAPH
    if raw == "\n":
        return _LINE
    # A no-break space holds together what belongs together.
    return _WORD if raw.isspace() and raw not in "\u00a0\u202f" else _NOWHERE


def _cut(tokens: list[_Token], limit: int) -> int:
    """How many tokens the first piece takes."""
    total, best, end = 0, (_NOWHERE, 0), len(tokens)
    for index, token in enumerate(tokens):
        total += token.width
        if total > limit:
            end = index
            break
        if token.pause:
            best = max(best, (token.pause, index + 1))
    return end if end == len(tokens) or not best[1] else best[1]


def _open_after(opened: Iterable[_Token], piece: Iterable[_Token]) -> tuple[_Token, ...]:
    stack = list(opened)
    for token in piece:
        if token.opens:
            stack.append(token)
        elif token.closes and stack:
            stack.pop()
    return tuple(stack)
