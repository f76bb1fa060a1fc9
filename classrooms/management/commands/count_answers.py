"""Bring what reports read up to date, the sums of first answers and the packed copy of what is remembered, so that
nobody who opens one waits for it. For a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from classrooms import cohorts
from classrooms.models import Classroom
from curriculum.models import Course
from quizzes import packing


class Command(BaseCommand):
    help = "Takes new answers into the sums of courses and classes, and packs what is remembered for their reports."

    def handle(self, *args: Any, **options: Any) -> None:
        courses = Course.objects.defer("text").order_by("pk")
        for course in courses:
            cohorts.of_course(course, at_most=None)
        classes = Classroom.objects.current().order_by("pk")
        for classroom in classes:
            cohorts.of_class(classroom, at_most=None)
        packing.pack_all()
        self.stdout.write(f"{len(courses)} courses and {len(classes)} classes counted.")
