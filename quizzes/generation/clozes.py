"""Blanks in quotations: typed for short keys, with options for longer ones."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import product

from curriculum.knowledge import Fact
from quizzes.chinese import normal
from quizzes.content import BLANK, Content
from quizzes.generation.contexts import CHOICE_LIMIT, TYPED_LIMIT
from quizzes.generation.measures import is_latin, text_length
from quizzes.generation.options import shuffled
from quizzes.generation.selection import Selection
from quizzes.generation.spans import Span
from quizzes.generation.windows import Window, shown
from quizzes.generation.workbench import Workbench

WIDEST_QUOTE = 52
SMALLEST_CONTEXT = 8
BEST_LENGTH = 4
SHORT_CLAUSE = 5
FEWEST_MEMBERS = 3
SHORTEST_MEMBER = 4
"""Members of lists shorter than this are guessed from their neighbours."""
FEWEST_CHOICES = 2
INNER_MARKS = str.maketrans("「」", "『』")
RULE = "blank.cloze"
DIRECTION = "context>object"


def quoted(text: str) -> str:
    """In quotation marks; marks inside the text become the inner ones."""
    return f"“{text}”" if is_latin(text) else f"「{text.translate(INNER_MARKS)}」"


class ClozeMaker:
    """All ways to blank one fact, best first; every way has the same identity, one of them is used.

    What is sure to be refused, because `chosen` has the view or a question like it, is not made at all.
    """

    def __init__(self, bench: Workbench, chosen: Selection) -> None:
        self.bench = bench
        self.chosen = chosen

    def candidates(self, fact: Fact, *, with_options: bool = True) -> Iterator[Content]:
        """Blanks with one filling before blanks that another text would fit; full quotations before cut ones.

        `with_options`: also longer keys, which are chosen and not typed.
        """
        if "cloze" in fact.no_kinds or self.chosen.has_view(fact.id, "cloze", DIRECTION):
            return
        unit = self.bench.unit(fact)
        longest = CHOICE_LIMIT if with_options else TYPED_LIMIT
        spans = [span for span in self.bench.spans(fact) if text_length(span.text) <= longest]
        usable = sorted(filter(self.is_usable, spans), key=self._rank)
        for is_typed, is_contested in product((True, False), (False, True)):
            for span in usable:
                if (text_length(span.text) <= TYPED_LIMIT) is not is_typed:
                    continue
                rivals = self.bench.contexts.rivals(unit, span.start, span.end)
                if bool(rivals) is is_contested and not self.is_of_pool(span.pool, rivals):
                    yield from self.quotations(span)

    def is_of_pool(self, pool: str, texts: Set[str]) -> bool:
        """Whether one of the texts is an answer of the pool."""
        return any(normal(text) in self.bench.pool(pool).by_form for text in texts)

    def is_usable(self, span: Span) -> bool:
        """Whether the span may be blanked at all; a whole clause only when it is a short set phrase."""
        unit = self.bench.unit(span.fact)
        is_short_member = len(span.fact.members) >= FEWEST_MEMBERS and text_length(span.text) < SHORTEST_MEMBER
        if unit.kind == "meta" or is_short_member:
            return False
        if text_length(span.text) > SHORT_CLAUSE and self.bench.quoter(unit).is_whole_clause(span.start, span.end):
            return False
        return self.bench.contexts.is_askable(unit, span.start, span.end)

    @staticmethod
    def _rank(span: Span) -> tuple[bool, bool, int]:
        """Texts with a type first, then lengths of four and a little more."""
        size = text_length(span.text)
        return (not span.pool, size < BEST_LENGTH, abs(size - BEST_LENGTH))

    def quotations(self, span: Span) -> Iterator[Content]:
        """The blank in ever smaller quotations."""
        size, blanks = text_length(span.text), [(span.start, span.end)]
        for window in self.bench.quoter(self.bench.unit(span.fact)).windows(span.fact, blanks, limit=WIDEST_QUOTE):
            if window.length < SMALLEST_CONTEXT or window.text.count(BLANK) != 1:
                continue
            made = self.typed(span, window) if size <= TYPED_LIMIT else self.with_options(span, window)
            if made is not None:
                yield made

    def typed(self, span: Span, window: Window) -> Content | None:
        bench = self.bench
        stem = bench.language.cloze.format(scope=span.fact.scope, quoted=quoted(window.text))
        if bench.contexts.leaks(span.text, stem.replace(BLANK, "")) or self.chosen.has_like("cloze", stem, span.text):
            return None
        prefixes, suffixes = bench.language.affixes.get(span.pool, ((), ()))
        accepted = bench.accepted(span)
        confusions = bench.confusions(span.fact, span.pool, (span.text, *accepted))
        hints = ("first_character",) if span.text[:1].isalpha() else ()
        return bench.content(
            "cloze", RULE, DIRECTION, [span.fact],
            stem=stem, key=span.text, accepted=accepted, prefixes=prefixes, suffixes=suffixes, pool=span.pool,
            hints=(*hints, "choices") if len(confusions) >= FEWEST_CHOICES else hints, scope=span.fact.scope,
            confusions=confusions,
        )  # fmt: skip

    def with_options(self, span: Span, window: Window) -> Content | None:
        bench, fact = self.bench, span.fact
        stem = bench.language.choice_cloze.format(scope=fact.scope, quoted=quoted(window.bare))
        if not span.pool or self.chosen.has_stem("cloze", stem):
            return None
        if bench.contexts.leaks(span.text, stem.replace(BLANK, "")):
            return None
        if self.chosen.has_like("cloze", stem, shown(span.text)):
            return None
        dice = bench.dice("cloze", DIRECTION, [fact.id], RULE)
        others = bench.wrong_objects(fact, span.pool, stem, key=span.text)
        chosen = bench.chooser(fact, dice).choose(stem, span.text, others)
        if chosen is None:
            return None
        options = shuffled(
            span.text, [other.text for other in chosen], bench.dice("cloze", DIRECTION, [fact.id], RULE, use="place")
        )
        return bench.content(
            "cloze", RULE, DIRECTION, [fact],
            stem=stem, key=shown(span.text), options=tuple(map(shown, options)), pool=span.pool, scope=fact.scope,
            distractors=tuple(map(bench.distractor, chosen)), hints=("fifty_fifty",),
        )  # fmt: skip
