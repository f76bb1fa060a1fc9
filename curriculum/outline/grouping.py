"""Lessons where the document has none: runs of articles, and a conclusion under the last chapter."""

from __future__ import annotations

import itertools
import re
from math import ceil

from django.utils.translation import gettext as _

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
from curriculum.outline.model import Overrides
from curriculum.outline.patterns import CHAPTER, CONCLUDING

BLOCK = 7
"""Articles in a supplied lesson, at most one more."""
SHARED_WITH_TITLE = 6
"""How many characters of the document's title must open the last paragraph for it to be taken for a conclusion."""


def regroup(
    lessons: list[LessonDraft], title: str, language: str, chosen: Overrides, doubts: Doubts
) -> list[LessonDraft]:
    """Split long runs of articles into lessons, split off a conclusion, name what is supplied and say so."""
    grouped = [part for lesson in lessons for part in _blocks(lesson)]
    if grouped:
        grouped[-1:] = _conclusion(grouped[-1], title, language, chosen)
    for lesson in grouped:
        _rename(lesson, chosen)
        _say(lesson, doubts)
    return grouped


def _blocks(lesson: LessonDraft) -> list[LessonDraft]:
    numbered = [i for i, passage in enumerate(lesson.passages) if passage.number]
    is_long = lesson.kind in (WHOLE, OPERATIVE_PART) and len(numbered) > BLOCK + 1
    if not lesson.is_supplied or not (lesson.kind == ARTICLES or is_long) or not numbered:
        return [lesson]
    count = 1 if len(numbered) <= BLOCK + 1 else ceil(len(numbered) / BLOCK)
    edges = [numbered[round(i * len(numbered) / count)] for i in range(count)] + [len(lesson.passages)]
    edges[0] = 0
    parts = []
    for start, end in itertools.pairwise(edges):
        passages = lesson.passages[start:end]
        name = _range([passage for passage in passages if passage.number])
        parts.append(LessonDraft(ARTICLES, name, name, name[:60], is_supplied=True, passages=passages))
    return parts


def _range(passages: list[PassageDraft]) -> str:
    first, last = passages[0].number, passages[-1].number
    if first == last:
        return first
    if re.search("[\u3400-\u9fff]", first):
        return f"{first}至{last}"
    word, _space, number = first.rpartition(" ")
    return f"{word}s {number}–{last.rpartition(' ')[2]}" if word else f"{first}–{last}"


def _conclusion(lesson: LessonDraft, title: str, language: str, chosen: Overrides) -> list[LessonDraft]:
    place = max((i for i, passage in enumerate(lesson.passages) if passage.kind == "body"), default=0)
    decided = chosen.has_conclusion
    if not place or not (_concludes(lesson, lesson.passages[place], title) if decided is None else decided):
        return [lesson]
    name = NAMES[language][CONCLUSION]
    rest = LessonDraft(CONCLUSION, name, name, name, is_supplied=True, passages=lesson.passages[place:])
    del lesson.passages[place:]
    return [lesson, rest]


def _concludes(lesson: LessonDraft, last: PassageDraft, title: str) -> bool:
    """Guess whether the last paragraph speaks of the whole document rather than of its last chapter.

    It does when the chapter has other paragraphs, this one is not numbered, and it opens with words of the document's
    title or with "in conclusion". That is a habit of declarations and white papers, not a law: a chapter about the
    title's subject may end so too, and a conclusion may begin with any other words.
    """
    if lesson.kind != CHAPTER or len(lesson.bodies) < 2 or last.number or last.label or not last.spans:
        return False
    text = last.spans[0].text
    opens_with_title = text[:SHARED_WITH_TITLE] in title and bool(re.match("[\u3400-\u9fff]", text))
    return opens_with_title or CONCLUDING.match(text) is not None


def _rename(lesson: LessonDraft, chosen: Overrides) -> None:
    name = {CONCLUSION: chosen.conclusion, INTRODUCTION: chosen.introduction}.get(lesson.kind, "")
    if lesson.is_supplied and name:
        lesson.heading = lesson.title = lesson.scope = name


def _say(lesson: LessonDraft, doubts: Doubts) -> None:
    if not lesson.is_supplied:
        return
    name = {"name": lesson.heading}
    if lesson.kind == ARTICLES:
        what, why = "articles grouped", _("The document has no chapters here; these articles were made one lesson.")
    elif lesson.kind == CONCLUSION:
        what, why = "conclusion supplied", _("The last paragraph seems to conclude the whole; named “%(name)s”.") % name
    elif lesson.kind == RECITALS:
        what, why = "heading supplied", _("Recitals without a heading; named “%(name)s”.") % name
    else:
        what, why = "heading supplied", _("This part has no heading; named “%(name)s”.") % name
    doubts.add(lesson.extent, what, why)
