"""Matching sets: pairs of one relation that cannot be found by looking at the characters alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product
from random import Random

from curriculum.knowledge import Fact, Unit
from quizzes.chinese import normal
from quizzes.content import Content, Distractor
from quizzes.generation.language import Pairing
from quizzes.generation.lineups import contains
from quizzes.generation.measures import bigrams, is_latin, text_length
from quizzes.generation.pools import Pool
from quizzes.generation.sayings import Sayings
from quizzes.generation.solver import is_guess_proof
from quizzes.generation.spans import Span
from quizzes.generation.windows import elision, shown
from quizzes.generation.workbench import Workbench

MOST_COMBINATIONS = 1500
MOST_SLOTS, MOST_CHOICES, FEW_COMBINATIONS = 8, 40, 20
"""Of facts that rules proposed there may be thousands: so many names in one search, choices of names, and of facts."""
MOST_PER_SLOT, MOST_IN_SLOT = 5, 60
MOST_TRIED = 1000
"""Drafts of one set that are held against the rules before its search ends: more than any prepared course needs."""
MOST_EXTRAS = 12
LONGEST_PREMISE = 45
LONG_PREMISE = 6
SOME_WORDS, MANY_WORDS = 3, 4
WIDEST_RESPONSES = 2.5
LARGEST_SCREEN = 260
TRIES = 60


def is_long(premise: str) -> bool:
    """Whether a premise is remembered when it is seen again."""
    return text_length(premise) >= LONG_PREMISE


@dataclass(frozen=True, slots=True)
class Pair:
    """One premise with its response, as shown."""

    fact: Fact
    premise: str
    response: str


class SetMaker:
    """Builds the sets of one pairing rule."""

    def __init__(self, bench: Workbench, pairing: Pairing) -> None:
        self.bench = bench
        self.pairing = pairing
        self.is_strict = True
        self.judged: dict[tuple[str, str, str, bool], bool] = {}
        self._cues: dict[tuple[str, str, bool], float] = {}
        self._premises: dict[str, str] = {}
        self._sources: dict[str, Pool] = {}

    def sets(self, used: Iterable[str] = ()) -> Iterator[Content]:
        """Sets without common premises; `used`: premises of other sets, which are not shown again."""
        shown_before = Sayings(filter(is_long, used))
        for group in self.groups():
            for _ in range(self.pairing.rounds):
                made = self.best([fact for fact in group if not self.is_known(fact, shown_before)])
                if made is None:
                    break
                for premise in filter(is_long, made.premises):
                    shown_before.add(premise)
                yield made

    def is_known(self, fact: Fact, texts: Sayings) -> bool:
        """Whether a long premise of the fact is among the texts, in whole or in part."""
        premise = self.premise(fact)
        return is_long(premise) and any(True for _ in texts.like(premise))

    def groups(self) -> list[list[Fact]]:
        """Facts that may stand in one set, those worth most first."""
        rule = self.pairing
        names = frozenset(rule.relations)
        facts = [
            fact
            for fact in sorted(
                self.bench.askable, key=lambda fact: (not fact.core, -fact.weight, self.bench.place(fact))
            )
            if not (rule.plain and fact.subject_entity)
            and "matching" not in fact.no_kinds
            and names & {f"{fact.family}.{fact.relation}", f"{fact.family}.*"}
        ]
        if not rule.grouped:
            return [facts]
        groups: dict[str, list[Fact]] = {}
        for fact in facts:
            if fact.group:
                groups.setdefault(fact.group, []).append(fact)
        return list(groups.values())

    def premise(self, fact: Fact) -> str:
        """The premise of the fact as shown; written once."""
        if fact.id not in self._premises:
            self._premises[fact.id] = shown(self.side(self.pairing.premise, fact))
        return self._premises[fact.id]

    def pair(self, fact: Fact) -> Pair | None:
        """Both sides of the fact as shown; None when it lacks one or the response is of another type."""
        premise, response = self.premise(fact), self.side(self.pairing.response, fact)
        if not premise or not response or text_length(premise) > LONGEST_PREMISE:
            return None
        if self.pairing.response == "heading" and bigrams(premise) & bigrams(response):
            return None  # even a word that is all over the document points from a clause to its heading
        if self.pairing.types and not self.types(fact) & frozenset(self.pairing.types):
            return None
        return Pair(fact, premise, shown(response))

    def types(self, fact: Fact) -> frozenset[str]:
        if self.pairing.response == "section":
            section = self.bench.section(fact)
            return frozenset({section.type}) if section else frozenset()
        return self.bench.types(fact)

    def side(self, name: str, fact: Fact) -> str:
        if name == "subject" and self.pairing.plain and not self.bench.names_subject(fact):
            return ""
        if name == "left":
            return fact.left.text if fact.left else ""
        if name == "section":
            section = self.bench.section(fact)
            return section.name if section else ""
        if name == "claim":
            return self.bench.claim(fact)
        if name == "saying":
            return self.bench.saying(fact)
        if name == "heading":
            return self.bench.title(fact)
        return fact.subject if name == "subject" else fact.text

    def best(self, facts: Sequence[Fact]) -> Content | None:
        """The largest set that passes, first with the texts as they are, then with approved words left out."""
        self._cues.clear()
        slots: dict[str, list[Pair]] = {}
        for fact in facts:
            pair = self.pair(fact)
            if pair is not None:
                slots.setdefault(self.slot(pair), []).append(pair)
        names = [pairs[:MOST_IN_SLOT] for pairs in slots.values()]
        for pairs, is_masked in islice(self.drafts(names), MOST_TRIED):
            shape = self.all_masked(pairs) if is_masked else pairs
            made = None if is_masked and shape == pairs else self.completed(shape)
            if made is not None:
                return made
        return None

    def drafts(self, slots: Sequence[Sequence[Pair]]) -> Iterator[tuple[list[Pair], bool]]:
        """Choices of pairs, and whether to leave words out of them, in the order in which they are wanted.

        Sets `is_strict` as it goes: whether what is merely arguable counts as true.
        """
        is_plain = self.pairing.plain
        slots = slots[: MOST_SLOTS if is_plain else None]
        for size in range(min(self.pairing.largest, len(slots)), self.pairing.smallest - 1, -1):
            for is_strict, is_masked in product((True, False), (False, True)):
                for chosen in islice(combinations(slots, size), MOST_CHOICES if is_plain else None):
                    best = [self.least_telling(pairs, chosen) for pairs in chosen]
                    for pairs in islice(product(*best), FEW_COMBINATIONS if is_plain else MOST_COMBINATIONS):
                        self.is_strict = is_strict
                        yield list(pairs), is_masked

    def least_telling(self, pairs: Sequence[Pair], slots: Sequence[Sequence[Pair]]) -> list[Pair]:
        """Pairs of one slot, those first whose premise shares nothing with any response."""
        cue = self.bench.measures.cue
        names = [slot[0].response for slot in slots] if self.pairing.response != "object" else []
        own = {id(pair): sum(cue(pair.premise, name) for name in names or [pair.response]) for pair in pairs}
        return sorted(pairs, key=lambda pair: own[id(pair)])[:MOST_PER_SLOT]

    def slot(self, pair: Pair) -> str:
        """Facts that may stand for one another in a set: those with the same name on the named side."""
        return pair.premise if self.pairing.response == "object" else pair.response

    def all_masked(self, pairs: Sequence[Pair]) -> list[Pair]:
        responses = [pair.response for pair in pairs]
        return [self.masked(pair, responses) for pair in pairs]

    def masked(self, pair: Pair, responses: Sequence[str]) -> Pair:
        """The premise without words that also stand in a response, as far as its author allows them to be left out."""
        text = pair.premise
        for word in map(shown, pair.fact.masks):
            if any(bigrams(word) & bigrams(response) for response in responses):
                text = text.replace(word, elision(text))
        text = " ".join(text.split()) if is_latin(text) else text
        is_enough = 2 * text_length(text) >= text_length(pair.premise)
        return replace(pair, premise=text) if is_enough else pair

    def completed(self, pairs: Sequence[Pair]) -> Content | None:
        """The set with an unused response, when both are sound and fair."""
        responses = [pair.response for pair in pairs]
        if len(set(map(normal, responses))) < len(pairs) or not self.is_fair(pairs, []) or not self.is_sound(pairs):
            return None
        ids = [pair.fact.id for pair in pairs]
        dice = self.bench.dice("matching", self.direction, ids, self.pairing.rule)
        for extra in self.extras(pairs, dice)[:MOST_EXTRAS]:
            if self.is_fair(pairs, [extra]):
                return self.content(pairs, [extra], dice)
        return None

    @property
    def direction(self) -> str:
        return f"{self.pairing.premise}>{self.pairing.response}"

    def is_sound(self, pairs: Sequence[Pair]) -> bool:
        """Whether no response of the set is also true of another premise."""
        if any(contains(a.response, b.response) for a, b in combinations(pairs, 2)):
            return False
        return not any(self.is_true(a, b.response) for a in pairs for b in pairs if a is not b)

    def is_true(self, pair: Pair, response: str) -> bool:
        """Whether the response could be argued to go with the premise, too; judged once."""
        case = (pair.fact.id, pair.premise, response, self.is_strict)
        if case not in self.judged:
            self.judged[case] = self.judge(pair, response)
        return self.judged[case]

    def judge(self, pair: Pair, response: str) -> bool:
        truth, fact, side = self.bench.truth, pair.fact, self.pairing.response
        if self.is_strict and self.is_arguable(pair, response):
            return True
        if side in ("section", "heading"):
            return truth.stands_in(fact.text, self.bench.sections.get(normal(response), ()))
        if side == "subject":
            return not truth.is_wrong_subject(fact, response)
        if self.pairing.premise == "left":
            return truth.joins(pair.premise, response)
        return truth.says(truth.subject(fact), response)

    def is_arguable(self, pair: Pair, response: str) -> bool:
        """Whether the document says something in like words about the response: better avoided, not wrong."""
        if self.pairing.response in ("section", "heading"):
            units = self.bench.sections.get(normal(response), ())
            return any(self.common(pair.premise, unit.text) >= MANY_WORDS for unit in units)
        if self.pairing.response != "subject":
            return False
        said = self.bench.said_of(response)
        return any(self.common(pair.premise, text) >= SOME_WORDS for text in said)

    def common(self, a: str, b: str) -> int:
        """Number of uncommon bigrams that two texts share."""
        return len((bigrams(a) & bigrams(b)) - self.bench.measures.stop)

    def extras(self, pairs: Sequence[Pair], dice: Random) -> list[Distractor]:
        """Texts that are false for every premise: source by source, those of like length first."""
        taken = [pair.response for pair in pairs]
        middle = sum(map(text_length, taken)) / len(taken)
        usable: list[Distractor] = []

        def is_apart(span: Span) -> bool:
            extra = shown(span.text)
            return not any(contains(extra, text) for text in taken)

        for name in self.pairing.extras:
            spans = self.source(name, pairs[0].fact).few(middle, is_apart)
            found = [Distractor(shown(span.text), span.fact.id) for span in spans]
            found = [extra for extra in found if not any(self.is_true(pair, extra.text) for pair in pairs)]
            dice.shuffle(found)
            usable += sorted(found, key=lambda extra: abs(text_length(extra.text) - middle))
        return usable

    def source(self, name: str, fact: Fact) -> Pool:
        """Texts of one source, each with a fact of which it is true."""
        if name == "=":
            return self.bench.pool(fact.pool)
        if name == "heading":
            return self.bench.titles_beside(fact)
        if name not in self._sources:
            self._sources[name] = Pool(self.subjects() if name == "subject" else self.named(name))
        return self._sources[name]

    def subjects(self) -> Iterator[Span]:
        for fact in self.bench.askable:
            if f"{fact.family}.{fact.relation}" in self.pairing.relations:
                yield Span(fact, 0, 0, fact.subject, "subject")

    def named(self, kind: str) -> Iterator[Span]:
        """Entities of a type of which a fact speaks."""
        for entity in self.bench.entities(kind):
            if entity.id in self.bench.fact_about:
                yield Span(self.bench.fact_about[entity.id], 0, 0, entity.name, kind)

    def is_fair(self, pairs: Sequence[Pair], extras: Sequence[Distractor]) -> bool:
        """Whether lengths are alike, everything fits on a screen, and the overlap solver gains nothing."""
        premises = [pair.premise for pair in pairs]
        responses = [*(pair.response for pair in pairs), *(extra.text for extra in extras)]
        sizes = [text_length(text) for text in responses]
        if (
            not responses
            or max(sizes) > WIDEST_RESPONSES * min(sizes)
            or sum(map(text_length, premises)) + sum(sizes) > LARGEST_SCREEN
        ):
            return False
        if not extras:
            return True
        strict, loose = (self.matrix(premises, responses, is_loose=is_loose) for is_loose in (False, True))
        return is_guess_proof(strict, loose, range(len(pairs)))

    def matrix(self, premises: Iterable[str], responses: Sequence[str], *, is_loose: bool) -> list[list[float]]:
        """The cue of every premise with every response, each looked up once."""
        return [[self.cue(premise, response, is_loose=is_loose) for response in responses] for premise in premises]

    def cue(self, premise: str, response: str, *, is_loose: bool) -> float:
        """How strongly the premise points to the response; loosely: by all but the most general words."""
        case = (premise, response, is_loose)
        if case not in self._cues:
            measures = self.bench.measures
            stop = measures.loose_stop if is_loose else measures.stop
            self._cues[case] = measures.cue(premise, response, stop=stop)
        return self._cues[case]

    def content(self, pairs: Sequence[Pair], extras: Sequence[Distractor], dice: Random) -> Content:
        bench, pairs = self.bench, sorted(pairs, key=lambda pair: self.bench.place(pair.fact))
        if self.pairing.shuffled:
            dice.shuffle(pairs)
        facts = [pair.fact for pair in pairs]
        scope = self.scope(facts)
        stem = self.pairing.stem.format(
            scope=scope, subject=facts[0].subject, unused=bench.language.numerals[len(extras)]
        )
        return bench.content(
            "matching", self.pairing.rule, self.direction, facts,
            stem=stem, key=[[pair.premise, pair.response] for pair in pairs],
            premises=tuple(pair.premise for pair in pairs), responses=self.shuffled(pairs, extras, dice),
            distractors=tuple(extras), units=self.units(facts), scope=scope, pool=facts[0].pool,
        )  # fmt: skip

    def shuffled(self, pairs: Sequence[Pair], extras: Sequence[Distractor], dice: Random) -> tuple[str, ...]:
        """Responses in an order that leaves at most one opposite its premise."""
        own = [pair.response for pair in pairs]
        responses = [*own, *(extra.text for extra in extras)]
        for _ in range(TRIES):
            dice.shuffle(responses)
            if sum(a == b for a, b in zip(own, responses, strict=False)) <= 1:
                break
        return tuple(responses)

    def units(self, facts: Sequence[Fact]) -> list[object]:
        units: list[object] = []
        for fact in facts:
            units.append(self.bench.unit(fact))
            heading = self.heading(fact)
            if heading is not None:
                units.append(heading)
        return units

    def heading(self, fact: Fact) -> Unit | None:
        """What else must be shown as evidence: the heading that is asked for, or the sentence that announces a list."""
        if self.pairing.response == "heading":
            return self.bench.title_unit(fact)
        if self.pairing.response == "section":
            return self.bench.heading_unit(fact)
        return self.bench.opener(fact) if self.pairing.plain else None

    def scope(self, facts: Sequence[Fact]) -> str:
        """The narrowest part of the document that holds every pair."""
        if self.pairing.response == "heading":
            return self.bench.language.whole_document
        scopes = {fact.scope for fact in facts}
        if len(scopes) == 1 and self.pairing.response != "section":
            return facts[0].scope
        lessons = {self.bench.unit(fact).lesson for fact in facts}
        if len(lessons) == 1:
            return self.bench.knowledge.lesson_by_id[lessons.pop()].scope
        return self.bench.language.whole_document
