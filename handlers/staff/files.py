"""Files of the records, made when they are sent. Every one is in the audit."""

from bot.domain.roles import STAFF
from bot.engine.message import Document
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _
from bot.reports.kinds import kinds
from bot.store import audit

router = Router()

WHICH_RECORDS = _("Which records?")
WHICH_FORMAT = _("Which kind of file?")
FILE_KINDS = _("I can make csv, xlsx or json, of these: {kinds}. For example: /export interest xlsx")
KINDS = {
    "interest": _("Requests for a visitor"),
    "enquiries": _("Enquiries of adults"),
    "complaints": _("Complaints"),
    "concerns": _("Concerns"),
    "visits": _("Visits"),
    "volunteers": _("Volunteers"),
    "matches": _("Matches"),
    "consents": _("What children said yes or no to"),
    "audit": _("Who looked at or changed what"),
}
"""What each kind of bot/reports/kinds.py is called."""
HERE_IS_THE_FILE = _("{records}, all up to now. Names are in it: keep it safe, and delete it when you are done.")
FORMATS = ("xlsx", "csv", "json")


@router.command("export", STAFF)
@router.button("export", STAFF)
async def export(turn: Turn) -> None:
    """A file of all records of one kind, made when it is sent: asks for what was not said."""
    turn.pause_form()
    wanted = turn.incoming.argument.lower().replace(":", " ").split()
    theirs = kinds(turn.person.role)
    records = [word for word in wanted if word in theirs]
    formats = [word for word in wanted if word in FORMATS]
    if len(records) > 1 or len(formats) > 1 or len(records) + len(formats) < len(wanted):
        turn.say(FILE_KINDS.fill(kinds=theirs))
    elif not records:
        chosen = "".join(f":{name}" for name in formats)
        turn.say(WHICH_RECORDS, *(Tap(KINDS[kind], f"export:{kind}{chosen}") for kind in theirs))
    elif not formats:
        turn.say(WHICH_FORMAT, [Tap(name.upper(), f"export:{records[0]}:{name}") for name in FORMATS])
    else:
        await _make(turn, records[0], formats[0])


async def _make(turn: Turn, kind: str, form: str) -> None:
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "export", f"{kind}.{form}", turn.stamp)
    turn.say(HERE_IS_THE_FILE.fill(records=KINDS[kind]), document=Document(kind, form))
