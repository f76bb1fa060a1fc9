"""All that is kept about a person: given out, moved or erased. Each app that keeps something has a module for its part.

`settings.PERSONAL_DATA` names those modules, so that this floor need not know the floors above it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple, Protocol, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.models import Digest, User
from accounts.preferences import NAMES

TOKEN = ("id", "label", "scope", "days", "created_at", "expires_at", "last_used_at")
MAIL = ("about_classes", "about_learning", "sent_week")


class Hindrance(NamedTuple):
    """Why an account cannot be deleted now: a sentence, and the address where the person can change it."""

    words: str
    url: str


class HinderedError(Exception):
    """The account cannot be deleted: see `hindrances`."""


class Keeper(Protocol):
    """One app's part. `export` gives data for JSON, `merge` the number of answers moved; all run in a transaction.

    `hindrances` says why an account cannot be deleted now, `holds` whether a guest who stays away is kept all the same.
    """

    def count(self, user: User) -> int: ...

    def export(self, user: User) -> dict[str, Any]: ...

    def merge(self, guest: User, user: User) -> int: ...

    def erase(self, user: User) -> None: ...

    def hindrances(self, user: User) -> list[Hindrance]: ...

    def holds(self, guest: User) -> bool: ...


def keepers() -> dict[str, Keeper]:
    """The modules by the name of their app."""
    return {path.split(".")[0]: cast(Keeper, import_module(path)) for path in settings.PERSONAL_DATA}


def answers(user: User) -> int:
    """How many answers are kept."""
    return sum(keeper.count(user) for keeper in keepers().values())


def export(user: User) -> dict[str, Any]:
    """Everything that is kept about `user`, as data for one JSON file."""
    parts = {app: keeper.export(user) for app, keeper in keepers().items()}
    return {"exported_at": timezone.now(), "account": account(user), **parts}


def account(user: User) -> dict[str, Any]:
    """What this app and allauth keep: never the password's hash, a secret of the second step or of a token."""
    names = ("username", "display_name", "email", "is_guest", "date_joined", "last_login", *NAMES)
    addresses = EmailAddress.objects.filter(user=user).order_by("pk").values("email", "verified", "primary")
    steps = Authenticator.objects.filter(user=user).order_by("pk").values("type", "created_at", "last_used_at")
    return {name: getattr(user, name) for name in names} | {
        "email_addresses": list(addresses),
        "second_steps": list(steps),
        "api_tokens": list(user.api_tokens.order_by("pk").values(*TOKEN)),
        "weekly_mail": list(Digest.objects.filter(user=user).values(*MAIL)),
    }


@transaction.atomic
def merge(guest: User, user: User) -> int:
    """Move a guest's history to `user`, delete the guest, and say how many answers moved. A second call moves none."""
    locked = User.objects.select_for_update().filter(pk__in=[guest.pk, user.pk]).order_by("pk")
    if [row.pk for row in locked if row.is_guest] != [guest.pk]:
        return 0
    moved = sum(keeper.merge(guest, user) for keeper in keepers().values())
    User.objects.get(pk=guest.pk).delete()
    return moved


def hindrances(user: User) -> list[Hindrance]:
    """Why the account cannot be deleted now; empty when it can."""
    return [hindrance for keeper in keepers().values() for hindrance in keeper.hindrances(user)]


def is_held(guest: User) -> bool:
    """Whether somebody still counts on a guest who stays away."""
    return any(keeper.holds(guest) for keeper in keepers().values())


@transaction.atomic
def erase(user: User) -> None:
    """Delete `user` with all history, and the name in the administrators' log. Raises HinderedError."""
    User.objects.select_for_update().get(pk=user.pk)
    if hindrances(user):
        raise HinderedError
    for keeper in keepers().values():
        keeper.erase(user)
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    about.update(object_repr="", change_message="")
    User.objects.filter(pk=user.pk).delete()


def end_sessions(user: User) -> None:
    """Delete the sessions of `user` in other browsers: they hold the user name. Reads every session; for rare use."""
    mine = [s.pk for s in Session.objects.iterator() if s.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=mine).delete()
