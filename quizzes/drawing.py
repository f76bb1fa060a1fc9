"""Which questions make up a quiz, and in which order. Pure and deterministic: the same seed draws the same paper.

Distinct facts are asked, on distinct sentences, as long as there are any; a question that gives another away stays off
the paper, or where the bank is too small stands far from it (`sequence.LEAK_DISTANCE`, as in practice). Lessons and
kinds share the paper in proportion to what they offer (the divisor method of Sainte-Laguë), lessons first.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from quizzes.sequence import LEAK_DISTANCE, Candidate

Edges = Mapping[str, frozenset[str]]
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Forms:
    """Two parallel forms of disjoint questions. The first `paired` questions of `a` and `b` ask the same facts place by
    place; what follows does not, because the bank has only one question about those facts."""

    a: tuple[Candidate, ...]
    b: tuple[Candidate, ...]
    paired: int


@dataclass(slots=True)
class _Paper:
    """A paper being filled."""

    edges: Edges
    seed: str
    places: Mapping[str, int]
    kinds: Mapping[str, int]
    chosen: list[Candidate] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)
    sentences: set[str] = field(default_factory=set)
    used: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, candidate: Candidate) -> None:
        content = candidate.content
        self.chosen.append(candidate)
        self.facts.update(content.facts)
        self.sentences |= candidate.sentences
        self.used["lesson", content.lesson] += 1
        self.used["kind", content.kind] += 1

    def cost(self, candidate: Candidate) -> tuple[object, ...]:
        """Sorts what might come next, the best first."""
        content = candidate.content
        return (
            len(self.facts & set(content.facts)),
            sum(_are_linked(other, candidate, self.edges) for other in self.chosen),
            len(self.sentences & candidate.sentences),
            (2 * self.used["lesson", content.lesson] + 1) / self.places[content.lesson],
            (2 * self.used["kind", content.kind] + 1) / self.kinds[content.kind],
            dice(self.seed, content.id),
        )


def draw(candidates: Collection[Candidate], *, count: int, seed: str, edges: Edges) -> list[Candidate]:
    """At most `count` of the candidates, in the order in which to ask them; all, where there are fewer.

    `edges`: for each content id the ids that it gives away. The order of `candidates` does not matter.
    """
    paper = _filled(_Paper(edges, seed, *_shares(candidates)), candidates, count)
    return arranged(paper.chosen, seed=seed, edges=edges)


def _filled(paper: _Paper, candidates: Collection[Candidate], count: int) -> _Paper:
    waiting = {candidate.content.id: candidate for candidate in candidates}
    while waiting and len(paper.chosen) < count:
        best = min(waiting.values(), key=paper.cost)
        paper.add(waiting.pop(best.content.id))
    return paper


def _shares(candidates: Collection[Candidate]) -> tuple[dict[str, int], dict[str, int]]:
    """How many different facts each lesson and each kind can ask; at least one."""
    lessons: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    for candidate in candidates:
        lessons[candidate.content.lesson].update(candidate.content.facts)
        kinds[candidate.content.kind].update(candidate.content.facts)
    return {key: len(row) or 1 for key, row in lessons.items()}, {key: len(row) or 1 for key, row in kinds.items()}


def draw_forms(candidates: Collection[Candidate], *, count: int, seed: str, edges: Edges) -> Forms:
    """Two forms of `count` questions each for a test before and after: as far as the bank allows each fact is asked in
    both, by two different questions. With fewer than 2 * `count` candidates the forms are shorter, and equally long."""
    partners = _partners(candidates, seed)
    pairable = [candidate for candidate in candidates if candidate.content.id in partners]
    paper = _Paper(edges, seed, *_shares(candidates))
    pairs: list[tuple[Candidate, Candidate]] = []
    waiting = {candidate.content.id: candidate for candidate in pairable}
    while waiting and len(pairs) < count:
        first = min(waiting.values(), key=paper.cost)
        if paper.facts & set(first.content.facts):
            break
        paper.add(first)
        second = partners[first.content.id]
        pairs.append((first, second))
        asked = set(first.content.facts)
        waiting = {id: row for id, row in waiting.items() if not asked & set(row.content.facts)}
    rest = [candidate for candidate in candidates if not paper.facts & set(candidate.content.facts)]
    missing = 2 * (count - len(pairs))
    single = _filled(_Paper(edges, seed, *_shares(rest)), rest, min(missing, len(rest) // 2 * 2)).chosen
    a, b = _balanced(pairs)
    return Forms((*a, *single[0::2]), (*b, *single[1::2]), len(pairs))


def _partners(candidates: Collection[Candidate], seed: str) -> dict[str, Candidate]:
    """For each question another about exactly the same facts, most like it: of its kind, in other words."""
    groups: dict[frozenset[str], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.content.facts:
            groups[frozenset(candidate.content.facts)].append(candidate)

    def unlike(one: Candidate, other: Candidate) -> tuple[object, ...]:
        a, b = one.content, other.content
        return a.stem == b.stem, a.kind != b.kind, one.is_productive != other.is_productive, dice(seed, b.id)

    found = {}
    for row in groups.values():
        for one in row:
            others = [other for other in row if other.content.id != one.content.id]
            if others:
                found[one.content.id] = min(others, key=lambda other: unlike(one, other))
    return found


def _balanced(pairs: Sequence[tuple[Candidate, Candidate]]) -> tuple[list[Candidate], list[Candidate]]:
    """The pairs dealt to two forms so that each has about as many questions to be answered from memory, and as many of
    each kind: every second unlike pair is turned round."""
    turned: Counter[tuple[object, ...]] = Counter()
    forms: tuple[list[Candidate], list[Candidate]] = ([], [])
    for first, second in pairs:
        ranks = [(row.is_productive, row.content.kind) for row in (first, second)]
        low, high = (first, second) if ranks[0] <= ranks[1] else (second, first)
        turn = turned[tuple(sorted(ranks))] % 2
        turned[tuple(sorted(ranks))] += 1
        forms[turn].append(low)
        forms[1 - turn].append(high)
    return forms


def arranged(chosen: Collection[Candidate], *, seed: str, edges: Edges) -> list[Candidate]:
    """All of `chosen` in an order drawn by `seed`: no two on one sentence next to each other and none soon after what
    gives it away, as far as that can be had."""
    waiting = sorted(chosen, key=lambda row: dice(seed, row.content.id))
    placed: list[Candidate] = []

    def cost(at: int) -> tuple[int, bool, bool, int, int]:
        leak, is_neighbour = _harm(placed, waiting[at], edges)
        return leak, is_neighbour, not _is_crowded(waiting, at), -_ties(waiting, at, edges), at

    while waiting:
        placed.append(waiting.pop(min(range(len(waiting)), key=cost)))
    return placed


def _is_crowded(waiting: Sequence[Candidate], at: int) -> bool:
    """Whether half of those still waiting stand on its sentence, so that one of them must come now."""
    return 2 * sum(bool(other.sentences & waiting[at].sentences) for other in waiting) >= len(waiting)


def _harm(placed: Sequence[Candidate], candidate: Candidate, edges: Edges) -> tuple[int, bool]:
    """How near a leak it would stand, 0 for none; and whether it would follow one on its own sentence."""
    recent = enumerate(reversed(placed[1 - LEAK_DISTANCE :]))
    leaks = [LEAK_DISTANCE - back for back, row in recent if _gives_away(row, candidate, edges)]
    return max(leaks, default=0), bool(placed) and bool(placed[-1].sentences & candidate.sentences)


def _ties(waiting: Sequence[Candidate], at: int, edges: Edges) -> int:
    """How many of those still waiting give this one away: the more, the sooner it should stand."""
    return sum(_gives_away(other, waiting[at], edges) for other in waiting if other is not waiting[at])


def _gives_away(one: Candidate, other: Candidate, edges: Edges) -> bool:
    return other.content.id in edges.get(one.content.id, NOTHING)


def _are_linked(one: Candidate, other: Candidate, edges: Edges) -> bool:
    return _gives_away(one, other, edges) or _gives_away(other, one, edges)


def dice(seed: str, id: str) -> bytes:
    """A draw that depends on nothing but the seed and the question."""
    return hashlib.sha256(f"{seed}:{id}".encode()).digest()
