"""Rules V10-V17: exactly one right answer, within the scope that the stem names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from quizzes.generation.measures import bigrams
from quizzes.validity.asks import (
    Ask,
    Target,
    asks_of,
    gives_object,
    in_scope,
    is_about,
    near_miss,
    true_options,
    undecided,
)
from quizzes.validity.closure import Statement, is_same_object
from quizzes.validity.findings import ERROR, WARNING, Problem, item_rule
from quizzes.validity.item import Item
from quizzes.validity.texts import edit_distance, normal, outside_quotations, quotations, without_blanks

CONTEXTS = frozenset({"ENUM", "QUANTITY", "EVENT", "TERM"})
"""Families of which a subject that nobody described is no more than the words before a list, a number or a term."""
FEWEST_APART = 2
"""Options one character apart test the eye, not the memory."""


@item_rule("V10", ERROR, _("Exactly one option is the key, and all options are clearly different texts."))
def one_key_among_options(item: Item) -> Iterator[Problem]:
    options = item.content.options or ()
    if not options:
        return
    plain = [normal(option) for option in options]
    hits = plain.count(normal(item.key))
    if hits != 1:
        yield Problem(gettext("%(hits)s options equal the key") % {"hits": hits})
    for i, left in enumerate(plain):
        for right in plain[i + 1 :]:
            if edit_distance(left, right) < FEWEST_APART:
                yield Problem(
                    gettext("options 「%(left)s」 and 「%(right)s」 differ by at most one character")
                    % {"left": left, "right": right}
                )


@item_rule("V11", ERROR, _("No distractor is true of what is asked; of a joint actor's members nothing is asked."))
def distractors_are_false(item: Item) -> Iterator[Problem]:
    for ask in choice_asks(item):
        if ask.target is not Target.SUBJECT and ask.target is not Target.SECTION:
            yield from true_distractors(item, ask)
    for ask in [] if item.content.kind == "matching" else asks_of(item):
        for text in (*item.wrong_options, item.key):
            statement = undecided(ask, text, item.bank.world)
            if statement is not None and not is_proved(ask, text, item):
                yield Problem(
                    gettext("「%(text)s」 is left open: %(id)s holds of 「%(subject)s」 jointly")
                    % {"text": text, "id": statement.fact.id, "subject": statement.subject},
                    {"text": text, "fact": statement.fact.id},
                )


def is_proved(ask: Ask, text: str, item: Item) -> bool:
    """Whether the key, besides belonging to a joint statement, is stated of its subject alone."""
    return text == item.key and bool(true_options(ask, [text], item.bank.world))


def choice_asks(item: Item) -> list[Ask]:
    """The asks of a question with options."""
    return asks_of(item) if item.is_choice else []


def true_distractors(item: Item, ask: Ask) -> Iterator[Problem]:
    for option, proof in true_options(ask, item.wrong_options, item.bank.world).items():
        where = f"{proof.fact.id}, {proof.unit.id}" if proof else gettext("its place in the document")
        yield Problem(
            gettext("the distractor 「%(option)s」 is true (%(where)s)") % {"option": option, "where": where},
            {"option": option},
        )


def arguable_distractors(item: Item, ask: Ask) -> Iterator[Problem]:
    for option in item.wrong_options:
        proof = near_miss(ask, option, item)
        if proof is not None:
            yield Problem(
                gettext("%(id)s says something alike of 「%(option)s」") % {"id": proof.fact.id, "option": option},
                severity=WARNING,
            )


@item_rule("V12", ERROR, _("Asked backwards, the document gives the key alone; a typed answer has one right content."))
def reverse_is_unique(item: Item) -> Iterator[Problem]:
    for ask in choice_asks(item):
        if ask.target is Target.SUBJECT or ask.target is Target.SECTION:
            yield from true_distractors(item, ask)
        if ask.target is Target.SUBJECT:
            yield from arguable_distractors(item, ask)
    if item.content.kind == "short_answer" and not item.is_choice:
        for ask in asks_of(item):
            for rival in rivals(item, ask):
                yield Problem(
                    gettext("「%(answer)s」 also answers the question (%(id)s, %(unit)s)")
                    % {"answer": rival_answer(ask, rival), "id": rival.fact.id, "unit": rival.unit.id},
                    {"fact": rival.fact.id},
                )


def rivals(item: Item, ask: Ask) -> Iterator[Statement]:
    """Statements in scope that answer an open question differently and that its stem does not exclude."""
    seen = set[str]()
    for statement in in_scope(ask, item.bank.world):
        answer = rival_answer(ask, statement)
        if statement.fact.id == ask.fact.id or normal(answer) in seen or is_the_key(item, ask, statement):
            continue
        if (
            ask.target is Target.SUBJECT
            and "META" in (statement.fact.family, ask.fact.family)
            and is_unlike(ask, statement)
        ):
            continue
        if fits(item, ask, statement):
            seen.add(normal(answer))
            yield statement


def is_unlike(ask: Ask, statement: Statement) -> bool:
    """Whether one of the two says how a part of the document is called, and the other something about the world."""
    return statement.fact.family != ask.fact.family


def rival_answer(ask: Ask, statement: Statement) -> str:
    return statement.subject if ask.target is Target.SUBJECT else statement.object


def is_the_key(item: Item, ask: Ask, statement: Statement) -> bool:
    """Whether a statement only gives the same answer again."""
    world, accepted = item.bank.world, (item.key, *map(str, item.content.accepted))
    if ask.target is Target.SUBJECT:
        is_named = bool(statement.fact.subject_entity) or statement.fact.family not in CONTEXTS
        return (not is_named and statement.unit.id == ask.fact.unit) or any(
            world.is_subject(text, statement) for text in accepted
        )
    return any(is_same_object(text, statement.object) for text in accepted)


def fits(item: Item, ask: Ask, statement: Statement) -> bool:
    """Whether a statement answers the same open question: same object, or same subject and relation, not excluded."""
    if ask.target is Target.SUBJECT:
        given = ask.given if quotations(item.content.stem) else (ask.fact.text,)
        return gives_object(given, statement) or is_same_object(ask.fact.text, statement.object)
    if ask.target is not Target.OBJECT or statement.fact.relation != ask.fact.relation:
        return False
    if (statement.left or ask.fact.left) and normal(statement.left) != normal(
        ask.fact.left.text if ask.fact.left else ""
    ):
        return False
    return is_about(ask.fact, statement, item.bank.world) and not excludes(item, ask, statement)


def excludes(item: Item, ask: Ask, statement: Statement) -> bool:
    """Whether the stem holds a word of the asked clause that the other statement's clause lacks."""
    stem = bigrams(item.visible_stem)
    own = bigrams(clause_around(item, ask.fact.start, ask.fact.end)) - bigrams(ask.fact.subject)
    other = bigrams(clause_around(item, statement.fact.start, statement.fact.end))
    return bool((stem & own) - other)


