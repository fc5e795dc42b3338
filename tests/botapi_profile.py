"""What the local Bot API server shows of the bot: its commands and descriptions, per language ("" is the default)."""

from tests import botapi_rules as rules
from tests.botapi_rules import Args, bad


class Profile:
    """The methods of the Bot API that set them, and what was set."""

    def __init__(self) -> None:
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.short_descriptions: dict[str, str] = {}
        self.descriptions: dict[str, str] = {}
        self.methods = {
            "setMyCommands": self._set_commands,
            "getMyCommands": self._get_commands,
            "setMyShortDescription": self._set_short_description,
            "getMyShortDescription": self._get_short_description,
            "setMyDescription": self._set_description,
            "getMyDescription": self._get_description,
        }

    async def _set_commands(self, args: Args) -> bool:
        self.commands[rules.language_code(args)] = rules.commands(args.get("commands"))
        return True

    async def _get_commands(self, args: Args) -> list[dict[str, str]]:
        return self.commands.get(rules.language_code(args), [])

    async def _set_short_description(self, args: Args) -> bool:
        text = str(args.get("short_description", ""))
        if len(text) > 120:
            bad("bot short description is too long")
        self.short_descriptions[rules.language_code(args)] = text
        return True

    async def _get_short_description(self, args: Args) -> Args:
        return {"short_description": self.short_descriptions.get(rules.language_code(args), "")}

    async def _set_description(self, args: Args) -> bool:
        text = str(args.get("description", ""))
        if len(text) > 512:
            bad("bot description is too long")
        self.descriptions[rules.language_code(args)] = text
        return True

    async def _get_description(self, args: Args) -> Args:
        return {"description": self.descriptions.get(rules.language_code(args), "")}
