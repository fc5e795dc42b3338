"""A volunteer in words for the staff: where they stand, what is known of them, and each stage with who noted it."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from bot.domain.recruitment import Clearance, Pass, Stage, Standing, Volunteer, current
from bot.domain.roles import Role
from bot.engine.turn import Turn
from bot.i18n import Text, _, n_
from bot.store import people
from handlers import gate
from handlers.interest_form import LIKE

HEAD = _("<b>{reference}</b> · {name} · {stands}")
TO_SIGN = _("to be signed")
SOME_STAGES = _("{passed} of {required} stages")
STANDS = {
    Standing.READY: _("ready"), Standing.EXPIRED: _("a stage has run out"), Standing.PAUSED: _("on a break"),
    Standing.SUSPENDED: _("visits on pause"), Standing.LEFT: _("has left"),
}  # fmt: skip
MAY_LIFT = _("Visits are on pause. A manager can say when they go on.")
LEFT_WHY = _("Left on {day}: {reason}")
CALLED = _("Children know them as {called}. In the bot since {day}.")
CALLED_NOT_HERE = _("Children know them as {called}. Not in the bot yet: give them a code.")
PLACES = n_("Children at a time: {n}. Now: {now}.", "Children at a time: {n}. Now: {now}.")
FACT = Text("{fact}: {value}")
FACTS = {
    "about": _("About them (for the child)"), "likes": _("Likes"), "languages": _("Languages"), "gender": _("Gender"),
    "faith": _("Faith"), "area": _("Can visit"), "provider": _("Provider"),
}  # fmt: skip
NOT_SAID = _("Not noted yet: {facts}")
NO_NAME = _("no name yet")
GENDER = {"woman": _("a woman"), "man": _("a man"), "other": _("another gender")}
AREA = {"in": _("in the area"), "out": _("outside the area"), "both": _("in the area and outside")}
PASSED = _("● {stage} · passed on {day} · {who} · {evidence}")
PASSED_UNTIL = _("● {stage} · passed on {day} · {who} · {evidence} · runs out {until}")
RAN_OUT = _("○ {stage} · passed on {day} · {who} · {evidence} · ran out {until}")
NOT_PASSED = _("○ {stage}")
SIGNED = _("Signed on {day} by {who}.")
SIGN_NEXT = _(
    "Every stage is passed. A second person has to sign: any coordinator or manager but whoever noted “{stage}”."
)
IMPORTED = _("noted elsewhere")
ROLES = {Role.COORDINATOR: _("a coordinator"), Role.MANAGER: _("a manager")}
SOMEBODY = _("somebody")


def stands(clearance: Clearance, day: str) -> Text:
    """Where somebody stands, in a few words. A suspension is no more than a pause: why is in the concern."""
    standing = clearance.standing(day)
    if standing is not Standing.IN_RECRUITMENT:
        return STANDS[standing]
    if clearance.complete:
        return TO_SIGN
    return SOME_STAGES.fill(passed=clearance.passed, required=clearance.required)


def facts(turn: Turn, volunteer: Volunteer, clearance: Clearance, children: int) -> list[Text]:
    """What is known of them: what matching needs, and what it does not know yet."""
    joined = volunteer.joined_at if volunteer.person else None
    called = CALLED.fill(day=turn.day(joined)) if joined else CALLED_NOT_HERE
    left = LEFT_WHY.fill(day=turn.day(volunteer.left_at), reason=volunteer.left_reason) if volunteer.left_at else None
    labels = {option.value: option.label for option in LIKE}
    values: dict[str, object] = {
        "about": volunteer.about,
        "likes": [labels.get(like, like) for like in volunteer.likes],
        "languages": list(volunteer.languages),
        "gender": GENDER.get(volunteer.gender),
        "faith": volunteer.faith,
        "area": AREA.get(volunteer.area),
        "provider": volunteer.provider or turn.context.settings.service.provider,
    }
    unsaid = [FACTS[name] for name, value in values.items() if not value]
    return [
        *([left] if left else []),
        *([MAY_LIFT] if clearance.suspended and not left else []),
        called.fill(called=volunteer.called),
        *(FACT.fill(fact=FACTS[name], value=value) for name, value in values.items() if value),
        *([NOT_SAID.fill(facts=unsaid)] if unsaid else []),
        PLACES.fill(n=volunteer.capacity, now=children),
    ]


def name_of(volunteer: Volunteer) -> Text | str:
    """Their name: of whoever was invited without one, that there is none."""
    return NO_NAME if volunteer.name == volunteer.reference else volunteer.name


async def stages(turn: Turn, asked: Sequence[Stage], passes: Sequence[Pass]) -> Markup:
    """Each stage: when it was passed, who noted it, what they saw, and until when it holds; then who signed."""
    held, day = current(passes), gate.today(turn.now).isoformat()
    lines = [await _stage(turn, stage, held.get(stage.id), day) for stage in asked]
    signed = [found for found in passes if found.signed_at and found.withdrawn_at is None]
    if signed and (at := signed[-1].signed_at):
        who = signed[-1].signed_name or await _who(turn, signed[-1].signed_by)
        lines.append(SIGNED.fill(day=turn.date(turn.day(at).isoformat()), who=who))
    return lines_of(turn, lines)


async def _stage(turn: Turn, stage: Stage, held: Pass | None, day: str) -> Text:
    if held is None:
        return NOT_PASSED.fill(stage=stage.title)
    until = turn.date(held.expires_on) if held.expires_on else None
    words = RAN_OUT if until and not held.holds(day) else PASSED_UNTIL if until else PASSED
    who = await _who(turn, held.by_person)
    return words.fill(stage=stage.title, day=turn.date(held.passed_on), who=who, evidence=held.evidence, until=until)


async def _who(turn: Turn, person: str | None) -> Text | str:
    """Somebody of the staff, by name where one is known."""
    if person is None:
        return IMPORTED
    found = await people.find(turn.reader, person)
    return found.name or ROLES.get(Role(found.role), SOMEBODY) if found else SOMEBODY


def lines_of(turn: Turn, texts: Iterable[Text]) -> Markup:
    return Markup("\n").join(map(turn.html, texts))
