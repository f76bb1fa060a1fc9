"""Drawings and addresses for pages of reports: `{% load reports %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from curriculum.models import Course
from reports.item_figures import Asked, Detail
from reports.psychometrics import FEWEST_FOR_OPTIONS, Figure

register = template.Library()
MARK = 1.5
"""Width of a mark, in hundredths of the bar."""
OFTEN = 0.2
"""Share from which a wrong pair is set off."""


@register.simple_tag
def bar(figure: Figure, guess: float | None = None, size: str = "") -> SafeString:
    """A share from 0 to 1 as a bar, its interval as a line across, `guess` as an upright mark. The figures stand beside
    it in words, so that it is hidden from screen readers."""
    if figure.value is None:
        return SafeString("")
    rows = [("value", 0.0, 0, figure.value * 100, 8)]
    if figure.low is not None and figure.high is not None:
        rows.append(("interval", figure.low * 100, 3, max(MARK, (figure.high - figure.low) * 100), 2))
    if guess:
        rows.append(("guess", guess * 100, 0, MARK, 8))
    shapes = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        ((name, f"{x:.1f}", y, f"{width:.1f}", height) for name, x, y, width, height in rows),
    )
    is_early = " is-early" if figure.n < FEWEST_FOR_OPTIONS else ""
    return format_html(
        '<svg class="bar{}{}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        is_early,
        f" {size}" if size else "",
        shapes,
    )


@register.simple_tag
def item_address(course: Course, classroom: Any, question_id: int) -> str:
    """The page of a question in the report of a class, or in that of a course."""
    if classroom:
        return reverse("reports:item", args=[classroom.pk, question_id])
    return reverse("reports:course_item", args=[course.slug, question_id])


@register.simple_tag
def items_address(course: Course, classroom: Any) -> str:
    """The list that a question belongs to."""
    if classroom:
        return reverse("reports:items", args=[classroom.pk])
    return reverse("reports:course_items", args=[course.slug])


@register.filter
def option_text(texts: tuple[str, ...], code: str) -> str:
    """The text of an option by its code."""
    return texts[int(code)]


@register.filter
def pair_rows(figures: Detail, asked: Asked) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each premise with its cells: how often each response was given, whether it is right or often taken instead."""
    rows = []
    for premise, partner, counts in zip(asked.premises, asked.partners, figures.pairs, strict=True):
        often = max(OFTEN * sum(counts), 1)
        cells = [
            {"count": n, "is_right": at == partner, "is_often": at != partner and n >= often}
            for at, n in enumerate(counts[:-1])
        ]
        cells.append({"count": counts[-1], "is_right": False, "is_often": False})
        rows.append((premise, cells))
    return rows
