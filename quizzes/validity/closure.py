"""What a course makes true, read from its facts alone: the checker's own closure, apart from the generator's.

The checks ask three things: which names denote the same or a nested thing (`Names`), which atomic statements the facts
make (`Statement`), and where a quotation stands (`World.units_with`). A statement about a group whose statements hold
jointly decides nothing about a member.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from curriculum.knowledge import Fact, Knowledge, Unit
from quizzes.generation.measures import bigrams
from quizzes.validity.phrases import Phrases
from quizzes.validity.texts import holds, normal
from quizzes.validity.vocabulary import vocabulary

SAME_OBJECT = 0.6
"""Bigram overlap from which two objects count as one: two wordings of one duty share about this much."""
SHORTEST_PART = 2
"""A single character inside a longer text proves nothing; two can be a word."""
LONG_PART = 4
"""An option that only contains a true text is true when that text is a phrase or most of the option."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One atomic statement: subject (and left half of a pair), relation, object, and where it stands."""

    fact: Fact
    subject: str
    left: str
    object: str
    unit: Unit

    @property
    def words(self) -> str:
        """Normal form of everything the statement says."""
        return normal(self.subject) + " " + normal(self.left) + " " + normal(self.object)


class Names:
    """Which entities a name may denote, and which of them are the same, nested or jointly named."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.entities = knowledge.entity_by_id
        self.universal = vocabulary(knowledge.language).universal
        self._passed: dict[tuple[frozenset[str], frozenset[str]], bool] = {}
        self.by_name: dict[str, set[str]] = defaultdict(set)
        for entity in knowledge.entities:
            for name in (entity.name, *entity.aliases):
                self.by_name[normal(name)].add(entity.id)

    def denoted(self, text: str, entity: str = "") -> frozenset[str]:
        """Ids of the entities that a displayed name, or a fact's subject with its entity, stands for."""
        found = set(self.by_name.get(normal(text), ()))
        return frozenset(found | {entity} if entity in self.entities else found)

    def wider(self, ids: Iterable[str]) -> frozenset[str]:
        """The entities with everything they belong to, and groups that pass their statements on to members."""
        reached, todo = set[str](), list(ids)
        while todo:
            current = todo.pop()
            if current in reached or current not in self.entities:
                continue
            reached.add(current)
            todo.extend(self.entities[current].part_of)
            todo.extend(group for group in self._groups_of(current) if self.entities[group].distributive)
        return frozenset(reached)

    def _groups_of(self, entity: str) -> tuple[str, ...]:
        return self._group_index.get(entity, ())

    @cached_property
    def _group_index(self) -> dict[str, tuple[str, ...]]:
        index: dict[str, list[str]] = defaultdict(list)
        for entity in self.entities.values():
            for member in entity.members:
                index[member].append(entity.id)
        return {member: tuple(sorted(groups)) for member, groups in index.items()}

    def passes_on(self, stated: frozenset[str], asked: frozenset[str]) -> bool:
        """Whether what is stated of one is, or may be held to be, true of the other.

        A statement passes from a whole to its parts, and from a part to a whole that is named as a class; it does not
        pass from one part to “each” or “all” of them, unless the part is itself named so.
        """
        if (stated, asked) not in self._passed:
            wholes = self.wider(stated) & asked
            is_each = any(map(self.is_universal, stated))
            reaches = any(is_each or not self.is_universal(whole) for whole in wholes)
            self._passed[stated, asked] = bool(self.wider(asked) & stated) or reaches
        return self._passed[stated, asked]

    def is_universal(self, entity: str) -> bool:
        """Whether an entity is named as every one of its kind."""
        return self.entities[entity].name.casefold().startswith(self.universal) if self.universal else False

    def in_joint_group(self, member: Iterable[str], group: Iterable[str]) -> bool:
        """Whether `member` is one of those of whom a joint statement of `group` decides nothing."""
        ids = frozenset(member)
        return any(
            not self.entities[name].distributive and ids & set(self.entities[name].members)
            for name in group
            if name in self.entities
        )


