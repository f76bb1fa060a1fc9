"""The bank of the first course, made from its fixture, before the checker."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from quizzes.content import Content
from quizzes.generation.bank import generate
from quizzes.generation.templates_zh import TEMPLATE_WORDS
from quizzes.validity import bank_digest, check_bank
from quizzes.validity.repeatability import unlike_orders
from tests.quizzes.clean_bank import FIXTURE, course

REFUTING = {"V03", "V11", "V12", "V14", "V18", "V52", "V60"}
"""The rules that hold an answer against the document."""
DIGEST = """
from curriculum.fixture import load_fixture
from quizzes.generation.bank import generate
from quizzes.validity import bank_digest
print(bank_digest(generate(load_fixture({path!r}))))
"""


@cache
def bank() -> tuple[Content, ...]:
    return generate(course())


def test_no_question_of_the_shipped_course_has_an_error() -> None:
    report = check_bank(bank(), course(), words=TEMPLATE_WORDS)
    assert [finding.to_dict() for finding in report.errors] == []


def spoilt(content: Content) -> Iterator[Content]:
    """The question with each other answer that it knows of, or two of its answers exchanged, as its key."""
    if isinstance(content.key, str):
        others = [*(content.options or ()), *(rival.text for rival in content.confusions)]
        yield from (replace(content, key=other, accepted=()) for other in others if other != content.key)
        return
    first, second, *rest = content.key
    if content.kind == "matching":
        yield replace(content, key=[[first[0], second[1]], [second[0], first[1]], *rest])
    elif content.kind == "ordering":
        yield replace(content, key=[second, first, *rest])
    else:
        yield replace(content, key=[first, second, *rest[:-1]])


def test_every_wrong_key_is_refuted() -> None:
    wrong = [replace(question, id=f"{at}") for at, question in enumerate(q for c in bank() for q in spoilt(c))]
    report = check_bank(wrong, course(), words=TEMPLATE_WORDS, is_whole=False)
    refuted = {finding.question for finding in report.errors if finding.rule in REFUTING}
    assert [question.stem for question in wrong if question.id not in refuted] == []


def test_the_bank_does_not_depend_on_the_order_of_facts() -> None:
    assert bank_digest(generate(unlike_orders(course()))) == bank_digest(bank())


def test_the_bank_does_not_depend_on_the_hash_seed() -> None:
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(root)}
    script = DIGEST.format(path=str(FIXTURE))
    done = subprocess.run([sys.executable, "-c", script], env=environment, cwd=root, capture_output=True, check=True)
    assert done.stdout.decode().strip() == bank_digest(bank())
