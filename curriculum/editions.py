"""Two editions of one document: which fact continues which, and which sentences differ. Pure and deterministic."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel

from curriculum.knowledge import Fact, Knowledge

ALIKE = 0.6
"""From this similarity on, two texts of one relation are wordings of one fact, and two sentences are one changed."""
BARELY_ALIKE = 0.3
"""Two facts with the same id must at least be so alike: ids that a program counted move when a fact is left out."""
NEAR = 40
"""How many sentences ahead a changed one is looked for."""

_TOKENS = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+(?:['’-][A-Za-z0-9\u00c0-\u024f]+)*|\s+|.", re.DOTALL)


class Succession(NamedTuple):
    """A fact of the newer edition continues one of the older, in the same words or in others. Both are ids."""

    old: str
    new: str
    is_reworded: bool


class Run(NamedTuple):
    """A stretch of a sentence; `is_changed`: it does not stand in the other edition."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of either edition or of both. `kind`: "same", "changed", "added" (no `old`), "removed" (no `new`)."""

    kind: str
    old: tuple[Run, ...] = ()
    new: tuple[Run, ...] = ()


# Facts.


def successions(old: Knowledge, new: Knowledge) -> list[Succession]:
    """Which facts of `new` continue facts of `old`, by id of the newer; each fact continues, or is continued by, one.

    Unchanged are facts equal in relation, subject, text, left half and members. Of the others, within one relation,
    reworded are, in this order: facts with the same subject, with the same id, or with similar texts (the share of
    characters in common, by the longest common subsequence, is 0.6 or more); the more similar first. What is left is
    new, or was dropped.
    """
    same = list(_unchanged(old.facts, new.facts))
    left_old = _without(old.facts, {row.old for row in same})
    left_new = _without(new.facts, {row.new for row in same})
    return sorted([*same, *_reworded(left_old, left_new)], key=lambda row: row.new)


def _without(facts: Iterable[Fact], ids: set[str]) -> list[Fact]:
    """In the order of the text, whatever order they came in."""
    return sorted((fact for fact in facts if fact.id not in ids), key=_place)


def _place(fact: Fact) -> tuple[int, str]:
    return fact.start, fact.id


def _said(fact: Fact) -> tuple[object, ...]:
    """All that a fact says: equal for facts that are the same knowledge."""
    left = fact.left.text if fact.left else ""
    return fact.relation, fact.subject, fact.text, left, tuple(member.text for member in fact.members)


def _unchanged(old: Sequence[Fact], new: Sequence[Fact]) -> Iterator[Succession]:
    """Facts that say the same; of several such those with the same id first, then as they follow in the text."""
    waiting: dict[tuple[object, ...], dict[str, Fact]] = defaultdict(dict)
    for fact in _without(old, set()):
        waiting[_said(fact)][fact.id] = fact
    later = []
    for fact in _without(new, set()):
        if waiting.get(_said(fact), {}).pop(fact.id, None):
            yield Succession(fact.id, fact.id, False)
        else:
            later.append(fact)
    for fact in later:
        if rest := waiting.get(_said(fact)):
            yield Succession(rest.pop(next(iter(rest))).id, fact.id, False)


def _reworded(old: Sequence[Fact], new: Sequence[Fact]) -> Iterator[Succession]:
    """The best pairs first, each fact once."""
    by_relation: dict[str, list[tuple[int, Fact]]] = defaultdict(list)
    for place, fact in enumerate(old):
        by_relation[fact.relation].append((place, fact))
    pairs = sorted(
        (*rank, was, place, before.id, fact.id)
        for place, fact in enumerate(new)
        for was, before in by_relation[fact.relation]
        if (rank := _rank(before, fact)) is not None
    )
    taken_old, taken_new = set(), set()
    for *_rank_and_places, before_id, fact_id in pairs:
        if before_id not in taken_old and fact_id not in taken_new:
            taken_old.add(before_id)
            taken_new.add(fact_id)
            yield Succession(before_id, fact_id, True)


def _rank(old: Fact, new: Fact) -> tuple[int, float] | None:
    """How well a fact continues one of the same relation, the less the better; None: not at all."""
    alike = similarity(old.text, new.text)
    if old.subject == new.subject:
        return 0, -alike
    if old.id == new.id and similarity(old.subject + old.text, new.subject + new.text) >= BARELY_ALIKE:
        return 1, -alike
    return (2, -alike) if alike >= ALIKE else None


def similarity(a: str, b: str) -> float:
    """Twice the longest common subsequence over both lengths: 0 nothing in common, 1 equal."""
    return Indel.normalized_similarity(a, b)


# Sentences.


def sentence_diff(old: Sequence[str], new: Sequence[str]) -> list[Row]:
    """The sentences of two editions side by side, in order; of changed ones the stretches that differ.

    The runs of a row joined are its sentence. Stretches are words in Latin script, else single characters.
    """
    rows: list[Row] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            rows += [Row("same", _whole(text, False), _whole(text, False)) for text in old[old_from:old_to]]
        else:
            rows += _block(old[old_from:old_to], new[new_from:new_to])
    return rows


def _whole(text: str, is_changed: bool) -> tuple[Run, ...]:
    return (Run(text, is_changed),)


def _block(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """Differing sentences: those alike beside each other, the others before them as removed and added."""
    at = 0
    waiting: list[str] = []
    for text in old:
        near = range(at, min(at + NEAR, len(new)))
        partner = max(near, key=lambda n: (similarity(text, new[n]), -n), default=None)
        if partner is None or similarity(text, new[partner]) < ALIKE:
            waiting.append(text)
            continue
        yield from _apart(waiting, new[at:partner])
        yield _changed(text, new[partner])
        waiting, at = [], partner + 1
    yield from _apart(waiting, new[at:])


def _apart(old: Iterable[str], new: Iterable[str]) -> Iterator[Row]:
    yield from (Row("removed", old=_whole(text, True)) for text in old)
    yield from (Row("added", new=_whole(text, True)) for text in new)


def _changed(old: str, new: str) -> Row:
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    old_runs, new_runs = [], []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        old_runs.append(Run("".join(before[old_from:old_to]), kind != "equal"))
        new_runs.append(Run("".join(after[new_from:new_to]), kind != "equal"))
    return Row("changed", _kept(old_runs), _kept(new_runs))


def _kept(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbours alike in one, none empty."""
    grouped = groupby((run for run in runs if run.text), key=lambda run: run.is_changed)
    return tuple(Run("".join(run.text for run in group), is_changed) for is_changed, group in grouped)
