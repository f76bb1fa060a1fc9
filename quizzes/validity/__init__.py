"""The adversary of the question bank: everything that must hold before a question is shown to anyone.

`check_bank` runs every rule over a bank and returns a `Report`. The rules know nothing of any one document: they get
a course's knowledge, a bank, and the word lists of the course's language. They keep their own notion of what the
document makes true (`closure`, `asks`), so that an error of the generator is not checked with the same error.
"""

from quizzes.validity.checker import check_bank
from quizzes.validity.findings import ERROR, RULES, WARNING, Finding, rule_table
from quizzes.validity.leaks import leak_edges, leaks_in_order
from quizzes.validity.repeatability import bank_digest, changed_identities, determinism
from quizzes.validity.report import Report, table_lines

__all__ = [
    "ERROR",
    "RULES",
    "WARNING",
    "Finding",
    "Report",
    "bank_digest",
    "changed_identities",
    "check_bank",
    "determinism",
    "leak_edges",
    "leaks_in_order",
    "rule_table",
    "table_lines",
]
