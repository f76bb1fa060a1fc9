"""Which sums of answers belong to a class."""

from __future__ import annotations

from django.db import models

from classrooms.models.people import Classroom
from quizzes.models import Cohort


class ClassCohort(models.Model):
    """The cohort in which the answers of a class's learners are summed up. A cache: `classrooms.cohorts` makes it."""

    classroom = models.OneToOneField(Classroom, on_delete=models.CASCADE, related_name="summed")
    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="classroom")

    def __str__(self) -> str:
        return f"{self.classroom_id}: {self.cohort_id}"
