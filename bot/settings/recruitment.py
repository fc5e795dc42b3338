"""What volunteers have to pass."""

from collections import Counter
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.named import Named
from bot.settings.section import LongestFirst, Name, Section


class Stage(Section):
    """One check of a volunteer. `id` is in the records, so it stays; the title may change."""

    id: str = Field(pattern=r"^[a-z0-9_]{1,20}$")
    title: Name = Field(min_length=1, max_length=60)
    valid_months: int | None = Field(None, ge=1, le=600)


def _different(stages: list[Stage]) -> list[Stage]:
    twice = [name for name, count in Counter(stage.id for stage in stages).items() if count > 1]
    if twice:
        raise ValueError(f"has two stages with the id {twice[0]}")
    return stages


# One setting, one line.
# fmt: off


class Recruitment(Section):
    """What a volunteer has passed before they meet any child. A second person signs the stage that is passed last."""

    stages: Annotated[list[Stage], AfterValidator(_different)] = Field([
        Stage(id="application", title=Named("Application and interview")),
        Stage(id="references", title=Named("Two references")),
        Stage(id="dbs", title=Named("Enhanced DBS check"), valid_months=36),
        Stage(id="training", title=Named("Training")),
        Stage(id="independence", title=Named("Independence declaration")),
    ], min_length=1, description="Each has an id (a-z, 0-9 and _), a title, and valid_months where it runs out. The independence declaration is SI 2010/959 reg 47.", examples=[[{"id": "dbs", "title": "Enhanced DBS check", "valid_months": 36}]])
    warn_days: LongestFirst = Field([90, 30, 7], min_length=1, description="Days before a stage runs out at which coordinators and the volunteer are told.", examples=[[90, 30, 7]])


# fmt: on
