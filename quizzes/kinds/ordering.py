"""Items to be put in the order of the document. Answers are the places (from 1) given to the stored items.

Score: max(0, Kendall's tau) over all pairs of items (Kendall 1938), which is 0 on average for a blind guess.
Details of an outcome: {"tau", "order": texts as placed, "positions": [is_right], "positions_right", "longest_run",
"items"}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.content import Content
from quizzes.kinds.base import InvalidAnswer, Outcome, blank, display_order, frame, one, shuffled, whole

GOOD_ENOUGH = 0.6
"""Tau from which an order that is not right is partly right."""
ARROW = " → "


class Ordering:
    """A list of items with a place for each."""

    name = "ordering"

    def is_productive(self, content: Content) -> bool:
        return False

    def present(self, content: Content, *, order: dict[str, Any], hints: int) -> dict[str, Any]:
        """`items` in display order: {"index": stored, "text", "field": "place_3"}; `places` 1..n to choose from."""
        count = len(content.items)
        shown = [
            {"index": index, "text": content.items[index], "field": f"place_{index}"}
            for index in display_order(order, "items", count)
        ]
        places = list(range(1, count + 1))
        return frame(self, content, hints=hints) | {"widget": "places", "items": shown, "places": places}

    def shuffle(self, content: Content, seed: int | str) -> dict[str, Any]:
        """An order that is not the solution."""
        order = shuffled(
            content.items,
            f"{content.id}:{seed}:items",
            is_good=lambda places: [content.items[index] for index in places] != content.key,
        )
        return {"items": order}

    def read(self, content: Content, data: Mapping[str, Any]) -> list[int] | None:
        count = len(content.items)
        texts = [one(data, f"place_{index}").strip() for index in range(count)]
        if not any(texts):
            return None
        if not all(texts):
            raise InvalidAnswer(_("Give every item a place."), code="missing_place")
        if not all(text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= count for text in texts):
            raise InvalidAnswer(_("This place is not in the list."), code="unknown_option")
        places = [int(text) for text in texts]
        if len(set(places)) < count:
            raise InvalidAnswer(_("Two items have the same place."), code="duplicate_place")
        return places

    def grade(self, content: Content, answer: Any, *, is_final: bool = False) -> Outcome:
        solution = [str(item) for item in content.key]
        key = ARROW.join(solution)
        if not answer:
            return blank(content, key=key)
        placed = [item for _place, item in sorted(zip(answer, content.items, strict=True))]
        ranks = [solution.index(item) for item in placed]
        tau = kendall(ranks)
        positions = [rank == place for place, rank in enumerate(ranks)]
        details = {
            "tau": tau,
            "order": placed,
            "positions": positions,
            "positions_right": sum(positions),
            "longest_run": longest_run(ranks),
            "items": len(placed),
        }
        verdict, rule = _verdict(ranks, tau)
        parts = whole(content, is_correct=verdict == "correct", key=key, given=ARROW.join(placed))
        return Outcome(verdict, max(0.0, tau), rule, may_retry=False, parts=parts, details=details)

    def hint(self, content: Content, level: int) -> dict[str, Any]:
        return {}


def _verdict(ranks: Sequence[int], tau: float) -> tuple[str, str]:
    if list(ranks) == sorted(ranks):
        return "correct", "same_order"
    return ("partial", "similar_order") if tau >= GOOD_ENOUGH else ("wrong", "other_order")


def kendall(ranks: Sequence[int]) -> float:
    """Kendall's tau between a sequence of distinct ranks and the ascending order, -1..1; 1 for fewer than two."""
    pairs = list(combinations(ranks, 2))
    return sum(1 if a < b else -1 for a, b in pairs) / len(pairs) if pairs else 1.0


def longest_run(ranks: Sequence[int]) -> int:
    """Length of the longest stretch of items which follow one another just as in the document."""
    longest = length = min(1, len(ranks))
    for before, after in pairwise(ranks):
        length = length + 1 if after == before + 1 else 1
        longest = max(longest, length)
    return longest
