"""The bank of the English course: every question of it, held to the same rules as the Chinese one and graded."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from curriculum.fixture import load_fixture
from curriculum.knowledge import Knowledge
from quizzes.content import BLANK, Content
from quizzes.generation import generate, template_words
from quizzes.kinds import KINDS
from quizzes.validity import Report, bank_digest, check_bank, determinism
from tests.quizzes.test_validity_bank import REFUTING, spoilt

ROOT = Path(__file__).resolve().parents[2]
PRINT_DIGEST = """
from curriculum.fixture import load_fixture
from quizzes.generation import generate
from quizzes.validity import bank_digest
print(bank_digest(generate(load_fixture("fixtures/udhr.json"))))
"""
PATH = ROOT / "fixtures" / "udhr.json"


@pytest.fixture(scope="module")
def course() -> Knowledge:
    return load_fixture(PATH)


@pytest.fixture(scope="module")
def bank(course: Knowledge) -> tuple[Content, ...]:
    return generate(course)


@pytest.fixture(scope="module")
def report(course: Knowledge, bank: tuple[Content, ...]) -> Report:
    return check_bank(bank, course, words=template_words("en"))


def typed(bank: tuple[Content, ...]) -> Iterator[Content]:
    return (c for c in bank if c.kind in ("cloze", "short_answer") and c.options is None)


def verdict(content: Content, text: str) -> str:
    kind = KINDS[content.kind]
    return kind.grade(content, kind.read(content, {"text": text})).verdict


# --- the bank as a whole


def test_the_checker_finds_no_error(report: Report) -> None:
    assert [(finding.rule, finding.message) for finding in report.errors] == []


def test_every_sentence_heading_and_fact_is_asked(report: Report) -> None:
    assert {part.name: part.missing for part in report.coverage} == {
        "sentences": (),
        "headings": (),
        "facts": (),
        "core facts in two kinds": (),
    }


def test_all_six_kinds_are_there(bank: tuple[Content, ...]) -> None:
    kinds = Counter(content.kind for content in bank)
    assert len(bank) >= 200
    assert set(kinds) == set(KINDS)
    assert kinds["matching"] >= 10


def test_the_same_knowledge_makes_the_same_bank_in_any_order(course: Knowledge) -> None:
    assert determinism(generate, course) == []


def test_another_hash_seed_makes_the_same_bank(bank: tuple[Content, ...]) -> None:
    environment = os.environ | {"PYTHONHASHSEED": "4711", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_DIGEST], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == bank_digest(bank)


def test_every_wrong_key_is_refuted(course: Knowledge, bank: tuple[Content, ...]) -> None:
    wrong = [replace(question, id=f"{at}") for at, question in enumerate(q for c in bank for q in spoilt(c))]
    report = check_bank(wrong, course, words=template_words("en"), is_whole=False)
    refuted = {finding.question for finding in report.errors if finding.rule in REFUTING}
    assert [(question.stem, question.key) for question in wrong if question.id not in refuted] == []


def test_generating_and_checking_take_little_time(course: Knowledge) -> None:
    before = time.process_time()
    check_bank(generate(course), course, words=template_words("en"))
    assert time.process_time() - before < 10


def flaws(course: Knowledge, content: Content) -> set[str]:
    report = check_bank([content], course, words=template_words("en"), is_whole=False)
    return {finding.rule for finding in report.errors}


def test_flaws_of_english_questions_are_caught(course: Knowledge, bank: tuple[Content, ...]) -> None:
    """A choice is spoilt in one way after another; the rule that should object does."""
    good = next(content for content in bank if content.rule == "quality.choice")
    cloze = next(content for content in typed(bank) if content.facts == ("F403.02",) and content.kind == "cloze")
    options = (*(good.options or ())[:3], "all of the above")
    stem = good.stem
    assert flaws(course, good) == flaws(course, cloze) == set()
    assert "V25" in flaws(course, replace(good, options=options))
    assert "V76" in flaws(course, replace(good, stem=stem.replace("must be", "must not be")))
    assert "V77" in flaws(course, replace(good, stem=stem.partition(", ")[2], scope=""))
    assert "V78" in flaws(course, replace(good, stem=stem.replace("must be", "ought to be")))
    assert "V33" in flaws(course, replace(good, stem=f"{stem} ({good.key})"))
    assert "V06" in flaws(course, replace(cloze, stem=cloze.stem.replace("Everyone has", "Everybody has")))
    assert "V14" in flaws(course, replace(cloze, stem=f"Complete these words of the document: “… to {BLANK} …”"))


# --- English


def test_stems_are_english_sentences(bank: tuple[Content, ...]) -> None:
    for content in bank:
        assert re.match(r"[A-Z]", content.stem), content.stem
        assert not re.search(r"[「」，。；：？！、]|……|  | [,.;?]", content.stem), content.stem
        assert content.stem.count("“") == content.stem.count("”"), content.stem


def test_every_question_names_the_part_that_it_is_about(bank: tuple[Content, ...]) -> None:
    named = re.compile(r"the Preamble|Articles? \d+|the document")
    assert [content.stem for content in bank if not named.search(content.stem)] == []


def test_no_article_before_a_blank_rules_an_option_out(bank: tuple[Content, ...]) -> None:
    for content in bank:
        if content.options and re.search(rf"\ban? {BLANK}", content.stem):
            assert len({option[0] in "aeiou" for option in content.options}) == 1, content.stem


def test_articles_are_matched_in_an_order_that_gives_nothing_away(bank: tuple[Content, ...]) -> None:
    sets = [content for content in bank if content.rule == "article.matching"]
    assert len(sets) == 6
    for content in sets:
        numbers = [int(str(pair[1]).split()[1]) for pair in content.key]
        assert len(numbers) == 3 or numbers != sorted(numbers), numbers


def test_a_typed_answer_has_at_most_four_words(bank: tuple[Content, ...]) -> None:
    for content in typed(bank):
        words = [word for word in re.findall(r"[^\W_]+(?:[‐-][^\W_]+)*", str(content.key)) if word.lower() != "the"]
        assert len(words) <= 4 or words[0] == "a", content.key


# --- grading


def test_the_key_of_every_question_is_right_however_it_is_written(bank: tuple[Content, ...]) -> None:
    for content in typed(bank):
        key = str(content.key)
        for text in (key, key.upper(), f" {key}. ", key.replace("\u2010", "-"), key.replace("\u2010", " ")):
            assert verdict(content, text) == "correct", (content.stem, text)


def test_every_variant_is_right_and_every_confusion_is_not(bank: tuple[Content, ...]) -> None:
    for content in typed(bank):
        assert all(verdict(content, str(form)) == "correct" for form in content.accepted), content.stem
        assert all(verdict(content, other.text) != "correct" for other in content.confusions), content.stem


def test_of_the_options_only_the_key_is_right(bank: tuple[Content, ...]) -> None:
    for content in bank:
        if content.options:
            kind = KINDS[content.kind]
            outcomes = [kind.grade(content, at).is_correct for at in range(len(content.options))]
            assert outcomes == [option == content.key for option in content.options], content.stem


@pytest.mark.parametrize(
    ("fact", "answer"),
    [
        ("F301.02", "honor and reputation"),
        ("F301.02", "Reputation and Honour"),
        ("F504.02", "just and favorable"),
        ("F207.03", "defense"),
        ("F507.01", "health and well-being"),
        ("F507.01", "health and wellbeing"),
        ("F306.01", "non-political crimes"),
        ("F003.01", "Rule of law"),
        ("F407.01", "will of the people"),
        ("F505.01", "labor unions"),
    ],
)
def test_case_hyphens_articles_and_american_spelling_make_no_difference(
    bank: tuple[Content, ...], fact: str, answer: str
) -> None:
    asked = [content for content in typed(bank) if content.facts == (fact,)]
    assert asked
    assert [verdict(content, answer) for content in asked] == ["correct"] * len(asked)


@pytest.mark.parametrize(
    ("fact", "answer", "expected"),
    [
        ("F603.01", "free", "wrong"),
        ("F603.01", "generally available", "confusion"),
        ("F003.01", "rule of low", "near"),
        ("F305.01", "extradition", "wrong"),
    ],
)
def test_another_answer_is_not_right(bank: tuple[Content, ...], fact: str, answer: str, expected: str) -> None:
    asked = next(content for content in typed(bank) if content.facts == (fact,))
    assert verdict(asked, answer) == expected


def test_a_list_is_right_in_any_order_and_either_spelling(bank: tuple[Content, ...]) -> None:
    asked = next(content for content in bank if content.kind == "enumeration" and "colour" in content.key)
    assert verdict(asked, "religion, sex, color, language and race") == "correct"
    assert verdict(asked, "religion, sex, colour, nationality, race") == "partial"
    assert not asked.is_closed_list


def test_every_list_is_right_when_written_out(bank: tuple[Content, ...]) -> None:
    for content in bank:
        if content.kind == "enumeration":
            assert verdict(content, ", ".join(content.key)) == "correct", content.stem
            assert verdict(content, "\n".join(reversed(content.key)).upper()) == "correct", content.stem
