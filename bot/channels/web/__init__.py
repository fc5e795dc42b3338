"""The chat page: a conversation in the browser, without an account, that leaves nothing behind."""

from bot.channels.web.channel import WebChannel

__all__ = ["WebChannel"]
