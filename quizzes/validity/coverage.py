"""Rules V70-V74: a bank repeats nothing, covers the whole document and mixes the kinds of question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from curriculum.knowledge import Fact, Knowledge, Unit
from quizzes.content import BLANK, KINDS
from quizzes.generation.measures import bigrams
from quizzes.validity.findings import ERROR, WARNING, Problem, bank_rule
from quizzes.validity.item import Bank, Item
from quizzes.validity.texts import normal

NEAR_DUPLICATE = 0.80
"""Overlap of word pairs of stem and key from which two questions are one to a learner."""
BESIDE = 2
SAME_KEY = 0.5
"""Keys must be alike as well: two blanks of one sentence ask different things."""
LESSON_TOLERANCE = 0.40
FEWEST_IN_LESSON = 6
KINDS_OF_CORE = 2
FULL_WEIGHT = 1.0
PRODUCTIVE_SHARE, CHOICE_SHARE, MATCHING_SETS = 0.40, 0.40, 8
PAIRED_TYPES = frozenset({"actor", "principle", "path"})
"""Types of entities that a course lists as parallel items; each should be met in a matching set."""


@bank_rule("V70", ERROR, _("No two questions have the same stem and key."))
def no_duplicates(bank: Bank) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], str] = {}
    stems: dict[tuple[object, ...], str] = {}
    for item in bank.items:
        name = (normal(item.content.stem), tuple(map(normal, item.content.premises)), tuple(map(normal, item.keys)))
        if name in seen:
            yield Problem(gettext("same stem and key as %(seen)s") % {"seen": seen[name]}, question=item.content.id)
        elif name[:2] in stems:
            message = gettext("same stem as %(id)s with another key") % {"id": stems[name[:2]]}
            yield Problem(message, severity=WARNING, question=item.content.id)
        seen.setdefault(name, item.content.id)
        stems.setdefault(name[:2], item.content.id)


@bank_rule(
    "V71", ERROR, _("No two questions ask nearly the same: one fact, kind and direction, or almost the same words.")
)
def no_near_duplicates(bank: Bank) -> Iterator[Problem]:
    asked: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], str] = {}
    for item in bank.items:
        content = item.content
        name = (content.kind, content.direction, tuple(sorted(content.facts)), tuple(map(normal, item.keys)))
        if name in asked:
            yield Problem(
                gettext("same fact, kind and direction as %(asked)s") % {"asked": asked[name]}, question=content.id
            )
        asked.setdefault(name, content.id)
    texts = [words_of(item) for item in bank.items]
    for i, earlier in enumerate(neighbours(bank.items, texts)):
        left = bank.items[i]
        for j in earlier:
            right = bank.items[j]
            if left.is_choice and right.is_choice and same_answer(left, right) and alike(left, right):
                severity = ERROR if same_blank(left, right) else WARNING
                message = gettext("%(id)s offers the same answer of the same fact") % {"id": right.content.id}
                yield Problem(message, severity=severity, question=left.content.id)
            elif is_near(texts[i], texts[j]) and alike(left, right):
                yield Problem(
                    gettext("nearly the words of %(id)s") % {"id": right.content.id}, question=left.content.id
                )


def neighbours(items: Sequence[Item], texts: Sequence[frozenset[str]]) -> Iterator[list[int]]:
    """For each question the earlier ones that may ask the same: of the same facts, or sharing an uncommon word.

    Two texts that share so much of their words have one of either's rarest in common.
    """
    counts = Counter(word for words in texts for word in words)
    by_facts: dict[frozenset[str], list[int]] = defaultdict(list)
    by_word: dict[str, list[int]] = defaultdict(list)
    for at, (item, words) in enumerate(zip(items, texts, strict=True)):
        rarest = sorted(words, key=lambda word: (counts[word], word))[: int(len(words) * (1 - NEAR_DUPLICATE)) + 2]
        facts = frozenset(item.content.facts)
        yield sorted({*by_facts[facts], *(other for word in rarest for other in by_word[word])})
        by_facts[facts].append(at)
        for word in rarest:
            by_word[word].append(at)


def same_answer(left: Item, right: Item) -> bool:
    """Whether two questions with options seek one text of one fact: then the second adds nothing."""
    same_facts = set(left.content.facts) == set(right.content.facts)
    return left.is_choice and same_facts and normal(left.key) == normal(right.key)


def same_blank(left: Item, right: Item) -> bool:
    """Whether both questions blank the same place: the same words stand beside it."""
    if BLANK not in left.content.stem or BLANK not in right.content.stem:
        return False
    return beside(left.content.stem) == beside(right.content.stem)


def beside(stem: str) -> str:
    """The few characters before the first blank: where in the document it stands."""
    return normal(stem.partition(BLANK)[0])[-BESIDE:]


def words_of(item: Item) -> frozenset[str]:
    content = item.content
    return bigrams(" ".join((content.stem, *content.premises, *item.keys)))


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    union = len(a | b)
    return len(a & b) / union if union else 0.0


def is_near(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two questions are made of nearly the same words; sizes alone rule most pairs out."""
    if min(len(a), len(b)) < NEAR_DUPLICATE * max(len(a), len(b)):
        return False
    return overlap(a, b) >= NEAR_DUPLICATE


