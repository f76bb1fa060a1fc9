"""What this app keeps about a person: counted, given out, moved or erased on request (see `accounts.personal_data`)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.personal_data import Hindrance
from quizzes import counting
from quizzes.memory import NAMES, forget, rebuild
from quizzes.models import (
    Attempt,
    AttemptItem,
    FirstAnswer,
    Flag,
    Grading,
    KnowledgeWeek,
    LessonMemory,
    MemoryState,
    Notice,
    QuestionChange,
    QuestionImport,
    QuestionVersion,
    Response,
)

ATTEMPT = (
    "id",
    "course__slug",
    "lesson__key",
    "scope",
    "seed",
    "feedback",
    "results_at",
    "deadline_at",
    "started_at",
    "finished_at",
)
ITEM = (
    "id",
    "attempt",
    "position",
    "version__question__key",
    "version__number",
    "version__body__stem",
    "order",
    "is_repeat",
    "hints_taken",
    "saved",
    "saved_at",
    "shown_at",
    "answered_at",
    "is_counted",
)
RESPONSE = (
    "id",
    "item",
    "try_number",
    "answer",
    "verdict",
    "score",
    "rule",
    "details",
    "hints_taken",
    "gave_up",
    "elapsed_ms",
    "is_rapid",
    "study_day",
    "answered_at",
)
GIVEN = tuple(name for name in RESPONSE if name not in ("verdict", "score", "rule", "details"))
GRADING = (
    "id",
    "response",
    "fact__key",
    "fact__text",
    "question__key",
    "kind",
    "is_productive",
    "is_correct",
    "is_first_try",
    "score",
    "rating",
    "confused_with",
    "supersedes",
    "study_day",
    "answered_at",
)
MEMORY = (
    "id",
    "fact__course__slug",
    "fact__key",
    "fact__text",
    *(name for name in NAMES if name != "last_question"),
    "is_packed",
    "last_question__key",
)
FIRST = (
    "id",
    "response",
    "course__slug",
    "question__key",
    "version__number",
    "answered_at",
    "standing",
    "score",
    "code",
    "rest",
    "pace",
    "wrong",
    "pairs",
)
FLAG = ("id", "item", "reason", "comment", "created_at")
WORDING = ("id", "question__key", "number", "body", "digest", "created_at")
WEEK = ("id", "monday", "lesson__course__slug", "lesson__key", "total", "met", "secure", "knowledge")
NOTICE = ("id", "question__key", "answer", "stem", "created_at", "read_at")
IMPORT = ("id", "course__slug", "format", "questions", "refused", "created_at", "confirmed_at")
CHANGE = ("id", "question__key", "action", "before", "after", "reason", "made_at")


def count(user: User) -> int:
    """How many answers are kept."""
    return Response.objects.filter(item__attempt__learner=user).count()


def export(user: User) -> dict[str, Any]:
    """Every row about `user` as JSON-able data, oldest first; ids join the lists.

    How the answers of a quiz were judged is left out until its results are told, and so is the memory of its facts,
    which says the same: that would give away its keys.
    """
    told = Attempt.objects.told_by(timezone.now()).filter(learner=user)
    untold = Grading.objects.filter(learner=user).exclude(response__item__attempt__in=told)
    memory = MemoryState.objects.filter(learner=user).exclude(fact__in=untold.values("fact"))
    responses = Response.objects.filter(item__attempt__learner=user).order_by("pk")
    return {
        "attempts": list(Attempt.objects.filter(learner=user).order_by("pk").values(*ATTEMPT)),
        "items": list(AttemptItem.objects.filter(attempt__learner=user).order_by("attempt", "position").values(*ITEM)),
        "responses": [
            *responses.filter(item__attempt__in=told).values(*RESPONSE),
            *responses.exclude(item__attempt__in=told).values(*GIVEN),
        ],
        "gradings": list(
            Grading.objects.filter(learner=user, response__item__attempt__in=told).in_history_order().values(*GRADING)
        ),
        "memory": list(memory.order_by("fact").values(*MEMORY)),
        "first_answers": list(
            FirstAnswer.objects.filter(learner=user, response__item__attempt__in=told).order_by("pk").values(*FIRST)
        ),
        "weeks": list(KnowledgeWeek.objects.filter(learner=user).order_by("monday", "lesson").values(*WEEK)),
        "flags": list(Flag.objects.filter(learner=user).order_by("pk").values(*FLAG)),
        "notices": list(Notice.objects.filter(learner=user).order_by("pk").values(*NOTICE)),
        "wordings": list(QuestionVersion.objects.filter(author=user).order_by("pk").values(*WORDING)),
        "changes": list(QuestionChange.objects.filter(actor=user).order_by("pk").values(*CHANGE)),
        "imports": list(QuestionImport.objects.filter(actor=user).order_by("pk").values(*IMPORT)),
    }


def merge(guest: User, user: User) -> int:
    """Give a guest's history to `user` and replay it; returns how many answers moved. Run inside a transaction.

    A guest writes no questions.
    """
    moved = count(guest)
    counting.forget(guest)
    already = Flag.objects.filter(learner=user).values("item")
    Flag.objects.filter(learner=guest, item__in=already).delete()
    for model in (Attempt, Grading, Flag, Notice):
        model._default_manager.filter(learner=guest).update(learner=user)
    forget(guest)
    KnowledgeWeek.objects.filter(learner__in=[guest, user]).delete()
    rebuild(user)
    counting.take_over(user)
    return moved


def hindrances(user: User) -> list[Hindrance]:
    """None: nobody else depends on a history."""
    return []


def holds(guest: User) -> bool:
    """A guest's history alone is kept only as long as the session."""
    return False


def erase(user: User) -> None:
    """Delete every row about `user`; questions that `user` worded stay, without the name."""
    counting.forget(user)
    for model in (MemoryState, LessonMemory, KnowledgeWeek, Flag, Notice, Grading, Attempt):
        model._default_manager.filter(learner=user).delete()
    QuestionImport.objects.filter(actor=user).delete()
    QuestionVersion.objects.filter(author=user).update(author=None)
    QuestionChange.objects.filter(actor=user).update(actor=None)
