"""An outline as plain JSON-able data, for the command line, for tests and for people to compare."""

from __future__ import annotations

from typing import Any

from curriculum.outline.model import Outline, Passage, Span


def listing(outline: Outline) -> dict[str, Any]:
    """{"title", "issuer", "date", "language", "lessons", "excluded", "doubts"}; every text on one line.

    "excluded" holds every line that is told nowhere else, in the order of the document: also those lines of the title
    block and the signature that are not the title, the issuer or the date.
    """
    signed = [passage for lesson in outline.lessons for passage in lesson.passages if passage.kind == "signature"]
    meta = [span for passage in (*outline.front, *signed) for span in passage.spans if not _is_told(span, outline)]
    left = sorted([*outline.excluded, *meta], key=lambda span: span.start)
    return {
        "title": outline.title,
        "issuer": outline.issuer,
        "date": outline.date,
        "language": outline.language,
        "lessons": [
            {
                "heading": lesson.heading,
                "passages": [_passage(passage) for passage in lesson.passages if passage.kind == "body"],
            }
            for lesson in outline.lessons
        ],
        "excluded": [span.plain for span in left],
        "doubts": [f"{doubt.what}: {doubt.why}" for doubt in outline.doubts],
    }


def _is_told(span: Span, outline: Outline) -> bool:
    line = span.plain.strip("—– 《》")
    return line in outline.title or line in (outline.issuer, outline.date)


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "number": passage.number,
        "heading": passage.label,
        "sentences": [span.plain for span in passage.spans if span.kind == "sentence"],
    }
