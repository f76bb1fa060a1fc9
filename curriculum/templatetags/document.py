"""Filters for showing the document and for naming languages in `lang` attributes."""

from __future__ import annotations

from django import template

from curriculum import script as scripts

register = template.Library()


@register.filter(name="shown")
def shown_filter(text: object, script: str = "hant") -> str:
    """`{{ sentence.text|shown:preferences.script }}`: full-width punctuation, in the reader's script."""
    return scripts.shown(str(text), script)


@register.filter
def script_lang(script: str) -> str:
    """The `lang` of a text in this script: never a bare `zh`, which browsers draw in the wrong glyphs."""
    return scripts.LANGUAGE_TAGS.get(script, scripts.LANGUAGE_TAGS["hant"])


@register.filter
def language_tag(code: str) -> str:
    """Django's language code as written in HTML: `zh-hant` becomes `zh-Hant`."""
    language, _, script = code.partition("-")
    return f"{language}-{script.title()}" if script else language
