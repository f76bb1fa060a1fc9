"""Numbered items inside a lesson or article: how deep they stand, whether they are a list, whether one is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from curriculum.outline.drafts import Doubts
from curriculum.outline.lines import Line
from curriculum.outline.model import Span
from curriculum.outline.surroundings import CLAUSE_ENDS

COLON_ENDS = (":", "：", "——")
_TOP_SCHEMES = ("一、", "I.")
BULLET = "•"


@dataclass(slots=True)
class Frame:
    """One open level of numbering: the last value seen, and whether its items belong to the paragraph before."""

    scheme: str
    value: int = 0
    is_list: bool = False


class Series:
    """The levels of numbering that are open, outermost first."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []

    def clear(self) -> None:
        self.frames = []

    def enter(self, line: Line, before: Line | None, *, may_be_list: bool, is_top: bool, doubts: Doubts) -> Frame:
        """The level of this item: one that is open, or a new one below the others.

        `may_be_list` says that there is a paragraph it could belong to, `is_top` that items of the outermost level
        are clauses of the document and never a list.
        """
        scheme, value = (line.number.scheme, line.number.value) if line.number else (BULLET, 0)
        depth = next((i for i, frame in enumerate(self.frames) if frame.scheme == scheme), len(self.frames))
        is_new = depth == len(self.frames)
        del self.frames[depth + 1 :]
        if is_new:
            self.frames.append(Frame(scheme))
        frame = self.frames[depth]
        _check(line, frame, value, before, doubts, is_new=is_new)
        if is_new or value <= 1:
            never = depth == 0 and (is_top or scheme in _TOP_SCHEMES)
            frame.is_list = may_be_list and not never and _is_list(line, scheme, before, depth)
        frame.value = value
        return frame


def _is_list(line: Line, scheme: str, before: Line | None, depth: int) -> bool:
    """Whether items from here on are a list inside the paragraph before, rather than paragraphs with numbers."""
    if scheme == BULLET:
        return True
    is_announced = before is not None and before.text.endswith(COLON_ENDS)
    is_clause = line.text.endswith(CLAUSE_ENDS) or re.search(r"[;,] (and|or)$", line.text) is not None
    return is_clause and is_announced if depth == 0 else is_clause or is_announced


def _check(line: Line, frame: Frame, value: int, before: Line | None, doubts: Doubts, *, is_new: bool) -> None:
    if frame.scheme == BULLET or value == frame.value + 1:
        return
    span = Span("", line.start, line.end, line.text)
    if value == 1:
        if before is not None and before.number is not None and before.number.scheme == frame.scheme:
            doubts.add(span, "numbering restarts", _("The numbering begins again here."))
    elif is_new:
        doubts.add(span, "number gap", _("The numbering begins with %(number)s.") % {"number": value})
    else:
        numbers = {"number": value, "before": frame.value}
        doubts.add(span, "number gap", _("Number %(number)s follows number %(before)s.") % numbers)
