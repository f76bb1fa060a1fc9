"""The result of a check, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.content import Content
from quizzes.validity.coverage import Coverage
from quizzes.validity.findings import ERROR, Finding, rule_table
from quizzes.validity.solvers import Accuracy

MOST_LINES = 12
"""Findings of one rule that a readable report spells out."""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings on a bank with the counts that put them into proportion."""

    contents: tuple[Content, ...]
    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    solvers: tuple[Accuracy, ...]
    leaks: int

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity != ERROR)

    @property
    def is_valid(self) -> bool:
        """Whether no error remains."""
        return not self.errors

    @property
    def faulty(self) -> frozenset[str]:
        """Ids of the questions with an error: those that must not be shipped."""
        return frozenset(finding.question for finding in self.errors if finding.question)

    def counts(self) -> dict[str, dict[str, int]]:
        """Questions by kind and lesson, findings by rule and severity."""
        return {
            "kind": dict(sorted(Counter(content.kind for content in self.contents).items())),
            "lesson": dict(sorted(Counter(content.lesson for content in self.contents).items())),
            "error": dict(sorted(Counter(finding.rule for finding in self.errors).items())),
            "warning": dict(sorted(Counter(finding.rule for finding in self.warnings).items())),
        }

    def to_dict(self) -> dict[str, Any]:
        """JSON-able dict of everything in the report."""
        return {
            "questions": len(self.contents),
            "is_valid": self.is_valid,
            "counts": self.counts(),
            "coverage": {
                part.name: {"met": len(part.met), "missing": list(part.missing), "share": round(part.share, 4)}
                for part in self.coverage
            },
            "solvers": [result.to_dict() for result in self.solvers],
            "leaks": self.leaks,
            "rules": [{"id": id, "severity": severity, "statement": text} for id, severity, text in rule_table()],
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """The report as lines of text."""
        counts = self.counts()
        yield f"{len(self.contents)} questions, {len(self.errors)} errors, {len(self.warnings)} warnings"
        yield "kinds    " + spelled(counts["kind"])
        yield "lessons  " + spelled(counts["lesson"])
        for part in self.coverage:
            total = len(part.met) + len(part.missing)
            yield f"{part.name}: {len(part.met)} of {total} ({part.share:.1%})"
        for result in self.solvers:
            low, high = result.interval
            yield (
                f"solver {result.solver}: {result.accuracy:.3f} [{low:.3f}, {high:.3f}], "
                f"chance {result.chance:.3f}, limit {result.limit:.3f}"
            )
        yield f"{self.leaks} ordered pairs of questions give one another away"
        yield from self._findings()

    def _findings(self) -> Iterator[str]:
        statements = {id: text for id, _, text in rule_table()}
        for severity, group in (("error", self.errors), ("warning", self.warnings)):
            for rule, count in sorted(Counter(finding.rule for finding in group).items()):
                yield f"{rule} {severity} ({count}) {statements.get(rule, '')}"
                own = [finding for finding in group if finding.rule == rule]
                yield from (f"  {finding.question or 'bank'}: {finding.message}" for finding in own[:MOST_LINES])
                if count > MOST_LINES:
                    yield f"  and {count - MOST_LINES} more"


def spelled(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def table_lines(rows: Sequence[tuple[str, str, str]] | None = None) -> list[str]:
    """The table of all rules as text."""
    return [f"{id}  {severity:<8} {statement}" for id, severity, statement in rows or rule_table()]
