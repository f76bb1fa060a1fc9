"""Are these inputs well formed? A new class, its settings, a code that was typed, the name of somebody who joins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import NameField, zone_choices
from accounts.models import User
from accounts.names import validate_visible
from classrooms.courses import teachable_by
from classrooms.joining import JoinError, find
from classrooms.models import Classroom
from classrooms.widgets import NamedInput, NamedSelect
from curriculum.models import Course

LONGEST_CODE = 40
LAST_YEAR = 2100


class CourseField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, course: Course) -> str:
        return course.title if course.is_published else str(_("%(title)s (draft)") % {"title": course.title})


class ClassroomForm(forms.ModelForm):  # type: ignore[type-arg]
    name = NameField(
        label=_("Name of the class"),
        max_length=120,
        help_text=_("Learners see it: course, day, term."),
        widget=NamedInput,
    )
    course = CourseField(
        Course.objects.none(), label=_("Document that the class reads"), empty_label=None, widget=NamedSelect
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        if "course" in self.fields:
            self.fields["course"].queryset = teachable_by(user)  # type: ignore[attr-defined]


class NewClassroomForm(ClassroomForm):
    class Meta:
        model = Classroom
        fields = ("name", "course")


class ClassroomEditForm(ClassroomForm):
    """The document may change as long as no work was set on it. `expires_on` is the last day in the class's zone."""

    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Due times of the class are times of this zone."))
    expires_on = forms.DateField(
        label=_("Last day on which the code works"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until you make a new one."),
    )

    class Meta:
        model = Classroom
        fields = ("name", "course", "time_zone", "is_open", "needs_approval")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Classroom = self.instance
        self.fields["time_zone"].choices = zone_choices(row.time_zone)  # type: ignore[attr-defined]
        if row.assignments.exists():
            del self.fields["course"]
        else:
            offered: Any = self.fields["course"]
            offered.queryset = offered.queryset | Course.objects.filter(pk=row.course_id).defer("text", "source_note")
        if row.code_expires_at is not None:
            last = row.code_expires_at.astimezone(row.zone) - timedelta(microseconds=1)
            self.fields["expires_on"].initial = last.date()

    def clean_expires_on(self) -> date | None:
        last: date | None = self.cleaned_data["expires_on"]
        if last and last.year > LAST_YEAR:
            raise forms.ValidationError(_("Choose an earlier day."), code="too_late")
        return last

    def save(self, commit: bool = True) -> Classroom:
        row: Classroom = super().save(commit=False)
        last = self.cleaned_data["expires_on"]
        midnight = datetime.combine(last + timedelta(days=1), time(), row.zone) if last else None
        row.code_expires_at = midnight
        if commit:
            row.save()
        return row


class CodeForm(forms.Form):
    """A code as somebody typed it: `classroom` in `cleaned_data` is the class that it opens at `now`."""

    code = forms.CharField(
        label=_("Class code"),
        max_length=LONGEST_CODE,
        help_text=_("Eight letters and digits. Capitals, spaces and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.now = now

    def clean_code(self) -> str:
        try:
            self.cleaned_data["classroom"] = find(self.cleaned_data["code"], now=self.now)
        except JoinError as error:
            raise forms.ValidationError(str(error.message), code="no_class") from error
        return str(self.cleaned_data["classroom"].code)


class JoinForm(forms.Form):
    """What the class calls the person. Guests have no other name."""

    name = NameField(label=_("Your name in this class"), max_length=80, validators=[validate_visible])

    def __init__(self, *args: Any, is_guest: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["name"].required = is_guest
