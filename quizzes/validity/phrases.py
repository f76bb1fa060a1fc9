"""Which texts of a document may hold, or be held by, another: few candidates instead of all, in their own order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from quizzes.generation import latin
from quizzes.validity.texts import normal

RUN = 2


class Phrases:
    """Texts by what they begin with and by what is in them: pairs of characters of the normal form, and Latin words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.count = 0
        self._short: set[int] = set()
        self._beginning: dict[str, list[int]] = defaultdict(list)
        self._with: dict[str, list[int]] = defaultdict(list)
        for at, text in enumerate(texts):
            self.count += 1
            runs, words = parts(text)
            if not runs:
                self._short.add(at)
            for marks in (runs, words):
                self._beginning[marks[0] if marks else ""].append(at)
                for mark in set(marks):
                    self._with[mark].append(at)

    def near(self, text: str) -> Sequence[int]:
        """At least the places of all texts that `texts.holds` finds in this one, or this one in; ascending."""
        runs, words = parts(text)
        if not runs:
            return range(self.count)
        found = set(self._short)
        for marks in (runs, words):
            if marks:
                rarest: list[int] = min((self._with.get(mark, []) for mark in marks), key=len)
                found.update(rarest)
            for mark in set(marks):
                found.update(self._beginning.get(mark, ()))
        return sorted(found)


def parts(text: str) -> tuple[list[str], list[str]]:
    """The runs of the normal form and the Latin words, the latter marked as such."""
    form = normal(text)
    runs = [form[at : at + RUN] for at in range(len(form) - RUN + 1)]
    return runs, [f"{word} " for word in latin.words(text)]
