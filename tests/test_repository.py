"""The repository itself: who imports whom, what the locks pin, and what the few verbs promise."""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.txt", "requirements-build.txt", "requirements-dev.txt")

GROUND = {
    "bot.catalogue",
    "bot.errors",
    "bot.i18n",
    "bot.language",
    "bot.logs",
    "bot.named",
    "bot.pages",
    "bot.settings",
    "bot.typed",
} | {f"bot.settings.{path.stem}" for path in (ROOT / "bot" / "settings").glob("[!_]*.py")}
MAY_IMPORT = {
    "ground": {"ground"},
    "bot.store": {"bot.store", "bot.domain", "ground"},
    "bot.domain": {"bot.domain"},
    "bot.engine": {"bot.engine", "bot.domain", "bot.store", "ground"},
    "bot.reports": {"bot.reports", "bot.engine", "bot.domain", "bot.store", "ground"},
    "bot.desk": {"bot.desk", "bot.reports", "bot.engine", "bot.domain", "bot.store", "ground"},
    "bot.channels": {"bot.channels", "bot.engine", "ground"},
    "handlers": {"handlers", "bot.reports", "bot.engine", "bot.domain", "bot.store", "ground"},
    "doors": {"doors", "bot.channels", "bot.desk", "bot.reports", "bot.engine", "bot.domain", "bot.store", "ground"},
}
"""Which rooms each room knows. Doors are the rest of bot/; only bot/app.py, the wiring, knows the handlers as well."""

SQL = {"aiosqlite", "sqlite3", "sqlcipher3"}
OUTSIDE = SQL | {
    "aiohttp", "asyncio", "httpx", "os", "shutil", "smtplib", "socket", "starlette", "subprocess", "telegram",
    "tempfile", "time", "urllib", "uvicorn",
}  # fmt: skip
"""What a domain rule has no use for: files, the network, processes, the clock."""


def modules() -> dict[str, Path]:
    found = {}
    for folder in ("bot", "handlers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def room(module: str) -> str:
    """The room a module of ours is in. What has no room of its own is a door, which no room may import."""
    if module in GROUND:
        return "ground"
    return next((name for name in MAY_IMPORT if f"{module}.".startswith(f"{name}.")), "doors")


def imports(module: str) -> Iterator[tuple[int, str]]:
    """Each import of a module, with its line: `from bot import i18n` is bot.i18n."""
    path = MODULES[module]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=source, names=names, level=level):
                start = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
                above = start[: len(start) - level + 1] if level else []
                name = ".".join([*above, *([source] if source else [])])
                for alias in names:
                    yield node.lineno, f"{name}.{alias.name}" if f"{name}.{alias.name}" in MODULES else name


def arrows() -> list[tuple[str, int, str]]:
    """Each import of one of our modules by another: who, on which line, whom."""
    return [
        (module, line, name)
        for module in MODULES
        for line, name in imports(module)
        if name.split(".")[0] in {"bot", "handlers"}
    ]


def test_rooms_know_only_the_rooms_below_them() -> None:
    """No import runs up: not to a room above, and to handlers only from bot/app.py."""
    wrong = [
        f"{MODULES[module].relative_to(ROOT)}:{line} imports {name}"
        for module, line, name in arrows()
        if room(name) not in MAY_IMPORT[room(module)] | ({"handlers"} if module == "bot.app" else set())
    ]

    assert wrong == []
    assert len(MODULES) > 10
    assert len(arrows()) > 10


def test_every_import_of_ours_is_a_module_of_ours() -> None:
    """An import of bot or handlers names a module that is there."""
    assert [arrow for arrow in arrows() if arrow[2] not in MODULES] == []


def test_only_the_store_speaks_to_sqlite() -> None:
    """SQL drivers are imported in bot/store and nowhere else."""
    users = {module for module in MODULES for _line, name in imports(module) if name.split(".")[0] in SQL}

    assert {room(module) for module in users} == {"bot.store"}


def test_domain_rules_touch_nothing_outside() -> None:
    """The rules of the service are plain functions: no file, no network, no process, no clock."""
    rules = [module for module in MODULES if room(module) == "bot.domain"]
    wrong = [(rule, line, name) for rule in rules for line, name in imports(rule) if name.split(".")[0] in OUTSIDE]

    assert wrong == []
    assert len(rules) > 1


def pins(lock: str) -> dict[str, list[str]]:
    """Name and version of each requirement of a lock, with its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {line.split()[0]: re.findall(r"--hash=sha256:[0-9a-f]{64}(?=\s|$)", line) for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_pin_versions_and_contents(lock: str) -> None:
    """Each requirement is one version, and each of its files is known by its hash."""
    found = pins(lock)

    assert [pin for pin in found if not re.fullmatch(r"[a-z0-9-]+==[\w.+!]+", pin)] == []
    assert [pin for pin, hashes in found.items() if not hashes] == []
    assert len(found) > 5


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_index_and_no_machine(lock: str) -> None:
    """A lock says what to install, never where from, and nothing of the machine it was made on."""
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert re.findall(r"(?m)://|file:/|^\s*-(?!-hash).*|(?<![\w.])/\w+.*| @ .*", text) == []


def test_locks_hold_for_other_machines() -> None:
    """Compiled packages have the hashes of every platform's files, not only of ours."""
    found = pins("requirements.txt")
    compiled = ("aiohttp", "orjson", "pydantic-core", "rapidfuzz", "sqlcipher3", "uvloop")

    assert [name for name in compiled for pin in found if pin.split("==")[0] == name and len(found[pin]) < 20] == []
    assert {pin.split("==")[0] for pin in found} >= set(compiled)


def test_locks_agree() -> None:
    """What is tested is what runs: the development lock has the versions of the other two."""
    assert pins("requirements-dev.txt").keys() >= pins("requirements.txt").keys()
    assert pins("requirements-dev.txt").keys() >= pins("requirements-build.txt").keys()


def test_locks_hold_every_dependency() -> None:
    """Whatever pyproject.toml asks for is in the lock it belongs to: after a change, `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-build.txt": project["build-system"]["requires"],
        "requirements-dev.txt": project["project"]["optional-dependencies"]["dev"],
    }
    for lock, requirements in asked.items():
        names = {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}
        assert names - {pin.split("==")[0] for pin in pins(lock)} == set()
        assert names


def test_every_ruff_ignore_has_its_reason() -> None:
    """A rule is left out with a reason beside it, or not at all."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ignored = [line for line in text.splitlines() if re.match(r'\s+"[A-Z]+\d*",', line)]

    assert [line for line in ignored if "# " not in line] == []
    assert len(ignored) > 10


def test_ci_runs_the_two_verbs() -> None:
    """.ci/run can be run, stops at the first failure, and calls what a developer calls."""
    path = ROOT / ".ci" / "run"
    lines = path.read_text(encoding="utf-8").splitlines()

    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in lines
    assert [line for line in lines if line.startswith("make ")] == ["make test", "make check"]


def test_every_verb_is_explained() -> None:
    """`make` alone lists each verb with what it does."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = re.findall(r"(?m)^\.PHONY: (.+)$", text)[0].split()

    assert sorted(verbs) == sorted(re.findall(r"(?m)^([a-z]+):.* ## .+", text))
    assert {"run", "test", "check", "bench", "lock", "docs"} <= set(verbs)


def test_every_test_says_what_it_shows() -> None:
    """Each test's docstring states in one sentence how ivbot behaves."""
    tests = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": ast.get_docstring(node)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }

    assert [name for name, docstring in tests.items() if not docstring] == []
    assert len(tests) > 10
