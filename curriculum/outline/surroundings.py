"""What stands around a line: the questions that the builder asks before it decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from curriculum.outline import headings
from curriculum.outline.headings import Heading
from curriculum.outline.lines import Line, looks_like_heading
from curriculum.outline.patterns import CHAPTER, PREFACE
from curriculum.outline.plan import LESSON, PASSAGE, UPPER, Plan

MAX_LOOK_AHEAD = 40
"""How many lines are looked at, at most, to decide about one: keeps the time linear."""
SHORT_LABEL = 10
"""A first sentence of at most so many characters may be a heading even where the other items have none."""
MAX_POINTED = 4
"""Words of a second line of a heading that ends with a point."""
MAX_UPPERS = 4
"""Levels of headings above a lesson."""
CLAUSE_ENDS = tuple("；;，,、")
_STOPPED_BY = ("signature", "date", "attachments")


class Surroundings:
    """The lines of a body with their plan; answers never depend on what was decided before."""

    def __init__(self, lines: Sequence[Line], plan: Plan) -> None:
        self.lines, self.plan = lines, plan
        self.has_lessons = any(plan.level(line) == LESSON for line in lines)
        self.has_passages = any(plan.level(line) == PASSAGE for line in lines)
        self._items: Counter[str] = Counter()
        self._headed: Counter[str] = Counter()
        self._count_run_in()

    @property
    def has_structure(self) -> bool:
        return self.has_lessons or self.has_passages

    def _count_run_in(self) -> None:
        is_inside = False
        for line in self.lines:
            level = self.plan.level(line)
            is_inside = level == PASSAGE or (is_inside and level != LESSON)
            if line.number is not None and not level and not is_inside:
                self._items[line.number.scheme] += 1
                is_headed = headings.run_in(line, is_article=False) or looks_like_heading(line.head)
                self._headed[line.number.scheme] += bool(is_headed)

    def run_in(self, line: Line) -> tuple[Heading | None, bool]:
        """The heading that opens an item, if half of the items of its kind have one; and whether they differ."""
        found = headings.run_in(line, is_article=False)
        scheme = line.number.scheme if line.number else ""
        headed, items = self._headed[scheme], self._items[scheme]
        is_usual = headed * 2 >= items
        is_bare = found is None and not looks_like_heading(line.head)
        may_be = found is not None and len(found.label) <= SHORT_LABEL
        differ = headed < items and (is_bare if is_usual else may_be)
        return (found if is_usual else None), differ

    def is_above_lesson(self, place: int) -> bool:
        """Whether the next heading after an upper one, before any text, begins a lesson."""
        for _upper in range(MAX_UPPERS):
            has_second_line = not self.lines[place].rest and self.is_title(place + 1)
            place += 2 if has_second_line else 1
            level = self.plan.level(self.lines[place]) if place < len(self.lines) else ""
            if level != UPPER:
                return level == LESSON
        return False

    def is_title(self, place: int) -> bool:
        """Whether the line at `place` can be the second line of a heading."""
        if place >= len(self.lines):
            return False
        line = self.lines[place]
        is_free = (
            line.number is None
            and not line.is_cut
            and line.role in ("body", CHAPTER, PREFACE)
            and not line.mark.startswith("h")
        )
        is_planned = self.plan.level(line) and line.role not in (CHAPTER, PREFACE) and line.start not in self.plan.bare
        may_end_with_point = len(line.text.split()) <= MAX_POINTED
        return is_free and not is_planned and looks_like_heading(line.text, may_end_with_point=may_end_with_point)

    def has_text(self, place: int) -> bool:
        """Whether the line at `place` can be the text under a heading in the line before."""
        if not 0 < place < len(self.lines):
            return False
        line, number = self.lines[place], self.lines[place - 1].number
        if number and line.number and line.number.scheme == number.scheme:
            return False
        return not self.plan.level(line) and line.role == "body" and not line.after_page

    def is_article(self, place: int) -> bool:
        """Whether the line at `place` begins a passage."""
        return place < len(self.lines) and self.plan.level(self.lines[place]) == PASSAGE

    def has_child(self, place: int) -> bool:
        """Whether 2.2 is followed by 2.2.1."""
        number = self.lines[place].number
        after = self.lines[place + 1].number if place + 1 < len(self.lines) else None
        if number is None or after is None or not number.path:
            return False
        return len(after.path) > len(number.path) and after.path[: len(number.path)] == number.path

    def has_deeper_paragraphs(self, place: int) -> bool:
        """Whether the items under this headed one are paragraphs with headings of their own rather than a list."""
        number = self.lines[place].number
        for line in self.lines[place + 1 : place + MAX_LOOK_AHEAD]:
            if self.plan.level(line) or (line.number and number and line.number.scheme == number.scheme):
                return False
            if line.number is not None:
                found, _differ = self.run_in(line)
                return found is not None and not line.text.endswith(CLAUSE_ENDS)
        return False

    def goes_on(self, place: int, scheme: str) -> bool:
        """Whether this series of items goes on after the paragraph at `place`, which then belongs to the last item."""
        for line in self.lines[place + 1 : place + MAX_LOOK_AHEAD]:
            if self.plan.level(line) or line.role in _STOPPED_BY:
                return False
            if line.number is not None and line.number.scheme == scheme:
                return line.number.value > 1
        return False
