"""The bank of a course as rows: stored without losing what learners already answered, and exported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from curriculum.models import Course
from quizzes.content import Content
from quizzes.models import Question, QuestionVersion

EXPORTED = (
    "id",
    "version",
    "kind",
    "lesson",
    "stem",
    "options",
    "key",
    "responses",
    "accepted",
    "facts",
    "evidence",
)


@dataclass(frozen=True, slots=True)
class Stored:
    """How many questions were made, given a new version, left as they were, or retired."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0

    @property
    def total(self) -> int:
        return self.created + self.changed + self.unchanged


def digest(content: Content) -> str:
    """Hex sha256 of the canonical content: equal digests mean the same version."""
    return hashlib.sha256(content.canonical().encode()).hexdigest()


@transaction.atomic
def store(course: Course, contents: Sequence[Content]) -> Stored:
    """Make the bank of `course` equal to `contents`, by stable id.

    What has not changed keeps its version; what has gains one; what is no longer generated is retired, not deleted,
    because attempts refer to it. What a person wrote, edited or suspended stays as that person left it.
    """
    rows = Question.objects.select_for_update(of=("self",)).for_course(course).select_related("current")
    known = {question.key: question for question in rows}
    kept = {key for key, question in known.items() if not question.is_generated}
    contents = [content for content in contents if content.id not in kept]
    fresh = [content for content in contents if content.id not in known]
    changed = [content for content in contents if content.id in known and not _is_current(known[content.id], content)]
    _create(course, fresh, known)
    add_versions([(known[content.id], content) for content in [*fresh, *changed]])
    wanted = {content.id for content in contents}
    generated = Question.objects.for_course(course).generated()
    retired = generated.filter(is_active=True).exclude(key__in=wanted).update(is_active=False)
    generated.filter(is_active=False, is_suspended=False, key__in=wanted).update(is_active=True)
    return Stored(len(fresh), len(changed), len(contents) - len(fresh) - len(changed), retired)


def _is_current(question: Question, content: Content) -> bool:
    return question.current is not None and question.current.digest == digest(content)


def _create(course: Course, contents: Iterable[Content], known: dict[str, Question]) -> None:
    """Insert the identities of new questions and put them into `known`."""
    lessons = {lesson.key: lesson for lesson in course.lessons.all()}
    rows = [
        Question(course=course, lesson=lessons[content.lesson], key=content.id, kind=content.kind, rule=content.rule)
        for content in contents
    ]
    Question.objects.bulk_create(rows)
    known |= {row.key: row for row in rows}


def add_versions(pairs: Sequence[tuple[Question, Content]], *, author: User | None = None) -> None:
    """Give each question a further version with this content, make it current, and link the facts."""
    versions = [
        QuestionVersion(
            question=question,
            number=question.current.number + 1 if question.current else 1,
            body=content.to_dict(),
            digest=digest(content),
            author=author,
        )
        for question, content in pairs
    ]
    QuestionVersion.objects.bulk_create(versions)
    for version in versions:
        version.question.current = version
    Question.objects.bulk_update([question for question, _ in pairs], ["current"])
    _link_facts(pairs)


def _link_facts(pairs: Sequence[tuple[Question, Content]]) -> None:
    if not pairs:
        return
    facts = {fact.key: fact.pk for fact in pairs[0][0].course.facts.only("key")}
    link = Question.facts.through
    link.objects.filter(question__in=[question for question, _ in pairs]).delete()
    link.objects.bulk_create(
        link(question_id=question.pk, fact_id=facts[key])
        for question, content in pairs
        for key in sorted(set(content.facts))
    )


def stored_contents(course: Course) -> list[Content]:
    """What the active questions of `course` ask now."""
    questions = Question.objects.active().for_course(course).select_related("current").order_by("key")
    return [question.current.content for question in questions if question.current]


def exported(version: QuestionVersion) -> dict[str, Any]:
    """One question as the public JSON names it."""
    body = version.body | {"version": version.number}
    return {name: body[name] for name in EXPORTED}


def export_json(course: Course | None = None) -> str:
    """The active questions of one course or of all as one canonical JSON array, in order of course and id."""
    questions = Question.objects.active().select_related("current", "course").order_by("course__slug", "key")
    if course is not None:
        questions = questions.for_course(course)
    rows = [exported(question.current) for question in questions if question.current]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, indent=1)
