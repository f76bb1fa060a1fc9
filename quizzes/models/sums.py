"""Sums of first answers, for item statistics: caches that only `quizzes.counting` writes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import Course
from quizzes.models.bank import Question, QuestionVersion
from quizzes.models.history import Response


class FirstAnswer(models.Model):
    """A learner's first answer to a question, as the sums count it. A cache: only `quizzes.counting` writes it.

    The fields after `answered_at` are those of `quizzes.tallies.FirstTry`, which explains them.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="first_answers")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="first_answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="first_answers")
    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="first_answers")
    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="first_answer")
    answered_at = models.DateTimeField()
    standing = models.CharField(max_length=6)
    score = models.PositiveSmallIntegerField(_("ten-thousandths"))
    code = models.CharField(max_length=8, blank=True)
    rest = models.PositiveSmallIntegerField(_("twentieths"), null=True)
    pace = models.PositiveSmallIntegerField(_("step of the time"), null=True)
    wrong = models.JSONField(default=list)
    pairs = models.JSONField(default=list)

    class Meta:
        ordering = ["answered_at", "response"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "question"], name="one_first_answer"),
            models.CheckConstraint(condition=Q(score__lte=10_000), name="first_score_0_to_10000"),
            models.CheckConstraint(condition=Q(rest=None) | Q(rest__lte=20), name="rest_0_to_20"),
        ]
        indexes = [models.Index(fields=["course", "learner"])]

    def __str__(self) -> str:
        return f"{self.learner_id}/{self.question_id}: {self.score}"


class Cohort(models.Model):
    """Learners of one course whose first answers are summed up together: a class, or everybody who reads it.

    A cache like its sums: `quizzes.counting.keep` says who is in it. A class of the floor above names its cohort.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="cohorts")
    is_everybody = models.BooleanField(default=False)
    learners = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="cohorts")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["course"], condition=Q(is_everybody=True), name="one_cohort_of_everybody")
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.pk}"


class ItemTally(models.Model):
    """The first answers of a cohort to one version, summed up. A cache: only `quizzes.counting` writes it.

    `sums` and `wrong` are those of `quizzes.tallies.Tally`, which explains them.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="tallies")
    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="tallies")
    sums = models.JSONField(default=dict)
    wrong = models.JSONField(default=dict)

    class Meta:
        ordering = ["cohort", "version"]
        constraints = [models.UniqueConstraint(fields=["cohort", "version"], name="one_tally_per_version")]

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.version_id}"
