"""The course laid out for making questions: facts in document order, typed pools, and what every question needs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from curriculum.knowledge import Entity, Fact, Knowledge, Member, Passage, Unit
from quizzes.chinese import normal
from quizzes.content import Confusion, Content, Distractor, Evidence
from quizzes.generation.concordance import Concordance
from quizzes.generation.contexts import Contexts
from quizzes.generation.identity import dice, question_id
from quizzes.generation.language import Language
from quizzes.generation.measures import TextMeasures, bigrams, text_length
from quizzes.generation.options import FEW_CANDIDATES, MOST_CANDIDATES, Chooser
from quizzes.generation.pools import Pool
from quizzes.generation.spans import Span
from quizzes.generation.truth import Truth
from quizzes.generation.windows import Quoter, elision

FULL_WEIGHT = 1.0
"""A fact of less weight only gives a type to a part of another one: it is asked about through that one."""
ALL_KINDS = 6
FEWEST_HEADINGS = 3
ANNOUNCES = re.compile(r"[:：—–]\s*$")
NUMBERED_ITEM = re.compile(
    r"^\s*(?:[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2}|[a-z]{1,4})[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.)])\s*"
)
"""The number of an item of a list, which is no part of what the item says."""

NOBODY = re.compile(
    r"\b(?:no|none|nobody|nothing|nor|not|neither|it|they|this|these|those|there|he|she|which|who|that|such)\b|^[其他她它此該该]$",
    re.IGNORECASE,
)
"""Subjects that name nobody: pronouns, and negations that would turn the statement round."""


def unique(texts: Iterable[str], *, besides: Iterable[str]) -> frozenset[str]:
    """The texts that stand once and are none of the others."""
    counts = Counter(map(normal, texts := list(texts)))
    taken = set(map(normal, besides))
    return frozenset(text for text in texts if counts[normal(text)] == 1 and normal(text) not in taken)


@dataclass(frozen=True)
class Workbench:
    """Everything makers share. Pure: two workbenches over the same knowledge make the same questions."""

    knowledge: Knowledge
    language: Language
    seed: str
    preferred: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def measures(self) -> TextMeasures:
        return TextMeasures.of(self.knowledge)

    @cached_property
    def truth(self) -> Truth:
        return Truth(self.knowledge, is_scoped=self.language.is_scoped)

    @cached_property
    def contexts(self) -> Contexts:
        return Contexts(self.knowledge, self.measures, self.language.particles)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """All facts in document order."""
        return tuple(sorted(self.knowledge.facts, key=self.place))

    @cached_property
    def askable(self) -> tuple[Fact, ...]:
        """Facts that are asked about: not those that only give a type to a part of another fact."""
        return tuple(fact for fact in self.facts if not self.is_term(fact) and len(set(fact.no_kinds)) < ALL_KINDS)

    def place(self, fact: Fact) -> tuple[int, int, int, str]:
        return (self.unit(fact).start, fact.start, -fact.end, fact.id)

    def is_term(self, fact: Fact) -> bool:
        return fact.weight < FULL_WEIGHT

    def unit(self, fact: Fact) -> Unit:
        return self.knowledge.unit_by_id[fact.unit]

    def quoter(self, unit: Unit) -> Quoter:
        """What cuts quotations out of a unit, which is cut into clauses once."""
        if unit.id not in self._quoters:
            self._quoters[unit.id] = Quoter(unit)
        return self._quoters[unit.id]

    @cached_property
    def _quoters(self) -> dict[str, Quoter]:
        return {}

    def passage(self, fact: Fact) -> Passage:
        return self.knowledge.passage_by_id[self.unit(fact).passage]

    @cached_property
    def concordance(self) -> Concordance:
        return Concordance(self.knowledge.units)

    def heading_unit(self, fact: Fact) -> Unit | None:
        """The run-in heading under which the fact stands."""
        return self._heading_units.get(self.unit(fact).passage)

    @cached_property
    def _heading_units(self) -> dict[str, Unit]:
        """The first run-in heading of each passage."""
        return {unit.passage: unit for unit in reversed(self.knowledge.units) if unit.kind == "heading"}

    def chapter_unit(self, fact: Fact) -> Unit | None:
        """The title of the chapter the fact stands in."""
        return self._chapter_units.get(self.unit(fact).lesson)

    @cached_property
    def _chapter_units(self) -> dict[str, Unit]:
        """The title of each lesson, where it has one."""
        return {unit.lesson: unit for unit in reversed(self.knowledge.units) if unit.kind == "chapter"}

    def section(self, fact: Fact) -> Entity | None:
        """The principle, path or other entity that names the numbered paragraph of the fact."""
        label = self.passage(fact).label
        if not label or self.passage(fact).label_supplied:
            return None
        names = {normal(label), normal(label.split(",")[0])}
        found = [self._entity_by_name[name] for name in names if name in self._entity_by_name]
        return min(found, key=lambda entity: entity.id, default=None)

    @cached_property
    def _entity_by_name(self) -> dict[str, Entity]:
        """The first entity of each name."""
        return {normal(entity.name): entity for entity in reversed(self._entities)}

    @cached_property
    def titles(self) -> dict[str, tuple[str, Fact]]:
        """Of each passage the heading that nothing else in the course is called, with a fact that stands under it.

        That is the passage's own heading, else that of its chapter. At least three of one kind are needed to ask.
        """
        labels = [p.label for p in self.knowledge.passages if p.label and not p.label_supplied]
        chapters = [lesson.title for lesson in self.knowledge.lessons if not lesson.heading_supplied]
        own, whole = unique(labels, besides=chapters), unique(chapters, besides=labels)
        first = {self.unit(fact).passage: fact for fact in reversed(self.facts)}
        opening = {self.unit(fact).lesson: fact for fact in reversed(self.facts)}
        found = {}
        for passage in self.knowledge.passages:
            lesson = self.knowledge.lesson_by_id[passage.lesson]
            if len(own) >= FEWEST_HEADINGS and passage.label in own:
                found[passage.id] = (passage.label, first.get(passage.id))
            elif len(whole) >= FEWEST_HEADINGS and lesson.title in whole:
                found[passage.id] = (lesson.title, opening.get(lesson.id))
        return {id: (title, fact) for id, (title, fact) in found.items() if fact is not None}

    def title(self, fact: Fact) -> str:
        """What heads the fact's place, "" where that says nothing or the fact is the heading itself."""
        is_heading = self.unit(fact).kind != "sentence"
        return "" if is_heading else self.titles.get(self.unit(fact).passage, ("", None))[0]

    def title_unit(self, fact: Fact) -> Unit | None:
        """The heading itself: of the passage, else of the chapter."""
        return self.heading_unit(fact) if self.passage(fact).label else self.chapter_unit(fact)

    def titles_beside(self, fact: Fact) -> Pool:
        """The headings of the same level, the fact's own among them, with facts that stand there."""
        return self._titles_of_level[bool(self.passage(fact).label)]

    @cached_property
    def _titles_of_level(self) -> dict[bool, Pool]:
        """The headings of passages (True) and of chapters whose passages have none (False)."""
        found: dict[bool, dict[str, Span]] = {True: {}, False: {}}
        for passage, (title, fact) in self.titles.items():
            level = found[bool(self.knowledge.passage_by_id[passage].label)]
            level[title] = Span(fact, 0, 0, title, "heading")
        return {is_label: Pool(spans.values()) for is_label, spans in found.items()}

    def opener(self, fact: Fact) -> Unit | None:
        """The sentence that announces the list in which the fact is an item: it has the subject, the item has not."""
        own = self.unit(fact)
        if not fact.subject or fact.subject.casefold() in own.text.casefold():
            return None
        before = (unit for unit in reversed(self._announcements.get(own.passage, ())) if unit.start < own.start)
        return next((unit for unit in before if fact.subject.casefold() in unit.text.casefold()), None)

    @cached_property
    def _announcements(self) -> dict[str, list[Unit]]:
        """The sentences of each passage that announce something."""
        found = defaultdict(list)
        for unit in self.knowledge.units:
            if unit.kind == "sentence" and ANNOUNCES.search(unit.text):
                found[unit.passage].append(unit)
        return dict(found)

    def names_subject(self, fact: Fact) -> bool:
        """Whether the text itself names the subject, and not by a word that stands for another or for nobody."""
        said = self.opener(fact) or self.unit(fact)
        is_said = fact.subject.casefold() in said.text.casefold()
        return is_said and not NOBODY.search(fact.subject)

    def may_stand_for_list(self, fact: Fact) -> bool:
        """False for the second and later items of a list: where one of them stands, all do."""
        return self.opener(fact) is None or self._first_items.get(self.unit(fact).passage) == fact.id

    @cached_property
    def _first_items(self) -> dict[str, str]:
        return {self.unit(fact).passage: fact.id for fact in reversed(self.facts) if self.opener(fact) is not None}

    def types(self, fact: Fact) -> frozenset[str]:
        """Types of the subject and of what it belongs to."""
        entity = self.knowledge.entity_by_id.get(fact.subject_entity)
        if entity is None:
            return frozenset()
        wholes = (self.knowledge.entity_by_id.get(whole) for whole in entity.part_of)
        return frozenset({entity.type, *(whole.type for whole in wholes if whole is not None)})

    def lead(self, fact: Fact) -> str:
        """The words of the clause before the object, without the subject that may open it."""
        quoter = self.quoter(self.unit(fact))
        first, _ = quoter.clause_range(fact.start, fact.end)
        text = NUMBERED_ITEM.sub("", quoter.piece(quoter.clauses[first][0], fact.start)).replace('"', "")
        at = text.rfind(fact.subject) if fact.subject else -1
        return text[at + len(fact.subject) :] if at >= 0 else text

    def claim(self, fact: Fact) -> str:
        """What the clause says of the subject, when it ends with the object and stands in one unit only; else ""."""
        if self.unit(fact).kind != "sentence":
            return ""
        lead = self.lead(fact)
        if fact.left is not None and lead != fact.left.text:
            return ""
        text = fact.text if lead in self.language.bare_leads else (lead + fact.text).strip()
        opener = self.opener(fact)
        if opener is not None:
            behind = opener.text.casefold().rfind(fact.subject.casefold()) + len(fact.subject)
            announced = opener.text[behind:].strip(" ,，:：—–-")
            return announced + elision(opener.text) + text if self.quoter(self.unit(fact)).ends_clause(fact.end) else ""
        is_whole = self.quoter(self.unit(fact)).ends_clause(fact.end)
        return text if is_whole and self.concordance.is_once(text) else ""

    def saying(self, fact: Fact) -> str:
        """The clause up to the end of the object, subject included: something to be found again in the document."""
        own, opener = self.unit(fact), self.opener(fact)
        quoter = self.quoter(own)
        if own.kind != "sentence" or not quoter.ends_clause(fact.end):
            return ""
        first, _ = quoter.clause_range(fact.start, fact.end)
        text = NUMBERED_ITEM.sub("", quoter.piece(quoter.clauses[first][0], fact.end)).strip()
        if opener is not None:
            return opener.text.rstrip(" :：—–") + elision(own.text) + text
        return text if self.concordance.is_once(text) else ""

    def number(self, fact: Fact) -> str:
        """The number of the paragraph in words of the language, "" when it has none."""
        passage = self.passage(fact)
        is_numbered = passage.number.isdigit() and not passage.label_supplied
        return self.language.numerals[int(passage.number)] if is_numbered else ""

    def wrong_objects(self, fact: Fact, pool: str, stem: str, *, key: str) -> list[Span]:
        """Texts of the pool, near the key in length, that are certainly wrong and that the stem does not show."""
        shown, size = normal(stem), text_length(key)
        spans = self.pool(pool).few(
            size, lambda span: normal(span.text) not in shown, wishes=self.preferred.get(fact.id, ())
        )
        return [span for span in spans if self.truth.is_wrong_object(fact, span.text)]

    def scopes(self, fact: Fact, *, without: str = "") -> tuple[str, ...]:
        """How a stem may name the part of the document: as the fact says, or by chapter and number.

        Names that share no characters with the answer `without` come first.
        """
        number = self.number(fact)
        if not number or not self.language.numbered:
            return (fact.scope,)
        lesson = self.knowledge.lesson_by_id[self.unit(fact).lesson]
        names = dict.fromkeys((fact.scope, self.language.numbered.format(lesson=lesson.scope, number=number)))
        return tuple(sorted(names, key=lambda name: bool(bigrams(name) & bigrams(without))))

    @cached_property
    def _entities(self) -> tuple[Entity, ...]:
        return tuple(sorted(self.knowledge.entities, key=lambda entity: entity.id))

    def entities(self, kind: str) -> list[Entity]:
        """All entities of a type."""
        return self._entities_of_type.get(kind, [])

    @cached_property
    def _entities_of_type(self) -> dict[str, list[Entity]]:
        found = defaultdict(list)
        for entity in self._entities:
            found[entity.type].append(entity)
        return dict(found)

    @cached_property
    def fact_about(self) -> dict[str, Fact]:
        """The first fact about each entity."""
        return {fact.subject_entity: fact for fact in reversed(self.facts) if fact.subject_entity}

    def headings(self, fact: Fact) -> str:
        """What a page about the fact shows above it."""
        lesson = self.knowledge.lesson_by_id[self.unit(fact).lesson]
        passage = self.passage(fact)
        return f"{lesson.title} {passage.label}"

    @cached_property
    def pools(self) -> dict[str, Pool]:
        """Every typed text of the document: objects, members and pair halves, by semantic type, without repeats."""
        found: dict[str, dict[str, Span]] = {}
        for fact in self.facts:
            for span in self._typed(fact):
                found.setdefault(span.pool, {}).setdefault(normal(span.text), span)
        return {pool: Pool(spans.values()) for pool, spans in found.items()}

    def pool(self, name: str) -> Pool:
        """The texts of one type, none where the document has none."""
        return self.pools.get(name) or Pool()

    def _typed(self, fact: Fact) -> list[Span]:
        if not fact.pool:
            return []
        if fact.members:
            return [Span(fact, m.start, m.end, m.text, fact.pool, m.variants) for m in fact.members]
        return [Span(fact, fact.start, fact.end, fact.text, fact.pool, fact.variants)]

    @cached_property
    def _pool_of_place(self) -> dict[tuple[int, int], str]:
        places = [(span.start, span.end, pool) for pool, spans in sorted(self.pools.items()) for span in spans]
        every = [(s.start, s.end, s.pool) for fact in self.facts for s in self._typed(fact)]
        return {(start, end): pool for start, end, pool in [*every, *places]}

    def spans(self, fact: Fact, *, kind: str = "") -> list[Span]:
        """What can be asked of a fact: its object, declared anchors and members, each with its own type.

        `kind`: also the parts to which other facts give a type, where those allow the kind.
        """
        whole = [] if fact.members else [Span(fact, fact.start, fact.end, fact.text, fact.pool, fact.variants)]
        parts = [self._part(fact, part) for part in (*fact.anchors, *fact.members)]
        terms = [self._term(fact, term) for term in self.terms_in(fact) if kind and kind not in term.no_kinds]
        unique = {(span.start, span.end): span for span in (*terms, *parts, *whole)}
        return [unique[place] for place in dict.fromkeys((s.start, s.end) for s in (*whole, *parts, *terms))]

    @staticmethod
    def _term(fact: Fact, term: Fact) -> Span:
        return Span(fact, term.start, term.end, term.text, term.pool, term.variants)

    def terms_in(self, fact: Fact) -> list[Fact]:
        """The facts that only give a type to a part of this one."""
        return [term for term in self._terms.get(fact.unit, ()) if fact.start <= term.start and term.end <= fact.end]

    @cached_property
    def _terms(self) -> dict[str, list[Fact]]:
        """The facts of each unit that only give a type to a part of another one."""
        found = defaultdict(list)
        for fact in filter(self.is_term, self.facts):
            found[fact.unit].append(fact)
        return dict(found)

    def _part(self, fact: Fact, part: Member) -> Span:
        pool = self._pool_of_place.get((part.start, part.end), "")
        return Span(fact, part.start, part.end, part.text, pool, part.variants)

    def dice(self, kind: str, direction: str, facts: Iterable[str], rule: str, *, use: str = "") -> Random:
        """The dice of one question; `use` names a second, independent pair."""
        return dice(self.seed, question_id(kind, direction, facts, rule) + use)

    def evidence(self, units: Iterable[Unit]) -> tuple[Evidence, ...]:
        unique = {unit.id: unit for unit in units}
        return tuple(Evidence(unit.id, unit.start, unit.end, unit.text) for unit in unique.values())

    def accepted(self, span: Span) -> tuple[str, ...]:
        """Declared variants of a span."""
        return tuple(form for form in dict.fromkeys(span.variants) if form != span.text)

    def confusions(self, fact: Fact, pool: str, known: Sequence[str]) -> tuple[Confusion, ...]:
        """Answers of other facts of the pool that a learner may mix up with the right one, the first of `known`."""
        if not pool:
            return ()
        taken = {normal(text) for text in known}
        spans = self.pool(pool).few(
            text_length(known[0]),
            lambda span: normal(span.text) not in taken and span.fact.id != fact.id,
            wishes=self.preferred.get(fact.id, ()),
        )
        return tuple(Confusion(span.text, span.fact.subject, span.fact.unit) for span in spans)

    def content(self, kind: str, rule: str, direction: str, facts: Sequence[Fact], **rest: Any) -> Content:
        """A finished question: identity, lesson, evidence and heading leak are filled in unless given.

        `units`: the evidence (default: the units of the facts); `key_text`: what must not be readable off a heading.
        """
        ids = tuple(fact.id for fact in facts)
        units = rest.pop("units", None) or [self.unit(fact) for fact in facts]
        key = rest["key"]
        texts = [key] if isinstance(key, str) else [text if isinstance(text, str) else text[1] for text in key]
        hidden = any(self.measures.shares_cue(text, self.headings(fact)) for fact in facts for text in texts)
        lessons = [self.unit(fact).lesson for fact in facts]
        return Content(
            id=question_id(kind, direction, ids, rule),
            kind=kind,
            lesson=max(sorted(set(lessons)), key=lessons.count),
            rule=rule,
            direction=direction,
            seed=self.seed,
            facts=ids,
            evidence=self.evidence(units),
            hide_heading=hidden,
            **rest,
        )

    def chooser(self, fact: Fact, dice: Random, *, pool: str = "") -> Chooser:
        """Picks distractors for the fact, those that learners confuse with it first."""
        order = self.natural if pool in self.language.natural_pools else None
        wishes = self.preferred.get(fact.id, ())
        language = self.language
        return Chooser(
            self.measures, dice, wishes, verbs=language.verbs, endings=language.endings, order=order,
            shortlist=MOST_CANDIDATES if fact.subject_entity else FEW_CANDIDATES,
        )  # fmt: skip

    def natural(self, text: str) -> float:
        """Where a heading stands in the document."""
        if text not in self._numbered:
            document, places = self.knowledge.text, self._dots.get(text[:1], ())
            self._numbered[text] = next((at - 1 for at in places if document.startswith(text, at)), -1)
        at = self._numbered[text]
        return float(at if at >= 0 else self._headings.get(normal(text), -1))

    @cached_property
    def _numbered(self) -> dict[str, int]:
        """Where texts first stand behind a number, -1 for nowhere; filled as they are asked for."""
        return {}

    @cached_property
    def _dots(self) -> dict[str, list[int]]:
        """Where each character stands behind a full stop, as it does between a number and its heading."""
        found = defaultdict(list)
        for dot in re.finditer(r"\.(?=(.))", self.knowledge.text, re.DOTALL):
            found[dot[1]].append(dot.end())
        return dict(found)

    @cached_property
    def _headings(self) -> dict[str, int]:
        """Where chapters and headings begin, by the normal form of their words."""
        knowledge, found = self.knowledge, dict[str, int]()
        for unit in sorted(knowledge.units, key=lambda unit: unit.start):
            lesson, passage = knowledge.lesson_by_id[unit.lesson], knowledge.passage_by_id[unit.passage]
            title = {"chapter": lesson.title, "heading": passage.label}.get(unit.kind, "")
            found.setdefault(normal(title), unit.start)
        return found

    def said_of(self, name: str) -> list[str]:
        """What the facts say of an entity and of those related to it."""
        return [fact.text for fact in self.truth.about(self.truth.names(name))]

    @cached_property
    def sections(self) -> dict[str, list[Unit]]:
        """Units under every run-in heading and in every chapter, by the normal form of its name's first part."""
        names = {p.id: normal(p.label.split(",")[0]) for p in self.knowledge.passages if p.label}
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.knowledge.units:
            chapter = normal(self.knowledge.lesson_by_id[unit.lesson].title)
            for name in {names.get(unit.passage, chapter), chapter}:
                found[name].append(unit)
        return dict(found)

    def distractor(self, span: Span) -> Distractor:
        return Distractor(span.text, span.fact.id)
