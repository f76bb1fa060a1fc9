"""Are these inputs well formed? Starting a run, saying that a question seems wrong, and answers as they were typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from curriculum.models import Course
from quizzes.kinds.base import MAX_LENGTH
from quizzes.models import Attempt, Flag

MAX_FACTS = 60
MAX_FIELDS = 20
ANSWER_FIELD = re.compile(r"choice|text|member|(?:pair|place)_[0-9]{1,2}")


class FactKeys(forms.Field):
    """Keys of facts, as the repeated field `fact`; at most MAX_FACTS, each at most 40 characters."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        keys = [key for key in value or [] if key]
        if any(not key.isprintable() for key in keys):  # NUL among them, which PostgreSQL refuses
            raise forms.ValidationError(_("Choose at least one fact."), code="characters")
        if len(keys) > MAX_FACTS or any(len(key) > 40 for key in keys):
            raise forms.ValidationError(_("Choose fewer facts."), code="too_many")
        return keys


class StartForm(forms.Form):
    """Which run: a lesson, a whole course, what is due, or certain facts of a course that the person may read."""

    course = forms.ModelChoiceField(Course.objects.none(), to_field_name="slug", required=False)
    scope = forms.ChoiceField(choices=Attempt.Scope)
    lesson = forms.SlugField(max_length=80, required=False)
    fact = FactKeys(required=False)

    def __init__(self, *args: Any, user: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readable = Course.objects.visible_to(user).defer("text")
        self.fields["course"].queryset = readable  # type: ignore[attr-defined]

    def clean_course(self) -> Course | None:
        """An older edition is not practised any more; a run of it that is open may be finished."""
        course: Course | None = self.cleaned_data["course"]
        if course and not Course.objects.newest().filter(pk=course.pk).exists():
            raise forms.ValidationError(
                _("A newer edition replaces this document. Practise that one."), code="replaced"
            )
        return course

    def clean(self) -> dict[str, Any]:
        """Replace the lesson's slug by its row; without a course, the first published one is meant."""
        data = super().clean() or {}
        if self.errors:
            return data
        course = data["course"] or Course.objects.published().newest().defer("text").first()
        data["course"], data["lesson"] = course, self._lesson(course, data)
        if course is None:
            self.add_error("course", _("Choose a course."))
        elif data["scope"] == Attempt.Scope.LESSON and data["lesson"] is None:
            self.add_error("lesson", _("Choose a lesson."))
        elif data["scope"] == Attempt.Scope.FACTS and not data["fact"]:
            self.add_error("fact", _("Choose at least one fact."))
        return data

    @staticmethod
    def _lesson(course: Course | None, data: dict[str, Any]) -> Any:
        if course is None or data["scope"] != Attempt.Scope.LESSON:
            return None
        return course.lessons.filter(slug=data["lesson"]).first()


class FlagForm(forms.ModelForm):  # type: ignore[type-arg]
    """Why a question seems wrong, in one choice and, if wanted, a few words."""

    class Meta:
        model = Flag
        fields = ["reason", "comment"]
        labels = {"reason": _("What seems wrong?"), "comment": _("In a few words, if you like")}
        widgets = {
            "reason": forms.Select(attrs={"autofocus": True}),
            "comment": forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
        }


def filled(shown: dict[str, Any], data: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The presentation of a question (see `quizzes.kinds`) with what was typed or chosen put back into its fields.

    `data` maps field names to lists of posted texts; unknown names and values change nothing.
    """

    def first(name: str) -> str:
        return next(iter(data.get(name, ())), "")

    if shown["widget"] == "options":
        rows = [option | {"is_chosen": str(option["index"]) == first("choice")} for option in shown["options"]]
        return shown | {"options": rows}
    if shown["widget"] == "pairs":
        return shown | {"premises": [row | {"value": first(row["field"])} for row in shown["premises"]]}
    if shown["widget"] == "places":
        return shown | {"items": [row | {"value": first(row["field"])} for row in shown["items"]]}
    typed = list(data.get("member", ()))
    members = [{"number": n + 1, "value": typed[n] if n < len(typed) else ""} for n in range(shown.get("count") or 0)]
    return shown | {"value": first("text"), "members": members}


def row_id(text: str) -> int:
    """The number of a row as a form posts it; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def typed_fields(data: QueryDict) -> dict[str, list[str]]:
    """The answer's fields among posted data, as lists of texts: what `filled` puts back. At most MAX_FIELDS values."""
    named = {name: data.getlist(name) for name in data if ANSWER_FIELD.fullmatch(name)}
    return {name: [value[:MAX_LENGTH] for value in named[name][:MAX_FIELDS]] for name in sorted(named)[:MAX_FIELDS]}
