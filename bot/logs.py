"""One line an event, on standard error, with the number of the turn it belongs to.

Never a name, a text, a token or a code: our own events carry none, and of what a library logs only the place is told.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

Event = MutableMapping[str, Any]

_TOKEN = re.compile(r"\d{5,}(?::|%3A)[\w-]{10,}", re.IGNORECASE)
_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", re.IGNORECASE)


def configure(level: str, form: str) -> None:
    """Set up structlog, and the standard library's loggers of what we use to the same lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_secrets,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[_only_where, *shared], processors=[_bare, last])
    )
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)


def hold_tracebacks() -> None:
    """What dies outside of every task and handler is a line as well: Python itself would print its message."""
    log = structlog.get_logger()

    def thread(died: threading.ExceptHookArgs) -> None:
        log.error("thread.died", **_place(died.exc_type, died.exc_traceback))

    def ignored(died: "sys.UnraisableHookArgs") -> None:
        log.error("exception.ignored", **_place(died.exc_type, died.exc_traceback))

    threading.excepthook = thread
    sys.unraisablehook = ignored


def _only_where(_logger: object, _method: str, event: Event) -> Event:
    """Of a library's line: who wrote it and where. Its words may quote anything, even in a constant's place."""
    record: logging.LogRecord = event["_record"]
    event.update(event="library", logger=record.name, code=f"{record.module}.{record.funcName}:{record.lineno}")
    if record.exc_info:
        event.update(_place(record.exc_info[0], record.exc_info[2]))
    return event


def _place(kind: type[BaseException] | None, trace: TracebackType | None) -> dict[str, str]:
    """What sort of error, and the line of code it came from."""
    place = {"error": kind.__name__ if kind else "unknown"}
    if frames := traceback.extract_tb(trace):
        place["code"] = f"{Path(frames[-1].filename).stem}.{frames[-1].name}:{frames[-1].lineno}"
    return place


def _without_secrets(_logger: object, _method: str, event: Event) -> Event:
    """The last guard: whatever looks like a bot token or a code is struck out; a line stays one line; no tracebacks."""
    for key in ("exc_info", "stack_info", "exception"):
        event.pop(key, None)
    for key, value in event.items():
        if not isinstance(value, int | float | None) and not key.startswith("_"):
            line = " ".join(str(value).splitlines())
            event[key] = _CODE.sub("[code]", _TOKEN.sub("[token]", line))
    return event


def _bare(_logger: object, _method: str, event: Event) -> Event:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    return event
