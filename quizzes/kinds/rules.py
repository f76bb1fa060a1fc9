"""The step that decided about an answer, in words: for instructors, beside the verdict."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    # Typed answers, and what they share with choices.
    "key": _("It is the expected answer."),
    "script": _("It is the expected answer in the other Chinese script."),
    "width": _("It is the expected answer in other letters or widths: capitals or full-width characters."),
    "variant": _("It is one of the other answers that are accepted."),
    "number": _("It is the same number, written otherwise."),
    "affix": _("It is the expected answer with words that may be added or left out."),
    "one_character": _("One character differs from the expected answer."),
    "two_characters": _("Two characters differ from the expected answer."),
    "contains_key": _("It holds the expected answer and more besides."),
    "part_of_key": _("It is only a part of the expected answer."),
    "confusion": _("It is the answer to another statement of the document."),
    "distractor": _("It is one of the wrong options."),
    "hedged": _("It gives two answers side by side."),
    "different": _("It is another text than any that is accepted."),
    "other_option": _("Another option was chosen."),
    # Lists.
    "all_members": _("All members of the list are there."),
    "all_with_extras": _("All members of the list are there, and something that is none of them."),
    "some_members": _("Some members of the list are missing."),
    "no_member": _("No member of the list is there."),
    # Pairs and orders.
    "all_pairs": _("All pairs are right."),
    "some_pairs": _("Some pairs are right."),
    "no_pair": _("No pair is right."),
    "same_order": _("The order is that of the document."),
    "similar_order": _("The order is nearly that of the document."),
    "other_order": _("The order is far from that of the document."),
    # No answer.
    "blank": _("Nothing was answered."),
    "gave_up": _("The learner asked to see the answer."),
}


def rule_words(rule: str) -> str:
    """Why an answer was judged as it was; the code itself of a rule that is no longer in use, "" for none."""
    return str(WORDS.get(rule, rule))
