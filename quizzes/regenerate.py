"""From facts to a stored bank: generate, check, refuse or store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.db import transaction

from curriculum.knowledge import Knowledge
from curriculum.models import Course
from quizzes import generation, validity
from quizzes.bank import Stored, store, stored_contents
from quizzes.declared import eased, with_declared
from quizzes.models import Making, Question
from quizzes.validity import Finding, Report

SHOWN = 20


class FlawedBankError(ValueError):
    """The bank has an error-level finding; `report` says which questions and why."""

    def __init__(self, report: Report) -> None:
        worst = [f"{finding.rule} {finding.question}: {finding.message}" for finding in report.errors[:SHOWN]]
        super().__init__("\n".join([f"The bank was refused: {len(report.errors)} errors.", *worst]))
        self.report = report


def recipe(knowledge: Knowledge, preferred: Mapping[str, Sequence[str]] | None = None) -> str:
    """Hex sha256 of all that decides a bank: what the course knows and learners mix up, and the code on both sides."""
    made_from = hashlib.sha256(json.dumps(asdict(knowledge), sort_keys=True).encode())
    made_from.update(json.dumps(preferred or {}, sort_keys=True).encode())
    for package in (generation, validity):
        for module in sorted(Path(package.__path__[0]).glob("*.py")):
            made_from.update(module.read_bytes())
    return made_from.hexdigest()


def regenerate(course: Course, *, preferred: Mapping[str, Sequence[str]] | None = None) -> Stored:
    """Generate the questions of `course`, check them and store them; nothing where all that decides them is as before.

    `preferred`: wrong answers to offer first, by fact (see `quizzes.confusions`); they are kept and used again where
    None is given. Raises FlawedBankError, and stores nothing, if any rule at error level is broken.
    """
    knowledge = course.knowledge()
    making = Making.objects.filter(course=course).first()
    if preferred is None:
        preferred = making.preferred if making else {}
    made_from = recipe(knowledge, preferred)
    if making is not None and making.recipe == made_from:
        return Stored(unchanged=Question.objects.for_course(course).active().count())
    contents = generation.generate(knowledge, preferred=preferred)
    found = validity.check_bank(contents, knowledge, words=generation.template_words(knowledge.language))
    if found.errors:
        raise FlawedBankError(found)
    with transaction.atomic():
        stored = store(course, contents)
        kept = {"recipe": made_from, "preferred": {fact: list(texts) for fact, texts in preferred.items()}}
        Making.objects.update_or_create(course=course, defaults=kept)
    return stored


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of a draft's questions: those stored, what was wrong with those left out, and advice on the whole."""

    stored: Stored
    refused: tuple[Finding, ...]
    advice: tuple[Finding, ...]


def make_draft(course: Course) -> Drafted:
    """Make the questions of a course that is not published: faulty ones are left out, rules on the whole only advise.

    Raises UnknownLanguageError where there are no words to ask in.
    """
    knowledge = course.knowledge()
    words = generation.template_words(knowledge.language)
    contents = generation.generate(knowledge) if knowledge.facts else ()
    refused: list[Finding] = []
    found = validity.check_bank(contents, knowledge, words=words)
    while found.faulty:
        refused += [finding for finding in found.errors if finding.question]
        contents = tuple(content for content in contents if content.id not in found.faulty)
        found = validity.check_bank(contents, knowledge, words=words)
    return Drafted(store(course, contents), tuple(refused), tuple(f for f in found.findings if not f.question))


def report(course: Course) -> Report:
    """Every rule on the questions that are asked now; people's are held to them as `quizzes.declared` says."""
    contents = stored_contents(course)
    generated = set(Question.objects.for_course(course).generated().values_list("key", flat=True))
    by_people = [content for content in contents if content.id not in generated]
    knowledge = with_declared(course.knowledge(), by_people)
    found = validity.check_bank(contents, knowledge, words=generation.template_words(knowledge.language))
    return replace(found, findings=tuple(eased(found.findings, {content.id for content in by_people})))
