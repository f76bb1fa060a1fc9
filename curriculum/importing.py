"""From the outline of a document to the rows of a course: a private draft, with sentences but without facts."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from curriculum.models import Course, Lesson, Passage, Sentence
from curriculum.outline import Lesson as OutlineLesson
from curriculum.outline import Outline, Span
from curriculum.outline import Passage as OutlinePassage
from curriculum.sources import Source

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

BATCH = 1_000
MAX_NAME, MAX_NUMBER, MAX_SCOPE, MAX_DATE, MAX_SLUG, MAX_NOTE = 200, 20, 60, 60, 60, 5_000
RESERVED_SLUGS = frozenset(("import", "imports", "new"))


@dataclass(slots=True)
class _Row:
    """A passage to be: its fields without the lesson, and its units as (key, span)."""

    lesson: int
    fields: dict[str, str | int]
    units: list[tuple[str, Span]] = field(default_factory=list)


@transaction.atomic
def create_draft(outline: Outline, source: Source, *, name: str = "", owner: AbstractUser | None = None) -> Course:
    """Write a course that only `owner` and staff can see. `name` is the file's, for the address and a missing title.

    The text is pinned as `source` has it. Keys: lessons L0, L1 ...; paragraphs L3.1; sentences L3-02; headings L3.H
    and L3.1.H; lines of the title T.5 and of a signature L3.sig19, by their line in the text.
    """
    course = Course.objects.create(
        slug=_free_slug(outline.title, name),
        title=_cut(outline.title or PurePath(name).stem or _("Untitled"), MAX_NAME),
        issuer=_cut(outline.issuer, MAX_NAME),
        date=_cut(outline.date, MAX_DATE),
        language=outline.language,
        text=source.text,
        sha256=hashlib.sha256(source.text.encode()).hexdigest(),
        source_note=_note(outline, source, name),
        owner=cast("Any", owner),  # the class behind AUTH_USER_MODEL, which this floor does not know
    )
    lessons = Lesson.objects.bulk_create(_lessons(course, outline), batch_size=BATCH)
    rows = list(_rows(outline, source.text))
    passages = Passage.objects.bulk_create(
        (Passage(lesson=lessons[row.lesson], **row.fields) for row in rows), batch_size=BATCH
    )
    Sentence.objects.bulk_create(
        (
            Sentence(passage=passage, key=key, kind=span.kind, start=span.start, end=span.end, text=span.text)
            for passage, row in zip(passages, rows, strict=True)
            for key, span in row.units
        ),
        batch_size=BATCH,
    )
    return course


def _lessons(course: Course, outline: Outline) -> Iterator[Lesson]:
    taken: set[str] = {"changes"}  # beside the lessons stands the page with this address
    for order, lesson in enumerate(outline.lessons):
        slug = slugify(lesson.title)[:MAX_SLUG].strip("-") or f"lesson-{order + 1}"
        while slug in taken:
            slug = f"{slug}-{order + 1}"
        taken.add(slug)
        yield Lesson(
            course=course,
            key=f"L{order}",
            slug=slug,
            order=order,
            heading=_cut(lesson.heading, MAX_NAME),
            title=_cut(lesson.title, MAX_NAME),
            scope=_cut(lesson.scope, MAX_SCOPE),
            heading_supplied=lesson.heading_supplied,
        )


def _rows(outline: Outline, text: str) -> Iterator[_Row]:
    """Passages of all lessons with their keys; the title block stands in the first lesson."""
    starts = [match.end() for match in re.finditer("\n", text)]
    for place, lesson in enumerate(outline.lessons):
        passages = (*(outline.front if place == 0 else ()), *lesson.passages)
        numbers = count(_first_number(lesson))
        sentences = count(1)
        for order, passage in enumerate(passages):
            line = bisect_right(starts, passage.spans[0].start) + 1
            key = _key(passage, f"L{place}", line, numbers)
            units = [(_unit_key(span, key, f"L{place}", sentences), span) for span in passage.spans]
            fields: dict[str, str | int] = {
                "key": key,
                "order": order,
                "kind": passage.kind,
                "number": _cut(passage.number, MAX_NUMBER),
                "label": _cut(passage.label, MAX_NAME),
            }
            yield _Row(place, fields, units)


def _first_number(lesson: OutlineLesson) -> int:
    """A lead-in before the first numbered passage is number 0, so that L3.1 is the one that the text calls 1."""
    bodies = [passage for passage in lesson.passages if passage.kind == "body"][:2]
    return 0 if len(bodies) == 2 and not bodies[0].number and bodies[1].number else 1


def _key(passage: OutlinePassage, lesson: str, line: int, numbers: Iterator[int]) -> str:
    if passage.kind == "title":
        return f"T.{line}"
    if passage.kind == "signature":
        return f"{lesson}.sig{line}"
    return f"{lesson}.H" if passage.kind == "heading" else f"{lesson}.{next(numbers)}"


def _unit_key(span: Span, passage: str, lesson: str, sentences: Iterator[int]) -> str:
    if span.kind == "sentence":
        return f"{lesson}-{next(sentences):02d}"
    return f"{passage}.H" if span.kind == "heading" else passage


def _free_slug(title: str, name: str) -> str:
    """Latin words of the title, or of the file's name, or "course"; with a number where that is taken."""
    words = next(
        (slug for slug in (slugify(title), slugify(PurePath(name).stem)) if re.search("[a-z]", slug)), "course"
    )
    base = words[:MAX_SLUG].strip("-")
    taken = set(Course.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED_SLUGS
    if base != "course" and base not in taken:
        return base
    return next(slug for n in count(1 if base == "course" else 2) if (slug := f"{base}-{n}") not in taken)


def _note(outline: Outline, source: Source, name: str) -> str:
    """Where the text came from, and verbatim what was left out of it."""
    head = f"Source: {PurePath(name).name or 'pasted text'} ({source.format}, {source.encoding})."
    left = "\n\n".join(span.text for span in outline.excluded)
    return _cut(f"{head} Not part of the document, verbatim:\n\n{left}" if left else head, MAX_NOTE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
