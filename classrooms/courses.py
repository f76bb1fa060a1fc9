"""Which courses somebody may read because of a class, and which a class may be given."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Q

from classrooms.models import Member
from curriculum.models import Course, CourseQuerySet


def readable(user: AbstractUser | AnonymousUser) -> Q:
    """The courses of the classes that `user` is in, drafts among them. Named in `settings.COURSE_ACCESS`."""
    return Q(pk__in=Member.objects.active().filter(user=user.pk).values("classroom__course"))


def teachable_by(user: AbstractUser | AnonymousUser) -> CourseQuerySet:
    """The courses that `user` may give to a class, without their texts: what they may read, but for drafts that they
    only read as a learner. Those are not theirs to pass on."""
    taught = Member.objects.active().teachers().filter(user=user.pk).values("classroom__course")
    own = Q(is_published=True) | Q(owner=user.pk) | Q(pk__in=taught)
    found = Course.objects.visible_to(user).newest().defer("text", "source_note")
    return found if user.is_staff else found.filter(own)
