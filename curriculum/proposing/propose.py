"""From what the rules find to facts with scope, keys and what is computed over the whole course."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from curriculum.knowledge import Fact, Knowledge, Lesson, Member, Passage, Unit
from curriculum.proposing import chinese, english
from curriculum.proposing.findings import LIKELY, SURE, Found

TYPED_HAN, TYPED_LATIN = 6, 24
"""About how many characters a learner is asked to type into a gap."""
SCOPE_LENGTH, SUBJECT_LENGTH = 100, 300
EVERYDAY = frozenset(
    "原則 原则 規定 规定 要求 工作 情況 情况 方式 條件 条件 活動 活动 行為 行为 事項 事项 措施 內容 内容 問題 问题 方法"
    " 服務 服务 人員 人员 單位 单位 部門 部门 作用 目的 目標 目标 制度".split()
)
"""Nouns that say too little to be a gap."""
_NUMBER_ONLY = re.compile(r"\w+ [\dIVXLC]+[.:]?|第[^條条章節节]{1,6}[條条章節节]")
_CITED = re.compile(r"第.+|[A-Z][a-z]+ [\dIVXLC].*|§.+")
"""Numbers by which a place is cited on its own: 第三條, Article 3; not （二） or 2.1."""
_OPEN = re.compile(r"[:：—–]\s*$")
_PHRASE = re.compile(r"[\w’'-]+(?: [\w’'-]+){0,2}$")


class Reader(Protocol):
    """The rules of one language."""

    ITEM: re.Pattern[str]

    def read_sentence(self, text: str, /) -> Iterator[Found]: ...

    def announced(self, text: str, /) -> tuple[str, str] | None: ...

    def item(self, text: str, subject: str, modal: str, /) -> Found | None: ...


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
    reader = chinese if knowledge.language.startswith("zh") else english
    scopes = Scopes(knowledge)
    units = sorted(knowledge.units, key=lambda unit: (unit.start, unit.end))
    found = [
        (proposal.rule, proposal.confidence, proposal.fact)
        for unit, announced in _with_announced(units, reader)
        for proposal in _of_unit(unit, knowledge, scopes, reader, announced)
        if (unit.id, proposal.fact.start, proposal.fact.end, proposal.fact.family) not in known
    ]
    facts = _numbered(_with_repeats([fact for _, _, fact in found]))
    return tuple(Proposal(fact, rule, confidence) for fact, (rule, confidence, _) in zip(facts, found, strict=True))


def _with_announced(units: Iterable[Unit], reader: Reader) -> Iterator[tuple[Unit, tuple[str, str] | None]]:
    """Every unit with who must or may do what its passage lists: (subject, modal) of the sentence before the items."""
    passage, announced, kind = "", None, ""
    for unit in units:
        if unit.passage != passage:
            passage, announced = unit.passage, None
        number = reader.ITEM.match(unit.text)
        own = _kind(number.group()) if number else ""
        if announced and (not own or own != (kind or own)):
            announced = None
        kind = own
        yield unit, announced
        if unit.kind == "sentence":
            announced = reader.announced(unit.text) or (None if _OPEN.search(unit.text) else announced)
            kind = kind if announced and own else ""


def _kind(number: str) -> str:
    """Items of one list have numbers of one kind: letters (also i, ii), digits, or Chinese numerals."""
    mark = number.strip(" （()）.、．\u3000")
    return "digit" if mark[:1].isdigit() else "letter" if mark.isascii() else "numeral"


def _of_unit(
    unit: Unit, knowledge: Knowledge, scopes: Scopes, reader: Reader, announced: tuple[str, str] | None
) -> Iterator[Proposal]:
    lesson, passage = knowledge.lesson_by_id[unit.lesson], knowledge.passage_by_id[unit.passage]
    scope = scopes.of(lesson, passage)
    if unit.kind in ("chapter", "heading"):
        yield from _heading(unit, lesson, passage, scope)
        return
    if unit.kind != "sentence":
        return
    seen: set[tuple[int, int]] = set()
    item = reader.item(unit.text, *announced) if announced else None
    for found in (*([item] if item else ()), *reader.read_sentence(unit.text)):
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
    """The last words of an object that is too long for a gap: in Chinese those behind the last 的 or verb.

    `start` and `end` count from the beginning of the course's text. None where the whole object is short enough, or
    where no rule can tell where its last word begins.
    """
    text = unit.text[start - unit.start : end - unit.start]
    is_latin = text.isascii() or re.search("[a-z]", text) is not None
    if "、" in text:
        return None  # a list, which is asked as one
    if len(text) <= (TYPED_LATIN if is_latin else TYPED_HAN):
        return None
    if is_latin:
        tail = _PHRASE.search(text, max(0, len(text) - 60))
        part = tail.group() if tail else ""
    else:
        part = _last_word(text)
    if not part or re.search("[、，,「」『』“”《》（）() ]", part if not is_latin else ""):
        return None
    return _member(unit, end - unit.start - len(part), end - unit.start)


def _last_word(text: str) -> str:
    """The noun phrase behind the last 的 or verb, "" where nobody can tell where it begins or it says nothing."""
    begins = [text.rfind("的") + 1, *(match.end() for match in chinese.PREDICATE.finditer(text))]
    begin = max(begins)
    part = text[begin:] if begin else ""
    is_said = part[:1] not in "和與与及或並并" and part not in EVERYDAY
    return part if 2 <= len(part) <= TYPED_HAN and is_said else ""


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


class Scopes:
    """How questions name the places of one course."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.language = knowledge.language
        labels = Counter(passage.label for passage in knowledge.passages)
        self.unique = {label for label, count in labels.items() if count == 1}

    def of(self, lesson: Lesson, passage: Passage) -> str:
        """The article, the item by its heading where no other has the same, or the chapter."""
        return scope_of(lesson, passage, self.language, has_own_heading=passage.label in self.unique)


def scope_of(lesson: Lesson, passage: Passage, language: str, *, has_own_heading: bool = False) -> str:
    """How a question names the place: the article, the item by its heading, or the chapter.

    In English the heading serves only where no other item of the course has it.
    """
    number = passage.number
    if _CITED.fullmatch(number):
        return number
    if has_own_heading and passage.label and not passage.label_supplied and language == "en":
        return f"“{passage.label}”"[:SCOPE_LENGTH]
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
