"""One attempt at a quiz, question by question: what was asked, what the learner answered, how it was judged, and where
the document says so. For those who teach the class. Reads only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from classrooms.models import Sitting
from quizzes.content import Content
from quizzes.feedback import Verdict
from quizzes.kinds.rules import rule_words
from quizzes.models import Grading
from quizzes.papers import earned
from quizzes.recap import answered, places


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the attempt. `verdict` is what was said when it was handed in, None where it was left blank.

    `earned` is what it is worth now, 0 to 1; `is_regraded`: by another key than at first. `quote` is the first piece of
    evidence, `reader_url` where it stands.
    """

    position: int
    content: Content
    given: str
    key: str
    verdict: Verdict | None
    rule: str
    earned: float
    is_regraded: bool
    is_suspended: bool
    reader_url: str

    @property
    def quote(self) -> str:
        return self.content.evidence[0].quote if self.content.evidence else ""

    @property
    def reason(self) -> str:
        """Why it was judged so, in words."""
        return rule_words(self.rule)

    @property
    def percent(self) -> int:
        return round(100 * self.earned)


def lines(sitting: Sitting) -> list[Line]:
    """Every question of an attempt that was handed in, in the order asked. Five queries, six where some are blank."""
    rows = {row.item.pk: row for row in answered(sitting.attempt)}
    standing: dict[int, list[Grading]] = defaultdict(list)
    for grading in Grading.objects.standing().filter(response__item__attempt=sitting.attempt_id).order_by("pk"):
        standing[grading.response_id].append(grading)
    items = list(sitting.attempt.items.select_related("version__question").order_by("position"))
    blank = [item for item in items if item.pk not in rows]
    where = places(sitting.attempt, blank) if blank else {}
    found = []
    for item in items:
        content, row = item.version.content, rows.get(item.pk)
        is_suspended = item.version.question.is_suspended
        if row is None:
            url = where.get(content.evidence[0].sentence, "") if content.evidence else ""
            found.append(Line(item.position, content, "", key_text(content), None, "", 0.0, False, is_suspended, url))
            continue
        response = max(row.item.responses.all(), key=lambda one: one.try_number)
        response.standing = standing[response.pk]  # type: ignore[attr-defined]
        is_regraded = any(grading.supersedes_id for grading in standing[response.pk])
        worth = earned(response)
        found.append(
            Line(
                item.position,
                content,
                row.given,
                row.key,
                row.verdict,
                response.rule,
                worth,
                is_regraded,
                is_suspended,
                row.reader_url,
            )
        )
    return found


def key_text(content: Content) -> str:
    """What would have been right, as one text."""
    if isinstance(content.key, str):
        return content.key
    return "；".join("—".join(map(str, one)) if isinstance(one, list | tuple) else str(one) for one in content.key)
