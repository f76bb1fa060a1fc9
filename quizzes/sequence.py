"""The order of one session: which of the questions that may come next does come next. Pure and deterministic.

A question may not follow one on the same sentence, nor come less than eight places after one that gives its answer
away, nor be the third in a row from one lesson (unless one lesson is what is practised). Where a small stock makes that
impossible the least harmful is taken, as long as the session would otherwise be too short. A fact that was just learned
may be asked again, in another way, after four other questions: that is practice, and no leak. Reviews are mixed across
lessons (interleaving: Brunmair & Richter, Psychological Bulletin 2019), and facts of one pool, which are easily
confused, come two to four questions apart, so that they must be told apart.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from quizzes.content import Content
from quizzes.scheduling import Memory

LEAK_DISTANCE = 8
LESSON_RUN = 2
SECOND_VIEW_DISTANCE = 4
SET_FACTS = 3
MOST_SETS = 2
SAME_LESSON_COST, SAME_POOL_GAIN, CROWDED_GAIN = 6, 2, 100
"""In places of the queue: what a review gives up to follow another lesson, and what brings it forward."""
POOL_NEAR, POOL_FAR = 2, 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that can be asked: its row ids, its content, and whether it must be answered from memory."""

    question_id: int
    version_id: int
    content: Content
    is_productive: bool

    @property
    def sentences(self) -> frozenset[str]:
        return frozenset(evidence.sentence for evidence in self.content.evidence)

    @property
    def form(self) -> tuple[str, str]:
        return self.content.kind, self.content.direction

    @property
    def texts(self) -> frozenset[str]:
        return frozenset((*(self.content.options or ()), *self.content.responses))


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one session.

    `size`: the most questions; `fewest`: up to here rules bend before the session ends; `new`: the most facts to meet
    for the first time; `edges`: for each content id the ids that it gives away; `confused`: for each fact the wrong
    texts this learner gave; `ready`: facts that are due or nearly; `is_mixed`: lessons alternate; `may_use_sets`: a
    matching set may be asked once three of its facts were met; `may_neighbour`: rather two questions in a row on one
    sentence than one of them left out; `outdated`: facts known in an older wording, so not new; `is_sparing`: no
    question may meet several facts for the first time, so that what may be new lasts for more questions.
    """

    size: int
    fewest: int
    new: int
    seed: str
    edges: Mapping[str, frozenset[str]]
    memories: Mapping[str, Memory]
    confused: Mapping[str, frozenset[str]]
    ready: frozenset[str]
    is_mixed: bool = True
    may_use_sets: bool = False
    may_neighbour: bool = True
    outdated: frozenset[str] = frozenset()
    is_sparing: bool = False


class Lineup:
    """A session being put together from candidates, given by the facts (keys) that they ask."""

    def __init__(self, rules: Rules, by_fact: Mapping[str, Sequence[Candidate]]) -> None:
        self.rules = rules
        self.by_fact = by_fact
        self.by_id = {candidate.question_id: candidate for row in by_fact.values() for candidate in row}
        self.placed: list[Candidate] = []
        self.met: dict[str, int] = {}
        self.asked: set[int] = set()
        self.kinds: Counter[str] = Counter()
        self.upcoming: frozenset[str] = frozenset()

    def fill(self, targets: Sequence[str], spare: Sequence[str] = ()) -> list[Candidate]:
        """The questions for `targets` (facts in order of urgency), in the order in which to ask them.

        `spare`: facts to fall back on before anything is asked too near to what gives it away.
        """
        urgent = targets[: self.rules.size]
        self.upcoming = frozenset(candidate.content.id for fact in urgent for candidate in self.by_fact[fact])
        while len(self.placed) < self.rules.size:
            first, second = self._waiting(targets), self._waiting(spare)
            following = (
                self._set()
                or self._clean(first)
                or self._bent(first, only_runs=True)
                or self._clean(second)
                or self._bent([*first, *second])
            )
            if following is None:
                break
            self._place(following)
        return self.placed

    def _waiting(self, facts: Sequence[str]) -> list[str]:
        return [fact for fact in facts if fact not in self.met]

    def _has_room(self, candidate: Candidate) -> bool:
        """Whether so many new facts may still be met."""
        known = self.rules.memories.keys() | self.rules.outdated
        added = sum(fact not in known and fact not in self.met for fact in candidate.content.facts)
        if added > 1 and self.rules.is_sparing:
            return False
        return not added or sum(fact not in known for fact in self.met) + added <= self.rules.new

    def fill_up(self, known: Sequence[str], *, only_clean: bool) -> list[Candidate]:
        """As far as the session is too short: practise what is `known` (weakest first), then ask facts of this session
        again in another way. `only_clean`: rather stay too short than ask anything that was given away."""
        while len(self.placed) < self.rules.fewest:
            far = [fact for fact, place in self.met.items() if len(self.placed) - place > SECOND_VIEW_DISTANCE]
            waiting = self._waiting(known)
            following = self._set() or self._clean(waiting) or self._clean(far) or self._bent(far, only_runs=True)
            if following is None and not only_clean:
                following = self._bent([*waiting, *far])
            if following is None:
                break
            self._place(following)
        return self.placed

    def _place(self, candidate: Candidate) -> None:
        self.met |= dict.fromkeys(candidate.content.facts, len(self.placed))
        self.asked.add(candidate.question_id)
        self.kinds[candidate.content.kind] += 1
        self.placed.append(candidate)

    def _clean(self, facts: Sequence[str]) -> Candidate | None:
        """A harmless question: a review if a review is first in the queue, otherwise a new fact, if there is one."""
        is_review = bool(facts) and facts[0] in self.rules.memories
        alike = [fact for fact in facts if (fact in self.rules.memories) is is_review]
        others = [fact for fact in facts if (fact in self.rules.memories) is not is_review]
        return self._harmless(alike) or self._harmless(others)

    def _harmless(self, facts: Sequence[str]) -> Candidate | None:
        """The first fact's harmless question; of reviews in a mixed session, the one that mixes them best."""
        is_mixable = self.rules.is_mixed and bool(facts) and facts[0] in self.rules.memories
        depth = self.rules.size - len(self.placed) if is_mixable else 1
        best = (self._favourite(fact) for fact in facts)
        return self._best_mixed(list(islice((candidate for candidate in best if candidate), depth)))

    def _favourite(self, fact: str) -> Candidate | None:
        harmless = [candidate for candidate in self._askable(fact) if not any(self._harm(candidate))]
        return min(harmless, key=lambda candidate: self._taste(candidate, fact), default=None)

    def _best_mixed(self, found: Sequence[Candidate]) -> Candidate | None:
        """Another lesson than before if it is near enough in the queue; a lesson that is over half of it goes first."""
        lessons = Counter(candidate.content.lesson for candidate in found)

        def cost(at: int) -> int:
            lesson = found[at].content.lesson
            is_same = bool(self.placed) and self.placed[-1].content.lesson == lesson
            is_crowded = len(lessons) > 1 and 2 * lessons[lesson] > len(found)
            gain = SAME_POOL_GAIN * self._is_confusable(found[at]) + CROWDED_GAIN * is_crowded
            return at + SAME_LESSON_COST * is_same - gain

        return found[min(range(len(found)), key=cost)] if found else None

    def _is_confusable(self, candidate: Candidate) -> bool:
        """Whether a fact of the same pool was asked two to four questions ago."""
        near = self.placed[-POOL_FAR : 1 - POOL_NEAR]
        return bool(candidate.content.pool) and any(other.content.pool == candidate.content.pool for other in near)

    def _bent(self, facts: Sequence[str], *, only_runs: bool = False) -> Candidate | None:
        """The least harmful question, if the session is too short to do without; a long stay in a lesson is no harm."""
        options = [(self._harm(c), at, self._taste(c, f), c) for at, f in enumerate(facts) for c in self._askable(f)]
        if not options:
            return None
        (neighbours, leak, _run), _at, _taste, candidate = min(options, key=lambda option: option[:3])
        if not (neighbours or leak):
            return candidate
        is_short = len(self.placed) < self.rules.fewest and not only_runs
        return candidate if is_short and (self.rules.may_neighbour or not neighbours) else None

    def _set(self) -> Candidate | None:
        """A matching set over facts met before, once the first half of the session is over."""
        is_early = 2 * len(self.placed) < min(self.rules.size, len(self.by_fact))
        if not self.rules.may_use_sets or is_early or self.kinds["matching"] >= MOST_SETS:
            return None
        sets = {c.question_id: c for row in self.by_fact.values() for c in row if c.content.kind == "matching"}
        fresh = [c for c in sets.values() if self._is_set_open(c) and not any(self._harm(c)) and not self._was_last(c)]
        return min(fresh, key=lambda c: _dice(self.rules.seed, c), default=None)

    def _askable(self, fact: str) -> Iterator[Candidate]:
        """Questions of `fact` not yet in this session; a set only if it serves several, or if there is nothing else."""
        row = self.by_fact[fact]
        has_only_sets = all(candidate.content.kind == "matching" for candidate in row)
        for candidate in row:
            is_fresh = candidate.question_id not in self.asked and self._has_room(candidate)
            if is_fresh and (has_only_sets or self._is_useful(candidate)):
                yield candidate

    def _is_useful(self, candidate: Candidate) -> bool:
        if candidate.content.kind != "matching":
            return True
        facts = candidate.content.facts
        return sum(fact in self.rules.ready and fact not in self.met for fact in facts) >= SET_FACTS

    def _is_set_open(self, candidate: Candidate) -> bool:
        known = sum(fact in self.met or fact in self.rules.memories for fact in candidate.content.facts)
        return candidate.question_id not in self.asked and known >= SET_FACTS and self._has_room(candidate)

    def _was_last(self, candidate: Candidate) -> bool:
        rows = (self.rules.memories.get(fact) for fact in candidate.content.facts)
        return any(memory is not None and memory.last_question == candidate.question_id for memory in rows)

    def _harm(self, candidate: Candidate) -> tuple[bool, int, bool]:
        """What asking it now would break: same sentence as before; how near to a leak; too long in one lesson."""
        if not self.placed:
            return False, 0, False
        neighbours = bool(self.placed[-1].sentences & candidate.sentences)
        recent = enumerate(reversed(self.placed[1 - LEAK_DISTANCE :]))
        leaks = (LEAK_DISTANCE - back for back, earlier in recent if self._gives_away(earlier, candidate, back))
        leak = max(leaks, default=0)
        lessons = [earlier.content.lesson for earlier in self.placed[-LESSON_RUN:]]
        is_run = self.rules.is_mixed and lessons == [candidate.content.lesson] * LESSON_RUN
        return neighbours, leak, is_run

    def _gives_away(self, earlier: Candidate, candidate: Candidate, between: int) -> bool:
        """Whether `earlier`, asked `between` questions before, shows the key; a second view of its fact may follow."""
        is_second_view = between >= SECOND_VIEW_DISTANCE and {*candidate.content.facts} <= {*earlier.content.facts}
        return not is_second_view and candidate.content.id in self.rules.edges.get(earlier.content.id, ())

    def _taste(self, candidate: Candidate, fact: str) -> tuple[object, ...]:
        """Sorts the questions of one fact, the best first.

        A due fact: not as last time; in a second kind where only that is lacking; from memory rather than recognised;
        with the wrong answers this learner gave. Otherwise the kind that was asked least.
        """
        memory = self.rules.memories.get(fact)
        order = (
            self.kinds[candidate.content.kind],
            len(self.rules.edges.get(candidate.content.id, frozenset()) & self.upcoming),
            _dice(self.rules.seed, candidate),
        )
        if memory is None:
            return order
        last = self.by_id.get(memory.last_question or 0)
        is_last = memory.last_question == candidate.question_id
        is_same_form = not candidate.is_productive and last is not None and last.form == candidate.form
        if fact not in self.rules.ready:
            return is_last, is_same_form, *order
        is_kind_known = memory.has_productive_success and memory.kinds == (candidate.content.kind,)
        is_unconfused = not self.rules.confused.get(fact, frozenset()) & candidate.texts
        return is_last, is_same_form, is_kind_known, not candidate.is_productive, is_unconfused, *order


def _dice(seed: str, candidate: Candidate) -> bytes:
    """A draw that depends on nothing but the seed and the question."""
    return hashlib.sha256(f"{seed}:{candidate.content.id}".encode()).digest()
