"""Who is in a class, in which role, and how somebody gets in. Roles live here, never in a flag of the person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import default_time_zone, validate_time_zone
from accounts.names import validate_visible
from classrooms.codes import new_code, shown_code
from curriculum.models import Course


class ClassroomQuerySet(models.QuerySet["Classroom"]):
    def current(self) -> ClassroomQuerySet:
        return self.filter(archived_at=None)

    def taught_by(self, user: AbstractUser | AnonymousUser) -> ClassroomQuerySet:
        """Classes in which `user` is the owner or an instructor now."""
        return self._with(user, Member.TEACHES)

    def owned_by(self, user: AbstractUser | AnonymousUser) -> ClassroomQuerySet:
        return self._with(user, [Member.Role.OWNER])

    def attended_by(self, user: AbstractUser | AnonymousUser) -> ClassroomQuerySet:
        """Classes in which `user` is a learner now."""
        return self._with(user, [Member.Role.LEARNER])

    def _with(self, user: AbstractUser | AnonymousUser, roles: Any) -> ClassroomQuerySet:
        mine = Member.objects.active().filter(user=user.pk, role__in=roles)
        return self.filter(pk__in=mine.values("classroom")) if user.pk else self.none()


class Classroom(models.Model):
    """A class reads one document. Its times are those of `time_zone`."""

    name = models.CharField(_("name"), max_length=120, validators=[validate_visible])
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="classrooms")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=default_time_zone, validators=[validate_time_zone]
    )
    code = models.CharField(_("join code"), max_length=12, unique=True, default=new_code)
    code_expires_at = models.DateTimeField(_("the code works until"), null=True, blank=True)
    is_open = models.BooleanField(_("learners can join with the code"), default=True)
    needs_approval = models.BooleanField(_("an instructor lets each learner in"), default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ClassroomQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("classrooms:classroom", args=[self.pk])

    @property
    def shown_code(self) -> str:
        return shown_code(self.code)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def takes_joins(self, now: datetime) -> bool:
        """Whether the code lets somebody in now."""
        is_current = self.code_expires_at is None or self.code_expires_at > now
        return self.is_open and is_current and not self.is_archived

    def renew_code(self) -> None:
        """A new code that opens the class at once and without an end; the old one is dead."""
        self.code, self.code_expires_at, self.is_open = new_code(), None, True
        self.save(update_fields=["code", "code_expires_at", "is_open"])


class Group(models.Model):
    """Some learners of a class, for setting work and for reading reports."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("name"), max_length=60, validators=[validate_visible])

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["classroom", "name"], name="group_name_unique")]

    def __str__(self) -> str:
        return self.name


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> MemberQuerySet:
        return self.filter(status=Member.Status.ACTIVE)

    def waiting(self) -> MemberQuerySet:
        return self.filter(status=Member.Status.WAITING)

    def learners(self) -> MemberQuerySet:
        return self.filter(role=Member.Role.LEARNER)

    def teachers(self) -> MemberQuerySet:
        return self.filter(role__in=Member.TEACHES)


class Member(models.Model):
    """One person in one class. Who leaves or is removed keeps the row: joining again restores the record.

    `name`, `number` and `email` are what the class knows the person by; they change nothing in the account.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        INSTRUCTOR = "instructor", _("instructor")
        LEARNER = "learner", _("learner")

    class Status(models.TextChoices):
        ACTIVE = "active", _("in the class")
        WAITING = "waiting", _("waiting to be let in")
        LEFT = "left", _("left")
        REMOVED = "removed", _("removed")

    TEACHES = (Role.OWNER, Role.INSTRUCTOR)

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.LEARNER)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    name = models.CharField(_("name in the class"), max_length=80, blank=True, validators=[validate_visible])
    number = models.CharField(_("student number"), max_length=40, blank=True, validators=[validate_visible])
    email = models.EmailField(_("e-mail, as the instructor has it"), blank=True)
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    is_managed = models.BooleanField(_("the class made this account"), default=False)
    extra_time_factor = models.DecimalField(
        _("time factor"),
        max_digits=3,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    extra_attempts = models.PositiveSmallIntegerField(
        _("extra attempts"), default=0, validators=[MaxValueValidator(20)]
    )
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen in the class"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["classroom", "user"], name="one_member_per_person"),
            models.UniqueConstraint(fields=["classroom"], condition=Q(role="owner"), name="one_owner_per_class"),
            models.UniqueConstraint(
                fields=["classroom", "number"], condition=~Q(number=""), name="student_number_unique"
            ),
            models.CheckConstraint(
                condition=Q(extra_time_factor__gte=1) & Q(extra_time_factor__lte=5), name="time_factor_1_to_5"
            ),
            models.CheckConstraint(condition=~Q(role="owner") | Q(status="active"), name="the_owner_is_in_the_class"),
        ]
        indexes = [models.Index(fields=["user", "status", "role"])]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the class; without one, the person's own (needs `user`)."""
        return self.name or self.user.shown_name

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def teaches(self) -> bool:
        return self.role in self.TEACHES

    def come_back(self, status: str, *, name: str = "") -> None:
        """In the class again, or waiting for it, as a learner with all that was kept."""
        self.status, self.left_at, self.role = status, None, self.Role.LEARNER
        self.name = name or self.name
        self.save(update_fields=["status", "left_at", "role", "name"])

    def go(self, status: str, *, now: datetime) -> bool:
        """Out of the class, as LEFT or REMOVED; False for the owner and for whoever is out already."""
        out = [self.Status.LEFT, self.Status.REMOVED]
        rows = Member.objects.filter(pk=self.pk).exclude(role=self.Role.OWNER).exclude(status__in=out)
        if not rows.update(status=status, left_at=now):
            return False
        self.status, self.left_at = status, now
        return True


class Invitation(models.Model):
    """A link that makes one person an instructor of the class. Only the digest of its secret is kept."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(_("for whom"), max_length=80, blank=True, validators=[validate_visible])
    inviter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.classroom_id}: {self.label}"


class RosterImport(models.Model):
    """A roster as it was read, waiting for an instructor to look at what would become of each row."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="roster_imports")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    rows = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.classroom_id}: {len(self.rows)} rows"


class Calendar(models.Model):
    """The private address of a person's calendar feed. Only the digest of its secret is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}"
