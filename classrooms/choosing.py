"""Fields in which rows are chosen."""

from __future__ import annotations

from typing import Any

from django import forms

from quizzes.forms import row_id


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows. What cannot be the number of a row is refused like a number that none has, before a database, which
    cannot even be asked for some, sees it."""

    def clean(self, value: Any) -> Any:
        for posted in value or ():
            if not row_id(str(posted)):
                words = self.error_messages["invalid_choice"]
                raise forms.ValidationError(words, code="invalid_choice", params={"value": str(posted)[:20]})
        return super().clean(value)
