"""How learners fared with one question: by version, from each learner's first answer. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from quizzes.chinese import normal
from quizzes.models import Grading, Question, Response
from quizzes.validity.solvers import wilson

FEWEST_ANSWERS = 5
COMMONEST = 10
NAMES = ("hints_taken", "is_rapid", "gave_up", "details")


@dataclass(frozen=True, slots=True)
class Statistics:
    """First answers to one version: how many, how many right; wrong ones as (text, count), the commonest first.

    Left out: answers with a hint, and those that came too soon to have been read.
    """

    version: int
    n: int
    right: int
    wrong: tuple[tuple[str, int], ...]

    @property
    def is_enough(self) -> bool:
        return self.n >= FEWEST_ANSWERS

    @property
    def share(self) -> float:
        return self.right / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share (Wilson 1927)."""
        return wilson(self.right, self.n)


def statistics(question: Question) -> list[Statistics]:
    """One row for each version that was answered, newest first. One query."""
    by_version: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _first_answers(question):
        if not (row["hints_taken"] or row["is_rapid"]):
            by_version[row["item__version__number"]].append(row)
    return [_counted(number, by_version[number]) for number in sorted(by_version, reverse=True)]


def _first_answers(question: Question) -> Iterator[Any]:
    missed = Grading.objects.standing().filter(response=OuterRef("pk"), is_correct=False)
    rows = (
        Response.objects.filter(item__version__question=question, try_number=1)
        .annotate(is_missed=Exists(missed))
        .order_by("answered_at", "pk")
        .values("item__attempt__learner", "item__version__number", "is_missed", *NAMES)
    )
    seen: set[int] = set()
    for row in rows.iterator(chunk_size=1000):
        if row["item__attempt__learner"] not in seen:
            seen.add(row["item__attempt__learner"])
            yield row


def _counted(number: int, rows: list[dict[str, Any]]) -> Statistics:
    wrong: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for row in rows:
        if row["is_missed"] and not row["gave_up"]:
            for text in {normal(text): text for text in mistakes(row["details"])}.values():
                wrong[normal(text)] += 1
                shown.setdefault(normal(text), text)
    commonest = sorted(wrong.items(), key=lambda entry: (-entry[1], entry[0]))[:COMMONEST]
    right = sum(not row["is_missed"] for row in rows)
    return Statistics(number, len(rows), right, tuple((shown[form], count) for form, count in commonest))


def mistakes(details: dict[str, Any]) -> Iterable[str]:
    """What was wrong in a recorded answer: entries of a list that are no members, wrong pairs, or the whole."""
    if "extras" in details:
        return [row["text"] for row in details["extras"]]
    parts = [part for part in details.get("parts", ()) if part["given"] and not part["is_correct"]]
    if "pairs" in details:
        return [f"{part['note']} → {part['given']}" for part in parts]
    return list(dict.fromkeys(part["given"] for part in parts))
