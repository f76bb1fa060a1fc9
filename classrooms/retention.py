"""Lists of learners that nobody confirmed, and archived classes, where a school sets a limit to how long it keeps them
(see `accounts.retention`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from accounts.retention import Rule
from classrooms.models import Classroom, RosterImport
from classrooms.running import delete


def unconfirmed_lists(now: datetime) -> int:
    """Lists of learners that somebody gave and never confirmed: names and addresses of people who never came here."""
    oldest = now - timedelta(days=settings.KEEP_UPLOADS_DAYS)
    return RosterImport.objects.filter(confirmed_at=None, created_at__lt=oldest).delete()[0]


def archived_classes(now: datetime) -> int:
    """Classes with their work and marks, so many days after they were archived; 0 days: until an owner deletes them."""
    if not settings.KEEP_ARCHIVED_CLASSES_DAYS:
        return 0
    oldest = now - timedelta(days=settings.KEEP_ARCHIVED_CLASSES_DAYS)
    gone = list(Classroom.objects.filter(archived_at__lt=oldest))
    for classroom in gone:
        delete(classroom, now=now)
    return len(gone)


RULES = (
    Rule("lists of learners that nobody confirmed", settings.KEEP_UPLOADS_DAYS, unconfirmed_lists),
    Rule("archived classes", settings.KEEP_ARCHIVED_CLASSES_DAYS, archived_classes),
)
