"""What a learner is told after an answer: the verdict in words, what was wrong with it, and where the document says so.

Reads only; every figure and text comes from the recorded response, so that the page is the same whenever it is opened.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from django.db.models import CharField, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.statements import Slot, Statement
from curriculum.models import Course, Fact, Passage, Sentence
from curriculum.reading import gap
from quizzes.content import Content, Evidence
from quizzes.lineage import Outdated, outdated
from quizzes.models import AttemptItem, MemoryState, Response

DAY = timedelta(days=1)
TONES = {"correct": "good", "near": "warn", "overfull": "warn", "partial": "warn"}
MARKS = {"good": "✓", "warn": "≈", "bad": "✗"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`tone` is "good", "warn" or "bad"; `words` begin with Correct, Almost, Partly right or Not quite."""

    tone: str
    words: str

    @property
    def mark(self) -> str:
        return MARKS[self.tone]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text that was given, what the document says it of, and the address of the sentence ("" when unknown)."""

    text: str
    subject: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the document in runs (text, is_lit, is_key), with the sentences that are evidence: (key, address).

    Lit is the evidence; key is the right answer where it stands there word for word.
    """

    label: str
    runs: tuple[tuple[str, bool, bool], ...]
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything under the question once it is answered. `details` and `parts` are as recorded with the response.

    `outdated`: facts of the question that the learner knows in the words of an older edition.
    """

    response: Response
    verdict: Verdict
    details: dict[str, Any]
    parts: list[dict[str, Any]]
    mistakes: tuple[Mistake, ...]
    paragraphs: tuple[Paragraph, ...]
    next_time: str
    outdated: tuple[Outdated, ...] = ()


def feedback(item: AttemptItem, response: Response, *, now: datetime) -> Feedback:
    """The feedback on an answered item; two or three queries, one more where the course replaces an older edition."""
    content, course = item.version.content, item.attempt.course
    details = response.details
    named = list(_named(content, response, course))
    passages = _passages(course, content.evidence, [sentence for _text, _subject, sentence in named])
    places = {sentence.key: address for passage in passages for sentence, address in passage}
    return Feedback(
        response=response,
        verdict=verdict(content, response),
        details=details,
        parts=details.get("parts", []),
        mistakes=tuple(Mistake(text, subject, key, places.get(key, "")) for text, subject, key in named),
        paragraphs=tuple(_paragraphs(passages, content)),
        next_time=_next_time(item, now),
        outdated=_outdated(item, content, course),
    )


def places(course: Course, content: Content) -> tuple[Paragraph, ...]:
    """Where the document says what a question asks: the paragraphs of its evidence, lit. One query."""
    return tuple(_paragraphs(_passages(course, content.evidence, ()), content))


# The verdict in words.


def verdict(content: Content, response: Response) -> Verdict:
    """What to say first about a recorded response; also while a second try is open."""
    words = {
        "correct": lambda: _("Correct") if response.try_number == 1 else _("Correct, at the second try"),
        "near": lambda: _almost(response.details),
        "overfull": lambda: _("Almost: the answer is in there, with more around it"),
        "partial": lambda: _partly(content, response.details),
    }
    tone = TONES.get(response.verdict, "bad")
    if response.gave_up:
        return Verdict(tone, _("Not quite: this is the answer"))
    return Verdict(tone, words[response.verdict]() if tone != "bad" else _("Not quite"))


def _almost(details: dict[str, Any]) -> str:
    count = details.get("distance", 1)
    return ngettext("Almost: one character differs", "Almost: %(count)s characters differ", count) % {"count": count}


def _partly(content: Content, details: dict[str, Any]) -> str:
    if "pairs" in details:
        return _("Partly right: %(right)s of %(all)s pairs") % {"right": details["right"], "all": details["pairs"]}
    if "positions_right" in details:
        figures = {"right": details["positions_right"], "all": details["items"]}
        return _("Partly right: %(right)s of %(all)s in their place") % figures
    if "members" in details:
        figures = {"right": len(details["hits"]), "all": details["members"]}
        return _("Partly right: %(right)s of %(all)s named") % figures
    count = details.get("missing", 0)
    words = ngettext("Partly right: one character is missing", "Partly right: %(count)s characters are missing", count)
    return words % {"count": count}


# What was given instead, and what the document says it of.


def _named(content: Content, response: Response, course: Course) -> Iterable[tuple[str, str, str]]:
    """(text given, its subject, key of the sentence) for every wrong answer that is right of something else."""
    details = response.details
    for row in [details.get("confusion"), *details.get("extras", ())]:
        if row and row["subject"]:
            yield row["text"], row["subject"], row["sentence"]
    if content.kind == "matching":
        yield from _mismatched(content, details.get("parts", ()), course)
    elif details.get("fact"):
        yield from _of_facts({details["fact"]: details["chosen"]}, course)


def _mismatched(content: Content, parts: Sequence[dict[str, Any]], course: Course) -> Iterable[tuple[str, str, str]]:
    """Responses that belong to another premise of the set, or to a fact outside it."""
    owners = {str(pair[1]): str(pair[0]) for pair in content.key}
    given = [part["given"] for part in parts if part["given"] and not part["is_correct"]]
    yield from ((text, owners[text], "") for text in given if text in owners)
    yield from _of_facts({extra.fact: extra.text for extra in content.distractors if extra.text in given}, course)


def _of_facts(texts: dict[str, str], course: Course) -> Iterable[tuple[str, str, str]]:
    """Each text with the other half of its fact: where a subject was chosen, what is said of it."""
    for fact in Fact.objects.filter(course=course, key__in=[key for key in texts if key]).select_related("sentence"):
        text = texts[fact.key]
        yield text, fact.text if text == fact.subject else fact.subject, fact.sentence.key


# Where the document says so.


def _passages(course: Course, evidence: Iterable[Evidence], others: Sequence[str]) -> list[list[tuple[Sentence, str]]]:
    """Passages with a sentence of the evidence, whole, and the other named sentences, each with its address."""
    cited = list({quotation.sentence for quotation in evidence})
    named = list({key for key in others if key})
    values = {f"cited_{at}": key for at, key in enumerate(cited)} | {f"named_{at}": key for at, key in enumerate(named)}
    passages: dict[int, list[tuple[Sentence, str]]] = {}
    lessons: dict[int, str] = {}
    rows = _sentences(len(cited), len(named)).rows(course=course.pk, **values) if values else []
    for sentence in rows:
        lesson = sentence.passage.lesson
        lesson.course = course
        if lesson.pk not in lessons:
            lessons[lesson.pk] = lesson.get_absolute_url()
        address = f"{lessons[lesson.pk]}#{sentence.key}"
        passages.setdefault(sentence.passage_id, []).append((sentence, address))
    return list(passages.values())


@cache
def _sentences(cited: int, named: int) -> Statement:
    """The sentences of the passages with so many cited keys, and so many named ones, in the order of the document."""

    def build() -> QuerySet[Sentence]:
        course, key = Slot("course", IntegerField()), CharField()
        shown = Passage.objects.filter(
            lesson__course=course, sentences__key__in=[Slot(f"cited_{at}", key) for at in range(cited)]
        )
        wanted = Q(passage__in=shown) | Q(key__in=[Slot(f"named_{at}", key) for at in range(named)])
        rows = Sentence.objects.filter(wanted, passage__lesson__course=course).select_related("passage__lesson")
        return rows.order_by("start")

    return Statement(build)


def _paragraphs(passages: Sequence[Sequence[tuple[Sentence, str]]], content: Content) -> Iterable[Paragraph]:
    """The passages that hold evidence; the run-in heading stands as the label unless it is evidence itself."""
    cited = {quotation.sentence for quotation in content.evidence}
    heading = Sentence.Kind.HEADING
    for rows in passages:
        lit = [row for row in rows if row[0].key in cited]
        if not lit:
            continue
        shown = [row for row in rows if row[0].kind != heading or row[0].key in cited]
        runs = _running([sentence for sentence, _address in shown], content)
        label = "" if any(sentence.kind == heading for sentence, _address in lit) else rows[0][0].passage.label
        places = [row for row in lit if row[0].kind != heading] or lit
        yield Paragraph(label, tuple(runs), tuple((sentence.key, address) for sentence, address in places))


def _running(sentences: Sequence[Sentence], content: Content) -> Iterable[tuple[str, bool, bool]]:
    """The sentences cut into runs one after the other, with a space between them where the language has one."""
    for at, sentence in enumerate(sentences):
        space = gap(sentence.passage.lesson.course)
        if at and space:
            yield space, False, False
        yield from _runs(sentence, content)


def _runs(sentence: Sentence, content: Content) -> Iterable[tuple[str, bool, bool]]:
    """The sentence cut at the borders of the quotations from it, and these at the right answer."""
    quoted = [row for row in content.evidence if row.sentence == sentence.key]
    spans = [(row.start - sentence.start, row.end - sentence.start) for row in quoted]
    length = len(sentence.text)
    borders = sorted({0, length, *(min(max(border, 0), length) for span in spans for border in span)})
    for start, end in pairwise(borders):
        text = sentence.text[start:end]
        if any(a <= start and end <= b for a, b in spans):
            yield from ((part, True, number % 2 == 1) for number, part in enumerate(_cut(text, content)) if part)
        else:
            yield text, False, False


def _cut(text: str, content: Content) -> list[str]:
    """`text` cut so that every second part is a right answer, as long as possible."""
    keys = [content.key] if isinstance(content.key, str) else content.key
    texts = {str(key) for key in keys if isinstance(key, str)} | {str(key[1]) for key in keys if isinstance(key, list)}
    either = "|".join(re.escape(key) for key in sorted(texts, key=len, reverse=True))
    return re.split(f"({either})", text) if either else [text]


# What it was called before.


def _outdated(item: AttemptItem, content: Content, course: Course) -> tuple[Outdated, ...]:
    if not course.replaces_id:
        return ()
    facts = Fact.objects.filter(course=course, key__in=content.facts)
    return tuple(outdated(item.attempt.learner_id, facts).values())


# When it comes again.


def _next_time(item: AttemptItem, now: datetime) -> str:
    """When this is asked again, in words; "" when nothing is known."""
    [(comes_again, due)] = NEXT.rows(item=item.pk)
    if comes_again and not item.is_repeat:
        return _("It comes once more at the end of this run.")
    if due is None:
        return ""
    days = math.ceil((due - now) / DAY)
    if days <= 1:
        return _("It comes back tomorrow.") if days == 1 else _("It comes back today.")
    return ngettext("It comes back in about %(days)s day.", "It comes back in about %(days)s days.", days) % {
        "days": days
    }


def _next() -> QuerySet[AttemptItem, tuple[bool, datetime | None]]:
    """Whether an item's question is still to come in its run, and when the first of its facts is due."""
    same_run = AttemptItem.objects.filter(attempt=OuterRef("attempt"), version=OuterRef("version"))
    facts = MemoryState.objects.filter(
        learner=OuterRef("attempt__learner"), fact__questions=OuterRef("version__question")
    )
    first = facts.order_by().values("learner").annotate(due=Min("due_at")).values("due")
    item = AttemptItem.objects.filter(pk=Slot("item", IntegerField()))
    return item.values_list(Exists(same_run.filter(is_repeat=True, answered_at=None)), Subquery(first))


NEXT = Statement(_next)
