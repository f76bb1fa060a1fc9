"""Rules V50-V58: a matching set has one solution, one relation, one form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from quizzes.generation.measures import text_length
from quizzes.validity.asks import Ask, Target, asks_of, co_stated, judge, near_miss, undecided
from quizzes.validity.findings import ERROR, WARNING, Problem, item_rule
from quizzes.validity.item import Item
from quizzes.validity.options import coarse_type, is_name, starts_with_verb
from quizzes.validity.scope import number_value
from quizzes.validity.texts import ELISION, normal

FEWEST_PAIRS, MOST_PAIRS = 3, 6
EXTRAS = (1, 2)
"""One or two responses stay unused: otherwise the last pair is free and n - 1 right is impossible."""
RESPONSE_RATIO = 2.5
LONGEST_PREMISE = 45
LONGEST_RESPONSES = 16
"""Mean length from which responses are clauses, which belong in the left column that is read once."""
MOST_RESPONSES = 8
LONGEST_SET = 260
MOST_FIXED = 1
TASKS = frozenset({"NORM", "FUNCTION", "MEASURE", "ROLE"})
"""Families that all say what somebody does or is for: tasks of several actors come from any of them."""


def extras(item: Item) -> list[str]:
    """The responses that belong to no premise."""
    used = set(item.keys)
    return [response for response in item.content.responses if response not in used]


@item_rule("V50", ERROR, _("Each premise has its own response among those shown, and all texts are different."))
def pairing_is_total(item: Item) -> Iterator[Problem]:
    if item.content.kind != "matching":
        return
    content = item.content
    if [str(pair[0]) for pair in content.key] != list(content.premises):
        yield Problem(gettext("the key does not list the premises in their order"))
    if any(key not in content.responses for key in item.keys):
        yield Problem(gettext("a key is not among the responses"))
    if len(set(map(normal, content.premises))) != len(content.premises):
        yield Problem(gettext("two premises are equal"))
    if len(set(map(normal, content.responses))) != len(content.responses):
        yield Problem(gettext("two responses are equal"))
    if len(set(item.keys)) != len(item.keys):
        yield Problem(gettext("one response belongs to two premises"))


@item_rule("V51", ERROR, _("Three to six pairs and one or two responses more than premises."))
def set_has_good_size(item: Item) -> Iterator[Problem]:
    if item.content.kind != "matching":
        return
    pairs, spare = len(item.content.premises), len(item.content.responses) - len(item.content.premises)
    if not FEWEST_PAIRS <= pairs <= MOST_PAIRS:
        yield Problem(ngettext("%(n)s pair", "%(n)s pairs", pairs) % {"n": pairs})
    if spare not in EXTRAS:
        yield Problem(ngettext("%(n)s response to spare", "%(n)s responses to spare", spare) % {"n": spare})


@item_rule("V52", ERROR, _("No response that belongs to one premise is true of another."))
def responses_fit_one_premise(item: Item) -> Iterator[Problem]:
    for i, response in enumerate(item.keys if item.content.kind == "matching" else ()):
        yield from second_matches(item, response, skip=i)


@item_rule("V54", ERROR, _("The responses to spare are true of no premise."))
def spare_responses_fit_none(item: Item) -> Iterator[Problem]:
    for response in extras(item) if item.content.kind == "matching" else ():
        yield from second_matches(item, response, skip=-1)


def second_matches(item: Item, response: str, *, skip: int) -> Iterator[Problem]:
    """A problem for each premise, but number `skip`, of which the response is true or arguably true."""
    world, own = item.bank.world, frozenset(item.content.facts)
    for i, ask in enumerate(asks_of(item)):
        if i == skip:
            continue
        premise = item.content.premises[i]
        is_true, proof = judge(ask, response, world)
        proof = proof or undecided(ask, response, world)
        if not is_true and proof is None and ask.target is not Target.SECTION:
            proof = co_stated(premise, response, ask, own, world, item.bank.vocabulary)
        alike = near_miss(ask, response, item) if ask.target is Target.SUBJECT else None
        if is_true or proof is not None:
            where = f"{proof.fact.id}, {proof.unit.id}" if proof else gettext("by its place")
            yield Problem(
                gettext("「%(response)s」 also fits 「%(premise)s」 (%(where)s)")
                % {"response": response, "premise": premise, "where": where},
                {"premise": premise},
            )
        elif alike is not None:
            yield Problem(
                gettext("%(id)s says something like 「%(premise)s」 of 「%(response)s」")
                % {"id": alike.fact.id, "premise": premise, "response": response},
                severity=WARNING,
            )


@item_rule("V53", ERROR, _("One relation in a set; premises of one type, responses of one type and frame."))
def set_is_homogeneous(item: Item) -> Iterator[Problem]:
    if item.content.kind != "matching":
        return
    yield from different_relations(item, asks_of(item))
    kinds = column_kinds(item, item.content.premises)
    if len(kinds) > 1:
        yield Problem(gettext("premises of different kinds: %(kinds)s") % {"kinds": ", ".join(sorted(kinds))})
    kinds = column_kinds(item, item.content.responses)
    if len(kinds) > 1:
        yield Problem(gettext("responses of different kinds: %(kinds)s") % {"kinds": ", ".join(sorted(kinds))})
    if "heading" in kinds:
        return
    verbs = [starts_with_verb(text, item.bank) for text in item.content.responses]
    if None not in verbs and len(verbs) > FEWEST_PAIRS and sum(map(bool, verbs)) in (1, len(verbs) - 1):
        yield Problem(gettext("one of the responses alone has another frame"), severity=WARNING)


def column_kinds(item: Item, texts: Iterable[str]) -> set[str]:
    """Of what kinds the whole texts of one side are."""
    return {column_kind(item, text) for text in texts if not ELISION.search(text)}


def column_kind(item: Item, text: str) -> str:
    """A number, a heading, or other text: actors, things and clauses may name what statements are about."""
    kind = is_name(coarse_type(text, item.bank))
    return kind if kind in ("number", "heading") else "text"


def different_relations(item: Item, asks: Sequence[Ask]) -> Iterator[Problem]:
    """A problem when the pairs rest on different relations; the place in the document is one relation."""
    targets = {ask.target for ask in asks}
    headed = all(normal(key) in item.bank.world.headings for key in item.keys)
    if headed or not asks:
        return
    if len(targets) > 1:
        yield Problem(gettext("different parts are sought: %(targets)s") % {"targets": ", ".join(sorted(targets))})
    families = {"task" if ask.fact.family in TASKS else ask.fact.family for ask in asks}
    relations = {ask.fact.relation for ask in asks}
    if len(relations) > 1 and len(families) > 1:
        yield Problem(gettext("different relations: %(relations)s") % {"relations": ", ".join(sorted(relations))})
    actors = {coarse_type(premise, item.bank) for premise in item.content.premises}
    if len(relations) > 1 and len(actors) > 1 and is_mixed(actors):
        yield Problem(
            gettext("different relations of different things: %(relations)s")
            % {"relations": ", ".join(sorted(relations))}
        )


def is_mixed(types: set[str]) -> bool:
    """Whether entity types of a column differ beyond groups and members of one type."""
    return len({kind.removesuffix("_group") for kind in types if kind}) > 1


@item_rule("V55", ERROR, _("Responses are short and of like length; longer texts stand on the left."))
def lengths_suit_columns(item: Item) -> Iterator[Problem]:
    if item.content.kind != "matching":
        return
    keyed = [max(text_length(key), 1) for key in item.keys]
    everything = [max(text_length(response), 1) for response in item.content.responses]
    premises = [text_length(premise) for premise in item.content.premises]
    if max(keyed) / min(keyed) > RESPONSE_RATIO:
        yield Problem(
            gettext("the longest response is %(keyed)s times the shortest")
            % {"keyed": f"{max(keyed) / min(keyed):.2f}"}
        )
    elif max(everything) / min(everything) > RESPONSE_RATIO:
        yield Problem(gettext("a spare response is much longer or shorter than the others"), severity=WARNING)
    if max(premises) > LONGEST_PREMISE:
        yield Problem(gettext("a premise has %(premises)s characters") % {"premises": max(premises)})
    mean = sum(everything) / len(everything)
    if mean > LONGEST_RESPONSES and mean > sum(premises) / len(premises):
        yield Problem(gettext("the longer texts stand on the right"))


@item_rule("V56", ERROR, _("The instruction says on what to match, that a response serves once, how many stay unused."))
def instruction_is_complete(item: Item) -> Iterator[Problem]:
    if item.content.kind != "matching":
        return
    words, stem = item.bank.vocabulary, item.content.stem.casefold()
    if words.use_once and not any(word in stem for word in words.use_once):
        yield Problem(gettext("the instruction does not say that a response is used at most once"))
    stated = re.search(words.unused, stem) if words.unused else None
    spare = len(item.content.responses) - len(item.content.premises)
    if words.unused and (stated is None or unused_count(stated.group(1)) != spare):
        yield Problem(gettext("the instruction does not say that %(spare)s stay unused") % {"spare": spare})


def unused_count(text: str) -> int:
    return {"兩": 2, "one": 1, "two": 2}.get(text) or number_value(text)


@item_rule("V57", ERROR, _("A set fits on one screen."))
def set_fits_screen(item: Item) -> Iterator[Problem]:
    if item.content.kind != "matching":
        return
    if len(item.content.responses) > MOST_RESPONSES or item.length > LONGEST_SET:
        yield Problem(
            gettext("%(n)s responses, %(length)s characters")
            % {"n": len(item.content.responses), "length": item.length}
        )


@item_rule("V58", WARNING, _("The stored order of responses does not follow the premises."))
def order_is_shuffled(item: Item) -> Iterator[Problem]:
    if item.content.kind != "matching":
        return
    responses = item.content.responses
    fixed = sum(i < len(responses) and responses[i] == key for i, key in enumerate(item.keys))
    headings = item.bank.world.headings
    if fixed > MOST_FIXED and not all(normal(response) in headings for response in responses):
        yield Problem(gettext("%(fixed)s responses stand opposite their premises") % {"fixed": fixed})
