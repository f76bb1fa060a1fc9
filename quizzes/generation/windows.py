"""Quotations for stems: the part of a sentence that is shown around a blank, marked where something is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from curriculum.knowledge import Fact, Unit
from quizzes.content import BLANK
from quizzes.generation.measures import is_latin, text_length

CLAUSE_END = re.compile(r"(?:[。，；：！？]|[,;:!?](?![0-9])|(?<![0-9])[,;:!?])+[」』》]*")
"""A mark between two digits (22:00) ends nothing."""
DISPLAY = str.maketrans({",": "，", ":": "：", ";": "；", "!": "！", "?": "？"})
ELISION = "……"
NUMBERED = re.compile(r"^\d+\.")


def shown(text: str) -> str:
    """Source text with full-width punctuation; the map is one to one, so that a quotation can be found again."""
    return text if is_latin(text) else text.translate(DISPLAY)


def elision(text: str) -> str:
    """The mark for words left out of the text: as wide as two characters in Chinese, between spaces elsewhere."""
    return " … " if is_latin(text) else ELISION


def clauses(unit: Unit) -> list[tuple[int, int]]:
    """Half-open offsets (into the course text) of the clauses of a unit, closing punctuation included."""
    numbered = NUMBERED.match(unit.text)
    spans, begin = [], numbered.end() if numbered else 0
    for mark in CLAUSE_END.finditer(unit.text, begin):
        spans.append((unit.start + begin, unit.start + mark.end()))
        begin = mark.end()
    if begin < len(unit.text):
        spans.append((unit.start + begin, unit.end))
    return spans


@dataclass(frozen=True, slots=True)
class Window:
    """A quotation with a blank: `text` as shown, `length` Han characters and digits outside the blank."""

    text: str
    length: int

    @property
    def bare(self) -> str:
        """The quotation without punctuation at its end, for use inside a sentence."""
        return re.sub(f"[，；：]{ELISION}$", ELISION, self.text.rstrip("。."))


class Quoter:
    """Cuts windows out of one unit. Offsets are those of the course text."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.clauses = clauses(unit)

    def piece(self, start: int, end: int) -> str:
        return self.unit.text[start - self.unit.start : end - self.unit.start]

    def clause_range(self, start: int, end: int) -> tuple[int, int]:
        """Indices (first, last) of the clauses that the span touches."""
        touched = [i for i, (a, b) in enumerate(self.clauses) if a < end and start < b]
        return touched[0], touched[-1]

    def is_whole_clause(self, start: int, end: int) -> bool:
        """Whether the span leaves nothing but punctuation of the clauses it touches."""
        first, last = self.clause_range(start, end)
        a, b = self.clauses[first][0], self.clauses[last][1]
        return not text_length(self.piece(a, start)) and not text_length(self.piece(end, b))

    def ends_clause(self, end: int) -> bool:
        """Whether nothing but punctuation follows in the clause."""
        return any(end <= b and not text_length(self.piece(end, b)) for a, b in self.clauses if a < end)

    def subject_before(self, fact: Fact, start: int) -> tuple[int, int] | None:
        """Where the sentence names the subject of the fact before `start`, if it does."""
        said = self.unit.text.casefold()
        at = said.rfind(fact.subject.casefold(), 0, start - self.unit.start) if fact.subject else -1
        return None if at < 0 else (self.unit.start + at, self.unit.start + at + len(fact.subject))

    def cut(self, spans: list[tuple[int, int]], blanks: list[tuple[int, int]]) -> Window:
        """Join the spans in order, with ellipses where the sentence is interrupted and blanks in place of `blanks`."""
        parts: list[str] = []
        left_out = elision(self.unit.text)
        begin = self.clauses[0][0]
        if spans[0][0] > begin:
            parts.append(left_out)
        for i, (start, end) in enumerate(spans):
            if i and start > spans[i - 1][1]:
                parts.append(left_out)
            parts.append(self._with_blanks(start, end, blanks))
        text = shown("".join(parts))
        if spans[-1][1] < self.unit.end:
            text += left_out
        text = self._tidied(text)
        return Window(text, text_length(text))

    def _tidied(self, text: str) -> str:
        """Words with single spaces between them and no comma before what is left out or at the end."""
        if not is_latin(self.unit.text):
            return text
        return re.sub(r"[,;:]+(?= …|$)", "", " ".join(text.split()))

    def _with_blanks(self, start: int, end: int, blanks: list[tuple[int, int]]) -> str:
        text, at = "", start
        for a, b in blanks:
            if start <= a and b <= end:
                text += self.piece(at, a) + BLANK
                at = b
        return text + self.piece(at, end)

    def windows(self, fact: Fact, blanks: list[tuple[int, int]], *, limit: int) -> Iterator[Window]:
        """Quotations around the blanks, fullest first, none with more than `limit` characters.

        Whole sentence; up to the clause; neighbours of the clause; the clause alone. A cut quotation repeats the
        subject in front when an earlier clause begins with it.
        """
        first, last = self.clause_range(blanks[0][0], blanks[-1][1])
        total = len(self.clauses) - 1
        choices = [(0, total), (0, last), (first - 1, last + 1), (first - 1, last), (first, last + 1), (first, last)]
        cuts = [self._carried(fact, max(i, 0), min(j, total)) for i, j in choices]
        tail = self._from_subject(fact, blanks)
        seen = set()
        for spans in [*cuts, tail] if tail else cuts:
            window = self.cut(spans, blanks)
            if window.length <= limit and window.text not in seen:
                seen.add(window.text)
                yield window

    def _from_subject(self, fact: Fact, blanks: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The end of a long clause, from its subject on."""
        first, last = self.clause_range(blanks[0][0], blanks[-1][1])
        subject = self.subject_before(fact, blanks[0][0])
        if subject is None or subject[0] <= self.clauses[first][0]:
            return []
        return [(subject[0], self.clauses[last][1])]

    def _carried(self, fact: Fact, low: int, high: int) -> list[tuple[int, int]]:
        start, end = self.clauses[low][0], self.clauses[high][1]
        subject = self.subject_before(fact, start)
        if subject is None or subject[0] not in {first for first, _ in self.clauses}:
            return [(start, end)]
        return [subject, (start, end)]
