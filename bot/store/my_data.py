"""Everything kept about one person: collected over all tables, and erased from all of them.

What stays of a request is its number, its days and how it ended: no words, and nothing that leads to a person.
"""

from collections.abc import Iterable, Mapping

import orjson

from bot.domain.interest import ERASED
from bot.store import complaint_steps, concerns
from bot.store.database import Reader, Row, Writer
from bot.store.visit_reports import EMPTY as EMPTY_REPORT

Kept = Mapping[str, list[Row]]
"""The rows about somebody, by kind."""

ANSWERS = {
    "name": "name",
    "age": "age",
    "area": "area",
    "likes": "likes",
    "wishes": "visitor_wishes",
    "reach": "contact_way",
    "anything": "anything_else",
}
"""The questions a child answers, and the column of interests that has each answer."""

_MINE = "(SELECT reference FROM interests WHERE person = :person)"
_MY_MATCHES = f"(SELECT reference FROM matches WHERE interest IN {_MINE})"
_MY_COMPLAINTS = "(SELECT reference FROM complaints WHERE person = :person)"
_MY_RECORD = "(SELECT reference FROM volunteers WHERE person = :person)"
_OWN_MATCHES = f"(SELECT reference FROM matches WHERE volunteer IN {_MY_RECORD})"
_REPORTED = "visit, happened, why_not, minutes, activity, chosen_by, child_mood, for_child, pass_on, reported_at"
_UNCLAIMED = "asked_by_person = :person AND person IS NULL AND status = 'awaiting_child'"

ABOUT = {
    "person": "SELECT role, language, name, simple, created_at FROM people WHERE id = :person",
    "addresses": "SELECT channel, address, seen_at FROM addresses WHERE person = :person ORDER BY seen_at",
    "codes": "SELECT created_at FROM receipts WHERE person = :person ORDER BY created_at",
    "form": "SELECT name, answers, touched_at FROM forms WHERE person = :person",
    "interests": "SELECT * FROM interests WHERE person = :person ORDER BY received_at",
    "steps": f"SELECT interest, at, to_status, reason FROM interest_events WHERE interest IN {_MINE} ORDER BY id",
    "consents": "SELECT interest, purpose, given, words, answered_at, withdrawn_at FROM consents"
    " WHERE person = :person ORDER BY id",
    "notes": "SELECT id, interest, at, by_person IS :person AS own, kind, words FROM interest_notes"
    f" WHERE interest IN {_MINE} ORDER BY id",
    "matches": "SELECT reference, interest, visitor, about, started_at, ended_at FROM matches"
    f" WHERE interest IN {_MINE} ORDER BY started_at",
    "planned": f"SELECT reference, plan FROM visits WHERE match IN {_MY_MATCHES} ORDER BY planned_for",
    # A child is shown what they were told of: a visit is told when their visitor has confirmed it, or reported it.
    "visits": "SELECT v.reference, v.match, coalesce(t.planned_for, v.planned_for) AS planned_for,"
    " coalesce(t.plan, '') AS plan, v.status, v.child_said, v.child_words, v.child_missed, v.child_face"
    f" FROM visits v LEFT JOIN visits_told t ON t.reference = v.reference WHERE v.match IN {_MY_MATCHES}"
    " AND (t.reference IS NOT NULL OR v.reference IN (SELECT visit FROM visit_reports)) ORDER BY v.planned_for",
    "reports": f"SELECT {_REPORTED} FROM visit_reports"
    f" WHERE visit IN (SELECT reference FROM visits WHERE match IN {_MY_MATCHES})",
    "talks": "SELECT reference, reply_way, opened_at, waiting FROM talks WHERE person = :person ORDER BY opened_at",
    "messages": "SELECT talk, at, by_staff, words FROM talk_messages"
    " WHERE talk IN (SELECT reference FROM talks WHERE person = :person) ORDER BY id",
    "ideas": "SELECT id, at, words FROM ideas WHERE person = :person ORDER BY id",
    "enquiries": "SELECT reference, received_at, status, status_since, name, reach, area, independent, why,"
    " agreed_words, agreed_at FROM enquiries WHERE person = :person ORDER BY received_at",
    "complaints": "SELECT * FROM complaints WHERE person = :person ORDER BY received_at, reference",
    "complaint_steps": f"SELECT complaint, at, kind FROM complaint_events WHERE complaint IN {_MY_COMPLAINTS}"
    " ORDER BY id",
    "complaint_messages": "SELECT complaint, at, kind, words FROM complaint_messages"
    f" WHERE complaint IN {_MY_COMPLAINTS} ORDER BY id",
    "concerns": "SELECT reference, raised_at, source, words, acknowledged_at, handed_over_at, closed_at"
    " FROM concerns"
    " WHERE person = :person ORDER BY raised_at, reference",
    "asked": f"SELECT reference, received_at, name, age, {_UNCLAIMED} AS unclaimed FROM interests"
    " WHERE asked_by_person = :person ORDER BY received_at",
    # What somebody is as a volunteer. Why they were suspended is for a human to tell, and so is what staff noted with a
    # stage: it may hold a reference that was given in confidence (Data Protection Act 2018 Sch 2 paras 2 and 24).
    "volunteer": "SELECT reference, name, called, about, likes, languages, gender, faith, area, capacity, provider,"
    " created_at, joined_at, paused_at, paused_until, left_at, left_reason FROM volunteers WHERE person = :person",
    "stages": "SELECT stage, passed_on, expires_on, signed_at, withdrawn_at FROM stages_passed"
    f" WHERE volunteer IN {_MY_RECORD} ORDER BY id",
    "proposed": f"SELECT at, volunteer_said, volunteer_said_at FROM proposals WHERE volunteer IN {_MY_RECORD}"
    " ORDER BY at",
    "visited": "SELECT m.reference, m.started_at, m.ended_at,"
    " substr(trim(i.name), 1, instr(trim(i.name) || ' ', ' ') - 1) AS child FROM matches m"
    f" JOIN interests i ON i.reference = m.interest WHERE m.volunteer IN {_MY_RECORD} ORDER BY m.started_at",
    "own_visits": "SELECT reference, match, planned_for, plan, status, volunteer_said FROM visits"
    f" WHERE match IN {_OWN_MATCHES} ORDER BY planned_for",
    "own_reports": f"SELECT {_REPORTED} FROM visit_reports"
    f" WHERE visit IN (SELECT reference FROM visits WHERE match IN {_OWN_MATCHES})",
    "goodbyes": "SELECT match, at, how, last_on, leaving, words FROM goodbyes"
    f" WHERE match IN {_OWN_MATCHES} ORDER BY at",
    "expenses": "SELECT spent_on, pence, miles_tenths, mileage_pence, paid_at FROM expenses"
    f" WHERE volunteer IN {_MY_RECORD} ORDER BY spent_on, visit",
    "looks": "SELECT at, action, subject FROM audit WHERE person != :person AND subject IN"
    f" (SELECT reference FROM interests WHERE reference IN {_MINE}"
    f" UNION SELECT reference FROM talks WHERE person = :person UNION SELECT reference FROM {_MY_COMPLAINTS}"
    f" UNION SELECT reference FROM concerns WHERE person = :person UNION SELECT reference FROM {_MY_RECORD})"
    " ORDER BY seq",
}
"""What is collected of a person, by kind."""

