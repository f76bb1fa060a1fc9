"""What the course holds to be true, widened as far as a doubtful reader would: the veto on distractors.

A wrong option must be wrong beyond discussion. So a statement also counts as true when it is true of another name of
the subject, of a part or whole of it, or of a group it belongs to; and a text counts as the same text when one
contains the other or they share most of their bigrams. Everything here errs towards "true".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from curriculum.knowledge import Entity, Fact, Knowledge, Unit
from quizzes.chinese import edit_distance, normal
from quizzes.generation.measures import jaccard
from quizzes.generation.sayings import SAME_TEXT, Sayings, same_text

SHORTEST_TRAP = 4


def is_a_trap(text: str, true: Iterable[str]) -> bool:
    """Whether a text is one character away from something true: such an option would test the eye, not the memory."""
    form = normal(text)
    return len(form) >= SHORTEST_TRAP and any(edit_distance(form, normal(said)) <= 1 for said in true)


def makes_up_half(said: str, text: str) -> bool:
    """Whether a statement is at least half as long as the text that says the same."""
    return 2 * len(normal(said)) >= len(normal(text))


def statements(fact: Fact) -> tuple[str, ...]:
    """Every text the fact says of its subject: the object, its members, a pair as a whole and its halves."""
    parts = [fact.text, *(span.text for span in fact.members), *(span.text for span in fact.anchors)]
    if fact.left is not None:
        parts += [fact.left.text + fact.text]
    return tuple(parts)


class Truth:
    """The closure of the fact base. Build once per course; every answer is a pure function of the knowledge."""

    def __init__(self, knowledge: Knowledge, *, is_scoped: bool = False) -> None:
        self.knowledge = knowledge
        self.is_scoped = is_scoped
        self._about: dict[frozenset[str], tuple[Fact, ...]] = {}
        self._said: dict[frozenset[str], dict[str, Sayings]] = {}

    @cached_property
    def facts_of_unit(self) -> dict[str, list[Fact]]:
        found = defaultdict(list)
        for fact in self.knowledge.facts:
            found[fact.unit].append(fact)
        return dict(found)

    @cached_property
    def facts_of_left(self) -> dict[str, list[Fact]]:
        """Pairs by the normal form of their left half."""
        found = defaultdict(list)
        for fact in self.knowledge.facts:
            if fact.left is not None:
                found[normal(fact.left.text)].append(fact)
        return dict(found)

    @cached_property
    def _places_of_subject(self) -> dict[str, list[int]]:
        """Where in the knowledge the facts about each entity, or name that is no entity, are."""
        found = defaultdict(list)
        for at, fact in enumerate(self.knowledge.facts):
            for id in self.subject(fact):
                found[id].append(at)
        return dict(found)

    @cached_property
    def _parts_of(self) -> dict[str, set[str]]:
        """The entities that say of themselves to be part of each."""
        found = defaultdict(set)
        for entity in self.knowledge.entities:
            for whole in entity.part_of:
                found[whole].add(entity.id)
        return dict(found)

    @cached_property
    def entities_by_name(self) -> dict[str, frozenset[str]]:
        names: dict[str, set[str]] = {}
        for entity in self.knowledge.entities:
            for name in (entity.name, *entity.aliases):
                names.setdefault(normal(name), set()).add(entity.id)
        return {name: frozenset(ids) for name, ids in names.items()}

    @cached_property
    def groups(self) -> tuple[Entity, ...]:
        return tuple(entity for entity in self.knowledge.entities if entity.members)

    @cached_property
    def kin(self) -> dict[str, frozenset[str]]:
        """For every entity: itself, its wholes and parts at any depth, and the groups it belongs to with members."""
        links: dict[str, set[str]] = {entity.id: {entity.id} for entity in self.knowledge.entities}
        for entity in self.knowledge.entities:
            for other in (*entity.part_of, *entity.members):
                links.setdefault(other, {other}).add(entity.id)
                links[entity.id].add(other)
        return {start: frozenset(self._above_and_below(start, links)) for start in links}

    def _above_and_below(self, start: str, links: dict[str, set[str]]) -> set[str]:
        return set(links[start]).union(*(self._wholes(other) for other in links[start]), self._parts(start))

    def _wholes(self, entity: str) -> set[str]:
        known = self.knowledge.entity_by_id.get(entity)
        above = set(known.part_of) if known else set()
        return above.union(*(self._wholes(other) for other in above))

    def _parts(self, entity: str) -> set[str]:
        below = self._parts_of.get(entity, set())
        return below.union(*(self._parts(other) for other in below))

    def names(self, name: str) -> frozenset[str]:
        """Entity ids a name stands for; a name the course does not know stands for itself."""
        form = normal(name)
        return self.entities_by_name.get(form, frozenset({f"name:{form}"}))

    def subject(self, fact: Fact) -> frozenset[str]:
        return frozenset({fact.subject_entity}) if fact.subject_entity else self.names(fact.subject)

    def related(self, a: Iterable[str], b: Iterable[str]) -> bool:
        """Whether two subjects are the same or overlap: alias, part and whole, group and member."""
        return not self.near(a).isdisjoint(b)

    def near(self, subject: Iterable[str]) -> frozenset[str]:
        """The subject with everything that it overlaps."""
        return frozenset().union(*(self.kin.get(entity, frozenset({entity})) for entity in subject))

    def says(self, subject: Iterable[str], text: str, *, scope: str = "") -> bool:
        """Whether the text, or one like it, is said of the subject or somebody related to it (within the scope)."""
        return any(True for _ in self.said(frozenset(subject), scope=scope).like(text))

    def said(self, subject: frozenset[str], *, scope: str = "") -> Sayings:
        """Every text said of the subject or somebody related to it (within the scope), once."""
        if subject not in self._said:
            texts: dict[str, dict[str, None]] = defaultdict(dict)
            for fact in self.about(subject):
                for place in {"", fact.scope}:
                    texts[place].update(dict.fromkeys(statements(fact)))
            self._said[subject] = {place: Sayings(found) for place, found in texts.items()}
        return self._said[subject].get(scope, Sayings())

    def about(self, subject: frozenset[str]) -> tuple[Fact, ...]:
        """Facts that speak of the subject or of somebody related to it."""
        if subject not in self._about:
            places = {at for id in self.near(subject) for at in self._places_of_subject.get(id, ())}
            self._about[subject] = tuple(self.knowledge.facts[at] for at in sorted(places))
        return self._about[subject]

    def joins(self, left: str, text: str) -> bool:
        """Whether a pair of the document has this left half and this text, or one like it."""
        return any(same_text(text, fact.text) for fact in self.facts_of_left.get(normal(left), ()))

    def of_joint_group(self, fact: Fact) -> frozenset[str]:
        """Members of the non-distributive group the fact speaks of: they may be neither key nor distractor."""
        entity = self.knowledge.entity_by_id.get(fact.subject_entity)
        return frozenset(entity.members) if entity and entity.members and not entity.distributive else frozenset()

    def is_wrong_object(self, fact: Fact, text: str) -> bool:
        """Whether `text` is certainly not what the fact says of its subject, and not absurd either."""
        if fact.left is not None:
            return not self.joins(fact.left.text, text)
        form, subject = normal(text), normal(fact.subject)
        names_subject = bool(subject) and (subject in form or form in subject)
        return (
            not names_subject
            and not is_a_trap(text, statements(fact))
            and not self.is_beside(fact, text)
            and not self.says(self.subject(fact), text, scope=fact.scope if self.is_scoped else "")
        )

    def is_beside(self, fact: Fact, text: str) -> bool:
        """Whether the sentence of the fact has the text, and not plainly as what it says of another subject."""
        unit = self.knowledge.unit_by_id[fact.unit]
        if normal(text) not in normal(unit.text):
            return False
        others = [f for f in self.facts_of_unit.get(fact.unit, ()) if normal(f.text) == normal(text)]
        return not others or any(self.related(self.subject(fact), self.subject(other)) for other in others)

    def is_wrong_subject(self, fact: Fact, name: str) -> bool:
        """Whether the fact is certainly not said of `name`."""
        ids = self.names(name)
        if self.related(ids, self.subject(fact)) or ids & self.of_joint_group(fact):
            return False
        return not any(self.tells(ids, said) for said in (fact.text, *(span.text for span in fact.members)))

    def tells(self, subject: Iterable[str], text: str) -> bool:
        """Like `says`, but a statement inside the text counts only when it is at least half of it."""
        return any(makes_up_half(said, text) for said in self.said(frozenset(subject)).like(text))

    def stands_in(self, text: str, units: Iterable[Unit]) -> bool:
        """Whether a section contains the text or a sentence much like it."""
        form = normal(text)
        return any(form in normal(unit.text) or jaccard(text, unit.text) >= SAME_TEXT for unit in units)
