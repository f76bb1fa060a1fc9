"""What a question asks, read from its key: which part of which statement is sought, and what is given.

`true_options` is the oracle: it sees the facts, the pattern asked and the options, and says which options the document
makes true. The checks hold the key against it; nothing here looks at the generator's own notion of truth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from curriculum.knowledge import Fact
from quizzes.generation.measures import text_length
from quizzes.validity.closure import Statement, World, is_same_object, says_the_same, word_pairs
from quizzes.validity.item import Item
from quizzes.validity.texts import fragments, normal, quotations
from quizzes.validity.vocabulary import Vocabulary

PHRASE = 4
"""Characters in common from which two clauses speak of the same matter."""
FEW_UNITS = 4
"""A scope of less than a quarter of the document is looked up unit by unit."""
LONGEST_NAME = 14
"""A premise of more characters is a clause, whose words need not name the thing spoken of."""


class Target(StrEnum):
    """The part of a statement that is sought."""

    SUBJECT = "subject"
    OBJECT = "object"
    LEFT = "left"
    SECTION = "section"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked: the fact behind it, the part sought, the quotations given, and the units in scope."""

    fact: Fact
    target: Target
    given: tuple[str, ...]
    scope: frozenset[str]


def target_of(fact: Fact, key: str, world: World) -> Target:
    """Which part of the fact a key is: its left half, its object, its subject, or the heading it stands under."""
    plain = normal(key)
    if not plain:
        return Target.NONE
    objects = [fact.text, *fact.variants, *(form for m in fact.members for form in (m.text, *m.variants))]
    if fact.left is not None and plain == normal(fact.left.text):
        return Target.LEFT
    if plain in map(normal, objects):
        return Target.OBJECT
    if plain == normal(fact.subject) or world.ids(key) & world.names.denoted(fact.subject, fact.subject_entity):
        return Target.SUBJECT
    if any(plain in normal(text) for text in objects):
        return Target.OBJECT
    if fact.unit in world.sections(key):
        return Target.SECTION
    return Target.SUBJECT if plain in normal(fact.subject) else Target.NONE


def given_quotations(text: str, world: World, fact: Fact) -> tuple[str, ...]:
    """The verbatim pieces quoted in a stem, leaving out names of parts of the document and of the subject."""
    pieces = [piece for quoted in quotations(text) for piece in fragments(quoted)]
    own = normal(fact.subject)
    kept = [piece for piece in pieces if normal(piece) not in world.part_names and normal(piece) != own]
    return tuple(kept or pieces)


def asks_of(item: Item) -> list[Ask]:
    """One ask for each fact and key of a question that seeks a single text or pairs."""
    world = item.bank.world
    if item.content.kind == "matching":
        paired = zip(item.facts, item.content.premises, item.keys, strict=False)
        return [pair_ask(item, fact, premise, key) for fact, premise, key in paired]
    if not item.facts or isinstance(item.content.key, list):
        return []
    fact = item.facts[0]
    target = target_of(fact, item.key, world)
    given = given_quotations(item.content.stem, world, fact)
    if len(item.evidence_units) > 1:  # a list: what announces it is quoted before the item itself
        given = tuple(piece for piece in given if fact.unit in world.units_with(piece)) or given
    return [Ask(fact, target, given or (fact.text,), item.scope)]


def pair_ask(item: Item, fact: Fact, premise: str, key: str) -> Ask:
    """The ask of one pair of a matching set: what the response is when the premise is given."""
    return Ask(fact, target_of(fact, key, item.bank.world), tuple(fragments(premise)), item.scope)


def true_options(ask: Ask, options: Iterable[str], world: World) -> dict[str, Statement | None]:
    """Options that the document makes true for what is asked, with a statement that shows it (None: by its place)."""
    found: dict[str, Statement | None] = {}
    for option in options:
        is_true, proof = judge(ask, option, world)
        if is_true:
            found[option] = proof
    return found


def judge(ask: Ask, option: str, world: World) -> tuple[bool, Statement | None]:
    """Whether one option is true for what is asked, and a statement that proves it where there is one."""
    if ask.target is Target.SECTION:
        return stands_under(ask, option, world), None
    statements = about(ask, option, world) if ask.target is Target.SUBJECT else saying(ask, option, world)
    proof = next((s for s in statements if supports(ask, option, s, world)), None)
    if proof is None and ask.target is Target.SUBJECT and normal(option) in world.headings:
        return stands_under(ask, option, world), None
    return proof is not None, proof


def in_scope(ask: Ask, world: World) -> Sequence[Statement]:
    """The statements that the scope of the ask lets count; the fact asked about always does."""
    if len(ask.scope) * FEW_UNITS < len(world.units):
        units = sorted({*ask.scope, ask.fact.unit} & world.units.keys())
        return [s for id in units for s in world.of_unit(id) if id in ask.scope or s.fact.id == ask.fact.id]
    if len(ask.scope) == len(world.units):
        return world.statements
    return [s for s in world.statements if s.unit.id in ask.scope or s.fact.id == ask.fact.id]


def about(ask: Ask, option: str, world: World) -> Sequence[Statement]:
    """Of the statements in scope at least those whose subject the option names."""
    return world.about(option) if len(ask.scope) == len(world.units) else in_scope(ask, world)


