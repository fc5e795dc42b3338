"""The commands. Exit codes: 0 done, 1 could not, 2 wrong use or bad settings (CONTRACT.md)."""

import asyncio
import datetime as dt
import io
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import IO, Annotated, Literal, NoReturn

import typer

from bot.errors import IvbotError, WrongUse
from bot.settings import Settings
from bot.settings_load import load

app = typer.Typer(
    name="ivbot",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Tells children in care about Independent Visitors, and gets them one.",
)

Config = Annotated[
    Path | None, typer.Option("--config", help="The settings file. Default: ivbot.toml here.", show_default=False)
]
Day = Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], show_default=False)]
Out = Annotated[Path | None, typer.Option(help="The file to write. Default: standard output.", show_default=False)]
Target = Annotated[Path, typer.Argument(help="Where the copy goes. It must not be there yet.")]
Staff = Annotated[
    Literal["coordinator", "manager", "volunteer"], typer.Argument(help="What the code makes of whoever uses it.")
]


@app.callback(invoke_without_command=True)
def _main(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if version:
        print(metadata.version("ivbot"))
        raise typer.Exit


@app.command()
def run(config: Config = None) -> None:
    """Serve every configured channel until SIGTERM or SIGINT."""
    import uvloop  # noqa: PLC0415 - commands that do not serve start faster without these

    from bot.app import serve  # noqa: PLC0415
    from bot.logs import hold_tracebacks  # noqa: PLC0415

    settings = _settings(config)
    hold_tracebacks()
    uvloop.run(serve(settings, lambda line: print(line, flush=True)))


@app.command()
def check(config: Config = None) -> None:
    """Settings, database, migrations, audit chain, words and token: one line each; exit 1 if any fails."""
    from bot.commands.check import run_checks  # noqa: PLC0415

    findings = asyncio.run(run_checks(_settings(config)))
    for finding in findings:
        print(finding)
    raise typer.Exit(1 if any(finding.wrong for finding in findings) else 0)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help='A question; "-" reads one a line, or lang<TAB>text.')],
    lang: Annotated[str, typer.Option(help="The language of the question.")] = "en",
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    config: Config = None,
) -> None:
    """What the bot would answer: topic, score, danger."""
    from bot.commands import ask as asking  # noqa: PLC0415

    known = asking.read(_settings(config))
    for language, question in asking.questions(text, lang, sys.stdin.buffer):
        answer = asking.answer(known, language, question)
        print(answer.as_json() if json else answer.as_words(), flush=True)


@app.command()
def invite(
    role: Staff,
    name: Annotated[str, typer.Option(help="What they are called in the records.")] = "",
    config: Config = None,
) -> None:
    """A one-time code and link."""
    from bot.commands.invite import invite as make  # noqa: PLC0415

    for line in asyncio.run(make(_settings(config), role, name)):
        print(line)


@app.command()
def export(
    kind: Annotated[str, typer.Argument(help="interest")],
    format: Annotated[Literal["csv", "xlsx", "json"], typer.Option(help="The kind of file.")] = "csv",
    since: Day = None,
    until: Day = None,
    out: Out = None,
    config: Config = None,
) -> None:
    """Records as a file: header row, ISO dates, one row a record, oldest first. Days are whole, both included."""
    from bot.commands.export import Wanted, export_to  # noqa: PLC0415

    settings = _settings(config)
    if format == "xlsx" and out is None and sys.stdout.isatty():
        raise WrongUse("An xlsx file is not for the terminal: add --out FILE.xlsx")
    wanted = Wanted(kind, format, since.date() if since else None, until.date() if until else None)
    wanted.check()
    if out and out.suffix[1:].lower() in {"csv", "xlsx", "json"} and out.suffix[1:].lower() != format:
        raise WrongUse(f"{out}: this would be {format}. Add --format {out.suffix[1:].lower()}, or name another file.")
    with _target(out) as file:
        asyncio.run(export_to(settings, wanted, file, show_progress=out is not None and sys.stderr.isatty()))
    if out:
        print(f"Wrote {out}. Names may be in it: keep it safe.")


