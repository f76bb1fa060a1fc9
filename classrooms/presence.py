"""That a learner is here: noted by the pages of the class that they have open, seldom enough to cost nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from classrooms.models import Member

EVERY = timedelta(minutes=2)


def note_seen(member: Member, now: datetime) -> None:
    """Keep when the member was last seen, at most once in two minutes: 200 open pages are less than two writes a
    second. No query in between."""
    if member.seen_at is None or now - member.seen_at >= EVERY:
        unseen = Q(seen_at=None) | Q(seen_at__lt=now)
        Member.objects.filter(unseen, pk=member.pk).update(seen_at=now)
