"""Who wants the weekly mail, and the link in it that ends it without logging in."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from accounts.models import Digest, User

SALT = "accounts.digests"


def wishes(user: User) -> Digest:
    """What the person wants; not saved where nothing was chosen yet."""
    return Digest.objects.filter(user=user).first() or Digest(user=user)


def unsubscribe_path(user: User) -> str:
    """Where whoever has the mail ends it. Signed, without an end: a link in an old mail must work too."""
    return reverse("accounts:unsubscribe", args=[signing.dumps(user.pk, salt=SALT)])


def of_link(token: str) -> User | None:
    """Whose mail the link ends; None for one that is not ours, or of an account that is gone."""
    try:
        pk: int = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    found: User | None = User.objects.filter(pk=pk).first()
    return found


def unsubscribe(user: User) -> None:
    """No more weekly mail about anything."""
    Digest.objects.update_or_create(user=user, defaults={"about_classes": False, "about_learning": False})
