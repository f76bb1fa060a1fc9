"""The bank as a table for a spreadsheet: CSV in UTF-8 with a byte order mark, and nothing that could be a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from quizzes.interchange.portable import Exported, Portable

COLUMNS = ("id", "version", "kind", "lesson", "stem", "options", "key", "responses", "accepted", "facts", "quote")
_RISKY = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")
_BREAKS = ("\t", "\r", "\n")
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""What takes no room, or decides the direction of what follows: a formula could hide behind it."""


def cell(value: object) -> str:
    """Text that a spreadsheet shows as it is: what could start a formula gets a leading apostrophe."""
    text, seen = str(value), str(value)
    while seen != (seen := seen.lstrip().lstrip(_UNSEEN)):
        pass
    return f"'{text}" if seen.startswith(_RISKY) or text.startswith(_BREAKS) else text


def export(questions: Sequence[Portable], title: str) -> Exported:
    """One row a question; lists are joined by 、 or ；."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for question in questions:
        writer.writerow([cell(value) for value in _row(question)])
    return Exported(text.getvalue().encode("utf-8-sig"))


def _row(question: Portable) -> list[object]:
    accepted = [form if isinstance(form, str) else " = ".join(form) for form in question.accepted]
    return [
        question.id,
        question.version,
        question.kind,
        question.lesson,
        question.stem,
        "；".join(question.options or ()),
        question.key_text,
        "；".join(question.responses),
        "、".join(accepted),
        " ".join(question.facts),
        question.quote,
    ]
