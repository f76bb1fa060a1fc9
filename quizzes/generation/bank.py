"""The whole bank of a course: a pure function of its knowledge, a seed and what learners mix up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriculum.knowledge import Fact, Knowledge
from quizzes.content import Content
from quizzes.generation.answers import AnswerMaker
from quizzes.generation.clozes import ClozeMaker
from quizzes.generation.language import Ask, Language
from quizzes.generation.lists import ListMaker
from quizzes.generation.selection import Selection
from quizzes.generation.sets import SetMaker
from quizzes.generation.templates_zh import ZH_HANT
from quizzes.generation.workbench import Workbench

LANGUAGES: dict[str, Language] = {language.code: language for language in (ZH_HANT,)}


class UnknownLanguage(LookupError):
    """There is no template table for the language of the course."""


def generate(
    knowledge: Knowledge, *, seed: str = "jingdu", preferred: Mapping[str, Sequence[str]] | None = None
) -> tuple[Content, ...]:
    """Every question of a course, in document order.

    `preferred` maps fact ids to texts that learners confuse with the answer; they come first among equally valid
    distractors. The same arguments give the same questions, whatever the order of the tuples in `knowledge`. Raises
    UnknownLanguage.
    """
    language = LANGUAGES.get(knowledge.language)
    if language is None:
        raise UnknownLanguage(knowledge.language)
    bench = Workbench(knowledge, language, seed, preferred or {})
    return BankMaker(bench).bank()


class BankMaker:
    """Fills a selection, from the kinds that carry most to those that fill gaps."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.chosen = Selection()
        self.answers = AnswerMaker(bench)
        self.clozes = ClozeMaker(bench)
        self.lists = ListMaker(bench)

    def bank(self) -> tuple[Content, ...]:
        self.take_sets()
        self.take_lists()
        self.take_asks("short_answer", self.bench.askable)
        core = [fact for fact in self.bench.askable if fact.core]
        rest = [fact for fact in self.bench.askable if not fact.core]
        self.take_clozes(core)
        self.take_choices(core, kinds=2)
        self.take_clozes([fact for fact in rest if not self.chosen.has(fact.id, kinds=1)])
        self.take_choices(rest, kinds=1)
        return tuple(sorted(self.chosen.taken, key=self.place))

    def place(self, content: Content) -> tuple[int, int, str]:
        first = self.bench.knowledge.fact_by_id[content.facts[0]]
        lesson = self.bench.knowledge.lesson_by_id[content.lesson]
        return (lesson.order, self.bench.place(first)[1], content.id)

    def take_sets(self) -> None:
        for pairing in self.bench.language.pairings:
            for content in SetMaker(self.bench, pairing).sets():
                self.chosen.take([content])

    def take_lists(self) -> None:
        for order in self.bench.language.orders:
            self.chosen.take(self.lists.ordering(order))
        for fact in sorted(self.bench.askable, key=lambda fact: (not fact.core, self.bench.place(fact))):
            self.chosen.take(self.lists.enumerations(fact))

    def take_asks(self, kind: str, facts: Sequence[Fact]) -> None:
        for fact in facts:
            for ask in self.bench.language.asks:
                if ask.kind == kind and self.chosen.take(self.answers.candidates(ask, fact)):
                    break

    def take_clozes(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            if "cloze" not in fact.no_kinds:
                self.chosen.take(self.clozes.all_for(self.bench.spans(fact)))

    def take_choices(self, facts: Sequence[Fact], *, kinds: int) -> None:
        asks: list[Ask] = [ask for ask in self.bench.language.asks if ask.kind == "choice"]
        for fact in facts:
            for ask in asks:
                if self.chosen.has(fact.id, kinds=kinds):
                    break
                self.chosen.take(self.answers.candidates(ask, fact))
