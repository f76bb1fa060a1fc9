"""What can be learned: a course is one pinned document, cut into lessons, passages and sentences, and its facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from curriculum import knowledge


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> CourseQuerySet:
        return self.filter(is_published=True)

    def visible_to(self, user: AbstractUser | AnonymousUser) -> CourseQuerySet:
        """What `user` may read: everything published, the drafts they own or are given; staff read every draft.

        `settings.COURSE_ACCESS` names the functions that give: user -> Q. So this floor need not know who they are.
        """
        if user.is_staff:
            return self.all()
        if not user.pk:
            return self.published()
        given = [import_string(path)(user) for path in settings.COURSE_ACCESS]
        return self.filter(reduce(or_, given, Q(is_published=True) | Q(owner=user.pk)))

    def newest(self) -> CourseQuerySet:
        """Without the editions that a published newer one replaces: those may be read, but are not offered."""
        return self.filter(Q(replaced_by=None) | Q(replaced_by__is_published=False))

    def editable_by(self, user: AbstractUser | AnonymousUser) -> CourseQuerySet:
        """Whose questions and facts `user` may change: staff those of every course, others those of their own."""
        if user.is_staff:
            return self.all()
        return self.filter(owner=user.pk) if user.pk else self.none()


class CourseManager(models.Manager["Course"]):
    def get_by_natural_key(self, slug: str) -> Course:
        return self.get(slug=slug)


class Course(models.Model):
    """One edition of one document. `text` is the source as given and never changes: every offset refers to it."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200, blank=True)
    date = models.CharField(_("date as written"), max_length=60, blank=True)
    language = models.CharField(max_length=12, default="zh-Hant")
    text = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    source_note = models.TextField(blank=True)
    doubts = models.JSONField(default=list, blank=True)
    """What the import was not sure of: {"start", "end", "what", "why"}, in the order of the text."""
    excluded = models.JSONField(default=list, blank=True)
    """What was left out of the lessons, so that it can be put back: see `curriculum.arranging`."""
    is_published = models.BooleanField(default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="owned_courses"
    )
    replaces = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaced_by",
        verbose_name=_("older edition that this one replaces"),
    )

    objects = CourseManager.from_queryset(CourseQuerySet)()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("curriculum:course", args=[self.slug])

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def is_pinned(self) -> bool:
        """Whether the text still is the one whose digest was recorded."""
        return hashlib.sha256(self.text.encode()).hexdigest() == self.sha256

    def is_editable_by(self, user: AbstractUser | AnonymousUser) -> bool:
        """Whether `user` may change its questions and facts: as `CourseQuerySet.editable_by`."""
        return user.is_staff or (user.pk is not None and user.pk == self.owner_id)

    def knowledge(self) -> knowledge.Knowledge:
        """Everything the generator may know about this course, in five queries."""
        units = Sentence.objects.filter(passage__lesson__course=self).select_related("passage__lesson")
        return knowledge.Knowledge(
            course=self.slug,
            title=self.title,
            issuer=self.issuer,
            date=self.date,
            language=self.language,
            text=self.text,
            lessons=tuple(lesson.as_value() for lesson in self.lessons.all()),
            passages=tuple(
                passage.as_value() for passage in Passage.objects.filter(lesson__course=self).select_related("lesson")
            ),
            units=tuple(unit.as_value() for unit in units),
            entities=_by_key(self.entities.all()),
            facts=_by_key(self.facts.filter(status=Fact.Status.ACCEPTED).select_related("sentence")),
        )


def _by_key(rows: Iterable[Any]) -> tuple[Any, ...]:
    """Entities or facts as values, ordered by key in code: databases differ in how they sort text."""
    return tuple(row.as_value() for row in sorted(rows, key=lambda row: row.key))


class LessonManager(models.Manager["Lesson"]):
    def get_by_natural_key(self, course: str, key: str) -> Lesson:
        return self.get(course__slug=course, key=key)


