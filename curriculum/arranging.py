"""Changing how a draft is cut into lessons, passages and sentences. The pinned text and its offsets stay as they are.

Each verb refuses with ArrangementError, in words for the person, when the course is published. Floors above
refuse as soon as they refer to its lessons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from curriculum.models import Course, Lesson, Passage, Sentence
from curriculum.outline import Outline, split_sentences
from curriculum.outline.model import plain

FAR = 10_000
"""Added to places while rows change places: no lesson has so many passages."""


class ArrangementError(ValueError):
    """This cannot be done with this draft. `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def remember(course: Course, outline: Outline) -> None:
    """Keep with the draft what the reading of the document was unsure of, and what it left out."""
    course.doubts = [asdict(doubt) for doubt in outline.doubts]
    course.excluded = [
        {"start": span.start, "end": span.end, "why": span.kind, "text": plain(span.text)[:200]}
        for span in outline.excluded
    ]
    course.save(update_fields=["doubts", "excluded"])


def locked(course: Course) -> Course:
    """The draft, locked until the transaction ends. Raises ArrangementError when it may no longer be rearranged."""
    row = Course.objects.select_for_update().get(pk=course.pk)
    if row.is_published:
        raise ArrangementError(_("This course is published: its lessons stay as they are."))
    return row


@transaction.atomic
def rename_lesson(lesson: Lesson, heading: str) -> None:
    """Give a lesson another name. The heading in the text stays; the name counts as supplied."""
    locked(lesson.course)
    heading = " ".join(heading.split())[:200]
    if not heading:
        raise ArrangementError(_("A lesson needs a name."))
    lesson.heading = lesson.title = heading
    lesson.heading_supplied = True
    lesson.save(update_fields=["heading", "title", "heading_supplied"])


@transaction.atomic
def rename_passage(passage: Passage, label: str) -> None:
    """Give a passage another label, or none."""
    locked(passage.lesson.course)
    passage.label, passage.label_supplied = " ".join(label.split())[:200], bool(label.strip())
    passage.save(update_fields=["label", "label_supplied"])


@transaction.atomic
def merge_lesson(lesson: Lesson) -> None:
    """Join a lesson with the one after it, under the name of the first."""
    locked(lesson.course)
    after = lesson.course.lessons.filter(order__gt=lesson.order).order_by("order").first()
    if after is None:
        raise ArrangementError(_("There is no lesson after this one."))
    _put_last(after.passages.order_by("order"), lesson)
    after.delete()


@transaction.atomic
def merge_passage(passage: Passage) -> None:
    """Join a passage with the one after it in its lesson; sentences keep their keys."""
    locked(passage.lesson.course)
    after = _bodies(passage.lesson).filter(order__gt=passage.order).first()
    if after is None:
        raise ArrangementError(_("There is no passage after this one in its lesson."))
    after.sentences.update(passage=passage)
    after.delete()


@transaction.atomic
def split_passage(sentence: Sentence) -> None:
    """Begin a new passage at a sentence."""
    passage = sentence.passage
    course = locked(passage.lesson.course)
    if not passage.sentences.filter(start__lt=sentence.start).exists():
        raise ArrangementError(_("The passage begins with this sentence already."))
    passage.lesson.passages.filter(order__gt=passage.order).update(order=F("order") + FAR)
    key = _free_key(course, passage.key)
    new = Passage.objects.create(lesson=passage.lesson, key=key, order=passage.order + 1, kind=passage.kind)
    passage.sentences.filter(start__gte=sentence.start).update(passage=new)
    _close_up(passage.lesson)


@transaction.atomic
def split_lesson(passage: Passage) -> None:
    """Begin a new lesson at a passage; it is named after the passage's label or first words."""
    lesson = passage.lesson
    course = locked(lesson.course)
    if not _bodies(lesson).filter(order__lt=passage.order).exists():
        raise ArrangementError(_("The lesson begins with this passage already."))
    course.lessons.filter(order__gt=lesson.order).update(order=F("order") + FAR)
    number = (course.lessons.aggregate(most=Max("pk"))["most"] or 0) + 1
    first = passage.sentences.first()
    name = (passage.label or (plain(first.text) if first else ""))[:40] or lesson.title
    new = Lesson.objects.create(
        course=course,
        key=f"L{number}n"[:40],
        slug=f"lesson-n{number}",
        order=lesson.order + 1,
        heading=name,
        title=name,
        scope=name[:60],
        heading_supplied=True,
    )
    _put_last(lesson.passages.filter(order__gte=passage.order).order_by("order"), new)
    for order, row in enumerate(course.lessons.filter(order__gt=FAR).order_by("order"), start=new.order + 1):
        Lesson.objects.filter(pk=row.pk).update(order=order)


@transaction.atomic
def move_passage(passage: Passage, *, forward: bool) -> None:
    """Put the last passage of a lesson into the next one, or the first into the one before: the order stays."""
    lesson = passage.lesson
    course = locked(lesson.course)
    bodies = list(_bodies(lesson))
    if passage != (bodies[-1] if forward else bodies[0]):
        raise ArrangementError(_("Only the first or last passage of a lesson can move, so that the order stays."))
    if forward:
        other = course.lessons.filter(order__gt=lesson.order).order_by("order").first()
    else:
        other = course.lessons.filter(order__lt=lesson.order).order_by("-order").first()
    if other is None:
        raise ArrangementError(_("There is no lesson on that side."))
    if len(bodies) == 1:
        raise ArrangementError(_("This is the only passage of its lesson: merge the lessons instead."))
    if forward:
        first = _bodies(other).first()
        place = first.order if first else 0
        other.passages.filter(order__gte=place).update(order=F("order") + FAR)
        Passage.objects.filter(pk=passage.pk).update(lesson=other, order=place)
        _close_up(other)
    else:
        _put_last([passage], other)
    _close_up(lesson)


@transaction.atomic
def exclude(passage: Passage) -> None:
    """Leave a passage out of the course; it can be put back."""
    lesson = passage.lesson
    course = locked(lesson.course)
    sentences = list(passage.sentences.all())
    if not _bodies(lesson).exclude(pk=passage.pk).exists():
        raise ArrangementError(_("This is the only passage of its lesson: merge the lessons instead."))
    course.excluded = sorted([*course.excluded, _left_out(passage, sentences)], key=lambda entry: int(entry["start"]))
    course.save(update_fields=["excluded"])
    passage.delete()
    _close_up(lesson)


def _left_out(passage: Passage, sentences: list[Sentence]) -> dict[str, Any]:
    return {
        "start": sentences[0].start,
        "end": sentences[-1].end,
        "why": "left out by hand",
        "text": plain(sentences[0].text)[:200],
        "number": passage.number,
        "label": passage.label,
        "kind": passage.kind,
        "units": [[row.kind, row.start, row.end] for row in sentences],
    }


@transaction.atomic
def include(course: Course, start: int) -> Passage:
    """Put back what begins at `start` of the text, at its place in the lesson where it stood or the one before it."""
    row = locked(course)
    entry = next((entry for entry in row.excluded if entry["start"] == start), None)
    if entry is None:
        raise ArrangementError(_("That piece is part of the course already."))
    row.excluded = [other for other in row.excluded if other is not entry]
    row.save(update_fields=["excluded"])
    lesson, order = _place(row, start)
    lesson.passages.filter(order__gte=order).update(order=F("order") + FAR)
    fields = {name: entry.get(name, "") for name in ("number", "label")}
    key = _free_key(row, f"{lesson.key}.x")
    passage = Passage.objects.create(lesson=lesson, key=key, order=order, kind=entry.get("kind", "body"), **fields)
    units = entry.get("units") or [
        ["sentence", span.start, span.end] for span in split_sentences(row.text, start, entry["end"])
    ]
    for number, (kind, a, b) in enumerate(units, start=1):
        passage.sentences.create(key=f"{key}-{number}", kind=kind, start=a, end=b, text=row.text[a:b])
    _close_up(lesson)
    return passage


def _place(course: Course, start: int) -> tuple[Lesson, int]:
    """The lesson into which a piece of text belongs, and its place among the passages."""
    before = Sentence.objects.filter(passage__lesson__course=course, start__lt=start).order_by("-start").first()
    if before is not None:
        return before.passage.lesson, before.passage.order + 1
    lesson = course.lessons.order_by("order").first()
    if lesson is None:
        raise ArrangementError(_("There is no lesson to put it into."))
    return lesson, 0


def _bodies(lesson: Lesson) -> Any:
    return lesson.passages.filter(kind=Passage.Kind.BODY).order_by("order")


def _put_last(passages: Iterable[Passage], lesson: Lesson) -> None:
    """Append passages to a lesson, in the order given."""
    last = lesson.passages.aggregate(last=Max("order"))["last"]
    for order, passage in enumerate(list(passages), start=0 if last is None else last + 1):
        Passage.objects.filter(pk=passage.pk).update(lesson=lesson, order=order)


def _close_up(lesson: Lesson) -> None:
    """Number the passages of a lesson from 0 again; no two have one place at any moment."""
    for order, passage in enumerate(list(lesson.passages.order_by("order"))):
        if passage.order != order:
            Passage.objects.filter(pk=passage.pk).update(order=order)


def _free_key(course: Course, base: str) -> str:
    """A key for a passage that no passage or sentence of the course has."""
    taken = set(Passage.objects.filter(lesson__course=course).values_list("key", flat=True))
    return next(key for n in range(2, FAR) if (key := f"{base[:30]}~{n}") not in taken)
