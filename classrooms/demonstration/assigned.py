"""What was set in the eight weeks of the demonstration, and how the learners sat the quizzes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from classrooms import publishing, sittings
from classrooms.demonstration.answers import GAVE_UP
from classrooms.demonstration.minds import Mind
from classrooms.demonstration.term import Learner, given
from classrooms.models import Assignment, Classroom, Member
from classrooms.sittings import StartError
from curriculum.models import Lesson
from quizzes import papers
from quizzes.content import Content
from quizzes.generation.measures import text_length
from quizzes.models import AttemptItem

Sort, Late, Counts, Form = Assignment.Sort, Assignment.Late, Assignment.Counts, Assignment.Form
BLANKS = 0.06
"""Share of quiz questions that are left open."""


@dataclass(frozen=True, slots=True)
class Set:
    """An assignment with the days, from the beginning, between which the learners do it."""

    assignment: Assignment
    opens: float
    due: float


def set_work(classroom: Classroom, lessons: list[Lesson], *, began: datetime, until: datetime) -> list[Set]:
    """Eight weeks of work, published on the days on which it opened, what opens after `until` then; the quizzes among
    it, in the order of time."""
    plan: list[Set] = []

    def add(title: str, sort: str, of: Iterable[Lesson], opens: float, due: float, **fields: object) -> Assignment:
        assignment = classroom.assignments.create(
            title=title,
            sort=sort,
            opens_at=began + timedelta(days=opens, hours=8),
            due_at=began + timedelta(days=due, hours=21),
            author=classroom.members.get(role=Member.Role.OWNER).user,
            **fields,
        )
        assignment.lessons.set(of)
        publishing.publish(assignment, now=min(began + timedelta(days=opens), until))
        plan.append(Set(assignment, opens, due))
        return assignment

    half = len(lessons) // 2
    quiz = {"count": 10, "minutes": 20, "attempts": 1}
    before = add("前測 Pre-test", Sort.QUIZ, lessons, 0, 3, **quiz | {"count": 12}, form=Form.PRE, feedback="later")
    add("讀與練 Lessons 1 – 3", Sort.PRACTICE, lessons[:3], 0, 13, target="met", target_share=80)
    add("小考一 Quiz 1", Sort.QUIZ, lessons[:3], 16, 20, **quiz | {"attempts": 2}, counts=Counts.BEST)
    add("讀與練 Lessons 4 – 5", Sort.PRACTICE, lessons[3:5], 21, 34, target="met", target_share=80)
    add("四天複習 Four days of review", Sort.REVIEW, lessons, 28, 41, review_days=4)
    add("小考二 Quiz 2", Sort.QUIZ, lessons[half:], 37, 41, **quiz, late=Late.PENALTY, is_same_for_all=False)
    after = {"count": 12, "form": Form.POST, "pretest": before, "feedback": "end"}
    add("後測 Post-test", Sort.QUIZ, lessons, 49, 53, **quiz | after)
    add("複習週 Week of review", Sort.REVIEW, lessons, 50, 59, review_days=3)
    classroom.assignments.create(title="期末考（草稿） Final quiz (draft)", sort=Sort.QUIZ, count=20, minutes=40)
    return [row for row in plan if row.assignment.is_quiz]


def moments(quizzes: Iterable[Set], mind: Mind, *, began: datetime, until: datetime) -> list[tuple[datetime, Set]]:
    """When a learner sits down to which quiz; some never do, some late, where that is allowed."""
    found = []
    for row in quizzes:
        week = int(row.opens) // 7 + 1
        if not mind.character.first_week <= week <= mind.character.last_week or mind.dice.random() > 0.93:
            continue
        last = row.due + (2.5 if mind.dice.random() < 0.12 and row.assignment.late != Late.CLOSE else 0)
        at = began + timedelta(days=mind.dice.uniform(row.opens + 0.4, last + 0.6))
        if at < until:
            found.append((at, row))
    return found


def sit(learner: Learner, row: Set, began: datetime, until: datetime, at: datetime) -> int:
    """One attempt at a quiz, handed in unless it still goes on at `until`; returns how many questions were answered."""
    member = row.assignment.classroom.members.get(user=learner.user)
    try:
        sitting = sittings.start(row.assignment, member, now=at)
    except StartError:
        return 0
    days, answered = (at - began).total_seconds() / 86_400, 0
    ends = min(until, sitting.attempt.deadline_at or until)
    for item in sitting.attempt.items.select_related("version", "attempt__learner").order_by("position"):
        content = item.version.content
        AttemptItem.objects.filter(pk=item.pk).update(shown_at=at)
        at += timedelta(seconds=learner.mind.seconds(length=text_length(content.stem)))
        if at > ends:
            break
        answer = given(learner.mind, content, days=days, is_read=True)
        if answer is GAVE_UP or learner.mind.dice.random() < BLANKS:
            continue
        papers.save(item, fields(content, answer), now=at)
        answered += 1
    if at <= until or papers.is_over(sitting.attempt, until):
        sittings.hand_in(sitting, now=min(at, until))
    return answered


def fields(content: Content, answer: object) -> dict[str, list[str]]:
    """An answer as the form of its kind posts it."""
    if content.options is not None:
        return {"choice": [str(answer)]}
    if isinstance(answer, list):
        name = "pair" if content.kind == "matching" else "place"
        return {f"{name}_{at}": [str(value)] for at, value in enumerate(answer)}
    return {"text": [str(answer)]}
