"""The questions of one run with what was answered, for its summary. Read-only."""

from __future__ import annotations

from dataclasses import dataclass

from curriculum.models import Lesson, Sentence
from quizzes.content import Content
from quizzes.feedback import Verdict, verdict
from quizzes.models import Attempt, AttemptItem, Response


@dataclass(frozen=True, slots=True)
class Answered:
    """One question of the run: what was given first and what is right, with the addresses of both.

    `facts`: keys of the facts that were not known. `is_mended`: right when it came again.
    """

    item: AttemptItem
    verdict: Verdict
    given: str
    key: str
    sentence: str
    reader_url: str
    facts: tuple[str, ...]
    is_mended: bool

    @property
    def is_right(self) -> bool:
        return self.verdict.tone == "good"


def answered(attempt: Attempt) -> list[Answered]:
    """The answered questions, those that were missed first, in the order asked. Three queries."""
    items = attempt.items.exclude(answered_at=None).select_related("version__question").order_by("position")
    found = list(items.prefetch_related("responses"))
    mended = {item.version_id for item in found if item.is_repeat and _last(item).verdict == "correct"}
    where = places(attempt, [item for item in found if not item.is_repeat])
    rows = [_row(item, where, is_mended=item.version_id in mended) for item in found if not item.is_repeat]
    return sorted(rows, key=lambda row: row.is_right)


def _last(item: AttemptItem) -> Response:
    return max(item.responses.all(), key=lambda response: response.try_number)


def places(attempt: Attempt, items: list[AttemptItem]) -> dict[str, str]:
    """Where the first evidence of each item stands: addresses in the reader by key of sentence. One query."""
    keys = {row.sentence for item in items for row in item.version.content.evidence[:1]}
    sentences = Sentence.objects.filter(passage__lesson__course=attempt.course_id, key__in=keys)
    found = {}
    for sentence in sentences.select_related("passage__lesson"):
        sentence.passage.lesson.course = attempt.course
        found[sentence.key] = f"{sentence.passage.lesson.get_absolute_url()}#{sentence.key}"
    return found


def _row(item: AttemptItem, places: dict[str, str], *, is_mended: bool) -> Answered:
    content, response = item.version.content, _last(item)
    parts = response.details.get("parts", [])
    sentence = next((row.sentence for row in content.evidence), "")
    given, key = in_words(content, response)
    return Answered(
        item=item,
        verdict=verdict(content, response),
        given=given,
        key=key,
        sentence=sentence,
        reader_url=places.get(sentence, ""),
        facts=tuple(part["fact"] for part in parts if not part["is_correct"]),
        is_mended=is_mended,
    )


def in_words(content: Content, response: Response) -> tuple[str, str]:
    """What was given and what was right, as texts; of a set to match the pairs that were wrong."""
    parts = response.details.get("parts", [])
    if content.kind == "matching":
        wrong = [part for part in parts if not part["is_correct"]] or parts
        given = "；".join(f"{part['note']}—{part['given']}" for part in wrong if part["given"])
        return given, "；".join(f"{part['note']}—{part['key']}" for part in wrong)
    given = "、".join(dict.fromkeys(part["given"].replace("\n", "、") for part in parts if part["given"]))
    return given, "、".join(dict.fromkeys(part["key"] for part in parts))


def next_lesson(attempt: Attempt) -> Lesson | None:
    """The lesson after the one that was practised."""
    if attempt.lesson is None:
        return None
    return attempt.course.lessons.filter(order__gt=attempt.lesson.order).order_by("order").first()
