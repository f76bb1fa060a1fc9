"""The whole bank of a course: a pure function of its knowledge, a seed and what learners mix up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from curriculum.knowledge import Fact, Knowledge
from quizzes.content import Content
from quizzes.generation.answers import AnswerMaker
from quizzes.generation.clozes import ClozeMaker
from quizzes.generation.language import Ask, Language
from quizzes.generation.lists import ListMaker
from quizzes.generation.selection import Selection
from quizzes.generation.sets import SetMaker
from quizzes.generation.simplified import in_simplified
from quizzes.generation.templates_en import EN
from quizzes.generation.templates_zh import ZH_HANT
from quizzes.generation.workbench import FULL_WEIGHT, Workbench

FEWEST_IN_LESSON = 6
SMALLEST_SHARE = 0.8
PRODUCTIVE = frozenset({"cloze", "short_answer", "enumeration"})
ZH_HANS = replace(in_simplified(ZH_HANT), code="zh-Hans")
LANGUAGES: dict[str, Language] = {language.code: language for language in (ZH_HANT, ZH_HANS, EN)}


def is_always(ask: Ask) -> bool:
    """Whether the table wants the question even for facts that are asked in other ways."""
    return ask.always


class UnknownLanguageError(LookupError):
    """There is no template table for the language of the course."""


def template_words(code: str) -> frozenset[str]:
    """The fixed words of the templates of a language: what a stem may say besides the document's own words."""
    language = LANGUAGES.get(code)
    return frozenset(language.words()) if language else frozenset()


def generate(
    knowledge: Knowledge, *, seed: str = "jingdu", preferred: Mapping[str, Sequence[str]] | None = None
) -> tuple[Content, ...]:
    """Every question of a course, in document order.

    `preferred` maps fact ids to texts that learners confuse with the answer; they come first among equally valid
    distractors. The same arguments give the same questions, whatever the order of the tuples in `knowledge`. Raises
    UnknownLanguageError.
    """
    language = LANGUAGES.get(knowledge.language)
    if language is None:
        raise UnknownLanguageError(knowledge.language)
    bench = Workbench(knowledge, language, seed, preferred or {})
    return BankMaker(bench).bank()


class BankMaker:
    """Fills a selection, from the kinds that carry most to those that fill gaps."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.chosen = Selection()
        self.answers = AnswerMaker(bench, self.chosen)
        self.clozes = ClozeMaker(bench, self.chosen)
        self.lists = ListMaker(bench)
        self.in_vain: set[tuple[str, str]] = set()
        self.facts_in_lesson = Counter(bench.unit(fact).lesson for fact in bench.facts)

    def bank(self) -> tuple[Content, ...]:
        """Sets and lists first, then two views of every core fact, then what no question has touched yet."""
        self.take_sets()
        self.take_lists()
        core = [fact for fact in self.bench.askable if fact.core]
        self.take_asks(self.bench.facts, is_always)
        for fact in core:
            self.take_typed_first(fact)
            self.take_views(fact, views=2)
        for fact in self.bench.askable:
            if fact.weight > FULL_WEIGHT or fact.unit not in self.chosen.sentences:
                self.take_views(fact, views=1)
        self.balance()
        return tuple(sorted(self.chosen.taken, key=self.place))

    def balance(self) -> None:
        """Ask more where a lesson has too few questions for its facts: first what nobody asked, then second views."""
        for views in (1, 2):
            for fact in self.bench.askable:
                if self.is_short(self.bench.unit(fact).lesson):
                    self.take_views(fact, views=views)

    def is_short(self, lesson: str) -> bool:
        share = self.facts_in_lesson[lesson] / len(self.bench.facts)
        fewest = SMALLEST_SHARE * share * len(self.chosen.taken)
        return self.chosen.in_lesson[lesson] < max(FEWEST_IN_LESSON, fewest)

    def take_views(self, fact: Fact, *, views: int) -> None:
        """Ask the fact in so many kinds: typed first, then with options; with options once only."""
        steps = (self.take_typed, self.take_first_cloze, self.take_choice, self.take_cloze)
        for step in steps:
            if self.chosen.has(fact.id, kinds=views):
                return
            step(fact)

    def take_typed_first(self, fact: Fact) -> None:
        """Whatever else asks for the fact: let it be written from memory once, where it is short enough."""
        self.take_typed(fact)
        if not self.is_typed(fact):
            self.chosen.take(self.clozes.candidates(fact, with_options=False))

    def is_typed(self, fact: Fact) -> bool:
        return bool(self.chosen.kinds.get(fact.id, set()) & PRODUCTIVE)

    def take_typed(self, fact: Fact) -> None:
        if not self.is_typed(fact):
            self.take_ask(fact, "short_answer")

    def take_first_cloze(self, fact: Fact) -> None:
        if not self.is_typed(fact):
            self.take_cloze(fact)

    def take_cloze(self, fact: Fact) -> None:
        is_new = not self.chosen.is_recognised(fact.id)
        self.take_once(fact, f"cloze, options {is_new}", self.clozes.candidates(fact, with_options=is_new))

    def take_choice(self, fact: Fact) -> None:
        if not self.chosen.is_recognised(fact.id):
            self.take_ask(fact, "choice")

    def take_ask(self, fact: Fact, kind: str) -> None:
        """The first ask of a kind that works for the fact."""
        asks = (ask for ask in self.bench.language.asks if ask.kind == kind and not ask.always)
        self.take_once(fact, kind, (content for ask in asks for content in self.answers.candidates(ask, fact)))

    def take_once(self, fact: Fact, way: str, candidates: Iterable[Content]) -> None:
        """Take a candidate unless the same way to ask was tried in vain: what is refused once is refused for good."""
        if (fact.id, way) not in self.in_vain and self.chosen.take(candidates) is None:
            self.in_vain.add((fact.id, way))

    def take_asks(self, facts: Sequence[Fact], is_wanted: Callable[[Ask], bool]) -> None:
        for fact in facts:
            for ask in filter(is_wanted, self.bench.language.asks):
                self.chosen.take(self.answers.candidates(ask, fact))

    def place(self, content: Content) -> tuple[int, int, str]:
        first = self.bench.knowledge.fact_by_id[content.facts[0]]
        lesson = self.bench.knowledge.lesson_by_id[content.lesson]
        return (lesson.order, self.bench.place(first)[1], content.id)

    def take_sets(self) -> None:
        for pairing in self.bench.language.pairings:
            premises = [text for content in self.chosen.taken for text in content.premises]
            for content in SetMaker(self.bench, pairing).sets(premises):
                self.chosen.take([content])

    def take_lists(self) -> None:
        for order in self.bench.language.orders:
            self.chosen.take(self.lists.ordering(order))
        for fact in sorted(self.bench.askable, key=lambda fact: (-fact.weight, not fact.core, self.bench.place(fact))):
            self.chosen.take(self.lists.enumerations(fact))