class Lesson(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    key = models.CharField(max_length=40)
    slug = models.SlugField(max_length=80)
    order = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    scope = models.CharField(max_length=60)
    heading_supplied = models.BooleanField(default=False)

    objects = LessonManager()

    class Meta:
        ordering = ["course", "order"]
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="lesson_key_unique"),
            models.UniqueConstraint(fields=["course", "slug"], name="lesson_slug_unique"),
            models.UniqueConstraint(fields=["course", "order"], name="lesson_order_unique"),
        ]

    def __str__(self) -> str:
        return self.heading

    def get_absolute_url(self) -> str:
        return reverse("curriculum:lesson", args=[self.course.slug, self.slug])

    def natural_key(self) -> tuple[str, str]:
        return (*self.course.natural_key(), self.key)

    natural_key.dependencies = ["curriculum.course"]  # type: ignore[attr-defined]

    def as_value(self) -> knowledge.Lesson:
        return knowledge.Lesson(
            id=self.key,
            order=self.order,
            heading=self.heading,
            title=self.title,
            scope=self.scope,
            heading_supplied=self.heading_supplied,
        )


class PassageManager(models.Manager["Passage"]):
    def get_by_natural_key(self, course: str, key: str) -> Passage:
        return self.get(lesson__course__slug=course, key=key)


class Passage(models.Model):
    """A paragraph of a lesson, or a heading, title or signature standing on its own line."""

    class Kind(models.TextChoices):
        BODY = "body", _("paragraph")
        HEADING = "heading", _("chapter heading")
        TITLE = "title", _("title block")
        SIGNATURE = "signature", _("signature")

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="passages")
    key = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.BODY)
    number = models.CharField(max_length=20, blank=True)
    label = models.CharField(max_length=200, blank=True)
    label_supplied = models.BooleanField(default=False)

    objects = PassageManager()

    class Meta:
        ordering = ["lesson", "order"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "key"], name="passage_key_unique"),
            models.UniqueConstraint(fields=["lesson", "order"], name="passage_order_unique"),
        ]

    def __str__(self) -> str:
        return self.label or self.key

    def natural_key(self) -> tuple[str, str]:
        return (*self.lesson.course.natural_key(), self.key)

    natural_key.dependencies = ["curriculum.lesson"]  # type: ignore[attr-defined]

    def as_value(self) -> knowledge.Passage:
        return knowledge.Passage(
            id=self.key,
            lesson=self.lesson.key,
            order=self.order,
            kind=self.kind,
            number=self.number,
            label=self.label,
            label_supplied=self.label_supplied,
        )


class SentenceManager(models.Manager["Sentence"]):
    def get_by_natural_key(self, course: str, key: str) -> Sentence:
        return self.get(passage__lesson__course__slug=course, key=key)


