"""What this app keeps for a while only (see `accounts.retention`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from accounts.retention import Rule
from quizzes.models import QuestionImport


def unconfirmed_uploads(now: datetime) -> int:
    """Files of questions that somebody gave and never confirmed."""
    oldest = now - timedelta(days=settings.KEEP_UPLOADS_DAYS)
    return QuestionImport.objects.filter(confirmed_at=None, created_at__lt=oldest).delete()[0]


RULES = (Rule("uploads that nobody confirmed", settings.KEEP_UPLOADS_DAYS, unconfirmed_uploads),)
