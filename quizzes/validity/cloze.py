"""Rules V40-V44: a blank stands for one declared piece of content, and enough remains to find it by."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from curriculum.knowledge import Fact
from quizzes.generation.latin import MOST_TYPED_WORDS, counted_words
from quizzes.generation.measures import bigrams, edges, is_latin, text_length
from quizzes.validity.context import quoted_part
from quizzes.validity.findings import ERROR, WARNING, Problem, item_rule
from quizzes.validity.item import Item
from quizzes.validity.one_answer import number_unit
from quizzes.validity.texts import BLANK_RUN, normal, times

SHORTEST, LONGEST = 2, 12
"""Characters of a blank: one is a particle, more than twelve nobody types or weighs word by word."""
LONGEST_TYPED = 6
"""Longest exact text that is fair to ask for by keyboard."""
LARGEST_SHARE = 0.5
FEWEST_LEFT = 8
"""Characters that must remain around a blank for the sentence to be found."""
FEWEST_WORDS_LEFT = 4
MOST_BLANKS = 2
LONGEST_SHOWN = 90
LONGEST_SHORT_ANSWER = 12
LONGEST_OPTION = 16
"""Characters of an option that is still taken in at a glance."""


def blanks(item: Item) -> int:
    return len(BLANK_RUN.findall(item.content.stem))


def declared_spans(fact: Fact) -> frozenset[str]:
    """Normal forms of the texts that a fact declares as possible blanks, approved elisions removed."""
    texts = [fact.text, *(span.text for span in (*fact.members, *fact.anchors)), *fact.variants]
    if fact.left is not None:
        texts.append(fact.left.text)
    masked = [text.replace(mask, "") for text in texts for mask in fact.masks]
    return frozenset(normal(text) for text in (*texts, *masked, fact.subject))


@item_rule(
    "V40", ERROR, _("A blank is a declared piece of content of 2 to 12 characters, no particle or part of a name.")
)
def blank_is_content(item: Item) -> Iterator[Problem]:
    if item.content.kind != "cloze":
        return
    for key in item.keys:
        if item.bank.vocabulary.number and number_unit(item, item.bank.vocabulary.number):
            continue
        length = text_length(key)
        if not (length >= SHORTEST or is_latin(key)) or length > LONGEST:
            said = ngettext(
                "the blank 「%(key)s」 has %(n)s character", "the blank 「%(key)s」 has %(n)s characters", length
            )
            yield Problem(said % {"key": key, "n": length})
        particles = item.bank.vocabulary.edge_particles
        if key and any(edge in particles for edge in edges(key)) and not is_exactly_declared(item, key):
            yield Problem(gettext("the blank 「%(key)s」 begins or ends in a particle") % {"key": key})
        if bigrams(key) and bigrams(key) <= item.bank.measures.stop:
            yield Problem(gettext("the blank 「%(key)s」 holds only words that are everywhere") % {"key": key})
        yield from undeclared(item, key)


def is_exactly_declared(item: Item, key: str) -> bool:
    """Whether the key is the whole object, a member or an anchor of one of the question's facts."""
    return any(normal(key) in declared_spans(fact) for fact in item.facts)


def declaring(item: Item, key: str) -> list[str]:
    """Ids of other facts of the same sentences that declare the blank."""
    units = {unit.id for unit in item.evidence_units}
    facts = (fact for fact in item.bank.knowledge.facts if fact.unit in units)
    return [fact.id for fact in facts if normal(key) in declared_spans(fact)]


def undeclared(item: Item, key: str) -> Iterator[Problem]:
    """A problem when the question's facts do not declare the blank, or when it cuts a name in two."""
    if not is_exactly_declared(item, key):
        others = declaring(item, key)
        words = (
            gettext("%(facts)s does not declare 「%(key)s」 as object or anchor (but %(others)s does)")
            if others
            else gettext("%(facts)s does not declare 「%(key)s」 as object or anchor")
        )
        yield Problem(words % {"facts": ", ".join(item.content.facts), "key": key, "others": ", ".join(others)})
    for unit in item.evidence_units:
        at = unit.text.find(key)
        if at < 0 or unit.kind != "sentence":
            continue
        for name in names_cut(item, unit.text, at, at + len(key)):
            yield Problem(gettext("the blank 「%(key)s」 cuts the name 「%(name)s」") % {"key": key, "name": name})


