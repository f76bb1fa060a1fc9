"""One of several options. Answers are the stored index of the chosen option, or None.

Details of an outcome: {"chosen": text, "fact": the fact of which the chosen option is true, or ""}.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from quizzes.content import Content
from quizzes.kinds.base import (
    Outcome,
    blank,
    display_order,
    frame,
    hint_code,
    one_index,
    shuffled,
    whole,
)

FEWEST_FOR_FIFTY_FIFTY = 4
REMOVED = 2
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Choice:
    """Radio buttons: a choice question, or a cloze whose answer is too long to type."""

    name = "choice"

    def is_productive(self, content: Content) -> bool:
        return False

    def present(self, content: Content, *, order: dict[str, Any], hints: int) -> dict[str, Any]:
        """`options` in display order: {"index": stored, "letter", "text", "is_removed"}; the field is `choice`."""
        shown = frame(self, content, hints=hints)
        removed = {index for hint in shown["hints"] for index in hint["removed"]}
        options = content.options or ()
        places = display_order(order, "options", len(options))
        shown["widget"] = "options"
        shown["options"] = [
            {"index": index, "letter": letter, "text": options[index], "is_removed": index in removed}
            for letter, index in zip(LETTERS, places, strict=False)
        ]
        return shown

    def shuffle(self, content: Content, seed: int | str) -> dict[str, Any]:
        return {"options": shuffled(content.options or (), f"{content.id}:{seed}:options")}

    def read(self, content: Content, data: Mapping[str, Any]) -> int | None:
        return one_index(data, "choice", len(content.options or ()))

    def grade(self, content: Content, answer: Any, *, is_final: bool = False) -> Outcome:
        key = str(content.key)
        if answer is None:
            return blank(content, key=key)
        chosen = (content.options or ())[answer]
        is_correct = chosen == key
        parts = whole(content, is_correct=is_correct, key=key, given=chosen, confused_with="" if is_correct else chosen)
        fact = next((other.fact for other in content.distractors if other.text == chosen), "")
        details = {"chosen": chosen, "fact": "" if is_correct else fact}
        if is_correct:
            return Outcome("correct", 1.0, "key", may_retry=False, parts=parts, details=details)
        return Outcome("wrong", 0.0, "other_option", may_retry=False, parts=parts, details=details)

    def hint(self, content: Content, level: int) -> dict[str, Any]:
        """`fifty_fifty`: {"code", "removed": two stored indices of wrong options}, only with four options or more."""
        options = content.options or ()
        if hint_code(content, level) != "fifty_fifty" or len(options) < FEWEST_FOR_FIFTY_FIFTY:
            return {}
        wrong = [index for index, text in enumerate(options) if text != content.key]
        removed = random.Random(f"{content.id}:{content.seed}:fifty_fifty").sample(wrong, REMOVED)
        return {"code": "fifty_fifty", "removed": sorted(removed)}
