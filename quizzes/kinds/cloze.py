"""A sentence of the document with a gap: typed when the answer is short, picked from options when it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quizzes.content import BLANK, Content
from quizzes.kinds.base import Kind, Outcome
from quizzes.kinds.choice import Choice
from quizzes.kinds.short_answer import ShortAnswer

_TYPED = ShortAnswer()
_PICKED = Choice()


class Cloze:
    """Behaves as a choice question if the content has options and as a short answer if not."""

    name = "cloze"

    def is_productive(self, content: Content) -> bool:
        return _way(content).is_productive(content)

    def present(self, content: Content, *, order: dict[str, Any], hints: int) -> dict[str, Any]:
        """As the way of answering presents it, with `before` and `after`: the stem on either side of the blank."""
        before, _, after = content.stem.partition(BLANK)
        return _way(content).present(content, order=order, hints=hints) | {"before": before, "after": after}

    def shuffle(self, content: Content, seed: int | str) -> dict[str, Any]:
        return _way(content).shuffle(content, seed)

    def read(self, content: Content, data: Mapping[str, Any]) -> Any:
        return _way(content).read(content, data)

    def grade(self, content: Content, answer: Any, *, is_final: bool = False) -> Outcome:
        return _way(content).grade(content, answer, is_final=is_final)

    def hint(self, content: Content, level: int) -> dict[str, Any]:
        return _way(content).hint(content, level)


def _way(content: Content) -> Kind:
    return _TYPED if content.options is None else _PICKED
