"""What the history says about each fact, and what it said as each week began: caches that only their writers touch."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import Fact, Lesson
from quizzes.models.bank import Question


class MemoryState(models.Model):
    """What a learner's history says about one fact now. A cache: only `quizzes.memory` writes it."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memory")
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="memory")
    stability = models.FloatField(_("stability in days"))
    difficulty = models.FloatField()
    due_at = models.DateTimeField()
    first_seen_at = models.DateTimeField()
    last_review_at = models.DateTimeField()
    last_review_day = models.DateField()
    last_question = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="+")
    reviews = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    success_days = models.PositiveIntegerField(default=0)
    last_success_day = models.DateField(null=True, blank=True)
    kinds = models.JSONField(_("kinds answered rightly"), default=list)
    has_productive_success = models.BooleanField(default=False)
    suspended_until = models.DateTimeField(null=True, blank=True)
    is_packed = models.BooleanField(_("is in the packed copy as it is here"), default=False, db_default=False)

    class Meta:
        ordering = ["learner", "fact"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "fact"], name="one_memory_per_fact"),
            models.CheckConstraint(condition=Q(stability__gt=0), name="stability_positive"),
            models.CheckConstraint(condition=Q(lapses__lte=F("reviews")), name="lapses_within_reviews"),
        ]
        indexes = [
            models.Index(fields=["learner", "due_at"]),
            models.Index(fields=["learner"], name="memory_not_packed", condition=Q(is_packed=False)),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}/{self.fact_id}: S={self.stability:.1f}"


class LessonMemory(models.Model):
    """The same for all facts of one lesson in one value (`quizzes.packed`), for the pages about whole classes. A copy:
    only `quizzes.packing` writes and reads it."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lesson_memory", db_index=False
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="memory")
    facts = models.BinaryField(_("what is remembered of each fact"))

    class Meta:
        ordering = ["learner", "lesson"]
        constraints = [models.UniqueConstraint(fields=["learner", "lesson"], name="one_memory_per_lesson")]

    def __str__(self) -> str:
        return f"{self.learner_id}/{self.lesson_id}"


class KnowledgeWeek(models.Model):
    """What a learner knew of a lesson when a week began: an estimate, with the questions that there were then.

    Kept so that growth can be shown without replaying everybody's history; only `quizzes.weeks` writes it. A week of
    which there is no row although an earlier answer exists is one in which nothing was answered before it was noted.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="weeks")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="weeks")
    monday = models.DateField()
    total = models.PositiveIntegerField(_("facts that can be asked"))
    met = models.PositiveIntegerField(_("facts asked so far"))
    secure = models.PositiveIntegerField()
    knowledge = models.FloatField(_("share that would be recalled, 0 to 1"))

    class Meta:
        ordering = ["learner", "monday", "lesson"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "monday", "lesson"], name="one_note_per_week"),
            models.CheckConstraint(condition=Q(knowledge__gte=0) & Q(knowledge__lte=1), name="knowledge_0_to_1"),
        ]
        indexes = [models.Index(fields=["lesson", "monday"])]

    def __str__(self) -> str:
        return f"{self.learner_id}/{self.lesson_id} {self.monday}"
