"""`ivbot import`: records from a coordinator's spreadsheet, all of them or none."""

import datetime as dt
import os
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.domain.retention import CHILD_CODE_VALID
from bot.errors import WrongUse
from bot.reports import imports
from bot.reports.export import beside
from bot.reports.imports.interest import Interests
from bot.reports.imports.kind import Given, counted
from bot.reports.sheets import SHEETS
from bot.settings import Settings
from bot.store import audit, volunteers
from bot.store.database import Writer, opened
from bot.store.file import must_be_there


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records, from which file. `sheet` is for a workbook that has several; `codes` is where children's go."""

    kind: str
    file: Path
    sheet: str
    codes: Path | None
    dry_run: bool

    def check(self) -> None:
        """Raises WrongUse when there can be no such import."""
        if self.kind not in imports.IMPORTS:
            raise WrongUse(f"import: there is no kind {self.kind!r}. Kinds: {', '.join(imports.IMPORTS)}")
        if self.codes and imports.IMPORTS[self.kind] is not Interests:
            raise WrongUse("import: only interest has codes for children. Leave --codes away.")
        if self.codes and self.codes.exists():
            raise WrongUse(f"{self.codes}: is there already. Codes are kept nowhere else: name another file.")
        if self.codes and self.dry_run:
            raise WrongUse("import: a dry run makes no codes. Leave --codes away.")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it, in lines; whether every row could be taken."""

    lines: tuple[str, ...]
    good: bool


class _Undone(Exception):
    """Nothing of it is to stay."""

    def __init__(self, done: Done) -> None:
        super().__init__()
        self.done = done


async def import_from(settings: Settings, wanted: Wanted) -> Done:
    """Take every row, or say of each bad one why it cannot be. While the bot runs, it waits for one write."""
    path, key = settings.database.path, settings.database.key.get_secret_value()
    must_be_there(path)
    given = Given(settings, dt.datetime.now(dt.UTC))
    sheet = imports.read(wanted.kind, wanted.file, wanted.sheet, given)
    try:
        with beside(wanted.codes) if wanted.codes else nullcontext() as out:
            async with opened(path, key) as database, database.writer.transaction() as writer:
                return await _written(writer, sheet, wanted, given, out)
    except _Undone as undone:
        return undone.done


async def _written(writer: Writer, sheet: imports.Sheet, wanted: Wanted, given: Given, out: IO[bytes] | None) -> Done:
    """What was written. Raises _Undone when nothing is to stay: a bad row, or only a try."""
    await volunteers.set_stages(writer, [stage.id for stage in given.settings.recruitment.stages])
    taker, problems = await imports.take(wanted.kind, sheet, writer, given)
    if problems:
        bad = len({problem.row for problem in problems})
        raise _Undone(Done((
            *sheet.notes,
            *map(str, problems),
            f"{_rows(bad)} cannot be taken. Nothing was imported: mend the file and try again.",
        ), good=False))  # fmt: skip
    await taker.write(writer)
    lines = [*sheet.notes, *taker.summary()]
    if wanted.dry_run:
        raise _Undone(Done((*lines, "Only tried: nothing was imported. Leave --dry-run away to do it."), good=True))
    await audit.add(writer, "", "operator", "import", wanted.kind, given.stamp)
    if isinstance(taker, Interests):
        lines += _codes(taker, wanted, out)
    return Done((*lines, "Imported."), good=True)


def _codes(taker: Interests, wanted: Wanted, out: IO[bytes] | None) -> list[str]:
    """The code for each child: written to a file before anything is committed, as only hashes of them are kept."""
    days = f"Give each child their own code. It works for {CHILD_CODE_VALID.days} days, in a chat of theirs."
    if out is None:
        return [*(f"{reference}  {code}  {name}" for reference, name, code in taker.codes), days]
    with SHEETS["csv"](out, ("reference", "name", "code")) as sheet:
        for reference, name, code in taker.codes:
            sheet.add([reference, name, code])
    out.flush()
    os.fsync(out.fileno())
    return [f"Wrote {wanted.codes}. {days}"]


def _rows(number: int) -> str:
    return counted(number, "row", "rows")
