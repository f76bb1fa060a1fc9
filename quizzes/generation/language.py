"""The shape of a template table: all words of stems live in such a table, one per language, none in the generator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from quizzes.generation.latin import words
from quizzes.generation.measures import HAN_RUN

SLOT = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True, slots=True)
class Ask:
    """One way to ask about one fact of the named relations ("FAMILY.relation", or "FAMILY.*").

    `target` says what the learner gives: the "object", the "subject", the "section" (an entity) or "heading" (any)
    under which the object stands, a "blank" in the quotation, or a "member" of the list. Slots of `stem`: {scope}
    {lesson} {subject} {object} {lead} (the words of the clause before the object) {claim} (lead and object) {saying}
    (the clause up to the object's end) {quote} (with blanks).
    """

    rule: str
    kind: str
    target: str
    relations: tuple[str, ...]
    stem: str
    pools: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    """Pools in which the subject of a fact is sought, when it is no entity but a phrase."""
    of: tuple[str, ...] = ()
    """Only facts of these pools, or about subjects of these entity types."""
    always: bool = False
    """Whether to ask even when the fact is asked in other ways already."""
    closed: bool = False
    """Whether the options are a closed class of proper names, whose lengths say nothing."""
    plain: bool = False
    """Only facts whose subject is no entity that somebody described: what rules propose. Their wrong options for a
    subject are the other subjects of the same relations."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """One way to build a matching set: which facts give the pairs, and what stands on either side.

    `premise` and `response` are "left", "subject", "object", "claim", "saying", "section" (the entity that heads the
    fact's paragraph) or "heading" (whatever heads it). `plain`: only facts about subjects that nobody described.
    `extras`: where responses that stay unused come from: an entity type, a pool, "subject" (subjects of the same
    relations) or "=" (the pool of the responses). `types`: entity types that a named response may have. `grouped`:
    only facts of one group make a set. `rounds`: how many sets without common facts to make.
    """

    rule: str
    relations: tuple[str, ...]
    premise: str
    response: str
    stem: str
    extras: tuple[str, ...]
    grouped: bool = False
    rounds: int = 1
    smallest: int = 3
    largest: int = 6
    types: tuple[str, ...] = ()
    plain: bool = False
    shuffled: bool = False
    """Whether premises stand in any order: that of the document would give numbered headings away."""


@dataclass(frozen=True, slots=True)
class Order:
    """One ordering question over all facts of a relation, in the order of the document."""

    rule: str
    relations: tuple[str, ...]
    stem: str
    intro_relations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Language:
    """Everything the generator has to know about a language."""

    code: str
    particles: frozenset[str]
    numerals: tuple[str, ...]
    cloze: str
    choice_cloze: str
    enumeration: str
    open_enumeration: str
    whole_document: str
    numbered: str
    asks: tuple[Ask, ...]
    pairings: tuple[Pairing, ...]
    orders: tuple[Order, ...]
    smallest_list_quote: int = 9
    """How long a quotation around a list should be at least (`text_length`) to say which list is meant."""
    is_scoped: bool = False
    """Whether every stem names the part of the document it asks about, so that only what that part says is true."""
    natural_pools: frozenset[str] = frozenset()
    """Pools whose members have an order of their own (numbered headings, years): never shuffled."""
    bare_leads: tuple[str, ...] = ()
    """Words between subject and predicate that a quotation of the predicate does not need."""
    endings: tuple[str, ...] = ()
    """Endings that mark a class of words: an option with or without one must not stand alone."""
    verbs: tuple[str, ...] = ()
    """Verbs with which an option may begin: the key must not be the only one that does, nor the only one not to."""
    affixes: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    """Prefixes and suffixes that a typed answer of a pool may have or lack."""

    def words(self) -> tuple[str, ...]:
        """Every run of Han characters and every word that stems may contain beside quotations of the document."""
        stems = [self.cloze, self.choice_cloze, self.enumeration, self.open_enumeration]
        stems += [self.whole_document, self.numbered, *(ask.stem for ask in self.asks)]
        stems += [*(pairing.stem for pairing in self.pairings), *(order.stem for order in self.orders)]
        runs = {run for stem in stems for piece in SLOT.split(stem) for run in (*HAN_RUN.findall(piece), *words(piece))}
        return tuple(sorted(runs | set(self.numerals)))