def clause_around(item: Item, start: int, end: int) -> str:
    """The clause of the pinned text that holds [start, end)."""
    text, marks = item.bank.knowledge.text, ",，;；:：。!！?？\n"
    while start > 0 and text[start - 1] not in marks:
        start -= 1
    while end < len(text) and text[end] not in marks:
        end += 1
    return text[start:end]


@item_rule("V13", ERROR, _("What stands in several places of the document is asked within a named scope."))
def repeated_text_is_scoped(item: Item) -> Iterator[Problem]:
    if names_its_scope(item) or item.content.kind in ("enumeration", "ordering"):
        return
    asks = asks_of(item)
    is_by_place = bool(asks) and all(ask.target in (Target.SUBJECT, Target.SECTION) for ask in asks)
    if not is_by_place and any(fact.multi_true for fact in item.facts):
        yield Problem(gettext("a fact that is true in several places is asked without a scope"))
        return
    for ask in asks:
        if ask.target in (Target.SUBJECT, Target.SECTION):
            places = [item.bank.world.units_with(piece) for piece in ask.given]
            shared = frozenset.intersection(*places) if places else frozenset[str]()
        else:
            shared = item.bank.world.units_with(item.key) if item.content.kind != "cloze" else frozenset()
        if len(shared) > 1:
            yield Problem(
                gettext("what is asked stands in %(shared)s, and no scope is named")
                % {"shared": ", ".join(sorted(shared))}
            )


def names_its_scope(item: Item) -> bool:
    """Whether the stem names a part of the document, or the scope recorded with the question."""
    scopes = {item.content.scope, *(fact.scope for fact in item.facts)} - {""}
    return item.names_scope or any(scope in item.content.stem for scope in scopes)


@item_rule("V15", ERROR, _("A number asked for is the only number of its unit in the evidence."))
def number_is_alone(item: Item) -> Iterator[Problem]:
    pattern = item.bank.vocabulary.number
    if not pattern or not item.is_typed:
        return
    asked = number_unit(item, pattern)
    if not asked:
        return
    for unit in item.evidence_units:
        found = [match.group() for match in re.finditer(pattern, unit.text) if match.group(1) == asked]
        if len(set(found)) > 1 and item.key in unit.text:
            yield Problem(
                gettext("%(id)s has several numbers of the unit 「%(asked)s」: %(found)s")
                % {"id": unit.id, "asked": asked, "found": ", ".join(found)}
            )


def number_unit(item: Item, pattern: str) -> str:
    """The unit of the number that the key is, alone or with what follows its blank; "" when it is no number."""
    whole = re.fullmatch(pattern, item.key)
    if whole:
        return whole.group(1) or ""
    numerals = re.escape(item.bank.vocabulary.numerals)
    if not re.fullmatch(f"第?[0-9{numerals}]+", item.key):
        return ""
    behind = without_blanks(item.content.stem.partition("＿")[2]).lstrip("＿")
    joined = re.match(pattern, item.key + behind)
    return (joined.group(1) or "") if joined else ""


@item_rule("V16", ERROR, _("An open list (one that ends in “and so on”) is never asked for in full or counted."))
def open_list_is_open(item: Item) -> Iterator[Problem]:
    is_open = any(not fact.closed for fact in item.facts)
    lists = item.content.kind == "enumeration"
    if is_open and (lists or asks_for_total(item)) and item.content.is_closed_list and lists:
        yield Problem(gettext("the list is open in the document but the question calls it complete"))
    if is_open and asks_for_total(item):
        yield Problem(gettext("the stem asks for all of a list that the document leaves open"))


def asks_for_total(item: Item) -> bool:
    stem = outside_quotations(item.content.stem).casefold()
    return any(word in stem for word in item.bank.vocabulary.totals)


@item_rule("V17", ERROR, _("Order is asked only where the document gives order a meaning: numbered items, chapters."))
def order_has_meaning(item: Item) -> Iterator[Problem]:
    if item.content.kind != "ordering":
        return
    for fact in item.facts:
        if not fact.ordered:
            yield Problem(gettext("the order of %(id)s has no meaning in the document") % {"id": fact.id})
    if len(item.keys) < 3:
        yield Problem(gettext("fewer than three items to order"))
