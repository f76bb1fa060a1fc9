"""Every step that can decide about an answer is said in words."""

import ast
from pathlib import Path

import pytest

from quizzes import kinds
from quizzes.kinds.rules import WORDS, rule_words

KINDS = Path(kinds.__file__).parent
VERDICTS = {"correct", "wrong", "near", "overfull", "partial", "confusion"}


def decided() -> set[str]:
    """The names behind a verdict, wherever the kinds of questions write one: calls and pairs (verdict, rule)."""
    found = set()
    for path in KINDS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            values = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
            texts = [value.value if isinstance(value, ast.Constant) else None for value in values]
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_accept":
                found.update(text for text in texts if isinstance(text, str))
            for _verdict, *rest in (texts[at:] for at, text in enumerate(texts) if text in VERDICTS):
                found.update(text for text in rest if isinstance(text, str) and text not in VERDICTS)
    return found


def test_each_rule_of_each_kind_has_its_words() -> None:
    assert {"other_option", "variant", "some_members", "no_pair", "same_order", "hedged"} <= decided()
    assert decided() - set(WORDS) == set()


@pytest.mark.parametrize("rule", ["", "of_an_older_release"])
def test_a_rule_without_words_is_shown_as_it_is(rule: str) -> None:
    assert rule_words(rule) == rule
