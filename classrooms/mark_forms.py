"""Is what an instructor decides about marks well formed? And how the gradebook is to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from classrooms.models import Assignment, Group, MarkChange
from classrooms.widgets import NamedSelect

Action = MarkChange.Action


class DecisionForm(forms.Form):
    """What every decision carries: the newest one that its author saw (empty: none)."""

    action = ""
    seen = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.auto_id = f"{self.action}_%s"


class OverrideForm(DecisionForm):
    """A mark set by hand, with a reason."""

    action = Action.OVERRIDE
    points = forms.FloatField(label=_("Points"), min_value=0)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=400,
        help_text=_("It stays in the history. The learner sees it only in the file of what is kept about them."),
    )

    def __init__(self, *args: Any, out_of: float, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        points = self.fields["points"]
        points.validators.append(MaxValueValidator(out_of))
        points.widget.attrs |= {"max": f"{out_of:g}", "step": "any", "inputmode": "decimal"}
        points.label = _("Points, of %(points)s") % {"points": f"{out_of:g}"}


class ExcuseForm(DecisionForm):
    """The work does not count for this learner."""

    action = Action.EXCUSE
    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)


class ClearForm(DecisionForm):
    """Back to the computed mark."""

    action = Action.CLEAR
    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)


class CommentForm(DecisionForm):
    """What the learner reads beside the mark; empty takes it back."""

    action = Action.COMMENT
    comment = forms.CharField(
        label=_("Comment for the learner"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The learner sees it together with the result."),
    )


class ShowForm(forms.Form):
    """Which part of the gradebook to show: one group, one assignment or one learner as a list. What is not on offer is
    left out."""

    group = forms.ChoiceField(label=_("Group"), required=False, widget=NamedSelect)
    assignment = forms.ChoiceField(label=_("Show"), required=False, widget=NamedSelect)

    def __init__(self, *args: Any, groups: Sequence[Group], work: Sequence[Assignment], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        by_group = [(str(group.pk), group.name) for group in groups]
        by_work = [(str(assignment.pk), assignment.title) for assignment in work]
        self.fields["group"].choices = [("", _("all learners")), *by_group]  # type: ignore[attr-defined]
        self.fields["assignment"].choices = [("", _("the whole table")), *by_work]  # type: ignore[attr-defined]
        if not by_group:
            del self.fields["group"]

    def wanted(self, name: str) -> int | None:
        """The row id chosen under `name`."""
        self.is_valid()
        chosen = self.cleaned_data.get(name)
        return int(chosen) if chosen else None


def forms_for(out_of: float, *, comment: str = "") -> dict[str, DecisionForm]:
    """An empty form for each thing that can be decided, by name of the action; the comment as it stands."""
    kept = {"comment": comment}
    made: list[DecisionForm] = [OverrideForm(out_of=out_of), ExcuseForm(), ClearForm(), CommentForm(initial=kept)]
    return {form.action: form for form in made}


class RegradeForm(forms.Form):
    """Confirms what was seen (a digest), with a reason that stays in the history of each mark."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=400, help_text=_("Learners whose mark changes see it beside their mark.")
    )
