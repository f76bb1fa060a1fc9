"""Words for the pages of a class: `{% load classes %}`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from classrooms.attention import lines
from classrooms.heat import STEPS
from classrooms.models import Member
from curriculum.templatetags.document import STEPS as WORDS
from curriculum.templatetags.document import language_of, with_quotations
from quizzes.mastery import FEWEST_ANSWERS

register = template.Library()


@register.filter
def step_word(step: int) -> str:
    """The word of a step of the map, 0 to 5."""
    return str(WORDS[step])


@register.filter
def named(name: str) -> SafeString:
    """A name or title that a person typed, escaped, with its language, for the middle of a sentence."""
    return format_html('<span lang="{}">{}</span>', language_of(name, "zh-Hant"), name)


@register.filter
def quoted(sentence: str) -> SafeString:
    """A sentence of ours around headings and names."""
    return with_quotations(sentence)


@register.simple_tag
def legend() -> list[tuple[int, str, str]]:
    """The steps of the map: (step, word, rule)."""
    low, *_rest = (f"{least:.0%}" for least in STEPS)
    rules = [
        "",
        _("below %(low)s, or fewer than %(n)s answers") % {"low": low, "n": FEWEST_ANSWERS},
        *(_("from %(least)s") % {"least": f"{least:.0%}"} for least in STEPS),
    ]
    return [(step, str(WORDS[step]), rule) for step, rule in enumerate(rules)]


@register.inclusion_tag("classrooms/_needs_you.html")
def instructing(places: Sequence[Member]) -> dict[str, Any]:
    """`{% instructing places %}`: a line for each class that the reader of the page teaches; nothing without one."""
    return {"lines": lines([place.classroom for place in places if place.teaches], timezone.now())}
