"""Every conversation under tests/transcripts/ goes as it is written there."""

from pathlib import Path

import pytest

from tests.transcripts import FOLDER, Transcript

PATHS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
async def test_conversation(path: Path, tmp_path: Path) -> None:
    """A transcript is met line by line, with a restart between every two lines."""
    assert await Transcript(path, tmp_path).play() > 3


def test_there_are_conversations() -> None:
    """The folder of transcripts was found."""
    assert len(PATHS) >= 10
