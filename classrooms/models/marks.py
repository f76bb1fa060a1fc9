"""What instructors decide about marks. A mark is otherwise derived from what was handed in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from classrooms.models.people import Member
from classrooms.models.work import Assignment


class MarkChange(models.Model):
    """What an instructor decided about one learner's mark for one assignment. Append-only: the newest of a sort holds.

    `previous` is the newest row that the author saw; two rows after the same one cannot exist, so of two instructors at
    the same cell the second is told.
    """

    class Action(models.TextChoices):
        OVERRIDE = "override", _("mark set by hand")
        CLEAR = "clear", _("back to the computed mark")
        EXCUSE = "excuse", _("excused")
        COMMENT = "comment", _("comment")
        REGRADE = "regrade", _("regraded after a key was corrected")

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="mark_changes")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="mark_changes")
    previous = models.OneToOneField("self", null=True, blank=True, on_delete=models.CASCADE, related_name="next")
    action = models.CharField(max_length=8, choices=Action)
    points = models.FloatField(null=True, blank=True)
    before = models.FloatField(_("points before"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    comment = models.TextField(_("comment for the learner"), max_length=2000, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="mark_changes"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "member"], condition=Q(previous=None), name="one_first_mark_change"
            ),
            models.CheckConstraint(condition=Q(points=None) | Q(points__gte=0), name="mark_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.member_id}: {self.action}"
