"""What can be asked: questions, their versions, and what became of them."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from curriculum.models import Course, Fact, Lesson
from quizzes.content import Content


class Kind(models.TextChoices):
    CLOZE = "cloze", _("Fill the gap")
    CHOICE = "choice", _("One choice")
    SHORT_ANSWER = "short_answer", _("Typed answer")
    ENUMERATION = "enumeration", _("List")
    ORDERING = "ordering", _("Put in order")
    MATCHING = "matching", _("Match")


class QuestionQuerySet(models.QuerySet["Question"]):
    def active(self) -> QuestionQuerySet:
        return self.filter(is_active=True)

    def generated(self) -> QuestionQuerySet:
        """Those that the generator may change: made by it, and their current wording not a person's."""
        return self.filter(origin=Question.Origin.GENERATED, is_edited=False)

    def for_course(self, course: Course) -> QuestionQuerySet:
        return self.filter(course=course)


class Question(models.Model):
    """The identity of a question: survives regeneration. What is asked stands in its current version.

    `is_active` alone decides whether it is asked: false once a person suspends it or the generator gives it up.
    """

    class Origin(models.TextChoices):
        GENERATED = "generated", _("generated")
        HUMAN = "human", _("written by a person")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="questions")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind)
    rule = models.CharField(max_length=80)
    facts = models.ManyToManyField(Fact, related_name="questions")
    current = models.ForeignKey(
        "QuestionVersion", null=True, blank=True, on_delete=models.RESTRICT, related_name="current_for"
    )
    origin = models.CharField(max_length=9, choices=Origin, default=Origin.GENERATED)
    is_active = models.BooleanField(default=True)
    is_suspended = models.BooleanField(default=False)
    is_edited = models.BooleanField(_("worded by a person"), default=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["course", "lesson__order", "key"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="question_key_unique")]
        indexes = [models.Index(fields=["course", "is_active"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_generated(self) -> bool:
        """Whether the generator may change it (the same rule as `QuestionQuerySet.generated`)."""
        return self.origin == self.Origin.GENERATED and not self.is_edited


class QuestionVersion(models.Model):
    """One wording of a question with its key. Never changed: attempts refer to what was really asked."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="question_versions"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["question", "number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="question_version_unique")]

    def __str__(self) -> str:
        return f"{self.question.key} v{self.number}"

    @cached_property
    def content(self) -> Content:
        return Content.from_dict(self.body)


class Making(models.Model):
    """What the bank of a course was last made from, so that it is not made again from the same."""

    course = models.OneToOneField(Course, primary_key=True, on_delete=models.CASCADE, related_name="making")
    recipe = models.CharField(max_length=64)
    preferred = models.JSONField(_("wrong answers learned from learners, by fact"), default=dict, blank=True)
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.course_id}: {self.recipe[:12]}"


class QuestionChange(models.Model):
    """Who did what to a question, when, and what it was before. Append-only."""

    class Action(models.TextChoices):
        WRITE = "write", _("written")
        EDIT = "edit", _("edited")
        ACCEPT = "accept", _("an answer accepted")
        SUSPEND = "suspend", _("suspended")
        RESTORE = "restore", _("restored")
        IMPORT = "import", _("imported")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="changes")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="question_changes"
    )
    action = models.CharField(max_length=8, choices=Action)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.action}"


class QuestionImport(models.Model):
    """A file of questions as it was read, waiting for a person to look at what would become of it."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="question_imports")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="question_imports")
    format = models.CharField(max_length=12)
    questions = models.JSONField()
    refused = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.format}"
