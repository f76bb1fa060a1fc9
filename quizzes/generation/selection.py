"""From all possible questions to a bank: no twins, several views of what matters, every sentence somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from quizzes.chinese import normal
from quizzes.content import Content
from quizzes.generation.measures import bigrams, is_latin

TWIN = 0.80
QUOTED = re.compile("[「“]([^」”]*)[」”]")


def key_text(content: Content) -> str:
    """The key as one string."""
    if isinstance(content.key, str):
        return content.key
    return "".join(part if isinstance(part, str) else "".join(part) for part in content.key)


class Selection:
    """Questions taken so far. `take` refuses a second question of one identity and whatever reads like another."""

    def __init__(self) -> None:
        self.taken: list[Content] = []
        self._signs: list[frozenset[str]] = []
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
        if any(other.stem == content.stem and other.kind == content.kind for other in self.taken):
            return True
        if content.kind == "enumeration" and any(self.is_same_list(content, other) for other in self.taken):
            return True
        if content.kind == "choice" and any(self.quotes_the_same(content, other) for other in self.taken):
            return True
        sign = self.sign(content)
        return any(len(sign & other) >= TWIN * len(sign | other) for other in self._signs)

    @staticmethod
    def sign(content: Content) -> frozenset[str]:
        """What stem and key are made of; of sentences in words, also what kind of answer is asked for."""
        if not is_latin(content.stem):
            return bigrams(content.stem + key_text(content))
        key = (f"key:{word}" for word in bigrams(key_text(content)))
        return frozenset((*(f"{content.kind}:{word}" for word in bigrams(content.stem)), *key))

    @staticmethod
    def is_same_list(content: Content, other: Content) -> bool:
        return other.kind == content.kind and other.key == content.key

    @staticmethod
    def quotes_the_same(content: Content, other: Content) -> bool:
        """Whether two choices with one key ask about the same quotation, or one about a part of it."""
        if other.kind != content.kind or other.key != content.key:
            return False
        mine, theirs = (normal("".join(QUOTED.findall(each.stem))) for each in (content, other))
        return bool(mine and theirs) and (mine in theirs or theirs in mine)

    @staticmethod
    def views(content: Content) -> Iterator[tuple[str, str, str]]:
        return ((fact, content.kind, content.direction) for fact in content.facts)

    def _add(self, content: Content) -> None:
        self.taken.append(content)
        self._signs.append(self.sign(content))
        self._views.update(self.views(content))
        for fact in content.facts:
            self.kinds.setdefault(fact, set()).add(content.kind)
        self.sentences.update(evidence.sentence for evidence in content.evidence)

    def is_recognised(self, fact: str) -> bool:
        """Whether the fact is asked with options."""
        return any(fact in content.facts for content in self.taken if content.options)

    def has(self, fact: str, *, kinds: int) -> bool:
        """Whether the fact is asked in at least so many kinds."""
        return len(self.kinds.get(fact, ())) >= kinds


def signature(content: Content) -> tuple[str, str]:
    return normal(content.stem), normal(key_text(content))