_ERASE = (
    f"DELETE FROM interest_notes WHERE interest IN {_MINE}",
    # Visits stay counted: when they were, whether they happened and how long. Nothing that anybody said of them stays.
    (
        f"UPDATE visit_reports SET {EMPTY_REPORT} WHERE visit IN"
        f" (SELECT reference FROM visits WHERE match IN {_MY_MATCHES})"
    ),
    (f"UPDATE visits SET plan = '', child_said = '', child_words = '', child_face = NULL WHERE match IN {_MY_MATCHES}"),
    f"DELETE FROM goodbyes WHERE match IN {_MY_MATCHES}",
    # The volunteer of a proposal that this ends has to be told that it will not be this one.
    f"DELETE FROM proposals WHERE interest IN {_MINE} AND (outcome != 'dropped' OR closed_at < :now)",
    f"UPDATE proposals SET child_said = '', child_said_at = NULL WHERE interest IN {_MINE}",
    # The visitor of a match that this ends has to be told: their first name stays with the number.
    (
        f"UPDATE matches SET about = '', visitor = iif(ended_reason = '{ERASED}', visitor, ''), ended_reason = ''"
        f" WHERE interest IN {_MINE}"
    ),
    (
        f"DELETE FROM invites WHERE interest IN {_MINE}"
        f" OR interest IN (SELECT reference FROM interests WHERE asked_by_person = :person AND person IS NULL)"
    ),
    f"UPDATE interest_events SET reason = '' WHERE interest IN {_MINE}",
    "DELETE FROM consents WHERE person = :person",
    (
        "UPDATE interests SET name = '', age = NULL, area = '', likes = '[]', visitor_wishes = '', contact_way = '',"
        " anything_else = '', provider = '', review_on = NULL, nudged_at = NULL, channel = '', language = '',"
        f" closed_reason = '{ERASED}',"
        " withdrawn_at = iif(status = 'withdrawn', coalesce(withdrawn_at, :now), withdrawn_at)"
        " WHERE person = :person OR asked_by_person = :person AND person IS NULL"
    ),
    "UPDATE interests SET person = NULL WHERE person = :person",
    "DELETE FROM ideas WHERE person = :person",
    "DELETE FROM enquiries WHERE person = :person",
    "DELETE FROM people WHERE id = :person AND role = 'guest'",  # forms, codes, talks, addresses, messages go with it
)


