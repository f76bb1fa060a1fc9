"""A short answer typed from memory. Answers are the raw text; `typed` judges it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from quizzes.chinese import normal, without_article
from quizzes.content import Content
from quizzes.kinds.base import MAX_LENGTH, Outcome, frame, hint_code, is_same, one
from quizzes.kinds.typed import grade_typed

MOST_CHOICES = 4


class ShortAnswer:
    """One text field under the stem."""

    name = "short_answer"

    def is_productive(self, content: Content) -> bool:
        return True

    def present(self, content: Content, *, order: dict[str, Any], hints: int) -> dict[str, Any]:
        """The field is `text`. Only the hint `choices`, once asked for, shows the key (among others)."""
        return frame(self, content, hints=hints) | {"widget": "text", "max_length": MAX_LENGTH}

    def shuffle(self, content: Content, seed: int | str) -> dict[str, Any]:
        return {}

    def read(self, content: Content, data: Mapping[str, Any]) -> str:
        return one(data, "text")

    def grade(self, content: Content, answer: Any, *, is_final: bool = False) -> Outcome:
        return grade_typed(content, answer, is_final=is_final)

    def hint(self, content: Content, level: int) -> dict[str, Any]:
        """`first_character`: {"code", "text"}; `choices`: {"code", "texts"}: the key among answers of other facts.

        A hint that would be the whole answer (a key of one character, a single choice) is not given.
        """
        code = hint_code(content, level)
        if code == "first_character" and len(normal(str(content.key))) > 1:
            return {"code": code, "text": first_character(str(content.key))}
        if code == "choices" and len(texts := choices(content)) > 1:
            return {"code": code, "texts": texts}
        return {}


def first_character(text: str) -> str:
    """The first letter or digit as the document writes it, past quotation marks and an English article."""
    return next((char for char in without_article(text) if normal(char)), "")


def choices(content: Content) -> list[str]:
    """The key and up to three answers of other facts, in an order that depends on the question's seed only."""
    right = [str(content.key), *map(str, content.accepted)]
    others: list[str] = []
    rivals = [other.text for other in content.confusions] + [other.text for other in content.distractors]
    for text in rivals:
        if not any(is_same(text, taken) for taken in (*right, *others)):
            others.append(text)
    dice = random.Random(f"{content.id}:{content.seed}:choices")
    picked = [str(content.key), *others[: MOST_CHOICES - 1]]
    dice.shuffle(picked)
    return picked
