"""Running all rules over a bank."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from curriculum.knowledge import Knowledge
from quizzes.content import Content
from quizzes.kinds import KINDS
from quizzes.validity import (
    cloze,
    context,
    coverage,
    cues,
    leaks,
    lists,
    matching,
    one_answer,
    options,
    oracle,
    provenance,
    repeatability,
    solvers,
    wording,
)
from quizzes.validity.findings import RULES
from quizzes.validity.item import Bank
from quizzes.validity.report import Report

SUBJECTS = (
    provenance,
    one_answer,
    context,
    oracle,
    options,
    cues,
    solvers,
    cloze,
    matching,
    lists,
    leaks,
    coverage,
    wording,
    repeatability,
)
"""The modules that register rules; imported here so that the register is complete."""


def check_bank(
    bank: Sequence[Content],
    knowledge: Knowledge,
    *,
    words: Collection[str] = (),
    kinds: Mapping[str, Any] = KINDS,
    is_whole: bool = True,
) -> Report:
    """Examine a bank with every rule.

    `words`: the fixed words of the generator's templates. `kinds`: graders by kind, for the self-check. `is_whole`:
    False for a part of a bank, of which coverage and balance over lessons are not demanded.
    """
    examined = Bank(bank, knowledge, words=words, kinds=kinds, is_whole=is_whole)
    found = [finding for rule in sorted(RULES, key=lambda rule: rule.id) for finding in rule.findings(examined)]
    return Report(
        contents=examined.contents,
        findings=tuple(found),
        coverage=tuple(coverage.coverage(examined)),
        solvers=tuple(solvers.solver_accuracies(examined)),
        leaks=sum(map(len, leaks.leak_edges(examined.contents).values())),
    )
