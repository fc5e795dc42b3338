"""The settings, section by section. bot/settings_load.py reads them.

Every field's description is its documentation: `make docs` writes docs/settings.md from them.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).parent
DATA = HERE / "_data" if (HERE / "_data").is_dir() else HERE.parent
"""Where locales/, profiles/, helplines.toml and ivbot.toml are: beside bot/ in a checkout, inside it in an installed wheel."""

PREFIX = "IVBOT_"
"""What every environment variable of ours begins with."""

_ATOM, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
EMAIL = rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"
"""An e-mail address, as every mail server takes it."""

Location = tuple[str, ...]
"""Where a setting is: its section, perhaps a section within that, and its key."""


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not a time zone")
    return name


def _password(key: SecretStr) -> SecretStr:
    if not key.get_secret_value().isprintable():
        raise ValueError("has characters in it that cannot be typed")
    return key


def _token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\w:-]*", token.get_secret_value(), re.ASCII):
        raise ValueError("is not a token: it is digits, a colon, and then letters, digits, _ or -")
    return token


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):
        raise ValueError("has to be 1 to 256 letters, digits, _ or -")
    return secret


class Section(BaseModel):
    """A table of ivbot.toml. A key that is not listed here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# One setting, one line.
# fmt: off


class Service(Section):
    """Whom this bot speaks for."""

    name: str = Field("Independent Visitors", description="What the service is called.", examples=["Riverside Visitors"])
    area: str = Field("our area", description="The council's area, as a child would say it.", examples=["Riverside"])
    provider: str = Field("the council", description="Who runs the service.", examples=["Riverside Council"])
    jurisdiction: Literal["england", "wales"] = Field("england", description="Whose law applies. Wales has pages of its own where the law differs.", examples=["wales"])
    timezone: Annotated[str, AfterValidator(_timezone)] = Field("Europe/London", description="The time zone of every time shown.", examples=["Europe/London"])
    age_from: int = Field(5, ge=0, le=25, description="The youngest age the service takes, in years.", examples=[7])
    age_to: int = Field(18, ge=0, le=30, description="The oldest age the service takes, in years.", examples=[25])
    languages: list[str] = Field(["en"], min_length=1, description="The languages spoken, each a folder in locales/. The first is the default.", examples=[["en"]])
    website: str = Field("", description="The service's public page, shown where more is to be read.", examples=["https://example.org/visitors"])


class Contact(Section):
    """A person or a team people can reach."""

    name: str = Field(description="What they are called in messages: a role, not a personal name.", examples=["the coordinator"])
    email: str = Field("", pattern=f"^({EMAIL})?$", description="Where mail reaches them.", examples=["visitors@example.org"])
    phone: str = Field("", description="A number a child may ring.", examples=["01632 960000"])
    hours: str = Field("", description="When they are at work, like Mon-Wed 9:30am-4pm, Fri 9-12; or always. Bank holidays are left out by themselves.", examples=["Monday to Thursday, 9 to 3"])


class Contacts(Section):
    """Who is behind the bot."""

    coordinator: Contact = Field(Contact(name="the coordinator"), description="Who finds visitors. In the bot it is a role.")
    manager: Contact = Field(Contact(name="the manager"), description="Who the coordinator works for. In the bot it is a role.")
    complaints_team: Contact = Field(Contact(name="the complaints team"), description="The council's complaints manager (SI 2006/1738 reg 10).")
    director: Contact = Field(Contact(name="the director's office"), description="The office above the complaints team. Without mail, complaints about that team go to the ombudsman.")
    advocacy: Contact = Field(Contact(name="an advocate"), description="Who helps children say what they want (Children Act 1989 s26A).")
    data_protection: Contact = Field(Contact(name="the data protection officer"), description="Who answers for what is kept about people.")
    safeguarding_duty: Contact = Field(Contact(name="the safety team"), description="Who is told first when a child may be in danger.")
    safeguarding_deputy: Contact = Field(Contact(name="the safety team's deputy"), description="Who is told next. May be left without mail.")
    out_of_hours: Contact = Field(Contact(name="the night and weekend team"), description="Who is told when the others are not at work.")
    lado: Contact = Field(Contact(name="the LADO"), description="Who checks allegations against people who work with children.")

    @property
    def with_mail(self) -> frozenset[str]:
        """The contacts that mail can reach."""
        return frozenset(name for name, contact in self if contact.email)


