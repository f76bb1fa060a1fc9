"""Blanks in quotations: typed for short keys, with options for longer ones."""

from __future__ import annotations

from collections.abc import Iterator

from quizzes.content import BLANK, Content
from quizzes.generation.contexts import CHOICE_LIMIT, TYPED_LIMIT
from quizzes.generation.measures import HAN_RUN, text_length
from quizzes.generation.options import Chooser
from quizzes.generation.windows import Quoter, Window, shown
from quizzes.generation.workbench import Span, Workbench

WIDEST_QUOTE = 56
SMALLEST_CONTEXT = 8
BEST_LENGTH = 4
RULE = "blank.cloze"
DIRECTION = "context>object"


def quoted(text: str) -> str:
    """In quotation marks, unless the text has some of its own."""
    return text if "「" in text or "」" in text else f"「{text}」"


class ClozeMaker:
    """All ways to blank one fact, best first; every way has the same identity, one of them is used."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    def candidates(self, span: Span) -> Iterator[Content]:
        """The blank in ever smaller quotations."""
        unit = self.bench.unit(span.fact)
        if unit.kind == "meta" or not self.bench.contexts.is_askable(unit, span.start, span.end):
            return
        size = text_length(span.text)
        for window in Quoter(unit).windows(span.fact, [(span.start, span.end)], limit=WIDEST_QUOTE):
            if window.length < SMALLEST_CONTEXT or window.text.count(BLANK) != 1:
                continue
            made = self.typed(span, window) if size <= TYPED_LIMIT else self.with_options(span, window)
            if made is not None:
                yield made

    def all_for(self, spans: list[Span]) -> Iterator[Content]:
        ranked = sorted(spans, key=lambda span: self._rank(span))
        for span in ranked:
            if text_length(span.text) <= CHOICE_LIMIT:
                yield from self.candidates(span)

    @staticmethod
    def _rank(span: Span) -> tuple[bool, bool, int]:
        size = text_length(span.text)
        return (size > TYPED_LIMIT, not span.pool, abs(size - BEST_LENGTH))

    def typed(self, span: Span, window: Window) -> Content | None:
        bench = self.bench
        stem = bench.language.cloze.format(scope=span.fact.scope, quoted=quoted(window.text))
        if bench.contexts.leaks(span.text, stem.replace(BLANK, "")):
            return None
        prefixes, suffixes = bench.language.affixes.get(span.pool, ((), ()))
        known = (span.text, *span.variants)
        hints = ("first_character",) if HAN_RUN.match(span.text) else ()
        return bench.content(
            "cloze", RULE, DIRECTION, [span.fact],
            stem=stem, key=span.text, accepted=tuple(dict.fromkeys(span.variants)), hints=hints,
            prefixes=prefixes, suffixes=suffixes, pool=span.pool, scope=span.fact.scope,
            confusions=bench.confusions(span.fact, span.pool, known),
        )  # fmt: skip

    def with_options(self, span: Span, window: Window) -> Content | None:
        bench, fact = self.bench, span.fact
        stem = bench.language.choice_cloze.format(scope=fact.scope, quoted=quoted(window.text))
        if not span.pool or bench.contexts.leaks(span.text, stem.replace(BLANK, "")):
            return None
        dice = bench.dice("cloze", DIRECTION, [fact.id], RULE)
        others = [s for s in bench.pools.get(span.pool, ()) if bench.truth.is_wrong_object(fact, s.text)]
        chosen = Chooser(bench.measures, dice, bench.preferred.get(fact.id, ())).choose(stem, span.text, others)
        if chosen is None:
            return None
        options = [span.text, *(other.text for other in chosen)]
        dice.shuffle(options)
        return bench.content(
            "cloze", RULE, DIRECTION, [fact],
            stem=stem, key=shown(span.text), options=tuple(map(shown, options)), pool=span.pool, scope=fact.scope,
            distractors=tuple(map(bench.distractor, chosen)), hints=("fifty_fifty",),
        )  # fmt: skip
