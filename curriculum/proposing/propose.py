"""From what the rules find to facts with scope, keys and what is computed over the whole course."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from curriculum.knowledge import Fact, Knowledge, Lesson, Member, Passage, Unit
from curriculum.proposing import chinese, english
from curriculum.proposing.findings import LIKELY, SURE, Found

TYPED_HAN, TYPED_LATIN = 6, 24
"""About how many characters a learner is asked to type into a gap."""
SCOPE_LENGTH, SUBJECT_LENGTH = 100, 300
_NUMBER_ONLY = re.compile(r"\w+ [\dIVXLC]+[.:]?|第[^條条章節节]{1,6}[條条章節节]")
_PHRASE = re.compile(r"[\w’'-]+(?: [\w’'-]+){0,2}$")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A fact as a rule sees it: nothing that anybody has said is known. `confidence`: sure, likely or unsure."""

    fact: Fact
    rule: str
    confidence: str


def propose(knowledge: Knowledge) -> tuple[Proposal, ...]:
    """Everything the rules see in the sentences and headings, in document order; keys P001, P002 ...

    What the course already knows of the same span is not proposed again.
    """
    known = {(fact.unit, fact.start, fact.end, fact.family) for fact in knowledge.facts}
    is_chinese = knowledge.language.startswith("zh")
    found = [
        (proposal.rule, proposal.confidence, proposal.fact)
        for unit in sorted(knowledge.units, key=lambda unit: (unit.start, unit.end))
        for proposal in _of_unit(unit, knowledge, is_chinese=is_chinese)
        if (unit.id, proposal.fact.start, proposal.fact.end, proposal.fact.family) not in known
    ]
    facts = _numbered(_with_repeats([fact for _, _, fact in found]))
    return tuple(Proposal(fact, rule, confidence) for fact, (rule, confidence, _) in zip(facts, found, strict=True))


def _of_unit(unit: Unit, knowledge: Knowledge, *, is_chinese: bool) -> Iterator[Proposal]:
    lesson, passage = knowledge.lesson_by_id[unit.lesson], knowledge.passage_by_id[unit.passage]
    scope = scope_of(lesson, passage, knowledge.language)
    if unit.kind in ("chapter", "heading"):
        yield from _heading(unit, lesson, passage, scope)
        return
    if unit.kind != "sentence":
        return
    seen: set[tuple[int, int]] = set()
    for found in chinese.read_sentence(unit.text) if is_chinese else english.read_sentence(unit.text):
        if (found.start, found.end) in seen:
            continue
        seen.add((found.start, found.end))
        yield Proposal(_fact(found, unit, scope, lesson), found.rule, found.confidence)


def _fact(found: Found, unit: Unit, scope: str, lesson: Lesson) -> Fact:
    family, _, relation = found.relation.partition(".")
    members = tuple(_member(unit, *span) for span in found.members)
    start, end = unit.start + found.start, unit.start + found.end
    part = None if members else cloze_part(unit, start, end)
    subject = " ".join(found.subject.split()) or lesson.title
    return Fact(
        id="",
        family=family,
        relation=relation,
        subject=subject[:SUBJECT_LENGTH],
        unit=unit.id,
        start=start,
        end=end,
        text=unit.text[found.start : found.end],
        members=members,
        pool=found.pool,
        scope=scope,
        closed=found.is_closed,
        modal=found.modal,
        anchors=(part,) if part else (),
        core=found.is_core,
    )


def _member(unit: Unit, start: int, end: int) -> Member:
    return Member(unit.text[start:end], unit.start + start, unit.start + end)


def cloze_part(unit: Unit, start: int, end: int) -> Member | None:
    """The last words of an object that is too long for a gap: behind the last 的, else its last four characters.

    `start` and `end` count from the beginning of the course's text. None where the whole object is short enough.
    """
    text = unit.text[start - unit.start : end - unit.start]
    is_latin = text.isascii() or re.search("[a-z]", text) is not None
    if len(text) <= (TYPED_LATIN if is_latin else TYPED_HAN):
        return None
    if is_latin:
        tail = _PHRASE.search(text, max(0, len(text) - 60))
        part = tail.group() if tail else ""
    else:
        behind = text.rpartition("的")[2]
        part = behind if 2 <= len(behind) <= TYPED_HAN else text[-4:]
    if not part or re.search("[、，,「」『』“”《》（）() ]", part if not is_latin else ""):
        return None
    return _member(unit, end - unit.start - len(part), end - unit.start)


def _heading(unit: Unit, lesson: Lesson, passage: Passage, scope: str) -> Iterator[Proposal]:
    """The title of a chapter, or the heading of a numbered passage, without its number."""
    is_chapter = unit.kind == "chapter"
    title = lesson.title if is_chapter else passage.label
    at = unit.text.find(title) if title else -1
    if at < 0 or len(title) < 2 or _NUMBER_ONLY.fullmatch(title) or (is_chapter and lesson.scope == lesson.title):
        return
    subject = lesson.scope if is_chapter else passage.number or lesson.scope
    fact = Fact(
        id="",
        family="META",
        relation="section_title" if is_chapter else "item_title",
        subject=subject,
        unit=unit.id,
        start=unit.start + at,
        end=unit.start + at + len(title),
        text=title,
        pool="chapter" if is_chapter else "item_title",
        scope=lesson.scope if is_chapter else scope,
        ordered=True,
        core=True,
    )
    yield Proposal(fact, "chapter" if is_chapter else "heading", SURE if passage.number or is_chapter else LIKELY)


def scope_of(lesson: Lesson, passage: Passage, language: str) -> str:
    """How a question names the place: the article, the item by its heading, or the chapter."""
    number = passage.number
    if len(number) > 2 and not number.replace(".", "").isdigit():
        return number
    if passage.label and not passage.label_supplied and language.startswith("zh") and len(passage.label) <= 20:
        marks = "「{}」一項" if language == "zh-Hant" else "“{}”一项"
        return marks.format(re.split("[,，]", passage.label)[0])
    return (lesson.scope or lesson.title)[:SCOPE_LENGTH]


def _with_repeats(facts: Iterable[Fact]) -> list[Fact]:
    """Facts with `multi_true` where the same object stands elsewhere, or the subject has further objects."""
    listed = list(facts)
    same_object = Counter(fact.text for fact in listed)
    objects: dict[tuple[str, str], set[str]] = defaultdict(set)
    for fact in listed:
        objects[fact.relation, fact.subject].add(fact.text)
    return [
        replace(fact, multi_true=same_object[fact.text] > 1 or len(objects[fact.relation, fact.subject]) > 1)
        for fact in listed
    ]


def _numbered(facts: Iterable[Fact]) -> list[Fact]:
    return [replace(fact, id=f"P{number:03d}") for number, fact in enumerate(facts, start=1)]
