"""What a shown question's page shows: counts while answers come in, then what came of it. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from classrooms.models import Showing
from classrooms.presenting import order_of
from quizzes.content import Content
from quizzes.kinds import KINDS
from quizzes.models import Response

FEWEST_ALIKE = 2
"""A typed answer is shown on the wall when so many gave it: one alone would point at somebody."""
COMMON = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the result: how many of all answers; `is_key`: it is right."""

    text: str
    n: int
    is_key: bool = False
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a question. `bars` are about the whole answer, `parts` about each pair of a set, `wrong` the wrong
    answers that several gave."""

    n: int
    bars: tuple[Bar, ...]
    parts: tuple[Bar, ...] = ()
    wrong: tuple[Bar, ...] = ()


def presented(showing: Showing) -> dict[str, Any]:
    """What the templates of the kinds need; never the key."""
    content = showing.version.content
    return KINDS[content.kind].present(content, order=order_of(showing), hints=0)


def result(showing: Showing) -> Result:
    """Counts of all answers. One query."""
    rows = Response.objects.filter(item__shown_answer__showing=showing).order_by("pk")
    given = list(rows.only("answer", "verdict", "details", "item_id"))
    content = showing.version.content
    if content.options:
        return Result(len(given), _options(showing, content, given))
    return Result(
        n=len(given),
        bars=_verdicts(given),
        parts=_pairs(content, given) if content.kind == "matching" else (),
        wrong=_wrong(given) if content.kind in ("short_answer", "cloze") else (),
    )


def _options(showing: Showing, content: Content, given: Sequence[Response]) -> tuple[Bar, ...]:
    counts = Counter(response.answer for response in given)
    return tuple(
        Bar(option["text"], counts[option["index"]], option["text"] == content.key, option["letter"])
        for option in presented(showing)["options"]
    )


def _verdicts(given: Sequence[Response]) -> tuple[Bar, ...]:
    right = sum(response.verdict == "correct" for response in given)
    nearly = sum(response.verdict in ("near", "overfull", "partial") for response in given)
    return (Bar("right", right, True), Bar("nearly", nearly), Bar("wrong", len(given) - right - nearly))


def _pairs(content: Content, given: Sequence[Response]) -> tuple[Bar, ...]:
    right = Counter(part["note"] for row in given for part in row.details.get("parts", ()) if part["is_correct"])
    pairs = [(str(pair[0]), str(pair[1])) for pair in content.key]
    return tuple(Bar(f"{premise} — {partner}", right[premise], True) for premise, partner in pairs)


def _wrong(given: Sequence[Response]) -> tuple[Bar, ...]:
    texts = Counter(str(response.answer).strip() for response in given if response.verdict != "correct")
    return tuple(Bar(text, n) for text, n in texts.most_common(COMMON) if n >= FEWEST_ALIKE)
