"""Parts of forms that show what people named themselves."""

from __future__ import annotations

from typing import Any

from django import forms

from curriculum.templatetags.document import language_of


class NamedSelect(forms.Select):
    """Options that people named, such as groups and work, each in the language of its name."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, label, *args, **kwargs)
        if value:
            option["attrs"]["lang"] = language_of(str(label), "zh-Hant")
        return option


class NamedInput(forms.TextInput):
    """A field for a name, in the language of the name that stands in it."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(
            name, value, {**(attrs or {}), "lang": language_of(str(value), "zh-Hant")} if value else attrs
        )
