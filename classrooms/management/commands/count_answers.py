"""Bring the sums behind item statistics up to date, so that nobody who opens a report waits for it. For a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from classrooms import cohorts
from classrooms.models import Classroom
from curriculum.models import Course


class Command(BaseCommand):
    help = "Takes new answers into the sums of every course and of every class that is not archived."

    def handle(self, *args: Any, **options: Any) -> None:
        courses = Course.objects.defer("text").order_by("pk")
        for course in courses:
            cohorts.of_course(course, at_most=None)
        classes = Classroom.objects.current().order_by("pk")
        for classroom in classes:
            cohorts.of_class(classroom, at_most=None)
        self.stdout.write(f"{len(courses)} courses and {len(classes)} classes counted.")
