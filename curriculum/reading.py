"""What the reader's pages show of a course: its contents with sizes, and one lesson cut into paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from django.db.models import Count, F, Sum

from curriculum.models import Course, Fact, Lesson, Passage, Sentence
from curriculum.script import LANGUAGE_TAGS

# Silent reading of Chinese: 255 ± 29 characters a minute (Trauzettel-Klosinski & Dietz 2012, IReST).
CHARACTERS_PER_MINUTE = 255
# Of English: 228 ± 30 words a minute (the same), at five letters and more with the space or mark behind each.
LETTERS_PER_MINUTE = 1_250


@dataclass(frozen=True, slots=True)
class Display:
    """How a text is shown: `script` for the filter `shown`, `lang` for the attribute, whether it can switch, and what
    stands between two sentences."""

    script: str
    lang: str
    has_scripts: bool
    gap: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents: a lesson, its length in characters and minutes, and how many facts it holds."""

    lesson: Lesson
    characters: int
    facts: int

    @property
    def minutes(self) -> int:
        speed = LETTERS_PER_MINUTE if gap(self.lesson.course) else CHARACTERS_PER_MINUTE
        return max(1, round(self.characters / speed))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body passage: `number` counts paragraphs of the lesson from 1, sentences likewise run through the lesson.

    `lines` are the sentences as the document breaks them: the items of an article stand on lines of their own.
    """

    number: int
    passage: Passage
    heading: Sentence | None
    lines: tuple[tuple[tuple[int, Sentence], ...], ...]

    @property
    def sentences(self) -> tuple[tuple[int, Sentence], ...]:
        return tuple(numbered for line in self.lines for numbered in line)


@dataclass(frozen=True, slots=True)
class Reading:
    """A lesson in the order of the document; `before` and `after` are its neighbours in the course."""

    lesson: Lesson
    title_block: tuple[Sentence, ...]
    heading: Sentence | None
    paragraphs: tuple[Paragraph, ...]
    signature: tuple[Sentence, ...]
    has_facts: bool
    before: Lesson | None
    after: Lesson | None

    @property
    def sentences(self) -> Iterator[tuple[int, Sentence]]:
        return (numbered for paragraph in self.paragraphs for numbered in paragraph.sentences)


def gap(course: Course) -> str:
    """What stands between two sentences of a paragraph: nothing in Chinese, a space in a text that is made of words."""
    return "" if course.language.partition("-")[0] == "zh" else " "


def display(course: Course, script: str) -> Display:
    """A text stored in Traditional may be read in either script; any other is shown as it is."""
    if course.language != LANGUAGE_TAGS["hant"]:
        return Display(script="", lang=course.language, has_scripts=False, gap=gap(course))
    return Display(script=script, lang=LANGUAGE_TAGS.get(script, course.language), has_scripts=True, gap="")


def contents(course: Course) -> list[Entry]:
    """The lessons of `course` in order, in two queries."""
    length = Sum(F("passages__sentences__end") - F("passages__sentences__start"))
    lessons = course.lessons.annotate(length=length).order_by("order")
    accepted = course.facts.filter(status=Fact.Status.ACCEPTED).order_by()
    facts = dict(accepted.values_list("sentence__passage__lesson").annotate(n=Count("pk")))
    return [Entry(lesson, characters=lesson.length or 0, facts=facts.get(lesson.pk, 0)) for lesson in lessons]


def reading(lesson: Lesson) -> Reading:
    """The whole text of `lesson`, in four queries."""
    passages = list(lesson.passages.order_by("order").prefetch_related("sentences"))
    neighbours = list(lesson.course.lessons.order_by("order"))
    at = next(i for i, other in enumerate(neighbours) if other.pk == lesson.pk)
    headings = _standing_alone(passages, Passage.Kind.HEADING)
    return Reading(
        lesson=lesson,
        title_block=_standing_alone(passages, Passage.Kind.TITLE),
        heading=headings[0] if headings else None,
        paragraphs=tuple(_paragraphs(passages, lesson.course.text)),
        signature=_standing_alone(passages, Passage.Kind.SIGNATURE),
        has_facts=Fact.objects.filter(sentence__passage__lesson=lesson, status=Fact.Status.ACCEPTED).exists(),
        before=neighbours[at - 1] if at else None,
        after=neighbours[at + 1] if at + 1 < len(neighbours) else None,
    )


def _standing_alone(passages: list[Passage], kind: str) -> tuple[Sentence, ...]:
    return tuple(line for passage in passages if passage.kind == kind for line in passage.sentences.all())


def _paragraphs(passages: list[Passage], text: str) -> Iterator[Paragraph]:
    running = count(1)
    body = (passage for passage in passages if passage.kind == Passage.Kind.BODY)
    for number, passage in enumerate(body, start=1):
        sentences = list(passage.sentences.all())
        heading = next((line for line in sentences if line.kind == Sentence.Kind.HEADING), None)
        lines: list[list[tuple[int, Sentence]]] = []
        for sentence in sentences:
            if sentence is heading:
                continue
            if not lines or "\n" in text[lines[-1][-1][1].end : sentence.start]:
                lines.append([])
            lines[-1].append((next(running), sentence))
        yield Paragraph(number, passage, heading, tuple(map(tuple, lines)))
