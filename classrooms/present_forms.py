"""Which question to show: the filter of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from classrooms.widgets import NamedSelect
from curriculum.models import Lesson
from quizzes.models import Kind, Question


class ChooseForm(forms.Form):
    """Lesson, kind and words of the question; all may be left out."""

    lesson = forms.ModelChoiceField(
        Lesson.objects.none(), required=False, empty_label=_("all lessons"), label=_("Lesson"), widget=NamedSelect
    )
    kind = forms.ChoiceField(choices=[("", _("all kinds")), *Kind.choices], required=False, label=_("Kind"))
    q = forms.CharField(max_length=80, required=False, label=_("Words of the question"))

    def __init__(self, *args: Any, lessons: QuerySet[Lesson], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["lesson"].queryset = lessons  # type: ignore[attr-defined]

    def narrow(self, questions: QuerySet[Question, Question]) -> QuerySet[Question, Question]:
        """The questions that fit; a field that makes no sense narrows nothing."""
        self.full_clean()
        wanted = getattr(self, "cleaned_data", {})
        if wanted.get("lesson"):
            questions = questions.filter(lesson=wanted["lesson"])
        if wanted.get("kind"):
            questions = questions.filter(kind=wanted["kind"])
        if wanted.get("q"):
            questions = questions.filter(current__body__stem__icontains=wanted["q"])
        return questions