def saying(ask: Ask, option: str, world: World) -> Sequence[Statement]:
    """Of the statements in scope at least those that say what the option says."""
    if len(ask.scope) == len(world.units):
        return world.like(option, is_left=ask.target is Target.LEFT)
    return in_scope(ask, world)


def joint_in_scope(ask: Ask, option: str, world: World) -> Sequence[Statement]:
    """Of the statements in scope at least those that hold jointly of a group with the one who is asked about."""
    if len(ask.scope) != len(world.units):
        return in_scope(ask, world)
    if ask.target is Target.SUBJECT:
        return world.jointly_of(world.ids(option))
    return world.jointly_of(world.names.denoted(ask.fact.subject, ask.fact.subject_entity))


def supports(ask: Ask, option: str, statement: Statement, world: World) -> bool:
    """Whether a statement makes the option an answer."""
    if ask.target is Target.SUBJECT:
        return world.is_subject(option, statement) and gives_object(ask.given, statement)
    if ask.target is Target.LEFT:
        return bool(statement.left) and says_the_same(option, statement.left) and gives_object(ask.given, statement)
    if ask.fact.left is not None:
        left = statement.left
        return bool(left) and same_left(left, ask) and says_the_same(option, statement.object)
    return says_the_same(option, statement.object) and is_about(ask.fact, statement, world)


def same_left(left: str, ask: Ask) -> bool:
    """Whether a pair's left half is the one asked about."""
    own = ask.fact.left.text if ask.fact.left else ""
    return normal(left) == normal(own)


def is_about(fact: Fact, statement: Statement, world: World) -> bool:
    """Whether a statement speaks of the same subject; within one section its heading may stand for the subject."""
    if world.is_subject(fact.subject, statement):
        return True
    if world.names.passes_on(world.subject_ids(statement), world.names.denoted(fact.subject, fact.subject_entity)):
        return True
    own = world.units[fact.unit].passage if fact.unit in world.units else ""
    if statement.unit.passage != own or statement.fact.relation != fact.relation:
        return False
    return normal(statement.subject) in world.headings or normal(fact.subject) in world.headings


def gives_object(given: Sequence[str], statement: Statement) -> bool:
    """Whether everything quoted belongs to the statement's object, or the quotation holds most of that object."""
    words = normal(statement.object)
    if all(normal(piece) in words for piece in given):
        return True
    whole = "".join(given)
    return is_same_object(whole, statement.object) and 2 * text_length(statement.object) >= text_length(whole)


def stands_under(ask: Ask, option: str, world: World) -> bool:
    """Whether every quoted piece stands in one paragraph under the heading (or in the chapter) named by the option."""
    section = world.sections(option)
    places = [{world.units[id].passage for id in world.units_with(piece) & section} for piece in ask.given]
    return bool(places) and bool(set.intersection(*places))


def undecided(ask: Ask, option: str, world: World) -> Statement | None:
    """A joint statement that leaves the option open: it answers for a group of which the option is one member."""
    for statement in joint_in_scope(ask, option, world):
        if ask.target is Target.SUBJECT:
            if world.is_joint_member(option, statement) and gives_object(ask.given, statement):
                return statement
        elif ask.target is Target.OBJECT and ask.fact.left is None:
            own = world.names.denoted(ask.fact.subject, ask.fact.subject_entity)
            if world.names.in_joint_group(own, world.subject_ids(statement)) and says_the_same(
                option, statement.object
            ):
                return statement
    return None


def co_stated(
    premise: str, response: str, ask: Ask, own: frozenset[str], world: World, words: Vocabulary
) -> Statement | None:
    """A statement outside the set's own that names response and premise together: an arguable second match.

    A premise that joins several names counts when one of them, its quantifier aside, is in the statement.
    """
    wanted = normal(response)
    if len(wanted) < 2:
        return None
    parts = premise_parts(premise, words)
    for statement in in_scope(ask, world):
        if statement.fact.id in own or wanted not in statement.words:
            continue
        if any(part in statement.words.replace(wanted, " ") for part in parts):
            return statement
    return None


def near_miss(ask: Ask, option: str, item: Item) -> Statement | None:
    """Another statement of the option that shares a telling phrase with what is given: a learner may argue for it."""
    world, own = item.bank.world, frozenset(item.content.facts)
    for statement in about(ask, option, world):
        if statement.fact.id in own or not world.is_subject(option, statement):
            continue
        if any(shares_phrase(piece, statement.object, item) for piece in ask.given):
            return statement
    return None


def shares_phrase(a: str, b: str, item: Item) -> bool:
    """Whether two texts have four neighbouring characters in common that are not all everyday words."""
    left, right = normal(a), normal(b)
    pieces = {left[at : at + PHRASE] for at in range(len(left) - PHRASE + 1)}
    names = item.bank.world.names.by_name
    shared = (piece for piece in pieces if piece in right and not word_pairs(piece) & item.bank.measures.stop)
    return any(not any(piece in name for name in names) for piece in shared)


def premise_parts(premise: str, words: Vocabulary) -> list[str]:
    """Normal forms of the names in a premise; none for a premise that is a clause."""
    if text_length(premise) > LONGEST_NAME:
        return []
    pieces = re.split("|".join(map(re.escape, words.connectors)), premise) if words.connectors else [premise]
    bare = [re.sub("^(?:" + "|".join(map(re.escape, words.quantifiers)) + ")", "", piece) for piece in pieces]
    return [plain for plain in map(normal, bare) if len(plain) >= 2]