class World:
    """Everything that can be held against a question: statements, names, and the text with its sections."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.names = Names(knowledge)
        self.units = {unit.id: unit for unit in knowledge.units}
        self.plain_units = {unit.id: normal(unit.text) for unit in knowledge.units}
        self.statements = tuple(s for fact in knowledge.facts for s in self._expand(fact))
        self._by_unit: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            self._by_unit[statement.unit.id].append(statement)
        self._where: dict[str, frozenset[str]] = {}
        self._about: dict[str, tuple[Statement, ...]] = {}
        self._denoted: dict[tuple[str, str], frozenset[str]] = {}

    def like(self, option: str, *, is_left: bool) -> list[Statement]:
        """At least the statements whose object (or left half) an option may repeat, hold, or be held by."""
        found = self._lefts if is_left else self._objects
        return [self.statements[at] for at in found.near(option)]

    @cached_property
    def _objects(self) -> Phrases:
        return Phrases(statement.object for statement in self.statements)

    @cached_property
    def _lefts(self) -> Phrases:
        return Phrases(statement.left for statement in self.statements)

    def _expand(self, fact: Fact) -> list[Statement]:
        unit = self.units.get(fact.unit)
        if unit is None:
            return []
        subject = fact.subject.lstrip("@")
        left = fact.left.text if fact.left else ""
        texts = [fact.text, *(member.text for member in fact.members)]
        return [Statement(fact, subject, left, text, unit) for text in dict.fromkeys(texts)]

    def of_unit(self, unit: str) -> Sequence[Statement]:
        """The statements that stand in a unit."""
        return self._by_unit.get(unit, ())

    def units_with(self, text: str) -> frozenset[str]:
        """Ids of the units in which the text stands, punctuation aside."""
        plain = normal(text)
        if plain not in self._where:
            self._where[plain] = frozenset(id for id, unit in self.plain_units.items() if plain and plain in unit)
        return self._where[plain]

    def subject_ids(self, statement: Statement) -> frozenset[str]:
        """Entities that the subject of a statement denotes."""
        name = (statement.subject, statement.fact.subject_entity)
        if name not in self._denoted:
            self._denoted[name] = self.names.denoted(*name)
        return self._denoted[name]

    def ids(self, text: str) -> frozenset[str]:
        """Entities that a displayed name denotes."""
        if (text, "") not in self._denoted:
            self._denoted[text, ""] = self.names.denoted(text)
        return self._denoted[text, ""]

    def is_subject(self, text: str, statement: Statement) -> bool:
        """Whether `text` names the statement's subject, something it belongs to or something that belongs to it."""
        if normal(text) == normal(statement.subject):
            return True
        stated, asked = self.subject_ids(statement), self.ids(text)
        return bool(stated and asked) and self.names.passes_on(stated, asked)

    def about(self, text: str) -> Sequence[Statement]:
        """The statements whose subject `text` names, in the order of the facts; sought once for every name."""
        if text not in self._about:
            found = (
                places for places in self._of_subject.values() if self.is_subject(text, self.statements[places[0]])
            )
            self._about[text] = tuple(self.statements[at] for at in sorted(at for places in found for at in places))
        return self._about[text]

    @cached_property
    def _of_subject(self) -> dict[tuple[str, str], list[int]]:
        """Where the statements about each subject are."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, statement in enumerate(self.statements):
            found[statement.subject, statement.fact.subject_entity].append(at)
        return dict(found)

    @cached_property
    def pools(self) -> dict[str, frozenset[str]]:
        """The answer pools to which each text, in its normal form, belongs."""
        found: dict[str, set[str]] = defaultdict(set)
        for statement in self.statements:
            if statement.fact.pool:
                found[normal(statement.object)].add(statement.fact.pool)
        return {text: frozenset(pools) for text, pools in found.items()}

    @cached_property
    def joint_statements(self) -> tuple[Statement, ...]:
        """The statements that hold of a group and decide nothing about its members."""
        known = self.names.entities
        joint = {id for id, entity in known.items() if entity.members and not entity.distributive}
        return tuple(s for s in self.statements if self.subject_ids(s) & joint)

    def jointly_of(self, members: Iterable[str]) -> list[Statement]:
        """The joint statements of groups to which one of these belongs."""
        places = {at for member in members for at in self._joint_of.get(member, ())}
        return [self.joint_statements[at] for at in sorted(places)]

    @cached_property
    def _joint_of(self) -> dict[str, list[int]]:
        """By member, where among the joint statements those of its groups are."""
        known, found = self.names.entities, defaultdict(list)
        for at, statement in enumerate(self.joint_statements):
            groups = (known[id] for id in self.subject_ids(statement) if id in known and not known[id].distributive)
            for member in {member for group in groups for member in group.members}:
                found[member].append(at)
        return dict(found)

    @cached_property
    def objects_of_pool(self) -> dict[str, set[str]]:
        """What the facts of each pool say."""
        found: dict[str, set[str]] = defaultdict(set)
        for statement in self.statements:
            if statement.fact.pool:
                found[statement.fact.pool].add(statement.object)
        return dict(found)

    @cached_property
    def part_names(self) -> frozenset[str]:
        """Normal forms by which parts of the document are named."""
        labels = {normal(passage.label) for passage in self.knowledge.passages if passage.label}
        return frozenset(labels | self.headings.keys())

    def is_joint_member(self, text: str, statement: Statement) -> bool:
        """Whether `text` names one member of a group of which the statement holds only jointly."""
        return self.names.in_joint_group(self.ids(text), self.subject_ids(statement))

    def sections(self, name: str) -> frozenset[str]:
        """Ids of the units under the heading or chapter called `name` (a whole label, its first clause, a title)."""
        return self._sections.get(normal(name), frozenset())

    @cached_property
    def _sections(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for unit in self.knowledge.units:
            for name in {*self._lesson_names[unit.lesson], *self._passage_names[unit.passage]}:
                found[name].add(unit.id)
        return {name: frozenset(ids) for name, ids in found.items()}

    @cached_property
    def _lesson_names(self) -> dict[str, frozenset[str]]:
        return {
            lesson.id: frozenset(filter(None, map(normal, (lesson.heading, lesson.title, lesson.scope))))
            for lesson in self.knowledge.lessons
        }

    @cached_property
    def _passage_names(self) -> dict[str, frozenset[str]]:
        named = {p.id: self.heading_names(p.label) for p in self.knowledge.passages if not p.label_supplied}
        return {p.id: named.get(p.id, frozenset()) for p in self.knowledge.passages}

    @staticmethod
    def heading_names(label: str) -> frozenset[str]:
        """Normal forms under which a run-in heading is known: the whole, and its part before the first comma."""
        first = label.replace("，", ",").split(",")[0]
        return frozenset(filter(None, (normal(label), normal(first))))

    @cached_property
    def headings(self) -> dict[str, tuple[int, int]]:
        """Normal forms of all heading names with their place (lesson order, passage order; -1 for the lesson)."""
        order = {lesson.id: lesson.order for lesson in self.knowledge.lessons}
        places = {
            name: (lesson.order, -1) for lesson in self.knowledge.lessons for name in self._lesson_names[lesson.id]
        }
        for passage in self.knowledge.passages:
            for name in self._passage_names[passage.id]:
                places.setdefault(name, (order.get(passage.lesson, 0), passage.order))
        return places


@lru_cache(maxsize=20_000)
def word_pairs(text: str) -> frozenset[str]:
    """Han bigrams of a text, remembered: a check compares every text with every other."""
    return bigrams(text)


def says_the_same(option: str, true: str) -> bool:
    """Whether an option repeats a true text: equal, or one contains the other."""
    a, b = normal(option), normal(true)
    if a == b:
        return True
    if holds(true, option):
        return len(a) >= SHORTEST_PART
    return holds(option, true) and (len(b) >= LONG_PART or 2 * len(b) > len(a))


def is_same_object(a: str, b: str) -> bool:
    """Whether two objects are one to a reader: one repeats the other, or their bigrams overlap by 0.6."""
    if says_the_same(a, b):
        return True
    left, right = word_pairs(a), word_pairs(b)
    shared = len(left & right)
    return shared > 0 and shared >= SAME_OBJECT * len(left | right)