class Visits(Section):
    """Visits of children and their visitors."""

    report_after_hours: int = Field(3, ge=1, le=72, description="Hours after a visit began at which the child is asked how it was.", examples=[3])


class Road(Section):
    """A request on its way to a visitor."""

    nudge_after_days: int = Field(14, ge=1, le=365, description="Days without a move or a note after which the coordinators are reminded of a request, and again after as many.", examples=[14])


ContactName = Literal[
    "coordinator", "manager", "complaints_team", "director", "advocacy", "data_protection", "safeguarding_duty", "safeguarding_deputy",
    "out_of_hours", "lado",
]


SubjectName = Literal[
    "visitor", "coordinator", "manager", "service", "social_worker", "carer", "council", "complaints_team", "child_arrangements", "bot",
]


class Routes(Section):
    """Who gets a complaint about whom: the one who answers it first, then deputies. Whoever it may not reach is left out."""

    visitor: list[ContactName] = Field(["coordinator", "manager"], description="About a visitor.", examples=[["coordinator", "manager"]])
    coordinator: list[ContactName] = Field(["complaints_team"], description="About the coordinator. The manager sees it only if they are named here.", examples=[["complaints_team", "manager"]])
    manager: list[ContactName] = Field(["complaints_team"], description="About the manager.", examples=[["complaints_team"]])
    service: list[ContactName] = Field(["complaints_team"], description="About the visitor service as a whole, or who runs it.", examples=[["complaints_team"]])
    social_worker: list[ContactName] = Field(["complaints_team"], description="About a social worker, their manager, or a reviewing officer.", examples=[["complaints_team"]])
    carer: list[ContactName] = Field(["complaints_team"], description="About a carer or a home.", examples=[["complaints_team"]])
    council: list[ContactName] = Field(["complaints_team"], description="About the council, or something else.", examples=[["complaints_team"]])
    complaints_team: list[ContactName] = Field(["director"], description="About the complaints team itself.", examples=[["director"]])
    bot: list[ContactName] = Field(["data_protection"], description="About this bot, or what is kept about somebody.", examples=[["data_protection"]])


class VolunteerRoutes(Section):
    """The same for complaints by volunteers: the provider's own procedure."""

    coordinator: list[ContactName] = Field(["manager"], description="About the coordinator.", examples=[["manager"]])
    manager: list[ContactName] = Field(["complaints_team"], description="About the manager.", examples=[["complaints_team"]])
    service: list[ContactName] = Field(["complaints_team"], description="About the visitor service as a whole.", examples=[["complaints_team"]])
    child_arrangements: list[ContactName] = Field(["coordinator", "manager"], description="About what was arranged for the child they visit.", examples=[["coordinator", "manager"]])
    bot: list[ContactName] = Field(["data_protection"], description="About this bot, or what is kept about them.", examples=[["data_protection"]])


class AcknowledgeDays(Section):
    """Working days in which somebody says that a complaint has arrived, by what it is about. The law has 2 in Wales and none in England."""

    visitor: int = Field(2, ge=1, le=30, description="About a visitor.", examples=[2])
    coordinator: int = Field(2, ge=1, le=30, description="About the coordinator.", examples=[2])
    manager: int = Field(2, ge=1, le=30, description="About the manager.", examples=[2])
    service: int = Field(2, ge=1, le=30, description="About the visitor service.", examples=[2])
    social_worker: int = Field(2, ge=1, le=30, description="About a social worker.", examples=[2])
    carer: int = Field(2, ge=1, le=30, description="About a carer or a home.", examples=[2])
    council: int = Field(2, ge=1, le=30, description="About the council, or something else.", examples=[2])
    complaints_team: int = Field(2, ge=1, le=30, description="About the complaints team.", examples=[2])
    child_arrangements: int = Field(2, ge=1, le=30, description="A volunteer's, about what was arranged for a child.", examples=[2])
    bot: int = Field(30, ge=1, le=30, description="About the use of data: days of any kind, not working days (Data (Use and Access) Act 2025).", examples=[30])