def names_cut(item: Item, text: str, start: int, end: int) -> Iterator[str]:
    """Names in the sentence that overlap the blank at one side without lying inside it, or that reach over it."""
    names = {n for entity in item.bank.knowledge.entities for n in (entity.name, *entity.aliases)}
    whole = any(normal(text[start:end]) in declared_spans(fact) for fact in item.facts)
    for name in sorted(names):
        at = text.find(name)
        while at >= 0:
            stop = at + len(name)
            crosses = at < start < stop < end or start < at < end < stop
            reaches_over = at <= start and end <= stop and (at, stop) != (start, end) and not whole
            if crosses or reaches_over:
                yield name
            at = text.find(name, at + 1)


@item_rule(
    "V41", ERROR, _("A blank's text stands once in its sentence and takes at most half; enough is left to read.")
)
def blank_leaves_context(item: Item) -> Iterator[Problem]:
    left = text_length(quoted_part(item.content.stem)) if blanks(item) else 0
    if blanks(item) and left < FEWEST_LEFT and counted_words(quoted_part(item.content.stem)) < FEWEST_WORDS_LEFT:
        said = ngettext(
            "only %(n)s character of the sentence remains", "only %(n)s characters of the sentence remain", left
        )
        yield Problem(said % {"n": left})
    if item.content.kind != "cloze" or not item.evidence_units:
        return
    unit = next((u for u in item.evidence_units if item.key in u.text), item.evidence_units[0])
    total = text_length(unit.text)
    for key in item.keys:
        if times(unit.text, key) > 1:
            yield Problem(gettext("「%(key)s」 stands more than once in %(id)s") % {"key": key, "id": unit.id})
    taken = sum(text_length(key) for key in item.keys)
    if taken > LARGEST_SHARE * total:
        yield Problem(gettext("the blank takes %(taken)s of %(total)s characters") % {"taken": taken, "total": total})


@item_rule("V42", ERROR, _("At most two blanks, and two only for the halves of a pair or a list of two."))
def few_blanks(item: Item) -> Iterator[Problem]:
    count = blanks(item)
    if count > MOST_BLANKS:
        yield Problem(gettext("%(count)s blanks") % {"count": count})
    elif count == MOST_BLANKS and not any(fact.left or len(fact.members) == MOST_BLANKS for fact in item.facts):
        yield Problem(gettext("two blanks without a pair"))


@item_rule(
    "V43", ERROR, _("Blanks of up to six characters are typed, to twelve chosen, longer none; answers are short.")
)
def keys_are_short(item: Item) -> Iterator[Problem]:
    for key in item.keys if item.is_typed else ():
        limit = LONGEST_TYPED if item.content.kind == "cloze" else LONGEST_SHORT_ANSWER
        if text_length(key) > limit:
            yield Problem(
                gettext("%(length)s characters have to be typed: 「%(key)s」")
                % {"length": text_length(key), "key": key}
            )
        if counted_words(key) > MOST_TYPED_WORDS:
            yield Problem(gettext("%(n)s words have to be typed: 「%(key)s」") % {"n": counted_words(key), "key": key})
    longest = LONGEST if item.content.kind == "cloze" else LONGEST_OPTION
    if item.is_choice and blanks(item) and text_length(item.key) > longest:
        yield Problem(
            gettext("the blank stands for %(length)s characters: 「%(key)s」")
            % {"length": text_length(item.key), "key": item.key}
        )


@item_rule("V44", WARNING, _("A sentence shown around a blank has at most 90 characters."))
def shown_sentence_is_short(item: Item) -> Iterator[Problem]:
    if item.content.kind == "cloze" and text_length(item.content.stem) > LONGEST_SHOWN:
        yield Problem(gettext("%(length)s characters are shown") % {"length": text_length(item.content.stem)})
