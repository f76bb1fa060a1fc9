"""Django's sessions in the database, found by a statement that is put together once: every request asks it."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from accounts.statements import Slot, Statement

VALID = Statement(
    lambda: Session.objects.filter(session_key=Slot("key", CharField()), expire_date__gt=Slot("now", DateTimeField()))
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        """The row of this key unless it has expired; then the key is given up, as Django does."""
        found = VALID.rows(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None
