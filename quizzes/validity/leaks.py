"""Rule V35: which question gives away the answer of which other.

`leak_edges` is used by whoever composes a session: a question whose stem or feedback shows the key of another must not
come shortly before it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from quizzes.content import Content
from quizzes.validity.findings import WARNING, Problem, bank_rule
from quizzes.validity.item import Bank
from quizzes.validity.texts import normal

SHORTEST_LEAK = 2
"""A key of one character stands everywhere and gives nothing away."""
COMMON = 2
"""Sentences in which a key may stand and still be telling wherever it is seen."""
LEAK_DISTANCE = 8
"""Questions that must lie between a leak and the question whose key it shows."""
HUB_SHARE = 0.25
"""A key that a quarter of all other questions show can hardly be scheduled."""


def keys_of(content: Content) -> tuple[str, ...]:
    """Normal forms of what a learner has to find: the key, the members, or the responses of a set."""
    if isinstance(content.key, str):
        return (normal(content.key),)
    if content.kind == "matching":
        return tuple(normal(str(pair[1])) for pair in content.key)
    return tuple(normal(str(text)) for text in content.key)


def shown_by(content: Content) -> str:
    """Normal form of what a learner has read once the question is answered: stem, premises, key and evidence."""
    parts = (content.stem, *content.premises, *(evidence.quote for evidence in content.evidence))
    return "\n".join([*map(normal, parts), *keys_of(content)])


def leak_edges(contents: Sequence[Content]) -> dict[str, frozenset[str]]:
    """For each question id the ids of the questions that it gives away. Every id is present, also without leaks.

    A question leaks another when all of the other's keys stand in its stem, its key or the sentence shown as feedback.
    Keys that stand in many sentences are everyday words of the document: seeing them gives the answer away only in
    the other's own sentence.
    """
    wanted = [(c.id, keys_of(c), {evidence.sentence for evidence in c.evidence}) for c in contents]
    keys = Keys(key for row in wanted for key in row[1])
    sentences = {evidence.sentence: normal(evidence.quote) for c in contents for evidence in c.evidence}
    standing = Counter(key for text in sentences.values() for key in keys.shown_in(text))
    asking: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(wanted):
        for key in {*row[1]}:
            asking[key].append(at)
    edges = {}
    for content, row in zip(contents, wanted, strict=True):
        shown, places = keys.shown_in(shown_by(content)), row[2]
        likely = (wanted[at] for at in {at for key in shown for at in asking[key]})
        edges[content.id] = frozenset(
            id
            for id, own, others in likely
            if id != content.id
            and gives_away(shown, own)
            and (places & others or any(standing[key] <= COMMON for key in own))
        )
    return edges


class Keys:
    """Keys to be recognised in a text, found by their first two characters."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._single = set[str]()
        self._by_start: dict[str, set[str]] = defaultdict(set)
        for key in keys:
            if len(key) < SHORTEST_LEAK:
                self._single.add(key)
            else:
                self._by_start[key[:SHORTEST_LEAK]].add(key)

    def shown_in(self, text: str) -> set[str]:
        """The keys that stand in the text."""
        starts = {text[at : at + SHORTEST_LEAK] for at in range(len(text) - 1)}
        likely = (key for start in starts for key in self._by_start.get(start, ()))
        return {key for key in (*self._single, *likely) if key in text}


def gives_away(shown: Collection[str], keys: tuple[str, ...]) -> bool:
    """Whether all keys that are longer than one character are among those shown."""
    long = [key for key in keys if len(key) >= SHORTEST_LEAK]
    return bool(long) and all(key in shown for key in long)


def leaks_in_order(order: Sequence[str], edges: dict[str, frozenset[str]], *, distance: int = LEAK_DISTANCE) -> int:
    """Number of questions in a session that come less than `distance` places after one that gives them away."""
    return sum(
        any(later in edges.get(earlier, frozenset()) for earlier in order[max(0, at - distance + 1) : at])
        for at, later in enumerate(order)
    )


@bank_rule("V35", WARNING, _("No question is given away by so many others that no session can keep them apart."))
def leaks_can_be_avoided(bank: Bank) -> Iterator[Problem]:
    edges = leak_edges(bank.contents)
    limit = HUB_SHARE * max(len(bank.contents) - 1, 1)
    given: dict[str, int] = {}
    for leaked in edges.values():
        for id in leaked:
            given[id] = given.get(id, 0) + 1
    for id, count in sorted(given.items()):
        if bank.is_whole and count > limit:
            yield Problem(
                gettext("%(count)s of %(n)s other questions show its key")
                % {"count": count, "n": len(bank.contents) - 1},
                question=id,
            )
