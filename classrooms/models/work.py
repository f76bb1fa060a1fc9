"""What is set and what was handed in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.names import validate_visible
from classrooms.models.people import Classroom, Group, Member
from curriculum.models import Lesson
from quizzes.models import Attempt, Question
from quizzes.papers import GRACE

__all__ = ["GRACE", "Assignment", "Completion", "Extension", "Sitting"]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def published(self) -> AssignmentQuerySet:
        return self.exclude(published_at=None)

    def open_at(self, now: datetime) -> AssignmentQuerySet:
        """Published, and begun."""
        return self.published().filter(Q(opens_at=None) | Q(opens_at__lte=now))

    def for_member(self, member: Member) -> AssignmentQuerySet:
        """Those set for the whole class, the member's group or the member."""
        return self.for_members([member])

    def for_members(self, members: Collection[Member]) -> AssignmentQuerySet:
        """Those set for one of the members, of any classes: for the whole class, the group or the member."""
        classes, groups = {row.classroom_id for row in members}, {row.group_id for row in members if row.group_id}
        everybody = Q(groups=None, members=None)
        own = Q(members__in=members) | Q(groups__in=groups)
        return self.filter(classroom__in=classes).filter(everybody | own).distinct()

    def marked_for(self, member: Member) -> AssignmentQuerySet:
        """Those of `for_member`, and quizzes that the member took before they were set for others: they count, too."""
        own = Assignment.objects.for_member(member).order_by().values("pk")
        taken = Sitting.objects.filter(member=member).order_by().values("assignment")
        return self.filter(Q(pk__in=own) | Q(pk__in=taken))


