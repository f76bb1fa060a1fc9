"""Texts of one kind, from which wrong options are taken; made to be asked often, also where there are thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from heapq import merge
from itertools import islice

from quizzes.chinese import normal
from quizzes.generation.measures import text_length
from quizzes.generation.spans import Span

MOST_JUDGED = 60
"""Candidates for wrong options, the nearest in length, that are held against the whole document."""


class Pool:
    """Spans in document order, which can be found by text and by length."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans = tuple(spans)

    def __iter__(self) -> Iterator[Span]:
        return iter(self.spans)

    def __len__(self) -> int:
        return len(self.spans)

    @cached_property
    def by_form(self) -> dict[str, list[Span]]:
        """Spans by the normal form of their text."""
        found: dict[str, list[Span]] = defaultdict(list)
        for span in self.spans:
            found[normal(span.text)].append(span)
        return dict(found)

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        """Where in the pool the texts of each length are, each once."""
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for at, span in enumerate(self.spans):
            found[text_length(span.text)].setdefault(normal(span.text), at)
        return {length: list(places.values()) for length, places in found.items()}

    def nearest(self, size: int | float) -> Iterator[Span]:
        """One span of every text, the nearest in length first, in document order where equally near."""
        rings: dict[float, list[list[int]]] = defaultdict(list)
        for length, places in self._places.items():
            rings[abs(length - size)].append(places)
        seen = set()
        for _, ring in sorted(rings.items()):
            for at in merge(*ring):
                form = normal(self.spans[at].text)
                if form not in seen:
                    seen.add(form)
                    yield self.spans[at]

    def few(self, size: int | float, is_fit: Callable[[Span], bool], *, wishes: Iterable[str] = ()) -> list[Span]:
        """All fitting spans in document order; of more than `MOST_JUDGED` the wished for and the nearest in length."""
        found = list(islice(filter(is_fit, self.spans), MOST_JUDGED + 1))
        if len(found) <= MOST_JUDGED:
            return found
        wished = [span for text in wishes for span in filter(is_fit, self.by_form.get(normal(text), ()))]
        near = islice((span for span in self.nearest(size) if is_fit(span) and span not in wished), MOST_JUDGED)
        return [*wished, *near]