async def collect(reader: Reader, person: str) -> Kept:
    """Everything kept about somebody."""
    return {kind: await reader.all(sql, {"person": person}) for kind, sql in ABOUT.items()}


async def speaks_for(reader: Reader, channel: str, address: str) -> Row | None:
    """Whom an address speaks for now, and in which language: `person`, `chosen`, `hint`."""
    return await reader.one(
        "SELECT a.person, p.language AS chosen, a.language AS hint FROM addresses a JOIN people p ON p.id = a.person"
        " WHERE a.channel = ? AND a.address = ?",
        (channel, address),
    )


async def erase(writer: Writer, person: str, now: str) -> None:
    """Erase everything about somebody who has no role here. What is under way must have been ended before.

    Complaints end by it: they stay counted, without a word and without the person. A concern that the case file does
    not have yet keeps its words, without the person.
    """
    await complaint_steps.erase(writer, person, now)
    await concerns.erase(writer, person, now)
    for sql in _ERASE:
        await writer.run(sql, {"person": person, "now": now})


async def erase_answer(writer: Writer, reference: str, key: str) -> None:
    empty = {"age": "NULL", "likes": "'[]'"}.get(key, "''")
    await writer.run(f"UPDATE interests SET {ANSWERS[key]} = {empty} WHERE reference = ?", (reference,))


async def erase_note(writer: Writer, note: int) -> None:
    await writer.run("DELETE FROM interest_notes WHERE id = ?", (note,))


async def erase_talk(writer: Writer, reference: str) -> None:
    await writer.run("DELETE FROM talks WHERE reference = ?", (reference,))


async def erase_idea(writer: Writer, idea: int) -> None:
    await writer.run("DELETE FROM ideas WHERE id = ?", (idea,))


async def erase_visit_words(writer: Writer, reference: str) -> None:
    """What a child said of a visit; the visit itself stays as it was planned."""
    await writer.run(
        "UPDATE visits SET child_said = '', child_words = '', child_missed = 0, child_face = NULL WHERE reference = ?",
        (reference,),
    )


def references(kept: Kept) -> list[str]:
    """The numbers under which staff may have had any of it on their screens."""
    rows = [
        row["reference"] for kind in ("interests", "matches", "planned", "talks", "enquiries") for row in kept[kind]
    ]
    rows += [row["reference"] for row in (*kept["complaints"], *handed_over(kept))]
    return rows + [row["reference"] for row in kept["asked"] if row["unclaimed"]]


def words(kept: Kept) -> list[str]:
    """All that was told in somebody's own words."""
    told = [
        *(row[column] for row in kept["interests"] for column in ("name", "visitor_wishes", "anything_else")),
        *(part for row in kept["interests"] for part in (*row["contact_way"].split(", "), *orjson.loads(row["likes"]))),
        *(row["words"] for kind in ("notes", "messages", "ideas", "complaint_messages") for row in kept[kind]),
        *(row["plan"] for row in kept["planned"]),
        *(row["child_words"] for row in kept["visits"]),
        *(row[column] for row in kept["reports"] for column in ("activity", "for_child", "pass_on")),
        *(part for row in kept["talks"] for part in row["reply_way"].split(", ")),
        *(row[column] for row in kept["enquiries"] for column in ("name", "reach", "why")),
        *(text for row in kept["complaints"] for text in complaint_words(row)),
        *(row["words"] for row in handed_over(kept)),
        *(row["name"] for row in kept["asked"] if row["unclaimed"]),
        *(value for row in kept["form"] for value in strings(orjson.loads(row["answers"]))),
    ]
    return [text for text in told if text]


def looked_into(kept: Kept) -> bool:
    """Whether those who keep children safe still look into something, and may need to know who told them."""
    return any(not row["handed_over_at"] and not row["closed_at"] for row in kept["concerns"])


def handed_over(kept: Kept) -> list[Row]:
    """The concerns whose words may go: the case file has them."""
    return [row for row in kept["concerns"] if row["handed_over_at"]]


def complaint_words(row: Row) -> list[str]:
    """What was told in a complaint."""
    return [row["what_happened"], row["wanted_outcome"], row["name"], *row["answer_way"].split(", ")]


def strings(value: object) -> Iterable[str]:
    """Every text in the answers of a form."""
    match value:
        case str():
            yield value
        case dict():
            yield from (text for part in value.values() for text in strings(part))
        case list():
            yield from (text for part in value for text in strings(part))
