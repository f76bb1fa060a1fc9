"""What can be asked of a report in its address. A value that is no answer falls back to the usual one, and says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

FURTHEST = timedelta(days=366 * 2)


class ThenForm(forms.Form):
    """A date on which to estimate recall: from today, two years ahead at most."""

    then = forms.DateField(required=False, label=_("Recall on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_then(self) -> date | None:
        then: date | None = self.cleaned_data["then"]
        if then is not None and not self.today <= then <= self.today + FURTHEST:
            raise forms.ValidationError(_("Choose a day from today on, within two years."))
        return then

    def chosen(self) -> date | None:
        """The date, None where none (or none that can be) was asked for."""
        return self.cleaned_data.get("then") if self.is_valid() else None
