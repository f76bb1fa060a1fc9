"""Reading a shipped course from its Django fixture without a database.

The JSON that `manage.py loaddata` loads is the source of truth for a shipped course. `knowledge_from_fixture` gives the
same value as `Course.knowledge` gives after loading it, so that generation and its checks can run on files alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from curriculum.knowledge import Entity, Fact, Knowledge, Lesson, Passage, Unit, member

Fields = dict[str, Any]
Keyed = TypeVar("Keyed", Entity, Fact)

LESSON = ("order", "heading", "title", "scope", "heading_supplied")
PASSAGE = ("order", "kind", "number", "label", "label_supplied")
UNIT = ("kind", "start", "end", "text")
FACT = (
    *("family", "relation", "subject", "subject_entity", "start", "end", "text", "group", "pool", "scope"),
    *("closed", "ordered", "multi_true", "modal", "core", "weight"),
)


def load_fixture(path: str | Path) -> Knowledge:
    """Read one course from a fixture file (UTF-8 JSON). Raises ValueError when it does not hold exactly one course."""
    return knowledge_from_fixture(json.loads(Path(path).read_text(encoding="utf-8")))


def knowledge_from_fixture(objects: list[dict[str, Any]]) -> Knowledge:
    """Turn the objects of a fixture, {"model": ..., "fields": ...} with natural keys, into one course's knowledge.

    Everything comes in the order in which the database would give it. Raises ValueError when there is not exactly one
    course, or when its text is not the one whose digest is recorded.
    """
    courses = _fields(objects, "course")
    if len(courses) != 1:
        raise ValueError(f"a fixture holds exactly one course, this one holds {len(courses)}")
    course = courses[0]
    passages = [_passage(fields) for fields in _fields(objects, "passage")]
    lessons = sorted((_lesson(fields) for fields in _fields(objects, "lesson")), key=lambda lesson: lesson.order)
    place = {lesson.id: lesson.order for lesson in lessons}
    lesson_of = {passage.id: passage.lesson for passage in passages}
    units = (_unit(fields, lesson_of) for fields in _fields(objects, "sentence"))
    knowledge = Knowledge(
        course=course["slug"],
        title=course["title"],
        issuer=course["issuer"],
        date=course["date"],
        language=course["language"],
        text=course["text"],
        lessons=tuple(lessons),
        passages=tuple(sorted(passages, key=lambda passage: (place[passage.lesson], passage.order))),
        units=tuple(sorted(units, key=lambda unit: unit.start)),
    )
    if knowledge.sha256 != course["sha256"]:
        raise ValueError("the text of the course does not have the recorded digest")
    return replace(
        knowledge,
        entities=_by_id(_entity(fields) for fields in _fields(objects, "entity")),
        facts=_by_id(_fact(fields) for fields in _fields(objects, "fact")),
    )


def _fields(objects: list[dict[str, Any]], model: str) -> list[Fields]:
    return [item["fields"] for item in objects if item["model"] == f"curriculum.{model}"]


def _by_id(values: Iterable[Keyed]) -> tuple[Keyed, ...]:
    return tuple(sorted(values, key=lambda value: value.id))


def _lesson(fields: Fields) -> Lesson:
    return Lesson(id=fields["key"], **{name: fields[name] for name in LESSON})


def _passage(fields: Fields) -> Passage:
    return Passage(id=fields["key"], lesson=fields["lesson"][-1], **{name: fields[name] for name in PASSAGE})


def _unit(fields: Fields, lesson_of: dict[str, str]) -> Unit:
    passage = fields["passage"][-1]
    plain = {name: fields[name] for name in UNIT}
    return Unit(id=fields["key"], passage=passage, lesson=lesson_of[passage], **plain)


def _entity(fields: Fields) -> Entity:
    return Entity(
        id=fields["key"],
        type=fields["type"],
        name=fields["name"],
        aliases=tuple(fields["aliases"]),
        part_of=tuple(fields["part_of"]),
        members=tuple(fields["members"]),
        distributive=fields["distributive"],
    )


def _fact(fields: Fields) -> Fact:
    return Fact(
        id=fields["key"],
        unit=fields["sentence"][-1],
        left=member(fields["left"]) if fields["left"] else None,
        members=tuple(member(span) for span in fields["members"]),
        anchors=tuple(member(span) for span in fields["anchors"]),
        variants=tuple(fields["variants"]),
        masks=tuple(fields["masks"]),
        no_kinds=tuple(fields["no_kinds"]),
        **{name: fields[name] for name in FACT},
    )
