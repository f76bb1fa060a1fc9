"""From facts to a stored bank: generate, check, refuse or store."""

from __future__ import annotations

from curriculum.models import Course
from quizzes.bank import Stored, digest, store
from quizzes.generation import generate
from quizzes.models import Question
from quizzes.validity import Report, check_bank

SHOWN = 20


class FlawedBankError(ValueError):
    """The bank has an error-level finding; `report` says which questions and why."""

    def __init__(self, report: Report) -> None:
        worst = [f"{finding.rule} {finding.question}: {finding.message}" for finding in report.errors[:SHOWN]]
        super().__init__("\n".join([f"The bank was refused: {len(report.errors)} errors.", *worst]))
        self.report = report


def regenerate(course: Course) -> Stored:
    """Generate the questions of `course`, check them and store them.

    Raises FlawedBankError, and stores nothing, if any rule at error level is broken. A bank that is already stored was
    checked then and is not checked again.
    """
    knowledge = course.knowledge()
    contents = generate(knowledge)
    active = Question.objects.active().for_course(course)
    current = dict(active.values_list("key", "current__digest"))
    if current and current == {content.id: digest(content) for content in contents}:
        return Stored(unchanged=len(contents))
    report = check_bank(contents, knowledge)
    if report.errors:
        raise FlawedBankError(report)
    return store(course, contents)
