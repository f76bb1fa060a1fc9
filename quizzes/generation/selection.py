"""From all possible questions to a bank: no twins, several views of what matters, every sentence somewhere."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from quizzes.chinese import normal
from quizzes.content import Content
from quizzes.generation.measures import bigrams, is_latin

TWIN = 0.80
QUOTED = re.compile("[「“]([^」”]*)[」”]")


def key_text(key: str | list[Any]) -> str:
    """The key of a question as one string."""
    if isinstance(key, str):
        return key
    return "".join(part if isinstance(part, str) else "".join(part) for part in key)


class Signs:
    """What the questions taken so far are made of, to be found by what they share."""

    def __init__(self) -> None:
        self._signs: list[frozenset[str]] = []
        self._with: dict[str, list[int]] = defaultdict(list)

    def add(self, sign: frozenset[str]) -> None:
        for part in sign:
            self._with[part].append(len(self._signs))
        self._signs.append(sign)

    def has_twin(self, sign: frozenset[str]) -> bool:
        """Whether a sign shares at least `TWIN` of all parts of both.

        Twins lack fewer than one in five parts of this sign, so that they have one of its rarest fifth and one more.
        """
        rarest = sorted(sign, key=lambda part: len(self._with.get(part, ())))[: int(len(sign) * (1 - TWIN)) + 2]
        places = {at for part in rarest for at in self._with.get(part, ())}
        return any(len(sign & other) >= TWIN * len(sign | other) for other in map(self._signs.__getitem__, places))


class Selection:
    """Questions taken so far. `take` refuses a second question of one identity and whatever reads like another."""

    def __init__(self) -> None:
        self.taken: list[Content] = []
        self._signs = Signs()
        self._stems: set[tuple[str, str]] = set()
        self._keyed: dict[tuple[str, str], list[Content]] = defaultdict(list)
        self._recognised: set[str] = set()
        self.in_lesson: Counter[str] = Counter()
        self._views: set[tuple[str, str, str]] = set()
        self.kinds: dict[str, set[str]] = {}
        self.sentences: set[str] = set()

    def take(self, candidates: Iterable[Content]) -> Content | None:
        """Take the first candidate that is no twin of a question already taken; None when all are."""
        for content in candidates:
            if not self.is_twin(content):
                self._add(content)
                return content
        return None

    def is_twin(self, content: Content) -> bool:
        """Same fact, kind and direction, the same stem or list again, or most bigrams of stem and key in common."""
        if content.kind != "matching" and any(view in self._views for view in self.views(content)):
            return True
        return self.has_stem(content.kind, content.stem) or self.has_like(content.kind, content.stem, content.key)

    def has_like(self, kind: str, stem: str, key: str | list[Any]) -> bool:
        """Whether a question asks for the same key in like words, or its stem and key are mostly the same."""
        like = [other for other in self._keyed.get((kind, key_text(key)), ()) if other.key == key]
        if like and kind == "enumeration":
            return True
        if kind == "choice" and any(self.quotes_the_same(stem, other.stem) for other in like):
            return True
        return self._signs.has_twin(self.sign(kind, stem, key))

    @staticmethod
    def sign(kind: str, stem: str, key: str | list[Any]) -> frozenset[str]:
        """What stem and key are made of; of sentences in words, also what kind of answer is asked for."""
        if not is_latin(stem):
            return bigrams(stem + key_text(key))
        parts = (f"key:{word}" for word in bigrams(key_text(key)))
        return frozenset((*(f"{kind}:{word}" for word in bigrams(stem)), *parts))

    @staticmethod
    def quotes_the_same(stem: str, other: str) -> bool:
        """Whether two choices with one key ask about the same quotation, or one about a part of it."""
        mine, theirs = (normal("".join(QUOTED.findall(each))) for each in (stem, other))
        return bool(mine and theirs) and (mine in theirs or theirs in mine)

    @staticmethod
    def views(content: Content) -> Iterator[tuple[str, str, str]]:
        return ((fact, content.kind, content.direction) for fact in content.facts)

    def _add(self, content: Content) -> None:
        self.taken.append(content)
        self._signs.add(self.sign(content.kind, content.stem, content.key))
        self._stems.add((content.kind, content.stem))
        self._keyed[content.kind, key_text(content.key)].append(content)
        self.in_lesson[content.lesson] += 1
        if content.options:
            self._recognised.update(content.facts)
        self._views.update(self.views(content))
        for fact in content.facts:
            self.kinds.setdefault(fact, set()).add(content.kind)
        self.sentences.update(evidence.sentence for evidence in content.evidence)

    def is_recognised(self, fact: str) -> bool:
        """Whether the fact is asked with options."""
        return fact in self._recognised

    def has_view(self, fact: str, kind: str, direction: str) -> bool:
        """Whether the fact is asked in this way."""
        return (fact, kind, direction) in self._views

    def has_stem(self, kind: str, stem: str) -> bool:
        """Whether a question of the kind has the very stem."""
        return (kind, stem) in self._stems

    def has(self, fact: str, *, kinds: int) -> bool:
        """Whether the fact is asked in at least so many kinds."""
        return len(self.kinds.get(fact, ())) >= kinds


def signature(content: Content) -> tuple[str, str]:
    return normal(content.stem), normal(key_text(content.key))
