"""Answers that were not accepted: what learners typed instead of the key, contested ones first; and accepting one.

An accepted answer becomes a declared form in a new version of the question, and every earlier answer that is the same
text is graded again: a new grading supersedes the old one, which is kept; the response stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from curriculum.models import Course
from quizzes.chinese import normal
from quizzes.content import Content
from quizzes.editing import edited, findings_for, save_wording
from quizzes.item_statistics import mistakes
from quizzes.models import Flag, Grading, Question, QuestionChange, Response
from quizzes.regrading import again, settle

TYPED = ("cloze", "short_answer", "enumeration")
SHOWN = 100


@dataclass(slots=True)
class Group:
    """One text, up to its normal form, that learners gave for a question and that did not count."""

    question: Question
    form: str
    text: str
    times: int = 0
    learners: set[int] = field(default_factory=set)
    contests: int = 0
    comments: list[str] = field(default_factory=list)

    @property
    def members(self) -> list[str]:
        """The members of a list for one of which the text could stand."""
        current = self.question.current
        return list(current.content.key) if current and self.question.kind == "enumeration" else []

    @property
    def rank(self) -> tuple[bool, int, int, str, str]:
        return (not self.contests, -self.contests, -self.times, self.question.key, self.form)


def groups(course: Course) -> list[Group]:
    """Typed answers that do not count now, contested ones first, then the most frequent. Three queries."""
    found: dict[tuple[int, str], Group] = {}
    questions = Question.objects.for_course(course).filter(kind__in=TYPED).select_related("current", "lesson")
    by_id = {question.pk: question for question in questions}
    contests = {flag["item"]: flag for flag in _contests(course)}
    for row in _missed(course).iterator(chunk_size=1000):
        for text in mistakes(row["details"]):
            _count(found, by_id[row["item__version__question"]], text, row, contests.get(row["item"]))
    return sorted(found.values(), key=lambda group: group.rank)[:SHOWN]


def _missed(course: Course) -> Any:
    wrong = Grading.objects.standing().filter(response=OuterRef("pk"), is_correct=False)
    responses = Response.objects.filter(Exists(wrong), item__attempt__course=course, gave_up=False)
    responses = responses.filter(item__version__question__kind__in=TYPED, item__version__body__options=None)
    names = ("item", "item__version__question", "item__attempt__learner", "details")
    return responses.order_by("pk").values(*names)


def _contests(course: Course) -> Any:
    flags = Flag.objects.filter(reason=Flag.Reason.MY_ANSWER, item__attempt__course=course)
    return flags.values("item", "comment")


def _count(
    found: dict[tuple[int, str], Group], question: Question, text: str, row: dict[str, Any], flag: dict[str, str] | None
) -> None:
    form = normal(text)
    if not form:
        return
    group = found.setdefault((question.pk, form), Group(question, form, text))
    group.times += 1
    group.learners.add(row["item__attempt__learner"])
    if flag is not None:
        group.contests += 1
        group.comments += [flag["comment"]] if flag["comment"] else []


# Accepting one.


def with_form(content: Content, text: str, member: int | None = None) -> Content:
    """`content` with `text` as a further form of its answer, or of one member of a list."""
    if content.kind != "enumeration":
        known = {normal(form) for form in (str(content.key), *content.accepted)}
        return content if normal(text) in known else edited(content, accepted=(*content.accepted, text))
    rows = [list(row) for row in [*content.accepted, *[()] * len(content.key)][: len(content.key)]]
    at = member or 0
    if normal(text) not in map(normal, (str(content.key[at]), *rows[at])):
        rows[at].append(text)
    return edited(content, accepted=tuple(rows))


def accept(
    question: Question,
    text: str,
    *,
    actor: User,
    now: datetime,
    member: int | None = None,
    reason: str = "",
    overrule: bool = False,
) -> int:
    """Let `text` count for the question from now on and for every earlier answer; returns how many changed.

    Twice is once. Raises FlawedQuestionError where a rule forbids it (say, the text is the answer of another fact), and
    ChangedMeanwhileError.
    """
    assert question.current is not None
    seen = question.current
    content = with_form(seen.content, text, member)
    findings = findings_for(question.course, content) if content != seen.content else []
    kept: dict[str, Any] = {
        "actor": actor,
        "reason": reason,
        "overrule": overrule,
        "findings": findings,
        "expected": seen.number,
    }
    with transaction.atomic():
        question.current = save_wording(question, content, action=QuestionChange.Action.ACCEPT, **kept)
        changed = list(_regraded(question, text, member))
        settle(changed, actor=actor, reason="", now=now)
    return len({grading.response_id for grading in changed})


def _regraded(question: Question, text: str, member: int | None) -> Iterator[Grading]:
    """New gradings, saved, of every answer that is this text."""
    assert question.current is not None
    versions = [version for version in question.versions.all() if version.content.key == question.current.content.key]
    contents = {version.pk: with_form(version.content, text, member) for version in versions}
    old = (
        Grading.objects.standing()
        .select_for_update(of=("self",))
        .filter(question=question, is_correct=False, response__item__version__in=versions, response__gave_up=False)
        .select_related("response__item__attempt", "response__item__version", "fact")
        .order_by("pk")
    )
    for grading in old:
        is_this = any(normal(part) == normal(text) for part in mistakes(grading.response.details))
        content = contents[grading.response.item.version_id]
        if is_this and (fresh := again(grading, content)) is not None:
            fresh.save(force_insert=True)
            yield fresh
