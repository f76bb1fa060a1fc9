"""From facts to a stored bank: generate, check, refuse or store."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from curriculum.knowledge import Knowledge
from curriculum.models import Course
from quizzes import generation, validity
from quizzes.bank import Stored, store, stored_contents
from quizzes.models import Making, Question
from quizzes.validity import Report

SHOWN = 20


class FlawedBankError(ValueError):
    """The bank has an error-level finding; `report` says which questions and why."""

    def __init__(self, report: Report) -> None:
        worst = [f"{finding.rule} {finding.question}: {finding.message}" for finding in report.errors[:SHOWN]]
        super().__init__("\n".join([f"The bank was refused: {len(report.errors)} errors.", *worst]))
        self.report = report


def recipe(knowledge: Knowledge) -> str:
    """Hex sha256 of all that decides a bank: what the course knows, and the generator's and the checker's own code."""
    made_from = hashlib.sha256(json.dumps(asdict(knowledge), sort_keys=True).encode())
    for package in (generation, validity):
        for module in sorted(Path(package.__path__[0]).glob("*.py")):
            made_from.update(module.read_bytes())
    return made_from.hexdigest()


def regenerate(course: Course) -> Stored:
    """Generate the questions of `course`, check them and store them; nothing where all that decides them is as before.

    Raises FlawedBankError, and stores nothing, if any rule at error level is broken.
    """
    knowledge = course.knowledge()
    made_from = recipe(knowledge)
    if Making.objects.filter(course=course, recipe=made_from).exists():
        return Stored(unchanged=Question.objects.for_course(course).active().count())
    contents = generation.generate(knowledge)
    found = validity.check_bank(contents, knowledge, words=generation.template_words(knowledge.language))
    if found.errors:
        raise FlawedBankError(found)
    with transaction.atomic():
        stored = store(course, contents)
        Making.objects.update_or_create(course=course, defaults={"recipe": made_from})
    return stored


def report(course: Course) -> Report:
    """Every rule on the questions that are asked now, whoever worded them."""
    knowledge = course.knowledge()
    return validity.check_bank(stored_contents(course), knowledge, words=generation.template_words(knowledge.language))
