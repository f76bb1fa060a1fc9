"""What a check says, and the register of all checks.

A rule is one small generator function that looks at one question (`Item`) or at a whole bank (`Bank`) and yields a
`Problem` for each fault. The decorators put it into `RULES` with its id, its severity and one line that states it, so
that the table of all rules can be printed and every rule is known to run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from quizzes.validity.item import Bank, Item

Severity = Literal["error", "warning"]
ERROR: Severity = "error"
WARNING: Severity = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault as a rule reports it; `severity` only where it differs from the rule's own."""

    message: str
    data: dict[str, Any] = field(default_factory=dict)
    severity: Severity | None = None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one question ("" for a fault of the bank). An error drops the question and fails the build."""

    rule: str
    severity: Severity
    question: str
    message: str
    data: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able dict."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "question": self.question,
            "message": self.message,
            "data": self.data,
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """A check: of one question (`of_item`) or of the whole bank (`of_bank`). `statement` is there to be translated."""

    id: str
    severity: Severity
    statement: str
    of_item: Callable[[Item], Iterable[Problem]] | None = None
    of_bank: Callable[[Bank], Iterable[Problem]] | None = None

    def findings(self, bank: Bank) -> Iterator[Finding]:
        """Everything this rule has to say about a bank, in the bank's order."""
        if self.of_item is not None:
            for item in bank.items:
                for problem in self.of_item(item):
                    yield self.finding(problem, item.content.id)
        if self.of_bank is not None:
            for problem in self.of_bank(bank):
                yield self.finding(problem, problem.question)

    def finding(self, problem: Problem, question: str) -> Finding:
        severity = problem.severity or self.severity
        return Finding(self.id, severity, question, problem.message, problem.data)


RULES: list[Rule] = []


def item_rule(
    id: str, severity: Severity, statement: str
) -> Callable[[Callable[[Item], Iterable[Problem]]], Callable[[Item], Iterable[Problem]]]:
    """Register a check of single questions."""

    def register(check: Callable[[Item], Iterable[Problem]]) -> Callable[[Item], Iterable[Problem]]:
        RULES.append(Rule(id, severity, statement, of_item=check))
        return check

    return register


def bank_rule(
    id: str, severity: Severity, statement: str
) -> Callable[[Callable[[Bank], Iterable[Problem]]], Callable[[Bank], Iterable[Problem]]]:
    """Register a check of the bank as a whole."""

    def register(check: Callable[[Bank], Iterable[Problem]]) -> Callable[[Bank], Iterable[Problem]]:
        RULES.append(Rule(id, severity, statement, of_bank=check))
        return check

    return register


def rule_table() -> list[tuple[str, Severity, str]]:
    """(id, severity, statement) of every rule, by id."""
    return sorted((rule.id, rule.severity, rule.statement) for rule in RULES)
