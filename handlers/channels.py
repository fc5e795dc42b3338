"""What staff call the ways on which people talk with the bot."""

from bot.i18n import Text, _

NAMES = {"telegram": Text("Telegram"), "web": _("chat page")}


def named(channel: str) -> Text:
    return NAMES.get(channel) or Text(channel)
