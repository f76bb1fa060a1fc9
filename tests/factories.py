"""Plain functions that make rows. Three people: an instructor, a learner, a stranger."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from curriculum.models import Course, Fact, Lesson, Passage, Sentence
from quizzes.bank import store
from quizzes.content import Content, Evidence
from quizzes.models import Attempt, Question

_numbers = itertools.count(1)
PASSWORD = "a long pass phrase"


def make_user(username: str = "", **fields: Any) -> User:
    """A member who can log in with PASSWORD."""
    return User.objects.create_user(username or f"person{next(_numbers)}", password=PASSWORD, **fields)


def make_learner(**fields: Any) -> User:
    return make_user("learner", **fields)


def make_stranger(**fields: Any) -> User:
    return make_user("stranger", **fields)


def make_guest(**fields: Any) -> User:
    return User.objects.create_guest(**fields)


def make_course(*, slug: str = "", sentences: int = 3, lessons: int = 1, **fields: Any) -> Course:
    """A small published course: each lesson has one numbered passage of `sentences` sentences, one fact a sentence.

    Sentence i of lesson j reads 「第j章第i句說明事項j甲i。」; its fact is keyed F<j>-<i> and its object is 「事項…」.
    """
    slug = slug or f"course-{next(_numbers)}"
    lines = [f"第{j}章第{i}句說明事項{j}甲{i}。" for j in range(1, lessons + 1) for i in range(1, sentences + 1)]
    course = Course.objects.create(
        slug=slug,
        **{"title": "測試文件", "issuer": "測試者", "text": "".join(lines), "is_published": True, "sha256": "0"}
        | fields,
    )
    offset = 0
    for j in range(1, lessons + 1):
        lesson = Lesson.objects.create(
            course=course,
            key=f"L{j}",
            slug=f"lesson-{j}",
            order=j,
            heading=f"第{j}章",
            title=f"第{j}章",
            scope=f"第{j}章",
        )
        passage = Passage.objects.create(lesson=lesson, key=f"L{j}.1", order=1, number="1", label=f"第{j}章第一項")
        for i in range(1, sentences + 1):
            text = f"第{j}章第{i}句說明事項{j}甲{i}。"
            sentence = Sentence.objects.create(
                passage=passage, key=f"L{j}-{i:02}", start=offset, end=offset + len(text), text=text
            )
            start = offset + text.index("事項")
            Fact.objects.create(
                course=course,
                key=f"F{j}-{i}",
                family="STATE",
                relation="state",
                subject=f"第{i}句",
                sentence=sentence,
                start=start,
                end=offset + len(text) - 1,
                text=text[text.index("事項") : -1],
                core=True,
                scope=f"第{j}章",
            )
            offset += len(text)
    return course


def evidence_of(fact: Fact) -> Evidence:
    """The sentence of a fact as the evidence of a question."""
    sentence = fact.sentence
    return Evidence(sentence.key, sentence.start, sentence.end, sentence.text)


def short_answer(fact: Fact, **changes: Any) -> Content:
    """A typed question about one fact."""
    fields: dict[str, Any] = {
        "id": f"typed-{fact.key}",
        "kind": "short_answer",
        "lesson": fact.sentence.passage.lesson.key,
        "rule": "test.short_answer",
        "direction": "subject>object",
        "seed": "test",
        "stem": f"依{fact.scope}，{fact.subject}說明什麼？",
        "key": fact.text,
        "facts": (fact.key,),
        "evidence": (evidence_of(fact),),
    }
    return Content(**fields | changes)


def choice(fact: Fact, **changes: Any) -> Content:
    """A choice question about one fact; the key stands second of three options."""
    options = (f"{fact.text}乙", fact.text, f"{fact.text}丙")
    return short_answer(
        fact, **{"id": f"choice-{fact.key}", "kind": "choice", "rule": "test.choice", "options": options} | changes
    )


def make_bank(course: Course) -> list[Question]:
    """A typed and a choice question for every fact of `course`."""
    facts = course.facts.select_related("sentence__passage__lesson")
    store(course, [make(fact) for fact in facts for make in (short_answer, choice)])
    return list(Question.objects.filter(course=course))


def make_attempt(learner: User, course: Course, *, now: datetime | None = None, **fields: Any) -> Attempt:
    """An open run over every question of the course, one item each, nothing answered."""
    plain = {"scope": "course", "seed": "test", "started_at": now or timezone.now()} | fields
    attempt = Attempt.objects.create(learner=learner, course=course, **plain)
    questions = Question.objects.filter(course=course).order_by("key")
    for position, question in enumerate(questions, start=1):
        attempt.items.create(position=position, version=question.current, order={})
    return attempt
