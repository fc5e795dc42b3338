"""Return codes and one-time codes. Only hashes are kept."""

import datetime as dt

from bot.domain.references import hashed, new_code
from bot.domain.retention import INVITE_VALID
from bot.domain.roles import Role
from bot.store import audit, volunteers
from bot.store.clock import stamp
from bot.store.database import Reader, Row, Writer


async def add_receipt(writer: Writer, code: str, person: str, now: str) -> None:
    """A return code: it opens this person's story again, any number of times."""
    await writer.run("INSERT INTO receipts (hash, person, created_at) VALUES (?, ?, ?)", (hashed(code), person, now))


async def receipt(reader: Reader, code: str) -> str | None:
    """Whose story a return code opens."""
    row = await reader.one("SELECT person FROM receipts WHERE hash = ?", (hashed(code),))
    return row["person"] if row else None


async def has_receipt(reader: Reader, person: str) -> bool:
    """Whether somebody was given a return code."""
    return bool(await reader.all("SELECT 1 FROM receipts WHERE person = ? LIMIT 1", (person,)))


async def add_invite(
    writer: Writer,
    code: str,
    role: str,
    now: str,
    expires: str,
    *,
    name: str = "",
    interest: str | None = None,
    volunteer: str | None = None,
) -> None:
    """A one-time code: for a role, a volunteer's with their record, or for a child to take over what an adult asked."""
    await writer.run(
        "INSERT INTO invites (hash, role, name, interest, volunteer, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (hashed(code), role, name, interest, volunteer, now, expires),
    )


async def add_handler_invite(
    writer: Writer, code: str, contact: str, now: str, expires: str, *, complaint: str = "", concern: str = ""
) -> None:
    """A one-time code in a mail to a contact: it opens this one complaint, or this one concern."""
    await writer.run(
        "INSERT INTO invites (hash, role, contact, complaint, concern, created_at, expires_at)"
        " VALUES (?, 'handler', ?, ?, ?, ?, ?)",
        (hashed(code), contact, complaint or None, concern or None, now, expires),
    )


async def handler_link_waits(reader: Reader, complaint: str, contact: str, now: str) -> bool:
    """Whether a contact was mailed a link to a complaint that nobody has opened yet."""
    rows = await reader.all(
        "SELECT 1 FROM invites WHERE complaint = ? AND contact = ? AND used_at IS NULL AND expires_at > ? LIMIT 1",
        (complaint, contact, now),
    )
    return bool(rows)


async def issue(writer: Writer, role: str, name: str, now: dt.datetime) -> str:
    """A new one-time code for staff or a new volunteer, made by whoever runs the machine."""
    if role == Role.VOLUNTEER:
        subject = (await volunteers.begin(writer, name, stamp(now))).reference
        code = await for_volunteer(writer, subject, name, now)
    else:
        subject, code = role, new_code()
        await add_invite(writer, code, role, stamp(now), stamp(now + INVITE_VALID), name=name)
    await audit.add(writer, "", "operator", "invite", subject, stamp(now))
    return code


async def for_volunteer(writer: Writer, volunteer: str, name: str, now: dt.datetime) -> str:
    """A new one-time code for a volunteer who is known already."""
    code = new_code()
    await add_invite(
        writer, code, Role.VOLUNTEER, stamp(now), stamp(now + INVITE_VALID), name=name, volunteer=volunteer
    )
    return code


async def end_volunteer_codes(writer: Writer, volunteer: str) -> None:
    """The codes a volunteer was given and has not used open nothing any more."""
    await writer.run("DELETE FROM invites WHERE volunteer = ? AND used_at IS NULL", (volunteer,))


async def invite(reader: Reader, code: str) -> Row | None:
    return await reader.one(
        "SELECT hash, role, name, interest, volunteer, complaint, concern, contact, expires_at, used_at, used_by"
        " FROM invites WHERE hash = ?",
        (hashed(code),),
    )


async def use_invite(writer: Writer, code: str, person: str, now: str) -> bool:
    """Redeem a code. False when somebody was there first."""
    return bool(
        await writer.run(
            "UPDATE invites SET used_at = ?, used_by = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ?",
            (now, person, hashed(code), now),
        )
    )


async def end_child_codes(writer: Writer, interest: str) -> None:
    """The codes a child was given for what an adult asked open nothing any more."""
    await writer.run("DELETE FROM invites WHERE interest = ? AND role = 'child'", (interest,))
