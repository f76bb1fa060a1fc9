"""Filters for showing the document and for naming languages in `lang` attributes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from curriculum import script as scripts

register = template.Library()

HAN = re.compile(
    "([\u3000-\u303f\u3400-\u9fff\uff00-\uffef＿…]*[\u3400-\u9fff][\u3000-\u303f\u3400-\u9fff\uff00-\uffef0-9＿…]*)"
)
CHINESE_MARKS = {";": "；", ",": "、"}
STEPS = (_("not begun"), _("new"), _("weak"), _("fair"), _("good"), _("strong"))


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


@register.filter
def paragraphs(text: str) -> list[str]:
    """A plain text cut at its blank lines."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


@register.filter
def language_of(text: str, chinese: str) -> str:
    """The `lang` of a note that may be Chinese or English: `chinese` when a Han character is in it."""
    return chinese if any("\u4e00" <= character <= "\u9fff" for character in text) else "en"


@register.filter
def listed(parts: Iterable[object], mark: str = ";") -> str:
    """The parts as one text with the marks of the reader's language between: `; ` or `；`, with `","` `, ` or `、`."""
    is_chinese = (get_language() or "").startswith("zh")
    return (CHINESE_MARKS[mark] if is_chinese else f"{mark} ").join(map(str, parts))


@register.filter
def with_quotations(message: object, chinese: str = "zh-Hant") -> SafeString:
    """A message about a text; where it is not Chinese itself, each run of Chinese in it marked with its language, or it
    would be read out and drawn as something else."""
    if (get_language() or "").startswith("zh"):
        return format_html("{}", message)
    pieces = HAN.split(str(message))
    return format_html_join(
        "", "{}{}", ((format_html('<span lang="{}">{}</span>', chinese, piece) if i % 2 else piece, "")
                     for i, piece in enumerate(pieces)),
    )  # fmt: skip


@register.filter
def lookup(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """The value of `key`, or None: for keys that are only known while rendering."""
    return mapping.get(key) if mapping else None


@register.filter
def percent(share: float | None) -> str:
    """A share from 0 to 1 as a whole percentage."""
    return "" if share is None else f"{share:.0%}"


@register.filter
def steps(recall: Mapping[str, tuple[int, int, float | None]]) -> list[tuple[int, str, int]]:
    """The steps of the tint that occur: (step 0-5, its word, how many sentences)."""
    tally = Counter(step for step, *_rest in recall.values())
    return [(step, str(word), tally[step]) for step, word in enumerate(STEPS) if tally[step]]


@register.filter
def total(rows: Mapping[str, Any] | Iterable[Any] | None, name: str) -> int:
    """The sum of a counted attribute over rows, or over the values of a mapping."""
    values = rows.values() if isinstance(rows, Mapping) else rows or ()
    return sum(getattr(row, name) for row in values)
