"""Rules V20-V27: options of one kind, alike in form, none absurd, none a trick."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from statistics import mean

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from curriculum.knowledge import Fact
from quizzes.content import BLANK
from quizzes.generation.latin import agrees
from quizzes.generation.measures import text_length
from quizzes.validity.findings import ERROR, WARNING, Problem, item_rule
from quizzes.validity.item import Bank, Item
from quizzes.validity.texts import edit_distance, fragments, holds, normal

LONGEST_RATIO_ERROR, LONGEST_RATIO_WARNING = 2.0, 1.5
"""Longest option over shortest: good items of this kind lie between 1.0 and 1.9."""
KEY_RATIO = (0.67, 1.5)
"""Key over mean distractor: outside, length alone singles the key out."""
FEWEST_OPTIONS, MOST_OPTIONS = 3, 4
"""Three options suffice where a fourth would be implausible (Rodriguez 2005)."""
SHORTEST_TRAP = 4
"""Shorter texts, 數字化 and 網絡化, are naturally one character apart."""
SHARE_OF_POOL = 0.75
"""Share of a pool's members that must end alike before the ending is the mark of the pool."""
SMALLEST_POOL = 3


def coarse_type(text: str, bank: Bank) -> str:
    """The kind of thing that a text plainly is: "number", "heading", an entity's type, or "" for other text."""
    words, world = bank.vocabulary, bank.world
    if words.number and re.fullmatch(words.number, text):
        return "number"
    if normal(text) in world.headings:
        return "heading"
    ids = world.ids(text)
    return min((bank.knowledge.entity_by_id[id].type for id in ids), default="")


def pools_of(text: str, bank: Bank) -> frozenset[str]:
    """The answer pools to which exactly this text belongs."""
    return bank.world.pools.get(normal(text), frozenset())


def is_closed_class(options: Sequence[str], bank: Bank) -> bool:
    """Whether all options are names (of actors, headings) or numbers, whose length nobody chose."""
    return all(is_name(coarse_type(option, bank)) != "text" for option in options)


@item_rule("V20", ERROR, _("All options are of one type."))
def options_share_a_type(item: Item) -> Iterator[Problem]:
    kinds = {option: is_name(coarse_type(option, item.bank)) for option in item.content.options or ()}
    if len(set(kinds.values())) > 1:
        own = kinds.get(item.key, "text")
        is_plain = GENERAL_NAMES & set(kinds.values())
        alone = sum(kind == own for kind in kinds.values()) == 1
        severity = ERROR if is_plain or alone else WARNING
        yield Problem(
            gettext("options of different kinds: %(kinds)s") % {"kinds": ", ".join(sorted(set(kinds.values())))},
            severity=severity,
        )
        return
    pool = item.content.pool
    for option in item.content.options or ():
        pools = pools_of(option, item.bank)
        if pool and pools and pool not in pools and kinds[option] == "text":
            yield Problem(
                gettext("「%(option)s」 belongs to %(pools)s, the key to %(pool)s")
                % {"option": option, "pools": "、".join(sorted(pools)), "pool": pool}
            )


GENERAL_NAMES = frozenset({"number", "heading"})
MIXABLE = frozenset({"concept", "thing", "idea", ""})
"""Names of concepts and things are also ordinary words, so they may stand beside other text."""


def is_name(coarse: str) -> str:
    """What counts as one kind for options: numbers, headings, names of somebody, other text."""
    if coarse in GENERAL_NAMES:
        return coarse
    return "text" if coarse in MIXABLE else "name"


