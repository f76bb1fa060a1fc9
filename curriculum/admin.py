"""Review of what was understood from a document. Text and offsets are pinned, so most of it can only be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from curriculum.models import Course, Entity, Fact, Lesson, Passage, Sentence


class Pinned(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that come with the document: read and searched here, changed only by loading a new fixture."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Course)
class CourseAdmin(Pinned):
    list_display = ("title", "issuer", "date", "is_published", "pinned")
    fields = ("title", "issuer", "date", "language", "is_published", "source_note", "sha256", "pinned", "text")
    readonly_fields = ("title", "issuer", "date", "language", "sha256", "pinned", "text")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Publishing and the source note are decisions, not content."""
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    @admin.display(boolean=True, description="text unchanged")
    def pinned(self, course: Course) -> bool:
        return course.is_pinned


@admin.register(Lesson)
class LessonAdmin(Pinned):
    list_display = ("heading", "course", "order", "scope", "heading_supplied")
    list_filter = ("course",)
    list_select_related = ("course",)


@admin.register(Passage)
class PassageAdmin(Pinned):
    list_display = ("key", "lesson", "kind", "number", "label", "label_supplied")
    list_filter = ("lesson__course", "kind")
    list_select_related = ("lesson",)


@admin.register(Sentence)
class SentenceAdmin(Pinned):
    list_display = ("key", "kind", "start", "end", "text")
    list_filter = ("passage__lesson", "kind")
    search_fields = ("key", "text")


@admin.register(Entity)
class EntityAdmin(Pinned):
    list_display = ("key", "type", "name", "aliases", "distributive")
    list_filter = ("course", "type")
    search_fields = ("key", "name")


@admin.register(Fact)
class FactAdmin(Pinned):
    list_display = ("key", "family", "relation", "subject", "text", "where", "core")
    list_filter = ("course", "family", "relation", "pool", "core")
    search_fields = ("key", "subject", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fact]:
        return super().get_queryset(request).select_related("sentence")

    @admin.display(ordering="start", description="sentence")
    def where(self, fact: Fact) -> str:
        return fact.sentence.key
