"""Premises to be paired with responses, each response at most once. Answers are one stored response index or None
for each premise.

Every pair is graded on its own fact; the score is the share of right pairs. Details of an outcome: {"raw": "4/5",
"right", "pairs", "responses", "corrected"}, where `corrected` is for statistics and never shown to the learner.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.content import Content
from quizzes.kinds.base import InvalidAnswer, Outcome, Part, display_order, frame, one_index, shuffled
from quizzes.kinds.choice import LETTERS

MOST_FIXED_POINTS = 1
"""At most so many responses may stand opposite their own premise."""


class Matching:
    """Two columns; in plain HTML one select for each premise."""

    name = "matching"

    def is_productive(self, content: Content) -> bool:
        return False

    def present(self, content: Content, *, order: dict[str, Any], hints: int) -> dict[str, Any]:
        """`premises`: {"index", "text", "field"}; `responses` in display order: {"index", "letter", "text"}."""
        premises = [
            {"index": index, "text": text, "field": f"pair_{index}"} for index, text in enumerate(content.premises)
        ]
        places = display_order(order, "responses", len(content.responses))
        responses = [
            {"index": index, "letter": letter, "text": content.responses[index]}
            for letter, index in zip(LETTERS, places, strict=False)
        ]
        unused = len(responses) - len(premises)
        shown = {"widget": "pairs", "premises": premises, "responses": responses, "unused": unused}
        return frame(self, content, hints=hints) | shown

    def shuffle(self, content: Content, seed: int | str) -> dict[str, Any]:
        key = [pair[1] for _fact, pair in _facts_and_pairs(content)]

        def is_good(places: list[int]) -> bool:
            opposite = zip(key, places, strict=False)
            return sum(content.responses[index] == text for text, index in opposite) <= MOST_FIXED_POINTS

        return {"responses": shuffled(content.responses, f"{content.id}:{seed}:responses", is_good=is_good)}

    def read(self, content: Content, data: Mapping[str, Any]) -> list[int | None]:
        count = len(content.responses)
        pairs = [one_index(data, f"pair_{index}", count) for index in range(len(content.premises))]
        used = [index for index in pairs if index is not None]
        if len(set(used)) < len(used):
            raise InvalidAnswer(_("One item on the right is used twice."), code="used_twice")
        return pairs

    def grade(self, content: Content, answer: Any, *, is_final: bool = False) -> Outcome:
        pairs = list(answer or ())
        is_blank = all(index is None for index in pairs)
        parts = tuple(
            _part(content, fact, pair, index)
            for (fact, pair), index in zip_longest(_facts_and_pairs(content), pairs[: len(content.key)])
        )
        right, count = sum(part.is_correct for part in parts), len(parts)
        details = {
            "raw": f"{right}/{count}",
            "right": right,
            "pairs": count,
            "responses": len(content.responses),
            "corrected": corrected(right, count, len(content.responses)),
        }
        verdict, rule = ("blank", "blank") if is_blank else _verdict(right, count)
        return Outcome(verdict, right / count, rule, may_retry=is_blank, parts=parts, details=details)

    def hint(self, content: Content, level: int) -> dict[str, Any]:
        return {}


def _facts_and_pairs(content: Content) -> list[tuple[str, list[str]]]:
    """The pairs of the key, each with the fact that it is graded on."""
    facts = content.facts if len(content.facts) == len(content.key) else [""] * len(content.key)
    return [(fact, [str(text) for text in pair]) for fact, pair in zip(facts, content.key, strict=True)]


def _part(content: Content, fact: str, pair: list[str], index: int | None) -> Part:
    premise, key = pair
    given = "" if index is None else content.responses[index]
    is_correct = given == key
    return Part(fact, is_correct, key, given, confused_with="" if is_correct else given, note=premise)


def _verdict(right: int, count: int) -> tuple[str, str]:
    if right == count:
        return "correct", "all_pairs"
    return ("partial", "some_pairs") if right else ("wrong", "no_pair")


def corrected(right: int, pairs: int, responses: int) -> float:
    """Share of right pairs above chance: max(0, (c/n - 1/m) / (1 - 1/m)) for n pairs and m responses.

    A blind guess pairs a premise rightly with chance 1/m (see Draaijer, Jordan & Ogden 2018 on guess scores).
    """
    if responses < 2:
        return right / pairs
    chance = 1 / responses
    return max(0.0, (right / pairs - chance) / (1 - chance))