@app.command(name="import")
def import_(
    kind: Annotated[str, typer.Argument(help="volunteers, matches, visits or interest")],
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file, with titles above its columns.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    sheet: Annotated[str, typer.Option(help="The name of the sheet, where there are several.")] = "",
    codes: Annotated[
        Path | None, typer.Option(help="For interest: a file for the children's codes.", show_default=False)
    ] = None,
    config: Config = None,
) -> None:
    """Records from a spreadsheet: every row is taken, or none, and each bad one is named with its reason."""
    from bot.commands.import_ import Wanted, import_from  # noqa: PLC0415

    settings = _settings(config)
    wanted = Wanted(kind, file, sheet, codes, dry_run)
    wanted.check()
    done = asyncio.run(import_from(settings, wanted))
    for line in done.lines:
        print(line)
    raise typer.Exit(0 if done.good else 1)


@app.command()
def backup(file: Target, config: Config = None) -> None:
    """A whole copy of the database, also while the bot runs."""
    from bot.commands import backup as copies  # noqa: PLC0415

    settings = _settings(config)
    copies.backup(settings, file)
    print(f"Copied {settings.database.path} to {file}, and checked the copy.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A copy made by ivbot backup.")],
    force: Annotated[bool, typer.Option("--force", help="Put it in the place of a database that is there.")] = False,
    config: Config = None,
) -> None:
    """Check a copy, then put it in the place of the database. The bot must not be running."""
    from bot.commands import backup as copies  # noqa: PLC0415

    settings = _settings(config)
    copies.restore(settings, file, force=force)
    print(f"Restored {settings.database.path} from {file}.")


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False, config: Config = None
) -> None:
    """Delete what is older than its retention, now."""
    from bot.commands.purge import purge as purge_now  # noqa: PLC0415

    counts, forgotten = asyncio.run(purge_now(_settings(config), dry_run=dry_run))
    for what, count in counts.items():
        print(f"{what:<10} {count:>6} {'too old' if dry_run else 'deleted'}")
    if not forgotten:
        print("The database is being read: its log still holds what was deleted. Run ivbot purge again later.")


@app.command()
def languages(json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False, config: Config = None) -> None:
    """Per language: strings translated, fuzzy, missing; pages; who read it."""
    import orjson  # noqa: PLC0415

    from bot.commands.languages import every_state  # noqa: PLC0415

    states = every_state(_settings(config))
    if json:
        print(orjson.dumps(states, option=orjson.OPT_INDENT_2).decode())
        return
    for state in states:
        print(f"{state.language}  {state.name}: {state}. Review: {state.review}")


def main() -> None:
    """The console script: whatever stops a command is one line on standard error and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except IvbotError as error:
        _end(str(error), error.exit_code)
    except typer.TyperException as error:
        said = error.format_message().replace("Value error, ", "")
        _end(f"{said} Help: ivbot --help" if said else "", error.exit_code)
    except BrokenPipeError:  # whoever read our output has had enough
        _end("", 1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _end(f"{where}{error.strerror or type(error).__name__}. What was saved before is safe.", 1)
    except Exception as error:  # noqa: BLE001 - a traceback may quote what a child wrote
        _end(_defect(error), 1)
    sys.exit(code or 0)


def _settings(config: Path | None) -> Settings:
    from bot import logs  # noqa: PLC0415

    settings = load(config)
    logs.configure(settings.log.level, settings.log.format)
    return settings


@contextmanager
def _target(out: Path | None) -> Iterator[IO[bytes]]:
    from bot.reports.export import beside  # noqa: PLC0415

    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with beside(out) as file:
            yield file


def _defect(error: Exception) -> str:
    """A mistake of ours: what kind and where, never its message."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    code = f"{type(error).__name__} in {where.name}, {Path(where.filename).name}:{where.lineno}"
    return f"A mistake in ivbot stopped this ({code}). What was saved before is safe. Please report this line."


def _end(line: str, code: int) -> NoReturn:
    try:
        sys.stdout.flush()
    except OSError:  # what cannot be written is let go here, or Python itself would complain of it at the very end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if line:
        print(f"ivbot: {' '.join(line.splitlines())}", file=sys.stderr)
    sys.exit(code)
