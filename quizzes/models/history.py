"""What was answered and what that says: append-only. Derived figures are kept elsewhere and can be made again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import Fact
from quizzes.models.bank import Kind, Question
from quizzes.models.runs import AttemptItem

MAX_TRIES = 2


class Response(models.Model):
    """One submitted answer. Append-only; the unique key makes a second identical submission find the first."""

    item = models.ForeignKey(AttemptItem, on_delete=models.CASCADE, related_name="responses")
    try_number = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    verdict = models.CharField(max_length=12)
    score = models.FloatField()
    rule = models.CharField(max_length=40)
    details = models.JSONField(default=dict)
    hints_taken = models.PositiveSmallIntegerField(default=0)
    gave_up = models.BooleanField(default=False)
    elapsed_ms = models.PositiveIntegerField(null=True, blank=True)
    is_rapid = models.BooleanField(default=False)
    study_day = models.DateField(_("the learner's day, which begins at 04:00"))
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["answered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "try_number"], name="one_response_per_try"),
            models.CheckConstraint(
                condition=Q(try_number__gte=1) & Q(try_number__lte=MAX_TRIES), name="try_number_1_or_2"
            ),
            models.CheckConstraint(condition=Q(score__gte=0) & Q(score__lte=1), name="score_0_to_1"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} try {self.try_number}: {self.verdict}"


class GradingQuerySet(models.QuerySet["Grading"]):
    def standing(self) -> GradingQuerySet:
        """Those that no later grading has replaced.

        Not `superseded_by=None`: PostgreSQL takes that outer join to leave one row, and then plans for one.
        """
        return self.filter(~Exists(Grading.objects.filter(supersedes=OuterRef("pk"))))

    def in_history_order(self) -> GradingQuerySet:
        return self.order_by("answered_at", "response_id", "id")


class Grading(models.Model):
    """What one response says about one fact. A regrade adds a row that supersedes, and keeps the old one."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="gradings")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="gradings")
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="gradings")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="gradings")
    kind = models.CharField(max_length=12, choices=Kind)
    is_productive = models.BooleanField()
    is_correct = models.BooleanField()
    is_first_try = models.BooleanField()
    score = models.FloatField(_("what the answer earns for this fact, 0 to 1; empty: as the response"), null=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    confused_with = models.CharField(max_length=200, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="superseded_by"
    )
    study_day = models.DateField()
    answered_at = models.DateTimeField()

    objects = GradingQuerySet.as_manager()

    class Meta:
        ordering = ["answered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "fact"], condition=Q(supersedes=None), name="one_first_grading_per_fact"
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | (Q(rating__gte=1) & Q(rating__lte=4)), name="rating_1_to_4"
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "fact", "answered_at"]),
            models.Index(fields=["learner", "study_day"]),
        ]

    def __str__(self) -> str:
        return f"{self.fact_id}: {self.rating}"


class Flag(models.Model):
    """A learner says that a question seems wrong."""

    class Reason(models.TextChoices):
        TWO_ANSWERS = "two_answers", _("More than one answer is right")
        WRONG_KEY = "wrong_key", _("The answer given as right is wrong")
        MY_ANSWER = "my_answer", _("My answer should count")
        UNCLEAR = "unclear", _("I cannot tell what is asked")
        GIVEN_AWAY = "given_away", _("The wording gives the answer away")
        OTHER = "other", _("Something else")

    item = models.ForeignKey(AttemptItem, on_delete=models.CASCADE, related_name="flags")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=12, choices=Reason)
    comment = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["item", "learner"], name="one_flag_per_item")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.reason}"


class Notice(models.Model):
    """Something a learner should know about an answer of the past: after review it counts. Shown until dismissed."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="notices")
    answer = models.CharField(_("the answer as the learner gave it"), max_length=500)
    stem = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["learner", "read_at"])]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.question_id}"
