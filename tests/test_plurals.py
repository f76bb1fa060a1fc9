"""English with a number in it: "1 minute", never "1 minutes"."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "classrooms", "config", "curriculum", "quizzes", "reports")
NOUNS = (
    "answers",
    "attempts",
    "blanks",
    "characters",
    "columns",
    "days",
    "facts",
    "files",
    "learners",
    "lessons",
    "lines",
    "marks",
    "members",
    "minutes",
    "options",
    "pairs",
    "people",
    "points",
    "questions",
    "responses",
    "reviews",
    "runs",
    "seconds",
    "sentences",
    "sets",
    "times",
    "words",
)
COUNTED = re.compile(rf"%\((\w+)\)s (?:(?!of\b|about\b|fault\b)\w+ ){{0,2}}(?:{'|'.join(NOUNS)})\b")
"""A number and, right after it or after some words, what is counted: more than one of it."""
BLOCK = re.compile(
    r"{% blocktranslate\b[^%]*(?:%(?!})[^%]*)*%}(.*?)(?:{% plural %}.*?)?{% endblocktranslate %}", re.DOTALL
)
VARIABLE = re.compile(r"{{ (\w+) }}")
ALWAYS_MANY = {
    "A run has %(fewest)s to %(most)s questions",
    "%(longest_days)s days at most",
    "for less than %(days)s days",
    "for %(days)s days or more",
    "Below %(fewest_answers)s answers",
    "fewer than %(n)s answers",
    "longer than %(most)s characters",
    "more than %(most)s lines",
    "More than %(n)s lines",
    "%(length)s characters have to be typed",
    "%(n)s words have to be typed",
    "stands for %(length)s characters",
    "%(length)s characters are shown",
    "a member of %(length)s characters",
    "a premise has %(premises)s characters",
    "the stem has %(length)s characters",
    "the question has %(length)s characters",
    "%(n)s responses, %(length)s characters",
    "%(n)s members are asked for without a hint",
    "%(fixed)s responses stand opposite",
    "%(hits)s options equal the key",
    "%(count)s blanks",
    "Partly right: %(right)s of %(all)s pairs",
    "by %(share)s of %(n)s learners",
    "Of %(n)s reviews",
    "the longest option is %(ratio)s times the shortest",
    "the longest response is %(keyed)s times the shortest",
    "the key is %(share)s times as long",
    "%(number)s characters without the end of a sentence",
    "the key is %(count)s times in place",
    "points from the first",
    "of %(n)s first answers right",
    "the blank takes %(taken)s of %(total)s characters",
    "of %(n)s other questions show its key",
    "「%(premise)s」 has %(n)s responses",
    "characters solve %(pairs)s pairs",
}
"""Limits, means, and what is only said from some number on: never 1."""


def singulars() -> Iterator[tuple[str, str]]:
    """(file, sentence) of every text to be translated, as it is for one thing where it has a plural."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        for body in BLOCK.findall(path.read_text("utf-8")):
            yield str(path.relative_to(ROOT)), VARIABLE.sub(r"%(\1)s", " ".join(body.split()))
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
            for text in filter(None, map(_text, calls)):
                yield str(path.relative_to(ROOT)), text


def _text(call: ast.Call) -> str:
    """The first text that a call has translated; "" if it is none."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if not (name == "_" or "gettext" in name) or not call.args:
        return ""
    first = call.args[1 if "pgettext" in name else 0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def test_what_is_counted_can_be_one() -> None:
    found = list(singulars())
    assert len(found) > 1_000
    wrong = [row for row in found if COUNTED.search(row[1]) and not any(part in row[1] for part in ALWAYS_MANY)]
    assert wrong == []