class EnglandDeadlines(Section):
    """Working days for each stage in England: SI 2006/1738 regs 14 to 20."""

    local_days: int = Field(10, ge=1, le=250, description="Stage 1, local resolution.", examples=[10])
    local_longest: int = Field(20, ge=1, le=250, description="Stage 1 when it is extended, in all. The same number as before: it cannot be.", examples=[20])
    investigation_days: int = Field(25, ge=1, le=250, description="Stage 2, investigation.", examples=[25])
    investigation_longest: int = Field(65, ge=1, le=250, description="Stage 2 when it is extended, in all.", examples=[65])
    panel_days: int = Field(30, ge=1, le=250, description="Stage 3, from the request until the panel meets.", examples=[30])
    panel_report_days: int = Field(5, ge=1, le=250, description="Stage 3, from the panel's meeting until its report.", examples=[5])
    panel_answer_days: int = Field(15, ge=1, le=250, description="Stage 3, from the report until the council's answer.", examples=[15])
    request_days: int = Field(20, ge=1, le=250, description="From an answer until it is too late to ask for the next stage.", examples=[20])


class WalesDeadlines(Section):
    """Working days for each stage in Wales: WSI 2014/1795, with the timings of WSI 2014/1794."""

    discuss_days: int = Field(10, ge=1, le=250, description="Local resolution: until it was talked over.", examples=[10])
    result_days: int = Field(5, ge=1, le=250, description="Local resolution: from then until the written result.", examples=[5])
    local_longest: int = Field(15, ge=1, le=250, description="Local resolution when it is extended, in all. As many as the two before together: it cannot be.", examples=[25])
    investigation_days: int = Field(25, ge=1, le=250, description="Formal investigation.", examples=[25])
    investigation_longest: int = Field(25, ge=1, le=250, description="Formal investigation when it is extended, in all. The same number as before: it cannot be.", examples=[25])
    request_days: int = Field(20, ge=1, le=250, description="From an answer until it is too late to ask for the next stage.", examples=[20])


class Complaints(Section):
    """Complaints: who gets them, and by when they are answered."""

    extra_holidays: list[dt.date] = Field([], description="Bank holidays announced since this version of ivbot. Open deadlines are reckoned again.", examples=[["2027-06-04"]])
    remind_days: int = Field(2, ge=0, le=30, description="Working days before a deadline at which whoever handles a complaint is reminded.", examples=[2])
    formal: list[ContactName] = Field(["complaints_team"], min_length=1, description="Who gets a complaint at every stage after the first: not those who answered it.", examples=[["complaints_team"]])
    include_text: list[SubjectName] = Field([], description="Subjects whose mails carry the words of a complaint. Otherwise a mail has its number, its subject, its deadline and a link.", examples=[["carer"]])
    routes: Routes = Field(Routes(), description="Who gets which.")
    volunteer_routes: VolunteerRoutes = Field(VolunteerRoutes(), description="Who gets which, of volunteers' own.")
    acknowledge_days: AcknowledgeDays = Field(AcknowledgeDays(), description="By when it is said that one has arrived.")
    england: EnglandDeadlines = Field(EnglandDeadlines(), description="By when one is answered, in England.")
    wales: WalesDeadlines = Field(WalesDeadlines(), description="By when one is answered, in Wales.")

    @property
    def everybody(self) -> frozenset[str]:
        """All the contacts that some complaint goes to."""
        named = [contacts for routes in (self.routes, self.volunteer_routes) for _about, contacts in routes]
        return frozenset(contact for contacts in (*named, self.formal) for contact in contacts)

    def contacts(self, about: str, stage: str, complainer: str) -> list[str]:
        """Whom the settings name for a complaint, before conflicts: domain.complaints.route leaves those out."""
        if stage != "local":
            return list(self.formal)
        routes = self.volunteer_routes if complainer == "volunteer" else self.routes
        return list(getattr(routes, about))

    def limit(self, jurisdiction: str, stage: str) -> tuple[int, int]:
        """Working days to answer a stage in, and when it is extended. A panel first has to meet: see `after_panel`."""
        england, wales = self.england, self.wales
        if jurisdiction == "wales":
            local = (wales.discuss_days + wales.result_days, wales.local_longest)
            return local if stage == "local" else (wales.investigation_days, wales.investigation_longest)
        return {
            "local": (england.local_days, england.local_longest),
            "investigation": (england.investigation_days, england.investigation_longest),
            "panel": (england.panel_days, england.panel_days),
        }[stage]

    @property
    def after_panel(self) -> int:
        """Working days from the panel's meeting to the council's answer."""
        return self.england.panel_report_days + self.england.panel_answer_days

    def request_days(self, jurisdiction: str) -> int:
        """Working days after an answer in which the next stage can be asked for."""
        return self.wales.request_days if jurisdiction == "wales" else self.england.request_days