@item_rule("V21", ERROR, _("Options are about equally long, and the key is not singled out by its length."))
def lengths_are_even(item: Item) -> Iterator[Problem]:
    options = item.content.options or ()
    if len(options) < 2 or not item.wrong_options or is_closed_class(options, item.bank):
        return
    lengths = [max(text_length(option), 1) for option in options]
    ratio = max(lengths) / min(lengths)
    if ratio > LONGEST_RATIO_WARNING:
        severity = ERROR if ratio > LONGEST_RATIO_ERROR else WARNING
        yield Problem(
            gettext("the longest option is %(ratio)s times the shortest") % {"ratio": f"{ratio:.2f}"},
            {"ratio": ratio},
            severity,
        )
    share = max(text_length(item.key), 1) / mean(max(text_length(option), 1) for option in item.wrong_options)
    if not KEY_RATIO[0] <= share <= KEY_RATIO[1]:
        yield Problem(
            gettext("the key is %(share)s times as long as the mean distractor") % {"share": f"{share:.2f}"},
            {"ratio": share},
        )


@item_rule(
    "V22", ERROR, _("Options have one frame: all start as actions or none, and none alone lacks a common ending.")
)
def frames_are_alike(item: Item) -> Iterator[Problem]:
    options = item.content.options or ()
    if not options or is_closed_class(options, item.bank):
        return
    yield from different_openings(item, options)
    yield from odd_ending(item, options)
    yield from odd_article(item, options)


def starts_with_verb(text: str, bank: Bank) -> bool | None:
    """Whether a text is an action: a verb with something behind it, and no noun made from a verb.

    None where the text may be read either way (a verb phrase that modifies a noun).
    """
    words, plain = bank.vocabulary, text.casefold()
    if plain.endswith(words.class_endings):
        return False
    if words.modifier and words.modifier in plain and plain.startswith(words.verbs):
        return None
    return any(plain.startswith(verb) and plain != verb for verb in words.verbs)


def different_openings(item: Item, options: Sequence[str]) -> Iterator[Problem]:
    """A problem when the key alone opens with a verb, or alone does not."""
    verbs = {option: starts_with_verb(option, item.bank) for option in options}
    wrong = {verbs[option] for option in item.wrong_options}
    if None not in verbs.values() and len(wrong) == 1 and verbs.get(item.key) not in wrong and item.key in verbs:
        yield Problem(gettext("the key alone starts as an action, or alone does not"), {"options": list(options)})


def odd_article(item: Item, options: Sequence[str]) -> Iterator[Problem]:
    """A problem when “a” or “an” before the blank goes with some options only."""
    before, blank, _ = item.content.stem.partition(BLANK)
    fitting = [option for option in options if blank and agrees(before, option)]
    if blank and len(fitting) < len(options):
        yield Problem(gettext("the article before the blank rules options out"), {"fitting": fitting})


def odd_ending(item: Item, options: Sequence[str]) -> Iterator[Problem]:
    """A problem when an ending that marks the key's pool, or all distractors, is missing from one option."""
    endings = pool_endings(item)
    for ending in item.bank.vocabulary.class_endings:
        having = [option for option in options if option.endswith(ending)]
        lone_key = len(having) == len(options) - 1 and item.key not in having
        only_key = having == [item.key]
        if lone_key or (only_key and ending in endings):
            yield Problem(
                gettext("the ending 「%(ending)s」 sets the key apart") % {"ending": ending}, {"ending": ending}
            )
            return
        if ending in endings and 0 < len(having) < len(options):
            yield Problem(
                gettext("not all options end in 「%(ending)s」 as their pool does") % {"ending": ending},
                {"ending": ending},
            )
            return


def pool_endings(item: Item) -> frozenset[str]:
    """The endings in which nearly all members of the key's pool agree."""
    texts = item.bank.world.objects_of_pool.get(item.content.pool, set())
    if len(texts) < SMALLEST_POOL:
        return frozenset()
    return frozenset(
        ending
        for ending in item.bank.vocabulary.class_endings
        if sum(text.endswith(ending) for text in texts) >= SHARE_OF_POOL * len(texts)
    )


@item_rule("V23", WARNING, _("Options join about equally many parts."))
def parts_are_even(item: Item) -> Iterator[Problem]:
    counts = [option.count("、") for option in item.content.options or ()]
    if counts and max(counts) - min(counts) > 1:
        yield Problem(gettext("the options join different numbers of parts"), {"counts": counts})


