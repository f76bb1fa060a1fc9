"""Looking after the bank: everything can be read, a question can be suspended, a flag can be deleted."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from accounts.models import User
from quizzes.models import Attempt, AttemptItem, Flag, Question, QuestionChange, QuestionVersion, Response


class ReadOnly:
    """Nothing is added or changed by hand: versions and answers are history."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionInline(ReadOnly, admin.StackedInline):  # type: ignore[type-arg]
    model = QuestionVersion
    fk_name = "question"
    fields = readonly_fields = ("number", "created_at", "body")


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Only suspending and restoring is done here; who did it is written down."""

    list_display = ["key", "kind", "lesson", "rule", "is_active", "is_suspended", "flag_count"]
    list_filter = ["is_active", "is_suspended", "origin", "kind", "course", "lesson"]
    list_select_related = ["lesson"]
    search_fields = ["key", "rule", "facts__key"]
    fields = ["course", "lesson", "key", "kind", "rule", "origin", "is_active", "is_suspended"]
    readonly_fields = ["course", "lesson", "key", "kind", "rule", "origin", "is_active"]
    inlines = [VersionInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Question, form: Any, change: bool) -> None:
        """A suspended question is not asked; one that is restored is asked again until the generator gives it up."""
        if "is_suspended" not in form.changed_data:
            return
        action = QuestionChange.Action.SUSPEND if obj.is_suspended else QuestionChange.Action.RESTORE
        with transaction.atomic():
            Question.objects.filter(pk=obj.pk).update(is_suspended=obj.is_suspended, is_active=not obj.is_suspended)
            QuestionChange.objects.create(question=obj, actor=cast(User, request.user), action=action)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        questions: QuerySet[Question] = super().get_queryset(request)
        return questions.annotate(flags=Count("versions__attempt_items__flags", distinct=True))

    @admin.display(ordering="flags", description="flags")
    def flag_count(self, question: Question) -> int:
        return int(getattr(question, "flags", 0))


@admin.register(QuestionVersion)
class QuestionVersionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["question", "number", "created_at"]
    list_select_related = ["question"]
    search_fields = ["question__key"]


@admin.register(QuestionChange)
class QuestionChangeAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["made_at", "action", "question", "actor", "reason"]
    list_filter = ["action"]
    list_select_related = ["question", "actor"]


@admin.register(Flag)
class FlagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What learners say is wrong with a question, newest first."""

    list_display = ["created_at", "reason", "comment", "question", "learner"]
    list_filter = ["reason"]
    list_select_related = ["item__version__question", "learner"]
    readonly_fields = ["item", "learner", "reason", "comment", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display
    def question(self, flag: Flag) -> Question:
        return flag.item.version.question


class ItemInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = AttemptItem
    fields = readonly_fields = ("position", "version", "is_repeat", "hints_taken", "shown_at", "answered_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AttemptItem]:
        items: QuerySet[AttemptItem] = super().get_queryset(request)
        return items.select_related("version__question")


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["id", "learner", "scope", "lesson", "started_at", "finished_at"]
    list_filter = ["scope", "course"]
    list_select_related = ["learner", "lesson"]
    search_fields = ["learner__username"]
    inlines = [ItemInline]


@admin.register(Response)
class ResponseAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["id", "item", "try_number", "verdict", "score", "gave_up", "is_rapid", "answered_at"]
    list_filter = ["verdict", "gave_up", "is_rapid"]
    list_select_related = ["item"]
    raw_id_fields = ["item"]
