"""Rule V35: which question gives away the answer of which other.

`leak_edges` is used by whoever composes a session: a question whose stem or feedback shows the key of another must not
come shortly before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    the other's own sentence. Time grows with the square of the number: 300 questions take well under a second.
    """
    sentences = {evidence.sentence: normal(evidence.quote) for c in contents for evidence in c.evidence}
    wanted = [(c.id, keys_of(c), {e.sentence for e in c.evidence}) for c in contents]
    common = {key: sum(key in text for text in sentences.values()) > COMMON for _, keys, _ in wanted for key in keys}
    edges = {}
    for content in contents:
        shown, own = shown_by(content), {evidence.sentence for evidence in content.evidence}
        edges[content.id] = frozenset(
            id
            for id, keys, places in wanted
            if id != content.id and gives_away(shown, keys) and (own & places or not all(common[key] for key in keys))
        )
    return edges


def gives_away(shown: str, keys: tuple[str, ...]) -> bool:
    """Whether all keys that are longer than one character are shown."""
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
            yield Problem(f"{count} of {len(bank.contents) - 1} other questions show its key", question=id)
