"""Anki's text import: tab-separated, with header lines that name the deck, the note type and the columns.

Written from Anki's manual ("Importing", file headers). Notes carry a GUID, so a second import updates the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape

from quizzes.interchange.portable import Exported, Portable


def export(questions: Sequence[Portable], title: str) -> Exported:
    """One Basic note a question: the stem with its options in front, the key and the quotation behind."""
    head = [
        "#separator:tab",
        "#html:true",
        "#guid column:1",
        "#notetype:Basic",
        f"#deck:{' '.join(title.split())}",
        "#tags column:4",
        "#columns:GUID\tFront\tBack\tTags",
    ]
    return Exported("\n".join([*head, *(_row(question) for question in questions), ""]).encode())


def _row(question: Portable) -> str:
    tags = f"jingdu jingdu::{question.kind} jingdu::{question.lesson}".strip()
    return "\t".join(_cell(cell) for cell in (f"jingdu-{question.id}", _front(question), _back(question), tags))


def _cell(text: str) -> str:
    return text.replace("\t", " ").replace("\n", "<br>").replace('"', "&quot;")


def _front(question: Portable) -> str:
    lines = [question.stem_with_blank, *(f"– {option}" for option in question.options or ())]
    if question.kind == "matching":
        lines += [f"– {premise}" for premise, _ in question.pairs]
        lines += ["", *(f"→ {response}" for response in question.responses)]
    if question.kind == "ordering":
        lines += [f"– {step}" for step in sorted(question.key)]
    return "\n".join(escape(line) for line in lines)


def _back(question: Portable) -> str:
    return f"{escape(question.key_text)}\n\n<blockquote>{escape(question.quote)}</blockquote>"