class Assignment(models.Model):
    """Work that is set: for all when it names no group and no single learner, else for those it names.

    Times are instants; forms read and show them in the class's zone. A quiz that is the same for all has its
    questions in `paper` (row ids of versions, in order) from when it is published; one drawn per learner draws at the
    start.
    """

    class Sort(models.TextChoices):
        PRACTICE = "practice", _("Read and practise")
        QUIZ = "quiz", _("Quiz")
        REVIEW = "review", _("Spaced review")

    class Late(models.TextChoices):
        ACCEPT = "accept", _("accept and mark as late")
        PENALTY = "penalty", _("accept with fewer points")
        CLOSE = "close", _("close at the due time")

    class Counts(models.TextChoices):
        BEST = "best", _("the best attempt")
        LAST = "last", _("the last attempt")
        FIRST = "first", _("the first attempt")
        MEAN = "mean", _("the mean of all attempts")

    class Target(models.TextChoices):
        MET = "met", _("every fact asked")
        CONSOLIDATING = "consolidating", _("consolidating")
        SECURE = "secure", _("secure")

    class Form(models.TextChoices):
        ONE = "", _("one form")
        PRE = "pre", _("pre-test, forms A and B")
        POST = "post", _("post-test, forms swapped")

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="assignments")
    sort = models.CharField(max_length=8, choices=Sort)
    title = models.CharField(_("title"), max_length=120, validators=[validate_visible])
    instructions = models.TextField(_("instructions"), max_length=2000, blank=True)
    lessons = models.ManyToManyField(Lesson, related_name="assignments", blank=True, verbose_name=_("lessons"))
    groups = models.ManyToManyField(Group, related_name="assignments", blank=True, verbose_name=_("groups"))
    members = models.ManyToManyField(Member, related_name="assignments", blank=True, verbose_name=_("learners"))
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    due_at = models.DateTimeField(_("due time"), null=True, blank=True)
    late = models.CharField(_("after the due time"), max_length=7, choices=Late, default=Late.ACCEPT)
    late_penalty = models.PositiveSmallIntegerField(
        _("percent taken off when late"), default=10, validators=[MaxValueValidator(100)]
    )
    points = models.PositiveSmallIntegerField(
        _("points"), default=100, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    published_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="assignments"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(_("how often it was saved; two editors at once are told"), default=1)

    target = models.CharField(_("until each fact is"), max_length=13, choices=Target, default=Target.CONSOLIDATING)
    target_share = models.PositiveSmallIntegerField(
        _("percent of the facts"), default=90, validators=[MinValueValidator(10), MaxValueValidator(100)]
    )
    review_days = models.PositiveSmallIntegerField(
        _("days with a finished review"), default=5, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    kinds = models.JSONField(_("kinds of question; empty: all"), default=list, blank=True)
    count = models.PositiveSmallIntegerField(
        _("number of questions"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    questions = models.ManyToManyField(
        Question, related_name="assignments", blank=True, verbose_name=_("questions picked by hand")
    )
    is_same_for_all = models.BooleanField(_("the same questions for everybody"), default=True)
    paper = models.JSONField(default=dict, blank=True)
    """Row ids of question versions by form: {"": [3, 1, 2]}, or {"A": […], "B": […]} for parallel forms."""
    form = models.CharField(_("parallel forms"), max_length=4, choices=Form, default=Form.ONE, blank=True)
    pretest = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="posttest", verbose_name=_("pre-test")
    )
    minutes = models.PositiveSmallIntegerField(
        _("time limit in minutes"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    attempts = models.PositiveSmallIntegerField(
        _("attempts; empty: any number"), null=True, blank=True, default=1, validators=[MinValueValidator(1)]
    )
    counts = models.CharField(_("what counts"), max_length=5, choices=Counts, default=Counts.BEST)
    is_shuffled = models.BooleanField(_("questions in another order for each learner"), default=True)
    is_free = models.BooleanField(_("learners may go back and change answers"), default=True)
    feedback = models.CharField(
        _("answers shown"), max_length=5, choices=Attempt.Feedback, default=Attempt.Feedback.END
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(due_at=None) | Q(due_at__gt=models.F("opens_at")),
                name="due_after_opening",
            ),
            models.CheckConstraint(condition=Q(late_penalty__lte=100), name="penalty_at_most_all"),
        ]
        indexes = [models.Index(fields=["classroom", "published_at"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("classrooms:assignment", args=[self.classroom_id, self.pk])

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_quiz(self) -> bool:
        return self.sort == self.Sort.QUIZ


class Extension(models.Model):
    """Another due time, or further attempts, for one learner and one assignment."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="extensions")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="extensions")
    due_at = models.DateTimeField(_("due time"), null=True, blank=True)
    extra_attempts = models.PositiveSmallIntegerField(
        _("extra attempts"), default=0, validators=[MaxValueValidator(20)]
    )

    class Meta:
        ordering = ["assignment", "member"]
        constraints = [models.UniqueConstraint(fields=["assignment", "member"], name="one_extension_per_learner")]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.member_id}"


class SittingQuerySet(models.QuerySet["Sitting"]):
    def open(self) -> SittingQuerySet:
        return self.filter(submitted_at=None)

    def submitted(self) -> SittingQuerySet:
        return self.exclude(submitted_at=None)


class Sitting(models.Model):
    """One attempt of one learner at a quiz. The questions, their order and the deadline are frozen in `attempt`.

    `policy` keeps what the assignment said at the start (late, penalty, points, due), so that a later change of the
    assignment moves nothing. `score` is the share of the points earned, 0 to 1, before any penalty: derived from the
    standing gradings, written at handing in and by a regrade.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="sittings")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sittings")
    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="sitting")
    number = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=1, blank=True)
    policy = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    is_late = models.BooleanField(default=False)
    is_automatic = models.BooleanField(_("handed in by the server at the deadline"), default=False)
    score = models.FloatField(null=True, blank=True)

    objects = SittingQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "member", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "member", "number"], name="sitting_number_unique"),
            models.UniqueConstraint(
                fields=["assignment", "member"], condition=Q(submitted_at=None), name="one_open_sitting"
            ),
            models.CheckConstraint(
                condition=Q(score=None) | (Q(score__gte=0) & Q(score__lte=1)), name="sitting_score_0_to_1"
            ),
        ]
        indexes = [models.Index(fields=["submitted_at"])]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.member_id} no. {self.number}"

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None


class Completion(models.Model):
    """When a learner first reached what a practice or review assignment asks for. Kept: forgetting does not undo it."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="completions")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="completions")
    reached_at = models.DateTimeField()

    class Meta:
        ordering = ["assignment", "member"]
        constraints = [models.UniqueConstraint(fields=["assignment", "member"], name="one_completion_per_learner")]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.member_id}"
