"""From planned lines to lessons with passages: what belongs to what."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from curriculum.outline import headings
from curriculum.outline.drafts import (
    ARTICLES,
    CONCLUSION,
    INTRODUCTION,
    NAMES,
    OPERATIVE_PART,
    RECITALS,
    WHOLE,
    Doubts,
    LessonDraft,
    PassageDraft,
)
from curriculum.outline.lines import NAMED, Line, ends_sentence, looks_like_heading
from curriculum.outline.model import Span, plain
from curriculum.outline.patterns import ANNEX, CHAPTER, OPERATIVE, PREFACE, RECITAL, ROLES
from curriculum.outline.plan import LABEL, LESSON, PASSAGE, SECTION, UPPER, Plan
from curriculum.outline.sentences import split_sentences, uses_points
from curriculum.outline.series import BULLET, COLON_ENDS, Series
from curriculum.outline.surroundings import CLAUSE_ENDS, Surroundings

_DELETED = re.compile(r"[（(\[]?\s*(刪除|删除|(?i:deleted|repealed|reserved|omitted))\s*[)）\]]?")

_SPACED = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


class Builder:
    """Walks once through the body of a document. `lessons`, `doubts` and `left_out` are what it leaves behind."""

    def __init__(self, source: str, lines: Sequence[Line], plan: Plan, language: str) -> None:
        self.source, self.lines, self.plan, self.language = source, lines, plan, language
        self.lessons: list[LessonDraft] = []
        self.doubts = Doubts()
        self.left_out: list[Span] = []
        self._around = Surroundings(lines, plan)
        self._series = Series()
        self._uppers: list[PassageDraft] = []
        self._above = ""
        self._label: Line | None = None
        self._open: PassageDraft | None = None
        self._before: Line | None = None
        self._has_points = uses_points(line.text for line in lines)

    def run(self) -> None:
        """Put every line where it belongs."""
        place = 0
        while place < len(self.lines):
            place += self._place(place, self.lines[place])
            self._before = self.lines[place - 1]
        if self._uppers:
            self._lesson(WHOLE).passages += self._uppers

    def _place(self, place: int, line: Line) -> int:
        """Deal with one line; returns how many lines were used."""
        level = self.plan.level(line)
        if line.role == "attachments":
            self.left_out.append(line.span("attachments", self.source))
        elif line.role in ("signature", "date") and not line.mark.startswith("h"):
            self._sign(line)
        elif level == LABEL and self._around.is_article(place + 1):
            self._label = line
        elif level in (LESSON, UPPER, SECTION):
            return self._head(place, line, level)
        elif level == PASSAGE:
            return self._article(place, line)
        elif (line.number is not None and line.number.group not in ("decimal", "bare")) or line.mark == "li":
            self._item(place, line)
        else:
            self._paragraph(place, line)
        return 1

    def _head(self, place: int, line: Line, level: str) -> int:
        """A heading of a lesson, or above or below it; its words may stand in the next line."""
        number, title = _number_and_title(line)
        used = 1
        if not title and line.role != PREFACE and self._around.is_title(place + 1):
            used, title = 2, self.lines[place + 1].text
        end = self.lines[place + used - 1].end
        text = self.source[line.start : end]
        heading = " ".join(text.split("\n")) if used == 1 else " ".join(text.split())
        title = _SPACED.sub("", title) or heading
        self._open = None
        self._series.clear()
        if level == SECTION or (level == UPPER and self._around.is_above_lesson(place)):
            passage = PassageDraft("body", [Span("heading", line.start, end, text)], number, title)
            (self._uppers if level == UPPER else self._lesson(INTRODUCTION).passages).append(passage)
            return used
        self._above = self._uppers[-1].number if self._uppers else self._above
        if level == UPPER or line.role in NAMED:
            self._above = ""
        scope = _scope(line, number, title, self.language, self._above)
        kind = line.role if line.role in NAMED else CHAPTER
        self.lessons.append(LessonDraft(kind, heading, title, scope, passages=self._uppers))
        self.lessons[-1].passages.append(PassageDraft("heading", [Span("chapter", line.start, end, text)]))
        self._uppers = []
        return used

    def _article(self, place: int, line: Line) -> int:
        """An article or a heading of the lowest level: what follows belongs to it."""
        if not self.lessons or not self._may_hold_articles(self.lessons[-1]):
            self._begin(ARTICLES)
        is_parent = self._around.has_child(place)
        found = headings.run_in(line, is_article=True)
        if found is None and (is_parent or self._around.has_text(place + 1)):
            found = headings.alone(line, is_article=True, is_parent=is_parent)
        is_below = found is None and not line.rest and self._around.is_title(place + 1)
        used = 2 if is_below and self._around.has_text(place + 2) else 1
        found = found or headings.number_only(line)
        label = self.lines[place + 1].text if used == 2 else found.label
        start, end = line.start, self.lines[place + 1].end if used == 2 else line.start + found.end
        if self._label is not None:
            start, label, self._label = self._label.start, self._label.text, None
        passage = PassageDraft("body", [], line.number.text if line.number else "", label, holds=True)
        if end > start:
            passage.spans.append(Span("heading", start, end, self.source[start:end]))
        if used == 1:
            passage.spans += self._sentences(line, found.end)
        self.lessons[-1].passages.append(passage)
        self._open = passage
        self._series.clear()
        return used

    def _may_hold_articles(self, lesson: LessonDraft) -> bool:
        if lesson.kind in (RECITALS, INTRODUCTION, WHOLE):
            return False
        return lesson.kind != PREFACE or (self._around.has_lessons and any(passage.holds for passage in lesson.bodies))

    def _item(self, place: int, line: Line) -> None:
        """A numbered line below the articles: a passage of its own, or a part of the paragraph that introduces it."""
        is_bullet = line.number is None or line.number.scheme == BULLET
        if self.lessons and self.lessons[-1].kind == RECITALS and not (self._around.has_passages or is_bullet):
            self._begin(OPERATIVE_PART)
        lesson = self._lesson(INTRODUCTION if self._around.has_structure else WHOLE)
        if line.mark == "li" and line.number is None:
            why = _("Word numbers this item by itself; its number is not in the text.")
            self.doubts.add((line.start, line.end), "number lost", why)
        frame = self._series.enter(
            line,
            self._before,
            may_be_list=self._open is not None,
            is_top=lesson.kind == OPERATIVE_PART,
            doubts=self.doubts,
        )
        is_sibling = self._open is not None and self._open.scheme == frame.scheme
        if self._open is not None and ((self._open.holds and not is_sibling) or frame.is_list):
            self._open.spans += self._sentences(line, 0)
        else:
            self._numbered_passage(place, line, lesson)

    def _numbered_passage(self, place: int, line: Line, lesson: LessonDraft) -> None:
        found, differ = self._around.run_in(line)
        if differ:
            why = _("Some items of this kind open with a heading and some do not.")
            self.doubts.add((line.start, line.end), "run-in heading", why)
        if found is None and self._around.has_text(place + 1) and not line.text.endswith(CLAUSE_ENDS):
            found = headings.alone(line, is_article=False)
        is_headed = found is not None and found.end == len(line.text)
        found = found or headings.number_only(line)
        number = line.number.text if line.number else ""
        passage = PassageDraft("body", [], number, found.label, scheme=line.number.scheme if line.number else "")
        if found.end:
            passage.spans.append(line.span("heading", self.source, 0, found.end))
        passage.spans += self._sentences(line, found.end)
        passage.holds = is_headed and len(self._series.frames) == 1 and not self._around.has_deeper_paragraphs(place)
        lesson.passages.append(passage)
        self._open = passage

    def _paragraph(self, place: int, line: Line) -> None:
        if self._begins_operative(line):
            self._begin(OPERATIVE_PART)
        elif not self.lessons:
            self._begin(self._opening_kind(place))
        elif self.lessons[-1].is_signed:
            self._begin(CONCLUSION if any(lesson.kind == CHAPTER for lesson in self.lessons) else INTRODUCTION)
        self._question(line)
        frames = self._series.frames
        goes_on = self._open is not None and bool(frames) and self._around.goes_on(place, frames[0].scheme)
        if self._open is None or not (self._open.holds or goes_on):
            if line.text.endswith(COLON_ENDS):
                self._series.clear()
            self._open = PassageDraft("body")
            self.lessons[-1].passages.append(self._open)
        self._open.spans += self._sentences(line, 0)

    def _question(self, line: Line) -> None:
        """Doubts about a paragraph's form."""
        place = (line.start, line.end)
        if not ends_sentence(line.text) and looks_like_heading(line.text) and not _DELETED.fullmatch(line.text):
            why = _("Neither a heading nor a sentence by its form; kept as a paragraph.")
            self.doubts.add(place, "unknown line", why)
        if line.after_page and self._before is not None and not ends_sentence(self._before.text):
            self.doubts.add(place, "broken sentence", _("A page ends in the middle of this sentence."))

    def _lesson(self, kind: str) -> LessonDraft:
        if not self.lessons:
            self._begin(kind)
        return self.lessons[-1]

    def _begin(self, kind: str) -> None:
        """A lesson that has no heading in the document."""
        name = NAMES[self.language].get(kind, "")
        self.lessons.append(LessonDraft(kind, name, name, name, is_supplied=True))
        self._open = None
        self._series.clear()

    def _opening_kind(self, place: int) -> str:
        """What stands before the first heading: recitals or an introduction; or everything, if there is no heading."""
        opening = [line for line in self.lines[place : place + 4] if not self.plan.level(line)]
        if any(RECITAL.match(line.text) for line in opening):
            return RECITALS
        return INTRODUCTION if self._around.has_structure else WHOLE

    def _begins_operative(self, line: Line) -> bool:
        if self._around.has_structure or not self.lessons or self.lessons[-1].kind != RECITALS:
            return False
        return OPERATIVE.match(line.text) is not None

    def _sign(self, line: Line) -> None:
        self._lesson(WHOLE).passages.append(PassageDraft("signature", [line.span("meta", self.source)]))
        self._open = None
        self._series.clear()

    def _sentences(self, line: Line, start: int) -> list[Span]:
        """The sentences of a line from `start` on; the number of an item stays with its first sentence."""
        skip = line.number.skip if line.number and not start else start
        found = list(split_sentences(line.text, skip, len(line.text), has_points=self._has_points))
        if skip != start:
            found[:1] = [Span("sentence", start, found[0].end if found else len(line.text), "")]
        return [line.span(span.kind, self.source, span.start, span.end) for span in found]


def _number_and_title(line: Line) -> tuple[str, str]:
    """Number and words of a heading line."""
    if line.role not in NAMED:
        return (line.number.text if line.number else "", line.head.strip())
    match = next((m for name, pattern in ROLES if name == line.role and (m := pattern.fullmatch(line.text))), None)
    parts = match.groupdict() if match else {}
    if line.role == ANNEX:
        return (parts.get("number") or "").strip(), (parts.get("title") or "").strip()
    return "", re.sub(r"\s", "", line.text) if re.search("[\u3400-\u9fff]", line.text) else line.text.rstrip(".:")


def _scope(line: Line, number: str, title: str, language: str, above: str) -> str:
    """How a question names the lesson: 「第一編第三章」, "Part I, Chapter 3", or its title."""
    if not number:
        return plain(title)[:60]
    if line.number is not None and line.number.group in ("item", "bare"):
        bare = number.strip("（）()")
        number = f"Section {bare}" if language == "en" else f"第{bare}章"
    if above:
        return f"{above}, {number}" if number.isascii() else above + number
    return number
