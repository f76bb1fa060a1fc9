"""One question for the whole class at the same time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from classrooms.models.people import Classroom, Member
from quizzes.models import AttemptItem, QuestionVersion


class Showing(models.Model):
    """One question on the projector, answered by the whole class at the same time from phones."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="showings")
    version = models.ForeignKey(QuestionVersion, on_delete=models.RESTRICT, related_name="showings")
    seed = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(_("answers are taken until"), null=True, blank=True)
    revealed_at = models.DateTimeField(_("the key is shown"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["classroom"], condition=Q(ended_at=None), name="one_showing_per_class")
        ]

    def __str__(self) -> str:
        return f"{self.classroom_id}: {self.version_id}"


class ShownAnswer(models.Model):
    """A learner's answer to a shown question: an item of a run of its own, so that it is history like any other."""

    showing = models.ForeignKey(Showing, on_delete=models.CASCADE, related_name="answers")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="shown_answers")
    item = models.OneToOneField(AttemptItem, on_delete=models.CASCADE, related_name="shown_answer")

    class Meta:
        ordering = ["showing", "pk"]
        constraints = [models.UniqueConstraint(fields=["showing", "member"], name="one_answer_per_showing")]

    def __str__(self) -> str:
        return f"{self.showing_id}/{self.member_id}"