@item_rule("V24", ERROR, _("A choice has three or four options."))
def number_of_options(item: Item) -> Iterator[Problem]:
    options = item.content.options
    if item.content.kind == "choice" and not options:
        yield Problem(gettext("a choice without options"))
    elif options and not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        yield Problem(ngettext("%(n)s option", "%(n)s options", len(options)) % {"n": len(options)})


@item_rule("V25", ERROR, _("No all or none of the above; absolute words only where the key quotes them."))
def no_catch_all(item: Item) -> Iterator[Problem]:
    words = item.bank.vocabulary
    for option in item.content.options or ():
        plain = option.casefold()
        if any(word == plain if len(word) < 3 else word in plain for word in words.all_or_none):
            yield Problem(gettext("「%(option)s」 refers to the other options") % {"option": option})
        absolute = next((word for word in words.absolutes if word in plain), "")
        if absolute and not (option == item.key or item.bank.is_slice(option)):
            yield Problem(
                gettext("「%(option)s」 gives itself away by 「%(word)s」")
                % {"option": option, "word": absolute.strip()}
            )


@item_rule(
    "V26", ERROR, _("Every distractor is quoted from the document and recorded with the fact of which it is true.")
)
def distractors_are_quoted(item: Item) -> Iterator[Problem]:
    if not item.is_choice:
        return
    recorded = {normal(row.text): row.fact for row in item.content.distractors}
    for option in item.wrong_options:
        if coarse_type(option, item.bank) == "number":
            continue
        if not all(item.bank.is_slice(piece) for piece in fragments(option)) and not is_known_name(option, item.bank):
            yield Problem(gettext("the distractor 「%(option)s」 is not in the document") % {"option": option})
        if normal(option) not in recorded:
            yield Problem(gettext("no record of where 「%(option)s」 is true") % {"option": option})
            continue
        fact = item.bank.knowledge.fact_by_id.get(recorded[normal(option)])
        if fact is None or not belongs(option, fact, item.bank):
            yield Problem(
                gettext("「%(option)s」 is recorded as true of %(fact)s, which differs")
                % {"option": option, "fact": recorded[normal(option)] or gettext("no fact")}
            )


def is_known_name(text: str, bank: Bank) -> bool:
    return normal(text) in bank.world.headings or bool(bank.world.ids(text))


def belongs(text: str, fact: Fact, bank: Bank) -> bool:
    """Whether a text is part of what a fact says, names its subject, or heads the section where it stands."""
    world = bank.world
    plain = normal(text)
    left = fact.left.text if fact.left else ""
    said = (fact.text, fact.subject, left, *(member.text for member in fact.members), *fact.variants)
    if any(plain in normal(part) for part in said) or fact.unit in world.sections(text):
        return True
    if fact.unit in world.units_with(text):
        return True
    return bool(world.ids(text) & world.names.denoted(fact.subject, fact.subject_entity))


@item_rule("V27", ERROR, _("No option contains another, nor differs by one character from it or from what is true."))
def options_do_not_overlap(item: Item) -> Iterator[Problem]:
    for left, right in combinations(item.content.options or (), 2):
        a, b = normal(left), normal(right)
        if holds(left, right) or holds(right, left):
            yield Problem(gettext("「%(left)s」 and 「%(right)s」 overlap") % {"left": left, "right": right})
        elif edit_distance(a, b) <= 1:
            yield Problem(
                gettext("「%(left)s」 and 「%(right)s」 differ by one character") % {"left": left, "right": right}
            )
    true = [text for fact in item.facts for text in (fact.text, *(member.text for member in fact.members))]
    for option in item.wrong_options if len(item.facts) == 1 else ():
        near = next((text for text in true if 0 < edit_distance(normal(option), normal(text)) <= 1), "")
        if near and len(normal(option)) >= SHORTEST_TRAP:
            yield Problem(
                gettext("「%(option)s」 differs by one character from 「%(near)s」, which is true")
                % {"option": option, "near": near}
            )
