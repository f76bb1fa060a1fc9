"""What every format can carry of a question, and what becomes of one that a format cannot carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from quizzes.content import BLANK, Content


@dataclass(frozen=True, slots=True)
class Portable:
    """A question without Jingdu's provenance. Field meanings: `quizzes.content.Content`; `quote` is its evidence.

    `kind` is one of Jingdu's six. `id` is "" for a question that was made elsewhere.
    """

    kind: str
    stem: str
    key: str | list[Any]
    id: str = ""
    version: int = 1
    lesson: str = ""
    options: tuple[str, ...] | None = None
    responses: tuple[str, ...] = ()
    accepted: tuple[Any, ...] = ()
    facts: tuple[str, ...] = ()
    quote: str = ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The key of a matching question as pairs; empty for other kinds."""
        return [(pair[0], pair[1]) for pair in self.key] if self.kind == "matching" else []

    @property
    def key_text(self) -> str:
        """The key as one line for people: members by 、, steps by →, pairs by ；."""
        if isinstance(self.key, str):
            return self.key
        if self.kind == "matching":
            return "；".join(f"{premise} → {response}" for premise, response in self.pairs)
        return (" → " if self.kind == "ordering" else "、").join(self.key)

    @property
    def stem_with_blank(self) -> str:
        """The stem with the usual ASCII blank of other programs."""
        return self.stem.replace(BLANK, "_____")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that was not taken: which, by id or by its place in the file, and why."""

    question: str
    reason: str | Promise


@dataclass(frozen=True, slots=True)
class Exported:
    """The bytes of a file and the questions that its format cannot carry."""

    data: bytes
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """The questions of a file and those that could not be read."""

    questions: tuple[Portable, ...]
    refused: tuple[Refusal, ...] = ()


class UnreadableBankError(ValueError):
    """The file as a whole is not in the format; `message` says why."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


def portable(content: Content, version: int = 1) -> Portable:
    """What other programs may have of a question."""
    return Portable(
        kind=content.kind,
        stem=content.stem,
        key=content.key,
        id=content.id,
        version=version,
        lesson=content.lesson,
        options=content.options,
        responses=content.responses,
        accepted=content.accepted,
        facts=content.facts,
        quote=" / ".join(evidence.quote for evidence in content.evidence),
    )
