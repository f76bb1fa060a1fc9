"""Texts that are said, and whether one of them says the same as another text, without comparing it with all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from quizzes.chinese import normal
from quizzes.generation.measures import bigrams, jaccard

SAME_TEXT = 0.6
"""Share of common bigrams from which two objects count as the same object."""
RUN = 2
FEW = 6
"""Texts that are sooner compared than looked up."""


def same_text(a: str, b: str) -> bool:
    """Whether two texts say the same: equal, one inside the other (from two characters), or alike in most bigrams."""
    left, right = normal(a), normal(b)
    shorter, longer = (left, right) if len(left) <= len(right) else (right, left)
    return (len(shorter) >= RUN and shorter in longer) or left == right or jaccard(a, b) >= SAME_TEXT


class Sayings:
    """Texts, to be found by what they share."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts = list(texts)
        self._found = 0
        self._of_form: dict[str, list[int]] = defaultdict(list)
        self._beginning: dict[str, list[int]] = defaultdict(list)
        self._with_run: dict[str, list[int]] = defaultdict(list)
        self._with_part: dict[str, list[int]] = defaultdict(list)

    def add(self, text: str) -> None:
        """Take in one more text."""
        self.texts.append(text)

    def like(self, text: str) -> Iterator[str]:
        """Those that say the same as the text."""
        if len(self.texts) <= FEW:
            return (said for said in self.texts if same_text(text, said))
        self._catch_up()
        return (said for said in map(self.texts.__getitem__, self._candidates(text)) if same_text(text, said))

    def _catch_up(self) -> None:
        """Make those texts that came since the last time ready to be found."""
        for at, text in enumerate(self.texts[self._found :], start=self._found):
            form = normal(text)
            self._of_form[form].append(at)
            self._beginning[form[:RUN]].append(at)
            for run in runs(form):
                self._with_run[run].append(at)
            for part in bigrams(text):
                self._with_part[part].append(at)
        self._found = len(self.texts)

    def _candidates(self, text: str) -> set[int]:
        """Texts inside this one begin with one of its runs, those around it have its rarest one.

        Texts alike in most bigrams lack less than half of this one's: they have one of its rarest half.
        """
        form, parts = normal(text), bigrams(text)
        inside = runs(form)
        around = min((self._with_run.get(run, []) for run in inside), key=len, default=[])
        rarest = sorted((self._with_part.get(part, []) for part in parts), key=len)
        alike = rarest[: int(len(parts) * (1 - SAME_TEXT)) + 2]
        begun = (self._beginning.get(run, ()) for run in inside)
        return set(around).union(self._of_form.get(form, ()), *begun, *alike)


def runs(form: str) -> set[str]:
    """Every run of two characters of a text once."""
    return {form[at : at + RUN] for at in range(len(form) - RUN + 1)}
