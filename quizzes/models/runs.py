"""Runs of questions: practice that a learner chose, and sittings of quizzes that others set."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from curriculum.models import Course, Lesson
from quizzes.models.bank import QuestionVersion


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> AttemptQuerySet:
        return self.filter(finished_at=None)

    def practice(self) -> AttemptQuerySet:
        """Runs that a learner chose: feedback after each answer, at addresses of their own."""
        return self.exclude(scope__in=Attempt.SET_BY_OTHERS)

    def told_by(self, now: datetime) -> AttemptQuerySet:
        """Those whose learner may know what was right: as `Attempt.is_told`."""
        at_once = Q(feedback=Attempt.Feedback.ITEM) | Q(feedback=Attempt.Feedback.END, finished_at__lte=now)
        later = Q(feedback=Attempt.Feedback.LATER, results_at__lte=now) & ~Q(finished_at=None)
        return self.filter(at_once | later)


class Attempt(models.Model):
    """One run of practice or one sitting of a quiz. What must not move was frozen when it began: the items, their
    versions and orders, when the learner is told what was right, and until when answers are taken.
    """

    class Scope(models.TextChoices):
        LESSON = "lesson", _("Lesson")
        COURSE = "course", _("Course")
        DUE = "due", _("Due today")
        FACTS = "facts", _("Weakest facts")
        QUIZ = "quiz", _("Quiz")
        LIVE = "live", _("Question for the whole class")

    class Feedback(models.TextChoices):
        ITEM = "item", _("after each answer")
        END = "end", _("after handing in")
        LATER = "later", _("after the due time")

    SET_BY_OTHERS = (Scope.QUIZ, Scope.LIVE)

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="attempts")
    lesson = models.ForeignKey(Lesson, null=True, blank=True, on_delete=models.CASCADE, related_name="attempts")
    scope = models.CharField(max_length=8, choices=Scope)
    seed = models.CharField(max_length=64)
    feedback = models.CharField(max_length=5, choices=Feedback, default=Feedback.ITEM)
    results_at = models.DateTimeField(_("with later feedback: when results are shown"), null=True, blank=True)
    deadline_at = models.DateTimeField(_("answers are taken until"), null=True, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["learner", "finished_at"]),
            models.Index(fields=["learner", "started_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:attempt", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    def is_told(self, now: datetime) -> bool:
        """Whether the learner may know what was right in a run that is over (after each answer: in any)."""
        if self.feedback == self.Feedback.ITEM:
            return True
        is_time = self.feedback == self.Feedback.END or (self.results_at is not None and self.results_at <= now)
        return self.is_finished and is_time


class AttemptItem(models.Model):
    """One question in a run: the version asked, the order shown, the hints taken.

    `saved`: the fields of an answer that is kept but not yet handed in, as posted; it may change until then.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.RESTRICT, related_name="attempt_items")
    order = models.JSONField(default=dict)
    is_repeat = models.BooleanField(default=False)
    hints_taken = models.PositiveSmallIntegerField(default=0)
    saved = models.JSONField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    is_counted = models.BooleanField(_("in the sums of `quizzes.counting`"), default=False)

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="attempt_position_unique")]
        indexes = [
            models.Index(
                fields=["answered_at"],
                name="answered_not_counted",
                condition=Q(is_counted=False, answered_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.position}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:question", args=[self.attempt_id, self.position])

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
