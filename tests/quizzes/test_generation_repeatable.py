"""The same knowledge gives the same bank: on another machine, from other row orders, after an unrelated change."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from curriculum.fixture import load_fixture
from curriculum.knowledge import Knowledge
from quizzes.content import Content
from quizzes.generation import generate

ROOT = Path(__file__).parents[2]
FIXTURE = ROOT / "fixtures" / "cyberspace-2019.json"
PRINT_BANK = f"""
import hashlib
from curriculum.fixture import load_fixture
from quizzes.generation import generate
bank = "\\n".join(content.canonical() for content in generate(load_fixture({str(FIXTURE)!r})))
print(hashlib.sha256(bank.encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def course() -> Knowledge:
    return load_fixture(FIXTURE)


@pytest.fixture(scope="module")
def bank(course: Knowledge) -> tuple[Content, ...]:
    return generate(course)


def start(hash_seed: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "LC_ALL": "C"}
    return subprocess.Popen(
        [sys.executable, "-c", PRINT_BANK], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )


def test_two_processes_with_other_hash_seeds_agree() -> None:
    runs = [start("0"), start("4242")]
    outputs = [run.communicate(timeout=120)[0].strip() for run in runs]
    assert len(outputs[0]) == 64
    assert outputs[0] == outputs[1]


def test_the_order_of_rows_does_not_matter(course: Knowledge, bank: tuple[Content, ...]) -> None:
    dice = random.Random(7)
    names = ("lessons", "passages", "units", "entities", "facts")
    shuffled = {name: tuple(dice.sample(getattr(course, name), len(getattr(course, name)))) for name in names}
    assert generate(replace(course, **shuffled)) == bank


def test_another_seed_changes_orders_but_not_identities(course: Knowledge, bank: tuple[Content, ...]) -> None:
    other = generate(course, seed="other")
    assert {content.id for content in other} & {content.id for content in bank}
    mine = {content.id: content for content in bank}
    shared = [(mine[content.id], content) for content in other if content.id in mine and content.options]
    assert any(a.options != b.options for a, b in shared)
    assert all(content.seed == "other" for content in other)


def test_a_fact_less_leaves_other_questions_as_they_were(course: Knowledge, bank: tuple[Content, ...]) -> None:
    without = replace(course, facts=tuple(fact for fact in course.facts if fact.id != "F205"))
    left = {content.id: content for content in generate(without)}
    same = sum(left.get(content.id) == content for content in bank)
    assert same / len(bank) > 0.95


def test_what_learners_confuse_comes_first_among_wrong_options(course: Knowledge, bank: tuple[Content, ...]) -> None:
    def options(contents: tuple[Content, ...]) -> set[str]:
        content = next(c for c in contents if c.rule == "blank.choice" and c.facts == ("F073",))
        assert content.options is not None
        return set(content.options)

    wish = ({"具體體現", "重要實踐", "重要條件", "必然選擇", "永久主題", "基本準則", "迫切需要"} - options(bank)).pop()
    assert wish in options(generate(course, preferred={"F073": [wish]}))