class Sentence(models.Model):
    """The smallest citable unit: `course.text[start:end] == text`."""

    class Kind(models.TextChoices):
        SENTENCE = "sentence", _("sentence")
        HEADING = "heading", _("run-in heading")
        CHAPTER = "chapter", _("chapter title")
        META = "meta", _("title or signature")

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="sentences")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SENTENCE)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()

    objects = SentenceManager()

    class Meta:
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(fields=["passage", "key"], name="sentence_key_unique"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="sentence_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.text[:20]}"

    def natural_key(self) -> tuple[str, str]:
        return (*self.passage.lesson.course.natural_key(), self.key)

    natural_key.dependencies = ["curriculum.passage"]  # type: ignore[attr-defined]

    def as_value(self) -> knowledge.Unit:
        return knowledge.Unit(
            id=self.key,
            lesson=self.passage.lesson.key,
            passage=self.passage.key,
            kind=self.kind,
            start=self.start,
            end=self.end,
            text=self.text,
        )


class EntityManager(models.Manager["Entity"]):
    def get_by_natural_key(self, course: str, key: str) -> Entity:
        return self.get(course__slug=course, key=key)


class Entity(models.Model):
    """An actor, principle or path. `part_of` and `members` hold keys of other entities of the same course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="entities")
    key = models.CharField(max_length=40)
    type = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    aliases = models.JSONField(default=list, blank=True)
    part_of = models.JSONField(default=list, blank=True)
    members = models.JSONField(default=list, blank=True)
    distributive = models.BooleanField(default=True)

    objects = EntityManager()

    class Meta:
        ordering = ["course", "key"]
        verbose_name_plural = "entities"
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="entity_key_unique")]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str]:
        return (*self.course.natural_key(), self.key)

    natural_key.dependencies = ["curriculum.course"]  # type: ignore[attr-defined]

    def as_value(self) -> knowledge.Entity:
        return knowledge.Entity(
            id=self.key,
            type=self.type,
            name=self.name,
            aliases=tuple(self.aliases),
            part_of=tuple(self.part_of),
            members=tuple(self.members),
            distributive=self.distributive,
        )


class FactManager(models.Manager["Fact"]):
    def get_by_natural_key(self, course: str, key: str) -> Fact:
        return self.get(course__slug=course, key=key)


class Fact(models.Model):
    """One statement of the document; the unit of memory. Field meanings: `curriculum.knowledge.Fact`.

    Spans in JSON (`left`, `members`, `anchors`) are objects {"text", "start", "end", "variants"}. What a rule proposed
    (`rule` names it) is no knowledge of the course until a person accepts it.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="facts")
    key = models.CharField(max_length=40)
    family = models.CharField(max_length=20)
    relation = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    subject_entity = models.CharField(max_length=40, blank=True)
    sentence = models.ForeignKey(Sentence, on_delete=models.CASCADE, related_name="facts")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    group = models.CharField(max_length=40, blank=True)
    left = models.JSONField(null=True, blank=True)
    members = models.JSONField(default=list, blank=True)
    pool = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=100, blank=True)
    closed = models.BooleanField(default=True)
    ordered = models.BooleanField(default=False)
    multi_true = models.BooleanField(default=False)
    modal = models.CharField(max_length=10, blank=True)
    variants = models.JSONField(default=list, blank=True)
    masks = models.JSONField(default=list, blank=True)
    anchors = models.JSONField(default=list, blank=True)
    no_kinds = models.JSONField(default=list, blank=True)
    core = models.BooleanField(default=False)
    weight = models.FloatField(default=1.0)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACCEPTED)
    rule = models.CharField(max_length=40, blank=True)
    confidence = models.CharField(max_length=8, blank=True)
    older = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="newer",
        verbose_name=_("fact of the older edition that this one continues"),
    )
    is_reworded = models.BooleanField(_("says it in other words than the older edition"), default=False)

    objects = FactManager()

    class Meta:
        ordering = ["course", "key"]
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="fact_key_unique"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="fact_object_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.subject} → {self.text}"

    def natural_key(self) -> tuple[str, str]:
        return (*self.course.natural_key(), self.key)

    natural_key.dependencies = ["curriculum.course", "curriculum.sentence"]  # type: ignore[attr-defined]

    def as_value(self) -> knowledge.Fact:
        names = ("family", "relation", "subject", "subject_entity", "start", "end", "text", "group", "pool", "scope")
        flags = ("closed", "ordered", "multi_true", "modal", "core", "weight")
        plain = {name: getattr(self, name) for name in names + flags}
        return knowledge.Fact(
            id=self.key,
            unit=self.sentence.key,
            left=knowledge.member(self.left) if self.left else None,
            members=tuple(knowledge.member(span) for span in self.members),
            anchors=tuple(knowledge.member(span) for span in self.anchors),
            variants=tuple(self.variants),
            masks=tuple(self.masks),
            no_kinds=tuple(self.no_kinds),
            **plain,
        )


class FactChange(models.Model):
    """Who changed a fact, when, and what it said before and after; rows are added, never changed.

    `before` is empty for a fact that was added by hand. Both hold the names and values that differ.
    """

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="changes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="fact_changes"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["fact", "pk"]

    def __str__(self) -> str:
        return f"{self.fact_id} {self.changed_at:%Y-%m-%d %H:%M}"
