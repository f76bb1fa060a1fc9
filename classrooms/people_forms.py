"""Are these inputs well formed? Search in the list, what is said of one learner, groups, invitations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import NameField
from accounts.names import normal_name, validate_visible
from classrooms.choosing import RowsField
from classrooms.models import Classroom, Group, Invitation, Member
from classrooms.widgets import NamedInput, NamedSelect

MOST_AT_ONCE = 500


class SearchForm(forms.Form):
    """Every field may be left open."""

    q = forms.CharField(label=_("Name, number or e-mail"), max_length=100, required=False)
    group = forms.ModelChoiceField(
        Group.objects.none(), label=_("Group"), required=False, empty_label=_("all"), widget=NamedSelect
    )

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was asked for, as arguments of `people.chosen`; a field that makes no sense asks for nothing."""
        data = self.cleaned_data if self.is_valid() else {}
        group = data.get("group")
        return {"q": normal_name(data.get("q", "")), "group_id": group.pk if group else None}


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    name = NameField(label=_("Name in the class"), max_length=80, required=False, widget=NamedInput)
    number = NameField(label=_("Student number"), max_length=40, required=False)

    class Meta:
        model = Member
        fields = ("name", "number", "email", "group", "extra_time_factor", "extra_attempts")
        labels = {"email": _("E-mail, as you have it"), "group": _("Group")}
        help_texts = {
            "email": _("For your own lists. Nothing is sent there, and other learners do not see it."),
            "extra_time_factor": _("1 is the usual time, 1.5 half as much again, 2 twice the time."),
            "extra_attempts": _("Beyond what each quiz allows."),
        }
        widgets = {
            "group": NamedSelect,
            "extra_time_factor": forms.NumberInput(attrs={"min": "1", "max": "5", "step": "0.05"}),
            "extra_attempts": forms.NumberInput(attrs={"min": "0", "max": "20"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["group"].queryset = self.instance.classroom.groups.all()  # type: ignore[attr-defined]
        self.fields["group"].empty_label = _("none")  # type: ignore[attr-defined]
        for name in ("name", "number"):
            self.fields[name].validators.append(validate_visible)
        if self.instance.user.is_guest:
            self.fields["name"].required = True

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        others = self.instance.classroom.members.exclude(pk=self.instance.pk)
        if number and (other := others.select_related("user").filter(number=number).first()):
            words = _("%(name)s has this number.") % {"name": other.shown_name}
            raise forms.ValidationError(words, code="number_taken")
        return number


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    name = NameField(label=_("Name of the group"), max_length=60, validators=[validate_visible], widget=NamedInput)

    class Meta:
        model = Group
        fields = ("name",)

    def __init__(self, *args: Any, classroom: Classroom, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.instance.classroom = classroom

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = self.instance.classroom.groups.exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("There is a group of this name."), code="name_taken")
        return name


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    label = NameField(label=_("For whom, for your own memory"), max_length=80, required=False)

    class Meta:
        model = Invitation
        fields = ("label",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields["label"].validators.append(validate_visible)


class ChosenForm(forms.Form):
    """Some learners of the class, and perhaps a group for them."""

    member = RowsField(Member.objects.none(), error_messages={"required": _("Choose learners.")})
    group = forms.ModelChoiceField(Group.objects.none(), required=False)

    def __init__(self, *args: Any, classroom: Classroom, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = classroom.members.learners().active()  # type: ignore[attr-defined]
        self.fields["group"].queryset = classroom.groups.all()  # type: ignore[attr-defined]

    def clean_member(self) -> Any:
        if len(self.cleaned_data["member"]) > MOST_AT_ONCE:
            raise forms.ValidationError(_("Choose fewer learners."), code="too_many")
        return self.cleaned_data["member"]
