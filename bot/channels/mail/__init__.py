"""Mail: to those of the service who are on no chat. It only sends: whoever answers a mail writes to a mailbox."""

from bot.channels.mail.channel import MailChannel

__all__ = ["MailChannel"]
