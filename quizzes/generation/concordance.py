"""In which units of the document a text stands, without reading all of them each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from curriculum.knowledge import Unit
from quizzes.chinese import normal

RUN = 3
"""Characters by which units are found: short enough for names, long enough to be rare."""


class Concordance:
    """Units by every run of three characters of their normal form."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.forms = [normal(unit.text) for unit in units]
        self._with: dict[str, list[int]] = defaultdict(list)
        for at, form in enumerate(self.forms):
            for run in runs(form):
                self._with[run].append(at)

    def is_once(self, text: str) -> bool:
        """Whether exactly one unit has the text, punctuation and script aside."""
        form, count = normal(text), 0
        for at in self._candidates(form):
            count += form in self.forms[at]
            if count > 1:
                return False
        return count == 1

    def _candidates(self, form: str) -> Iterable[int]:
        """The units with the rarest run of the text; all for a text that is shorter than a run."""
        found = (self._with.get(run, []) for run in runs(form))
        return min(found, key=len, default=range(len(self.forms)))


def runs(form: str) -> Iterator[str]:
    """Every run of a text once."""
    yield from {form[at : at + RUN] for at in range(len(form) - RUN + 1)}
