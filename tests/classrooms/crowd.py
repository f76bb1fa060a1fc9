"""A class full of people with a past, in bulk: for counting queries and for what a whole class shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from classrooms.models import Classroom, Member
from quizzes import packing
from quizzes.models import Attempt, AttemptItem, Grading, MemoryState, Question, Response
from quizzes.scheduling import study_day

PASSWORD = "!"


def make_crowd(classroom: Classroom, n: int, *, now: datetime, rounds: int = 1) -> list[Member]:
    """`n` learners who answered every question of the course `rounds` times today, one after the other; every second
    learner wrongly. Each has a memory of every fact."""
    questions = list(Question.objects.filter(course=classroom.course).select_related("current").order_by("pk"))
    facts = {question.pk: question.facts.get() for question in questions}
    start = User.objects.count()
    users = User.objects.bulk_create(
        User(username=f"crowd{start + i}", display_name=f"Learner {start + i:03}", password=PASSWORD) for i in range(n)
    )
    members = Member.objects.bulk_create(
        Member(classroom=classroom, user=user, joined_at=now - timedelta(days=30)) for user in users
    )
    runs = Attempt.objects.bulk_create(
        Attempt(learner=user, course=classroom.course, scope="course", seed="crowd", started_at=now, finished_at=now)
        for user in users
    )
    day = study_day(now, ZoneInfo("UTC"))
    asked = [question for _round in range(rounds) for question in questions]
    items = AttemptItem.objects.bulk_create(
        AttemptItem(attempt=run, position=at, version=question.current, shown_at=now, answered_at=now)
        for run in runs
        for at, question in enumerate(asked, start=1)
    )
    wrong = {run.pk for at, run in enumerate(runs) if at % 2 == 0}
    responses = Response.objects.bulk_create(
        Response(
            item=item,
            try_number=1,
            answer="…",
            verdict="wrong" if item.attempt_id in wrong else "correct",
            score=float(item.attempt_id not in wrong),
            rule="test",
            study_day=day,
            answered_at=now - timedelta(seconds=item.position),
        )
        for item in items
    )
    Grading.objects.bulk_create(
        Grading(
            response=response,
            learner_id=response.item.attempt.learner_id,
            fact=facts[question.pk],
            question=question,
            kind=question.kind,
            is_productive=False,
            is_correct=bool(response.score),
            is_first_try=True,
            rating=3 if response.score else 1,
            study_day=day,
            answered_at=response.answered_at,
        )
        for response, question in zip(responses, [question for _run in runs for question in asked], strict=True)
    )
    MemoryState.objects.bulk_create(
        MemoryState(
            learner=user,
            fact=fact,
            stability=5,
            difficulty=5,
            due_at=now,
            first_seen_at=now,
            last_review_at=now - timedelta(days=2),
            last_review_day=day,
            reviews=2 * rounds,
        )
        for user in users
        for fact in {fact.pk: fact for fact in facts.values()}.values()
    )
    packing.pack_all()
    return members
