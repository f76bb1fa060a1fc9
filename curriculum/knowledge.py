"""What one course knows, as plain values: the only input of the question generator.

Everything here is frozen and free of the database, so that the same knowledge gives the same questions whether it was
read from rows (`Course.knowledge`) or from a fixture file (`knowledge_from_fixture`). Offsets are code points into
`Knowledge.text`, half open: `text[start:end]` is the quotation.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Lesson:
    """One chapter, preface or conclusion. `scope` is how a question names it: 「第三章」."""

    id: str
    order: int
    heading: str
    title: str
    scope: str
    heading_supplied: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a heading or signature standing alone. `label` is its run-in heading or a supplied name."""

    id: str
    lesson: str
    order: int
    kind: str
    number: str = ""
    label: str = ""
    label_supplied: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that can be evidence: a sentence, a run-in heading, a chapter title, a signature line."""

    id: str
    lesson: str
    passage: str
    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something named by the document, with other names for it and what it belongs to.

    A group (`members`) with `distributive=False` holds its statements jointly: what is said of the group is neither
    true nor false of one member.
    """

    id: str
    type: str
    name: str
    aliases: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    distributive: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """A span of the pinned text with the other forms in which it may be answered."""

    text: str
    start: int
    end: int
    variants: tuple[str, ...] = ()


def member(span: dict[str, Any]) -> Member:
    """Read {"text", "start", "end", "variants"?} as stored in fixtures and JSON columns."""
    return Member(span["text"], span["start"], span["end"], tuple(span.get("variants", ())))


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of the document: subject, relation, object, and where it stands.

    `text` is the object as a slice of its unit. An enumeration lists its `members`; one pair of a list of pairs is a
    fact of its own with its `left` half, and shares `group` with its neighbours.
    """

    id: str
    family: str
    relation: str
    subject: str
    unit: str
    start: int
    end: int
    text: str
    subject_entity: str = ""
    group: str = ""
    left: Member | None = None
    members: tuple[Member, ...] = ()
    pool: str = ""
    scope: str = ""
    closed: bool = True
    ordered: bool = False
    multi_true: bool = False
    modal: str = ""
    variants: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    anchors: tuple[Member, ...] = ()
    no_kinds: tuple[str, ...] = ()
    core: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Knowledge:
    """A whole course: its pinned text and everything that is said to be known from it."""

    course: str
    title: str
    issuer: str
    date: str
    language: str
    text: str
    lessons: tuple[Lesson, ...] = ()
    passages: tuple[Passage, ...] = ()
    units: tuple[Unit, ...] = ()
    entities: tuple[Entity, ...] = ()
    facts: tuple[Fact, ...] = field(default=())

    @property
    def sha256(self) -> str:
        """Hex digest of the text as UTF-8: the identity of the edition that every offset refers to."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def lesson_by_id(self) -> dict[str, Lesson]:
        return {lesson.id: lesson for lesson in self.lessons}

    @cached_property
    def passage_by_id(self) -> dict[str, Passage]:
        return {passage.id: passage for passage in self.passages}

    @cached_property
    def unit_by_id(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def unit_ids(self) -> frozenset[str]:
        """The whole document, as the ids of its units."""
        return frozenset(self.unit_by_id)

    @cached_property
    def entity_by_id(self) -> dict[str, Entity]:
        return {entity.id: entity for entity in self.entities}

    @cached_property
    def fact_by_id(self) -> dict[str, Fact]:
        return {fact.id: fact for fact in self.facts}
