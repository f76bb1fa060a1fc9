"""Archived classes, where a school sets a limit to how long it keeps them (see `accounts.retention`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from accounts.retention import Rule
from classrooms.models import Classroom
from classrooms.running import delete


def archived_classes(now: datetime) -> int:
    """Classes with their work and marks, so many days after they were archived; 0 days: until an owner deletes them."""
    if not settings.KEEP_ARCHIVED_CLASSES_DAYS:
        return 0
    oldest = now - timedelta(days=settings.KEEP_ARCHIVED_CLASSES_DAYS)
    gone = list(Classroom.objects.filter(archived_at__lt=oldest))
    for classroom in gone:
        delete(classroom, now=now)
    return len(gone)


RULES = (Rule("archived classes", settings.KEEP_ARCHIVED_CLASSES_DAYS, archived_classes),)
