"""Are these inputs well formed? Filters of the bank, reasons, answers to accept, files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from curriculum.knowledge import Knowledge
from curriculum.models import Course
from curriculum.templatetags.document import listed
from quizzes.interchange import FORMATS
from quizzes.interchange.portable import UnreadableBankError
from quizzes.models import Kind, Question
from quizzes.widgets import SpokenSelect

MAX_FILE_BYTES = 2_000_000
MOST_QUESTIONS = 1_000


class FilterForm(forms.Form):
    """Which questions of a bank to show. Every field may be left open."""

    q = forms.CharField(label=_("Words of the question"), max_length=100, required=False)
    lesson = forms.ChoiceField(label=_("Lesson"), required=False, widget=SpokenSelect)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("any")), *Kind.choices], required=False)
    fact = forms.CharField(label=_("Key of a fact"), max_length=40, required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("any")), ("active", _("asked")), ("suspended", _("suspended")), ("retired", _("retired"))],
        required=False,
    )
    origin = forms.ChoiceField(
        label=_("Worded by"),
        choices=[
            ("", _("anybody")),
            ("generated", _("the generator")),
            ("edited", _("edited by a person")),
            ("human", _("written by a person")),
        ],
        required=False,
    )
    flag = forms.ChoiceField(
        label=_("Flags"),
        choices=[("", _("any or none")), ("flagged", _("flagged")), ("contested", _("an answer is contested"))],
        required=False,
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lessons = [(lesson.key, lesson.heading) for lesson in course.lessons.all()]
        self.fields["lesson"].choices = [("", _("any")), *lessons]  # type: ignore[attr-defined]
        self.fields["lesson"].widget.spoken = dict.fromkeys(dict(lessons), course.language)

    @property
    def wanted(self) -> dict[str, str]:
        """The filters that are set; what is not on offer is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class OverruleForm(forms.Form):
    """Warnings may be overruled; the reason stays in the history."""

    overrule = forms.BooleanField(label=_("Save it all the same, for the reason given above"), required=False)


class ReasonForm(forms.Form):
    """Why a question is suspended or restored."""

    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)
    overrule = forms.BooleanField(required=False)


class StartNewForm(forms.Form):
    """What kind of question to write, and about which sentences."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind)
    sentence = forms.CharField(label=_("Keys of the sentences, with spaces between"), max_length=400)

    def __init__(self, *args: Any, knowledge: Knowledge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.knowledge = knowledge

    def clean_sentence(self) -> list[str]:
        keys = list(dict.fromkeys(self.cleaned_data["sentence"].split()))
        unknown = [key for key in keys if key not in self.knowledge.unit_by_id]
        if unknown:
            raise forms.ValidationError(_("There is no sentence %(key)s.") % {"key": listed(unknown, ",")})
        return keys


class AcceptForm(forms.Form):
    """An answer that shall count. `member` is the place of the member of a list that it stands for."""

    question = forms.ModelChoiceField(Question.objects.none())
    answer = forms.CharField(max_length=500)
    member = forms.IntegerField(min_value=0, max_value=99, required=False)
    reason = forms.CharField(max_length=400, required=False)

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = Question.objects.for_course(course).exclude(current=None).select_related("current", "course")
        self.fields["question"].queryset = questions  # type: ignore[attr-defined]

    def clean_member(self) -> int | None:
        member: int | None = self.cleaned_data["member"]
        question: Question | None = self.cleaned_data.get("question")
        if member and question and question.current and question.kind == Kind.ENUMERATION:
            MaxValueValidator(len(question.current.content.key) - 1)(member)
        return member


class UploadForm(forms.Form):
    """A file of questions in one of the formats that can be read."""

    format = forms.ChoiceField(
        label=_("Format"), choices=[(name, form.name) for name, form in FORMATS.items() if form.parse is not None]
    )
    file = forms.FileField(label=_("File, at most 2 MB"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(_("This file is larger than 2 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        """Read the file: `parsed` holds its questions."""
        data = super().clean() or {}
        parse = FORMATS[data["format"]].parse if "format" in data and "file" in data else None
        if parse is None:
            return data
        try:
            data["parsed"] = parse(data["file"].read())
        except UnreadableBankError as unreadable:
            self.add_error("file", str(unreadable.message))
        else:
            if len(data["parsed"].questions) + len(data["parsed"].refused) > MOST_QUESTIONS:
                self.add_error("file", _("A file may hold at most 1,000 questions."))
        return data
