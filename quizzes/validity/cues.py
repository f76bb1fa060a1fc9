"""Rules V30, V33, V34, V37: nothing on the screen gives the answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from quizzes.content import BLANK
from quizzes.generation.measures import bigrams
from quizzes.validity.findings import ERROR, WARNING, Problem, item_rule
from quizzes.validity.item import Item
from quizzes.validity.options import is_closed_class
from quizzes.validity.texts import BLANK_RUN, holds, normal

EQUAL = 1e-9
LEFT_OVER = 0.25
"""Share of the key's word pairs that may remain in the stem of a typed question."""
SHORTEST_LEAK = 2
"""One character of the key in the stem gives nothing away."""
OTHER_BLANK = re.compile(r"_{2,}|[□◻▢]+|（\s{1,}）|＿+")


@item_rule("V30", ERROR, _("Words shared with the stem point to the key no more than to some distractor."))
def stem_does_not_chime(item: Item) -> Iterator[Problem]:
    if not item.is_choice or not item.wrong_options:
        return
    if poles := meets_in_key(item):
        yield Problem(
            gettext("the parts that options share meet in the key alone: %(poles)s") % {"poles": poles},
            severity=WARNING,
        )
    measures, stem = item.bank.measures, item.visible_stem
    own = measures.cue(stem, item.key)
    best = max(measures.cue(stem, option) for option in item.wrong_options)
    if own > best + EQUAL:
        shared = sorted((bigrams(stem) & bigrams(item.key)) - measures.stop)
        yield Problem(
            gettext("stem and key share %(shared)s") % {"shared": "、".join(shared)},
            {"key": round(own, 2), "distractors": round(best, 2)},
        )
        return
    loose = item.bank.loose_stop
    own = measures.cue(stem, item.key, stop=loose)
    if own > max(measures.cue(stem, option, stop=loose) for option in item.wrong_options) + EQUAL:
        shared = sorted((bigrams(stem) & bigrams(item.key)) - loose)
        yield Problem(
            gettext("stem and key share the frequent %(shared)s") % {"shared": "、".join(shared)}, severity=WARNING
        )


def meets_in_key(item: Item) -> str:
    """What the options share where it meets in the key alone, as between two poles; "" where it does not.

    Whoever has read nothing picks the option that has something in common with most others (Haladyna's convergence).
    """
    others = item.wrong_options
    shared = [pairs for other in others if (pairs := bigrams(item.key) & bigrams(other))]
    if len(shared) < 2 or frozenset.intersection(*shared) or is_closed_class(item.content.options or (), item.bank):
        return ""
    apart = not any(bigrams(a) & bigrams(b) for a, b in combinations(others, 2))
    return "、".join(sorted(frozenset().union(*shared))) if apart else ""


@item_rule("V33", ERROR, _("The key does not stand in the stem, nor most of its words in that of a typed question."))
def key_is_not_in_stem(item: Item) -> Iterator[Problem]:
    if item.content.kind in ("matching", "ordering"):
        return
    for key in item.keys:
        if len(normal(key)) >= SHORTEST_LEAK and holds(item.visible_stem, key):
            yield Problem(gettext("the key 「%(key)s」 stands in the stem") % {"key": key})
        elif item.is_typed:
            pairs = bigrams(key)
            left = (pairs & bigrams(item.visible_stem)) - item.bank.measures.stop
            if pairs and len(left) / len(pairs) > LEFT_OVER:
                yield Problem(
                    gettext("the stem holds %(left)s of the key 「%(key)s」")
                    % {"left": "、".join(sorted(left)), "key": key}
                )


@item_rule("V34", ERROR, _("Where the lesson's or item's heading would give the key away, the question hides it."))
def heading_is_hidden(item: Item) -> Iterator[Problem]:
    if item.content.hide_heading or item.content.kind in ("matching", "ordering"):
        return
    stem = normal(item.content.stem)
    for heading in shown_headings(item):
        if normal(heading) in stem or (item.is_choice and len(shown_in_options(item, heading)) > 1):
            continue
        shared = {pair for key in item.keys for pair in bigrams(key) & bigrams(heading)} - item.bank.measures.stop
        if shared:
            yield Problem(
                gettext("the heading 「%(heading)s」 shares %(shared)s with the key")
                % {"heading": heading, "shared": "、".join(sorted(shared))}
            )


def shown_in_options(item: Item, heading: str) -> list[str]:
    """The options that share a telling word with a heading: with two or more it tells nothing."""
    return [option for option in item.content.options or () if item.bank.measures.shares_cue(option, heading)]


def shown_headings(item: Item) -> list[str]:
    """Headings printed above a question: its lesson's and those of the items that its evidence stands in."""
    knowledge = item.bank.knowledge
    lesson = knowledge.lesson_by_id.get(item.content.lesson)
    passages = [knowledge.passage_by_id.get(unit.passage) for unit in item.evidence_units]
    labels = [passage.label for passage in passages if passage and passage.label]
    return list(dict.fromkeys([*([lesson.heading] if lesson else []), *labels]))


@item_rule("V37", ERROR, _("A blank is always the same mark, whatever it stands for."))
def blank_is_constant(item: Item) -> Iterator[Problem]:
    blanks = BLANK_RUN.findall(item.content.stem)
    odd = [blank for blank in (*blanks, *OTHER_BLANK.findall(item.content.stem)) if blank != BLANK]
    if odd:
        yield Problem(gettext("a blank is drawn as 「%(odd)s」") % {"odd": odd[0]})
    if item.content.kind == "cloze" and not blanks:
        yield Problem(gettext("a cloze without a blank"))
