"""The bank of the first course, made from its fixture, before the checker."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from quizzes.content import Content
from quizzes.generation.bank import generate
from quizzes.generation.templates_zh import TEMPLATE_WORDS
from quizzes.validity import bank_digest, check_bank
from quizzes.validity.repeatability import unlike_orders
from tests.quizzes.clean_bank import FIXTURE, course

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


def test_the_bank_does_not_depend_on_the_order_of_facts() -> None:
    assert bank_digest(generate(unlike_orders(course()))) == bank_digest(bank())


def test_the_bank_does_not_depend_on_the_hash_seed() -> None:
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(root)}
    script = DIGEST.format(path=str(FIXTURE))
    done = subprocess.run([sys.executable, "-c", script], env=environment, cwd=root, capture_output=True, check=True)
    assert done.stdout.decode().strip() == bank_digest(bank())
