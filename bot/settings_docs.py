"""`python -m bot.settings_docs`: docs/settings.md, made from the settings themselves. `make docs` writes it."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Location, Settings, section_of, toml_value, variable

_HEAD = """\
# Settings

Made from `bot/settings/` by `make docs`: change it there.

A setting is read from the first of these places that has it:

1. an environment variable, like `IVBOT_WEB__PORT=8080`. An empty one does not count.
   A list is JSON (`["en","cy"]`), or words with commas between them (`en,cy`).
2. a file in the folder that `IVBOT_SECRETS_DIR` names. The file's name is the setting, like `telegram__token`.
   Spaces and line ends around the value do not count. Files without `__` in their names are left alone.
3. `ivbot.toml` in the current folder, or the file named with `--config`.
   Without either, the one that comes with ivbot.
4. the default below.

A key that is not listed here is an error. So is a value that does not fit. The command then ends with exit code 2 and
one line: where it was read, which key, what is wrong, and an example that works. The value itself is never shown.

Keep secrets out of `ivbot.toml`: put them into files that only ivbot's user may read."""


def document() -> str:
    """The whole page."""
    return "\n\n".join([_HEAD, *_sections(Settings, (), Settings.model_construct())]) + "\n"


def _sections(model: type[BaseModel], above: Location, defaults: BaseModel | None) -> Iterator[str]:
    """A model's own keys as one table, then the sections in it."""
    keys = {name: field for name, field in model.model_fields.items() if not section_of(field)}
    if keys:
        said = " ".join((model.__doc__ or "").split())
        rows = [_row((*above, name), field, getattr(defaults, name, None)) for name, field in keys.items()]
        yield "\n".join(
            [f"## `[{'.'.join(above)}]`\n\n{said}\n", _cells(_COLUMNS), _cells("---" for _c in _COLUMNS), *rows]
        )
    for name, field in model.model_fields.items():
        if section := section_of(field):
            yield from _sections(section, (*above, name), getattr(defaults, name, None))


_COLUMNS = ("key", "environment variable", "default", "what", "example")


def _row(location: Location, field: FieldInfo, default: object) -> str:
    what = (field.description or "").replace("|", "\\|")
    example = toml_value((field.examples or [""])[0])
    return _cells((f"`{location[-1]}`", f"`{variable(location)}`", _shown(default), what, f"`{example}`"))


def _shown(default: object) -> str:
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    return f"`{toml_value(value)}`" if value not in ("", None) else "none"


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201 - this is what it is for
