"""How the program runs: what it keeps and allows, its one file, its channels and its log."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from bot.settings.section import EMAIL, Password, Section


def _token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\w:-]*", token.get_secret_value(), re.ASCII):
        raise ValueError("is not a token: it is digits, a colon, and then letters, digits, _ or -")
    return token


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):
        raise ValueError("has to be 1 to 256 letters, digits, _ or -")
    return secret


# One setting, one line.
# fmt: off


class Retention(Section):
    """How long things are kept, in days. `ivbot purge` and the running bot delete what is older."""

    drafts: int = Field(30, ge=1, le=36500, description="A form nobody finished, after it was last touched.", examples=[30])
    messages: int = Field(30, ge=1, le=36500, description="What was said on a channel, and the marks of messages seen.", examples=[30])
    failures: int = Field(30, ge=1, le=36500, description="Messages the bot could not handle, kept so that they can be looked into.", examples=[30])
    closed_interests: int = Field(180, ge=30, le=36500, description="An interest that was declined, withdrawn or ended.", examples=[180])
    talks: int = Field(30, ge=1, le=36500, description="What was said with a coordinator, after the last word. Never while somebody waits for an answer.", examples=[30])
    enquiries: int = Field(365, ge=30, le=36500, description="An adult's wish to become a visitor, after somebody answered it, closed it, or it was taken back.", examples=[365])
    ideas: int = Field(365, ge=30, le=36500, description="An idea from the ideas box, after somebody read it.", examples=[365])
    complaints: int = Field(30, ge=1, le=36500, description="The words of a complaint, after it was closed and it is too late for the next stage. That there was one stays.", examples=[30])
    volunteers: int = Field(365, ge=30, le=36500, description="A volunteer who was not taken, or who left.", examples=[365])
    expenses: int = Field(2192, ge=365, le=36500, description="What was claimed for a visit, after it was paid or refused.", examples=[2192])
    proposals: int = Field(180, ge=30, le=36500, description="An idea of who might meet whom, after somebody said no to it or it became a match.", examples=[180])
    concerns: int = Field(30, ge=1, le=36500, description="The words of a concern, after the case file has confirmed in writing that it has them.", examples=[30])
    concern_stubs: int = Field(2192, ge=365, le=36500, description="That there was a concern, and when who was told, after the same moment.", examples=[2192])


class Limits(Section):
    """What one person may do."""

    messages_per_minute: int = Field(90, ge=5, description="Messages taken from one address in a minute; more are answered with a pause.", examples=[90])
    open_complaints: int = Field(5, ge=1, le=100, description="Complaints of one person that can be open at the same time. Danger is never limited.", examples=[5])


class Database(Section):
    """The one file that holds everything."""

    path: Path = Field(Path("ivbot.db"), description="The SQLite file. It is made when it is not there.", examples=["/data/ivbot.db"])
    key: Password = Field(SecretStr(""), description="With a key, the whole file is encrypted (SQLCipher). Keep it safe: without it nothing can be read.", examples=["from a secrets file"])


class Telegram(Section):
    """The Telegram channel. It is served when there is a token."""

    token: Annotated[SecretStr, AfterValidator(_token)] = Field(SecretStr(""), description="The token from BotFather.", examples=["123456:from-a-secrets-file"])
    base_url: str = Field("https://api.telegram.org/bot", pattern=r"^https?://.+/bot$", description="The Bot API server. Ends in /bot.", examples=["http://127.0.0.1:8081/bot"])
    mode: Literal["polling", "webhook"] = Field("polling", description="Ask Telegram for messages, or have it call POST /telegram.", examples=["webhook"])
    webhook_url: str = Field("", pattern=r"^(https?://.+/telegram)?$", description="For webhook mode: the address Telegram calls. Ends in /telegram.", examples=["https://visitors.example.org/telegram"])
    secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = Field(SecretStr(""), description="For webhook mode: the secret Telegram sends along, 1 to 256 letters, digits, _ or -.", examples=["a-long-random-word"])
    under_16: Literal["offer_web", "web_only", "allow"] = Field("offer_web", description="Telegram's terms say 16+. Before the form: offer the chat page, insist on it for under-16s, or neither.", examples=["web_only"])


class Web(Section):
    """The chat page."""

    enabled: bool = Field(True, description="Serve the chat page. Health checks and the webhook are served either way.", examples=[True])
    host: str = Field("127.0.0.1", description="The address to listen on. 0.0.0.0 is every address of the machine.", examples=["0.0.0.0"])
    port: int = Field(8080, ge=0, le=65535, description="The port to listen on. 0 takes a free one.", examples=[8080])
    public_url: str = Field("", pattern=r"^(https?://.+[^/])?$", description="The address people type, without a slash at the end. Behind https it makes cookies secure.", examples=["https://visitors.example.org"])
    idle_minutes: int = Field(30, ge=1, le=10080, description="A session this long without a word ends, and its transcript with it.", examples=[30])
    leave_to: str = Field("https://www.bbc.co.uk/weather", pattern=r"^https?://.+$", description='Where "Leave this page quickly" goes.', examples=["https://www.bbc.co.uk/weather"])


class Mail(Section):
    """E-mail to those who are on no chat. It is sent when there is a host."""

    host: str = Field("", pattern=r"^[^\s/@]*$", description="The server that takes our mail. Empty: no mail is sent.", examples=["smtp.example.org"])
    port: int = Field(587, ge=1, le=65535, description="Its port: 587 or 25. Port 465 is for another way of encrypting, which ivbot does not speak.", examples=[587])
    username: str = Field("", description="The name to log in with. Empty: without logging in.", examples=["ivbot"])
    password: Password = Field(SecretStr(""), description="The password to log in with.", examples=["from a secrets file"])
    starttls: bool = Field(True, description="Encrypt the connection. Then nothing is ever sent in clear: a server without STARTTLS, or with a certificate that is not trusted, gets no mail.", examples=[True])
    ca_file: str = Field("", description="A file of certificates that the server's must be signed by, in place of those this machine trusts.", examples=["/etc/ssl/council-ca.pem"])
    sender: str = Field("", pattern=f"^({EMAIL})?$", description="The address mails come from, and mail programs answer to. Somebody should read it.", examples=["visitors@example.org"])


class Log(Section):
    """One line an event, on standard error. Never a name, a text, a token or a code."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least serious event written.", examples=["warning"])
    format: Literal["console", "json"] = Field("console", description="For people, or for machines.", examples=["json"])


# fmt: on
