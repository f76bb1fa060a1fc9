"""Who is here. A guest is a row like everybody else, so that nothing needs moving when the guest signs up."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, ClassVar, cast
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Length, Lower
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts.names import GUEST_PREFIX, validate_visible
from accounts.statements import Slot, Statement

DEFAULT_ITEMS_PER_DAY = 20
GUEST_LIFETIME = timedelta(days=settings.KEEP_GUESTS_DAYS)  # after the last visit


@cache
def time_zones() -> frozenset[str]:
    """The names of the IANA time zone database as this machine has it."""
    return frozenset(available_timezones())


def default_time_zone() -> str:
    return str(settings.TIME_ZONE)


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is in the IANA time zone database."""
    if name not in time_zones():
        raise ValidationError(_("Choose a time zone from the list."))


class UserQuerySet(models.QuerySet["User"]):
    def guests(self) -> UserQuerySet:
        return self.filter(is_guest=True)

    def members(self) -> UserQuerySet:
        return self.filter(is_guest=False)

    def last_seen_before(self, moment: datetime) -> UserQuerySet:
        return self.alias(seen_at=Coalesce("last_login", "date_joined")).filter(seen_at__lt=moment)


class JingduUserManager(UserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_guest(self, **preferences: object) -> User:
        """Make a guest with a random name and no password; `preferences` are fields of the row."""
        guest: User = self.model(username=f"{GUEST_PREFIX}{secrets.token_hex(12)}", is_guest=True, **preferences)
        guest.set_unusable_password()
        guest.save()
        return guest

    def get(self, *args: Any, **wanted: Any) -> User:
        """As ever; who is asked for by row id alone, as at every request, comes by a kept statement.

        Not where this manager stands for a part of all people, as the one of a relation does.
        """
        if args or wanted.keys() != {"pk"} or type(self) is not JingduUserManager:
            return cast(User, super().get(*args, **wanted))
        found: list[User] = BY_ID.rows(user=wanted["pk"])
        if not found:
            raise self.model.DoesNotExist
        return found[0]


class User(AbstractUser):
    class Script(models.TextChoices):
        HANT = "hant", _("Traditional")
        HANS = "hans", _("Simplified")

    class Theme(models.TextChoices):
        AUTO = "", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class TextSize(models.TextChoices):
        SMALL = "small", _("Small")
        MEDIUM = "", _("Medium")
        LARGE = "large", _("Large")

    class Typeface(models.TextChoices):
        SERIF = "", _("Serif (Ming)")
        SANS = "sans", _("Sans serif (Hei)")
        KAI = "kai", _("Brush (Kai)")

    is_guest = models.BooleanField(_("guest"), default=False)
    display_name = models.CharField(_("name shown to others"), max_length=80, blank=True, validators=[validate_visible])
    language = models.CharField(_("language of the pages"), max_length=12, blank=True)
    script = models.CharField(_("script of the text"), max_length=4, choices=Script, blank=True)
    theme = models.CharField(_("light or dark"), max_length=5, choices=Theme, default=Theme.AUTO, blank=True)
    text_size = models.CharField(
        _("size of the text"), max_length=5, choices=TextSize, default=TextSize.MEDIUM, blank=True
    )
    typeface = models.CharField(
        _("typeface of the text"), max_length=5, choices=Typeface, default=Typeface.SERIF, blank=True
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=default_time_zone, validators=[validate_time_zone]
    )
    items_per_day = models.PositiveSmallIntegerField(
        _("questions a day"),
        default=DEFAULT_ITEMS_PER_DAY,
        validators=[MinValueValidator(5), MaxValueValidator(60)],
    )
    has_single_keys = models.BooleanField(_("single keys choose answers"), default=True)

    objects: ClassVar[JingduUserManager] = JingduUserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(Lower("username"), name="username_unique_in_any_case"),
            models.CheckConstraint(
                condition=Q(items_per_day__gte=5) & Q(items_per_day__lte=60), name="items_per_day_5_to_60"
            ),
            # SQLite keeps ten megabytes in a column for eighty characters, which PostgreSQL would then refuse to take.
            models.CheckConstraint(condition=LessThanOrEqual(Length("username"), 150), name="username_to_150"),
            models.CheckConstraint(condition=LessThanOrEqual(Length("display_name"), 80), name="display_name_to_80"),
            models.CheckConstraint(condition=LessThanOrEqual(Length("email"), 254), name="email_to_254"),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return str(_("Guest")) if self.is_guest else self.display_name or self.username

    @property
    def kept_until(self) -> datetime:
        """When a guest who does not return is deleted."""
        return (self.last_login or self.date_joined) + GUEST_LIFETIME


BY_ID = Statement(lambda: User.objects.filter(pk=Slot("user", models.BigAutoField())))


class ApiToken(models.Model):
    """A personal token with which a program reads reports (`accounts.tokens`). Of its secret the digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(_("what it is for"), max_length=80, validators=[validate_visible])
    scope = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    days = models.PositiveSmallIntegerField(
        _("good for so many days"), validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.label}"


class Digest(models.Model):
    """Which parts of the weekly mail a person wants, and the week of the last one that was sent.

    Without a row: what concerns classes that the person teaches, and nothing about the own learning.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest")
    about_classes = models.BooleanField(_("about the classes that I teach"), default=True)
    about_learning = models.BooleanField(_("about my own learning"), default=False)
    sent_week = models.DateField(_("the Monday of the week of the last mail"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.sent_week}"

    def claim(self, monday: date) -> bool:
        """Take it on to send the mail of this week; False when somebody did already, in whichever process."""
        return bool(Digest.objects.filter(pk=self.pk).exclude(sent_week=monday).update(sent_week=monday))

    def release(self, monday: date) -> None:
        """The mail of this week could not be sent: the next run may try again."""
        Digest.objects.filter(pk=self.pk, sent_week=monday).update(sent_week=self.sent_week)