def alike(left: Item, right: Item) -> bool:
    """Whether two questions are answered in the same way and nearly the same text is sought."""
    if left.content.kind != right.content.kind and not (left.is_choice and right.is_choice):
        return False
    a, b = " ".join(sorted(map(normal, left.keys))), " ".join(sorted(map(normal, right.keys)))
    return a == b or overlap(bigrams(a), bigrams(b)) >= SAME_KEY


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of the course the bank asks: ids that are met and those that should be. `name` is there to be translated."""

    name: str
    met: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        total = len(self.met) + len(self.missing)
        return len(self.met) / total if total else 1.0


def coverage(bank: Bank) -> list[Coverage]:
    """Coverage of sentences, headings, facts and core facts (these in two kinds of question)."""
    knowledge = bank.knowledge
    quoted = {evidence.sentence for content in bank.contents for evidence in content.evidence}
    kinds: dict[str, set[str]] = defaultdict(set)
    for content in bank.contents:
        for fact in content.facts:
            kinds[fact].add(content.kind)
    wanted = {
        _("sentences"): [(unit.id, unit.id in quoted) for unit in knowledge.units if unit.kind == "sentence"],
        _("headings"): [(unit.id, unit.id in quoted) for unit in knowledge.units if has_words(unit, knowledge)],
        _("facts"): [(fact.id, is_met(fact, kinds)) for fact in knowledge.facts if is_askable(fact)],
        _("core facts in two kinds"): [
            (fact.id, len(kinds_of(fact, kinds)) >= KINDS_OF_CORE) for fact in knowledge.facts if fact.core
        ],
    }
    return [
        Coverage(name, tuple(id for id, ok in rows if ok), tuple(id for id, ok in rows if not ok))
        for name, rows in wanted.items()
    ]


def has_words(unit: Unit, knowledge: Knowledge) -> bool:
    """Whether a unit is a title or heading, and not the bare number of an article, of which there is nothing to ask."""
    if unit.kind == "heading":
        return bool(knowledge.passage_by_id[unit.passage].label)
    return unit.kind == "chapter"


def is_met(fact: Fact, kinds: dict[str, set[str]]) -> bool:
    return bool(kinds_of(fact, kinds))


def kinds_of(fact: Fact, kinds: dict[str, set[str]]) -> set[str]:
    """Kinds of question that ask a fact by itself or as part of its group."""
    return kinds[fact.id] | (kinds[fact.group] if fact.group else set())


def is_askable(fact: Fact) -> bool:
    """Whether the course allows any kind of question on a fact.

    A fact of less than full weight only gives a type to a part of another one: it is asked through that one.
    """
    return fact.weight >= FULL_WEIGHT and bool(set(KINDS) - set(fact.no_kinds))


@bank_rule(
    "V72", ERROR, _("Every sentence and heading is evidence; core facts are asked in two kinds; parts are paired.")
)
def bank_covers_course(bank: Bank) -> Iterator[Problem]:
    if not bank.is_whole:
        return
    for part in coverage(bank):
        if part.name == "facts":
            continue
        for id in part.missing:
            yield Problem(gettext("%(name)s: %(id)s is missing") % {"name": part.name, "id": id}, {"missing": id})
    for name in unpaired(bank):
        yield Problem(gettext("「%(name)s」 appears in no matching set") % {"name": name}, {"missing": name})


def unpaired(bank: Bank) -> list[str]:
    """Names of actors, principles and paths that no matching set shows."""
    texts = {
        normal(text)
        for content in bank.contents
        if content.kind == "matching"
        for text in (*content.premises, *content.responses)
    }
    return [
        entity.name
        for entity in bank.knowledge.entities
        if entity.type in PAIRED_TYPES and not texts & {normal(name) for name in (entity.name, *entity.aliases)}
        if not in_shown_group(entity.id, texts, bank.knowledge)
    ]


def in_shown_group(entity: str, texts: set[str], knowledge: Knowledge) -> bool:
    """Whether a set shows a group of which the entity is a member."""
    groups = (group for group in knowledge.entities if entity in group.members)
    return any(texts & {normal(name) for name in (group.name, *group.aliases)} for group in groups)


@bank_rule("V73", ERROR, _("Each lesson has at least six questions and about its share of the facts."))
def lessons_are_balanced(bank: Bank) -> Iterator[Problem]:
    if not bank.is_whole or not bank.contents:
        return
    rows = lesson_facts(bank)
    have, total = Counter(content.lesson for content in bank.contents), sum(rows.values())
    for lesson in bank.knowledge.lessons:
        share, expected = have[lesson.id] / len(bank.contents), rows[lesson.id] / max(total, 1)
        if have[lesson.id] < FEWEST_IN_LESSON and expected:
            n = have[lesson.id]
            yield Problem(
                ngettext("%(id)s has %(n)s question", "%(id)s has %(n)s questions", n) % {"id": lesson.id, "n": n}
            )
        if expected and not 1 - LESSON_TOLERANCE <= share / expected <= 1 + LESSON_TOLERANCE:
            yield Problem(
                gettext("%(id)s has %(share)s of the questions and %(expected)s of the facts")
                % {"id": lesson.id, "share": f"{share:.1%}", "expected": f"{expected:.1%}"}
            )


def lesson_facts(bank: Bank) -> Counter[str]:
    """Number of facts in each lesson, a group of pairs counted once, several readings of one text once."""
    units: dict[str, Unit] = bank.unit_by_id
    rows = {(units[fact.unit].lesson, fact.group or f"{fact.unit}:{fact.end}") for fact in bank.knowledge.facts}
    return Counter(lesson for lesson, _ in rows)


@bank_rule("V74", WARNING, _("At least 40 % of questions are typed, at most 40 % are choices, eight or more are sets."))
def kinds_are_mixed(bank: Bank) -> Iterator[Problem]:
    if not bank.is_whole or not bank.items:
        return
    count = len(bank.items)
    productive = sum(item.is_productive for item in bank.items) / count
    choices = sum(item.is_choice for item in bank.items) / count
    sets = sum(item.content.kind == "matching" for item in bank.items)
    if productive < PRODUCTIVE_SHARE:
        yield Problem(gettext("%(productive)s of the questions are typed") % {"productive": f"{productive:.1%}"})
    if choices > CHOICE_SHARE:
        yield Problem(gettext("%(choices)s of the questions are choices") % {"choices": f"{choices:.1%}"})
    if sets < MATCHING_SETS:
        yield Problem(ngettext("%(n)s matching set", "%(n)s matching sets", sets) % {"n": sets})
