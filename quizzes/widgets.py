"""Form controls whose texts are in the language of a document, not of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms


class SpokenSelect(forms.Select):
    """A menu in which options may have a language of their own: `spoken` maps their values to it."""

    spoken: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if language := self.spoken.get(str(value)):
            option["attrs"]["lang"] = language
        return option


def speak(form: forms.BaseForm, language: str, *names: str) -> None:
    """Say that these text fields hold the words of a document in this language."""
    for name in names:
        form.fields[name].widget.attrs["lang"] = language
