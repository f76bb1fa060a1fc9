"""How a visitor becomes a guest: a row of their own, and a session that is theirs."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest

from accounts.limits import allow
from accounts.models import User
from accounts.preferences import for_somebody_new

BACKEND = "django.contrib.auth.backends.ModelBackend"


def person(request: HttpRequest) -> User | None:
    """Who sent this; a visitor becomes a guest with the preferences chosen so far. None: too many guests from here."""
    if isinstance(request.user, User):
        return request.user
    if not allow(request, "guest"):
        return None
    guest = User.objects.create_guest(**for_somebody_new(request))
    login(request, guest, backend=BACKEND)
    return guest
