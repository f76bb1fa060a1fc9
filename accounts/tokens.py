"""Personal tokens with which a person's own programs read reports. A secret is shown once; its digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.http import HttpRequest

from accounts.models import ApiToken, User

READ_REPORTS = "reports:read"
"""The only scope that there is: to read what the person may see as a report. Nothing can be changed with it."""
PREFIX = "jingdu_"
"""So that programs that look for leaked secrets find it."""
MOST = 10
NOTED_EVERY = timedelta(minutes=1)


class TooManyTokensError(Exception):
    """The person has MOST tokens already."""


def make(user: User, *, label: str, days: int, now: datetime) -> tuple[ApiToken, str]:
    """A new token for so many days, and its secret. Raises TooManyTokensError."""
    if user.api_tokens.count() >= MOST:
        raise TooManyTokensError
    secret = new_secret()
    fields = {"label": label, "scope": READ_REPORTS, "digest": digest(secret), "days": days}
    return user.api_tokens.create(**fields, created_at=now, expires_at=now + timedelta(days=days)), secret


def renew(token: ApiToken, *, now: datetime) -> str:
    """Another secret for as many days again; the old one is dead at once."""
    secret = new_secret()
    token.digest, token.created_at, token.last_used_at = digest(secret), now, None
    token.expires_at = now + timedelta(days=token.days)
    token.save(update_fields=["digest", "created_at", "expires_at", "last_used_at"])
    return secret


def new_secret() -> str:
    """256 random bits; with so many, a plain digest is enough."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret: its SHA-256, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def bearer(request: HttpRequest, scope: str, *, now: datetime) -> ApiToken | None:
    """The token in the header Authorization, if it is good for `scope` now, with its person. Notes the use, at most
    once a minute. One query, and one to note it."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.startswith(PREFIX):
        return None
    good = ApiToken.objects.filter(digest=digest(secret.strip()), scope=scope, expires_at__gt=now)
    token = good.filter(user__is_active=True, user__is_guest=False).select_related("user").first()
    if token is not None and (token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token
