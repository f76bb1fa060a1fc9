"""Are these inputs well formed? A copy's name, a successor, the name typed to confirm the end of a class."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import NameField
from accounts.names import normal_name, validate_visible
from classrooms.models import Classroom, Member
from classrooms.widgets import NamedInput


class CopyForm(forms.Form):
    name = NameField(label=_("Name of the new class"), max_length=120, validators=[validate_visible], widget=NamedInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)


class SuccessorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, member: Member) -> str:
        return member.shown_name


class SuccessorForm(forms.Form):
    successor = SuccessorField(Member.objects.none(), label=_("New owner"), empty_label=None, widget=forms.RadioSelect)

    def __init__(self, *args: Any, classroom: Classroom, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        instructors = classroom.members.active().filter(role=Member.Role.INSTRUCTOR).select_related("user")
        self.fields["successor"].queryset = instructors  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The name of the class, typed."""

    name = forms.CharField(label=_("Type the name of the class to confirm"), max_length=200)

    def __init__(self, *args: Any, classroom: Classroom, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.classroom = classroom

    def clean_name(self) -> str:
        name = normal_name(self.cleaned_data["name"])
        if name.casefold() != normal_name(self.classroom.name).casefold():
            raise forms.ValidationError(_("This is not the name of the class."), code="other_name")
        return name
