"""Yeses are kept apart (domain.md, section 7), each with the exact words it answered."""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a yes is for. None is a lawful basis: that is not the child's to give."""

    SEND = "send"  # agreement to be referred: the answers go to the coordinator
    SHARE = "share"  # a choice: the social worker may be told as well
    REFER = "refer"  # agreement to be referred, asked for by itself where the service does (domain.md, D5)


@dataclass(frozen=True, slots=True)
class Answer:
    """A yes or a no, and what it answered."""

    given: bool
    words: str
    version: str
    language: str
    answered_at: str

    @classmethod
    def read(cls, kept: object) -> "Answer":
        """An answer as an open form keeps it."""
        if not isinstance(kept, dict):
            raise TypeError("a consent is kept with its words")
        return cls(**kept)
