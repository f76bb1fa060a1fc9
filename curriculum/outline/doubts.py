"""Doubts about a document as a whole, told after its outline is known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from curriculum.outline.drafts import Doubts, LessonDraft
from curriculum.outline.language import ENGLISH, Language
from curriculum.outline.lines import Line
from curriculum.outline.model import Span
from curriculum.outline.numbering import Number
from curriculum.outline.patterns import ANNEX
from curriculum.outline.plan import LESSON, UPPER, Plan

_RESTARTING = ("節", "Section", "Rule", "1.", "A.", "（一）", "I.")
"""What is usually counted anew in every chapter."""
LONG_SENTENCE = {ENGLISH: 900}
LONG_HAN_SENTENCE = 300
_HAN = re.compile("[\u3400-\u9fff]")


def question_script(text: str, language: Language, doubts: Doubts) -> None:
    """Characters of the other script, or none that would tell the script."""
    if language.strangers:
        first = min((text.find(character) for character in language.strangers), default=0)
        example = "".join(sorted(language.strangers)[:8])
        why = _("Traditional and Simplified characters are mixed: %(example)s.") % {"example": example}
        doubts.add((first, first + 1), "mixed script", why)
    if not language.is_certain:
        doubts.add((0, 0), "script unclear", _("No character tells whether this is Traditional or Simplified Chinese."))


def question_sentences(lessons: Sequence[LessonDraft], language: str, doubts: Doubts) -> None:
    """Very long sentences, and lessons in which there is no sentence."""
    limit = LONG_SENTENCE.get(language, LONG_HAN_SENTENCE)
    for lesson in lessons:
        spans = [span for passage in lesson.bodies for span in passage.spans if span.kind == "sentence"]
        if not spans:
            doubts.add(lesson.extent, "empty lesson", _("There is no sentence under this heading."))
        for span in spans:
            if span.end - span.start > limit:
                why = _("%(number)s characters without the end of a sentence.") % {"number": span.end - span.start}
                doubts.add(span, "long sentence", why)


def question_headings(lines: Sequence[Line], plan: Plan, source: str, doubts: Doubts) -> None:
    """Jumps between the levels of marked headings; gaps and repeats among numbered headings and articles."""
    depth = 0
    series: dict[str, tuple[int, int]] = {}
    fresh: set[str] = set()
    path: tuple[int, ...] = ()
    for line in lines:
        span = line.span("", source)
        level = plan.level(line)
        if line.mark.startswith("h"):
            if depth and int(line.mark[1]) > depth + 1:
                doubts.add(span, "level jump", _("A level of headings is left out before this one."))
            depth = int(line.mark[1])
        elif line.start in plan.bare:
            doubts.add(span, "heading guessed", _("Taken for a heading because it is short and stands alone."))
        if level in (LESSON, UPPER):
            fresh = {name for name in series if name in _RESTARTING or line.role == ANNEX}
        if level and line.number is not None and line.number.path:
            _question_path(line.number.path, path, span, doubts)
            path = line.number.path
        elif level and line.number is not None:
            may_restart = line.number.scheme in fresh and not (level == LESSON and line.role != ANNEX)
            _question_number(line.number, span, series, doubts, may_restart=may_restart)
            fresh.discard(line.number.scheme)


def _question_number(
    number: Number, span: Span, series: dict[str, tuple[int, int]], doubts: Doubts, *, may_restart: bool
) -> None:
    """`series` is the last (value, sub) of each scheme: 第十二條之一 is (12, 1)."""
    value, sub = series.get(number.scheme, (0, 0))
    series[number.scheme] = (number.value, number.sub)
    if number.value == value + 1 or (number.value == value and number.sub == sub + 1):
        return
    if number.value > 1:
        why = _("Number %(number)s follows number %(before)s.") % {"number": number.text, "before": value}
        doubts.add(span, "number gap", why)
    elif not may_restart:
        doubts.add(span, "numbering restarts", _("The numbering begins again here."))


def _question_path(path: tuple[int, ...], before: tuple[int, ...], span: Span, doubts: Doubts) -> None:
    """1.2 follows 1.1 or 1.1.5; 1.1.1 follows 1.1; 2.1 follows anything in 1."""
    depth = len(path) - 1
    is_next = depth < len(before) and path == (*before[:depth], before[depth] + 1)
    is_first = path[-1] == 1 and (path[:-1] == before[: len(path) - 1] or set(path[1:]) == {1})
    if not (is_next or is_first):
        names = {"number": ".".join(map(str, path)), "before": ".".join(map(str, before)) or "0"}
        doubts.add(span, "number gap", _("Number %(number)s follows number %(before)s.") % names)
