"""Lessons and passages while they are being put together, and the names that are supplied where there is none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from curriculum.outline.language import ENGLISH, HANS, HANT
from curriculum.outline.model import Doubt, Lesson, Passage, Span

RECITALS, INTRODUCTION, ARTICLES, OPERATIVE_PART, WHOLE, CONCLUSION = (
    *("recitals", "introduction", "articles", "operative", "whole", "conclusion"),
)
MAX_OF_A_KIND = 100
NAMES = {
    HANT: {RECITALS: "序言", INTRODUCTION: "引言", OPERATIVE_PART: "正文", WHOLE: "正文", CONCLUSION: "結語"},
    HANS: {RECITALS: "序言", INTRODUCTION: "引言", OPERATIVE_PART: "正文", WHOLE: "正文", CONCLUSION: "结语"},
    ENGLISH: {
        RECITALS: "Preamble",
        INTRODUCTION: "Introduction",
        OPERATIVE_PART: "Operative part",
        WHOLE: "Text",
        CONCLUSION: "Conclusion",
    },
}


@dataclass(slots=True)
class PassageDraft:
    """`holds` means that what follows belongs to it until the next one begins: an article, a section's heading."""

    kind: str
    spans: list[Span] = field(default_factory=list)
    number: str = ""
    label: str = ""
    holds: bool = False
    scheme: str = ""

    def as_value(self) -> Passage:
        return Passage(self.kind, tuple(self.spans), self.number, self.label)


@dataclass(slots=True)
class LessonDraft:
    kind: str
    heading: str
    title: str
    scope: str
    is_supplied: bool = False
    passages: list[PassageDraft] = field(default_factory=list)

    @property
    def bodies(self) -> list[PassageDraft]:
        return [passage for passage in self.passages if passage.kind == "body"]

    @property
    def is_signed(self) -> bool:
        return bool(self.passages) and self.passages[-1].kind == "signature"

    @property
    def extent(self) -> tuple[int, int]:
        spans = [span for passage in self.passages for span in passage.spans]
        return (spans[0].start, spans[-1].end) if spans else (0, 0)

    def as_value(self) -> Lesson:
        passages = tuple(passage.as_value() for passage in self.passages)
        return Lesson(self.kind, self.heading, self.title, self.scope, passages, self.is_supplied)


@dataclass(slots=True)
class Doubts:
    """Collects doubts while an outline is made; of one kind the first `MAX_OF_A_KIND`, the others are counted."""

    found: list[Doubt] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, span: Span | tuple[int, int], what: str, why: str) -> None:
        start, end = (span.start, span.end) if isinstance(span, Span) else span
        self.counts[what] += 1
        if self.counts[what] <= MAX_OF_A_KIND:
            self.found.append(Doubt(start, end, what, why))

    def as_values(self) -> tuple[Doubt, ...]:
        """All doubts in the order of the text."""
        rest = []
        for what, count in self.counts.items():
            if count > MAX_OF_A_KIND:
                last = next(doubt for doubt in reversed(self.found) if doubt.what == what)
                more = count - MAX_OF_A_KIND
                said = ngettext("The same %(n)s time more after this.", "The same %(n)s times more after this.", more)
                rest.append(Doubt(last.start, last.end, what, said % {"n": more}))
        return tuple(sorted([*self.found, *rest], key=lambda doubt: (doubt.start, doubt.what)))
