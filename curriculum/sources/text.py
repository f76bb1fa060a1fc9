"""Plain text with marks: what every reader gives and the outline takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


class UnreadableSourceError(ValueError):
    """The file cannot be taken. `message` says why and what to do, in the reader's language."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Mark:
    """The line `text[start:end]` was marked up as `role`.

    "h1" to "h6" are headings, "li" is an automatically numbered item, "frame" belongs to the page around the document.
    """

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class Source:
    """`text` has LF line ends, no BOM and no NUL; `format` is txt, md, html or docx; `encoding` as found or given."""

    text: str
    format: str
    encoding: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a marked-up document, on its way to becoming a line."""

    text: str
    role: str = ""


def from_blocks(blocks: Iterable[Block], *, format: str, encoding: str) -> Source:
    """Join paragraphs by an empty line, and remember where the marked ones stand."""
    lines: list[str] = []
    marks: list[Mark] = []
    position = 0
    for block in blocks:
        text = " ".join(block.text.split())
        if not text:
            continue
        if block.role:
            marks.append(Mark(position, position + len(text), block.role))
        lines.append(text)
        position += len(text) + 2
    return Source("\n\n".join(lines) + "\n" if lines else "", format, encoding, tuple(marks))