class Safeguarding(Section):
    """When a child may be in danger."""

    escalate_minutes: int = Field(15, ge=1, le=1440, description="Minutes without an acknowledgement after which the next in line is told.", examples=[15])
    chain: list[ContactName] = Field(["safeguarding_duty", "safeguarding_deputy", "manager", "coordinator"], min_length=1, description="Who is told, in this order, when they are at work. Otherwise contacts.out_of_hours is told first.", examples=[["safeguarding_duty", "manager"]])


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
    concerns: int = Field(30, ge=1, le=36500, description="The words of a concern, after the case file has confirmed in writing that it has them.", examples=[30])
    concern_stubs: int = Field(2192, ge=365, le=36500, description="That there was a concern, and when who was told, after the same moment.", examples=[2192])


class Limits(Section):
    """What one person may do."""

    messages_per_minute: int = Field(90, ge=5, description="Messages taken from one address in a minute; more are answered with a pause.", examples=[90])
    open_complaints: int = Field(5, ge=1, le=100, description="Complaints of one person that can be open at the same time. Danger is never limited.", examples=[5])


class Database(Section):
    """The one file that holds everything."""

    path: Path = Field(Path("ivbot.db"), description="The SQLite file. It is made when it is not there.", examples=["/data/ivbot.db"])
    key: Annotated[SecretStr, AfterValidator(_password)] = Field(SecretStr(""), description="With a key, the whole file is encrypted (SQLCipher). Keep it safe: without it nothing can be read.", examples=["from a secrets file"])


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
    password: Annotated[SecretStr, AfterValidator(_password)] = Field(SecretStr(""), description="The password to log in with.", examples=["from a secrets file"])
    starttls: bool = Field(True, description="Encrypt the connection. Then nothing is ever sent in clear: a server without STARTTLS, or with a certificate that is not trusted, gets no mail.", examples=[True])
    ca_file: str = Field("", description="A file of certificates that the server's must be signed by, in place of those this machine trusts.", examples=["/etc/ssl/council-ca.pem"])
    sender: str = Field("", pattern=f"^({EMAIL})?$", description="The address mails come from, and mail programs answer to. Somebody should read it.", examples=["visitors@example.org"])


class Log(Section):
    """One line an event, on standard error. Never a name, a text, a token or a code."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least serious event written.", examples=["warning"])
    format: Literal["console", "json"] = Field("console", description="For people, or for machines.", examples=["json"])


# fmt: on


class Settings(BaseSettings):
    """All of ivbot.toml."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter="__")

    service: Service = Service()
    contacts: Contacts = Contacts()
    visits: Visits = Visits()
    road: Road = Road()
    complaints: Complaints = Complaints()
    safeguarding: Safeguarding = Safeguarding()
    retention: Retention = Retention()
    limits: Limits = Limits()
    database: Database = Database()
    telegram: Telegram = Telegram()
    web: Web = Web()
    mail: Mail = Mail()
    log: Log = Log()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.service.timezone)

    @property
    def placeholders(self) -> dict[str, str]:
        """What pages may name in {braces}."""
        coordinator = self.contacts.coordinator
        return {
            "service": self.service.name,
            "area": self.service.area,
            "provider": self.service.provider,
            "website": self.service.website,
            "age_from": str(self.service.age_from),
            "age_to": str(self.service.age_to),
            "idle_minutes": str(self.web.idle_minutes),
            "coordinator": coordinator.name,
            "coordinator_phone": coordinator.phone,
        }


def leaves(model: type[BaseModel] = Settings, above: Location = ()) -> Iterator[tuple[Location, FieldInfo]]:
    """Every setting there is: where it is, and what is known of it."""
    for name, field in model.model_fields.items():
        section = section_of(field)
        if section:
            yield from leaves(section, (*above, name))
        else:
            yield (*above, name), field


def section_of(field: FieldInfo) -> type[BaseModel] | None:
    """The section a field holds, if it holds one."""
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def variable(location: Location) -> str:
    """The environment variable of a setting."""
    return PREFIX + "__".join(location).upper()


def toml_value(value: object) -> str:
    """A value as it is written in TOML."""
    match value:
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(toml_value(item) for item in value)}]"
        case int():
            return str(value)
    return f'"{value}"'
