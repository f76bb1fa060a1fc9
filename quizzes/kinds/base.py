"""What every kind of question can do, and the values it answers with. Pure: no request, no database, no clock."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizzes.chinese import normal
from quizzes.content import Content
from quizzes.numerals import quantity

MAX_LENGTH = 500
"""Characters of one answer, all fields together; nobody types more into a recall question."""

VERDICTS = ("blank", "correct", "near", "overfull", "partial", "confusion", "wrong")
_TRIES = 20


class InvalidAnswer(ValueError):  # noqa: N818 - says what is wrong with the answer, not with the program
    """A posted answer that no form of ours sends, or that is not finished. `message` is for the learner, lazily
    translated; `code` is for programs."""

    def __init__(self, message: str | Promise, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class Part:
    """The result for one fact. `confused_with` is the answer of another fact that was given instead, or ""."""

    fact: str
    is_correct: bool
    key: str
    given: str
    confused_with: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A graded answer.

    `verdict` is one of `VERDICTS`, `score` 0..1, `rule` the step that decided. `may_retry`: the question stays open
    and the key must not be shown yet (a blank answer always, `near`, `overfull` and `partial` once). `details` is
    JSON-able and differs by kind; see the module of the kind.
    """

    verdict: str
    score: float
    rule: str
    may_retry: bool
    parts: tuple[Part, ...]
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def is_correct(self) -> bool:
        return self.verdict == "correct"


class Kind(Protocol):
    """One kind of question. Answers are JSON-able values that only the kind itself understands."""

    name: str

    def is_productive(self, content: Content) -> bool:
        """Whether the answer comes from memory instead of being picked from a list."""

    def present(self, content: Content, *, order: dict[str, Any], hints: int) -> dict[str, Any]:
        """All that the template needs, in the frozen display `order`, with the first `hints` hints; never the key."""

    def shuffle(self, content: Content, seed: int | str) -> dict[str, Any]:
        """A display order to freeze with the attempt: lists of stored indices."""

    def read(self, content: Content, data: Mapping[str, Any]) -> Any:
        """The answer in posted data (a QueryDict or a plain mapping). Raises InvalidAnswer and nothing else."""

    def grade(self, content: Content, answer: Any, *, is_final: bool = False) -> Outcome:
        """Judge what `read` returned. `is_final`: there is no further try, so details may tell more."""

    def hint(self, content: Content, level: int) -> dict[str, Any]:
        """The hint at `level` (from 1), as {"code": ...}; empty when the question offers none there."""


def posted(data: object, name: str) -> list[str]:
    """Every value posted under `name`, checked: text of at most MAX_LENGTH characters without NUL or surrogates."""
    if not isinstance(data, Mapping):
        raise InvalidAnswer(_("This answer cannot be read."), code="type")
    values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    if values is None:
        return []
    if not isinstance(values, list | tuple):
        values = [values]
    return [_checked(value) for value in values]


def _checked(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidAnswer(_("This answer cannot be read."), code="type")
    if len(value) > MAX_LENGTH:
        raise too_long()
    if any(char == "\0" or unicodedata.category(char) == "Cs" for char in value):
        raise InvalidAnswer(_("This answer contains characters that are not text."), code="characters")
    return value


def too_long() -> InvalidAnswer:
    """The error for an answer over MAX_LENGTH."""
    return InvalidAnswer(_("This answer is too long: at most 500 characters."), code="too_long")


def one(data: object, name: str) -> str:
    """The single value posted under `name`, "" when there is none."""
    values = posted(data, name)
    if len(values) > 1:
        raise InvalidAnswer(_("Two answers came for one field."), code="two_values")
    return values[0] if values else ""


def one_index(data: object, name: str, count: int) -> int | None:
    """The single index 0..count-1 posted under `name`, None when it was left empty."""
    text = one(data, name).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) < count):
        raise InvalidAnswer(_("This choice is not among those offered."), code="unknown_option")
    return int(text)


def display_order(order: Mapping[str, Any], name: str, count: int) -> list[int]:
    """The frozen order of a list, or the stored one when none was frozen for it."""
    frozen = order.get(name)
    return list(frozen) if frozen is not None and sorted(frozen) == list(range(count)) else list(range(count))


def shuffled(texts: Sequence[str], seed: str, *, is_good: Callable[[list[int]], bool] | None = None) -> list[int]:
    """Indices of `texts` in a random order that depends on nothing but `seed`; numbers come in ascending order.

    With `is_good` a few orders are drawn until one satisfies it.
    """
    numbers = [quantity(text) for text in texts]
    values = [number.value for number in numbers if number is not None]
    if texts and len(values) == len(texts):
        return sorted(range(len(texts)), key=values.__getitem__)
    dice = random.Random(seed)
    order = list(range(len(texts)))
    for _try in range(_TRIES):
        dice.shuffle(order)
        if is_good is None or is_good(order):
            break
    return order


def hint_code(content: Content, level: int) -> str:
    """The code of the hint at `level` (from 1), "" when the question offers none there."""
    return content.hints[level - 1] if 1 <= level <= len(content.hints) else ""


def frame(kind: Kind, content: Content, *, hints: int) -> dict[str, Any]:
    """What the presentation of every kind begins with; `next_hint` is the code of the hint still to be had, or ""."""
    shown = [kind.hint(content, level) for level in range(1, hints + 1)]
    return {
        "kind": content.kind,
        "stem": content.stem,
        "hints": [hint for hint in shown if hint],
        "next_hint": kind.hint(content, hints + 1).get("code", ""),
    }


def whole(
    content: Content, *, is_correct: bool, key: str, given: str, confused_with: str = "", note: str = ""
) -> tuple[Part, ...]:
    """The parts of a question that is right or wrong as a whole: one for each of its facts, at least one."""
    return tuple(Part(fact, is_correct, key, given, confused_with, note) for fact in content.facts or ("",))


def blank(content: Content, *, key: str) -> Outcome:
    """The outcome of an empty answer: nothing was judged, the question is still open."""
    parts = whole(content, is_correct=False, key=key, given="")
    return Outcome("blank", 0.0, "blank", may_retry=True, parts=parts)


def is_same(a: str, b: str) -> bool:
    """Whether two texts have the same normal form."""
    return normal(a) == normal(b)
