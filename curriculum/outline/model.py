"""What an outline is made of: frozen values. Offsets are code points into the text as given, half open."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BREAK = re.compile(r"\s*\n\s*")
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


class OutlineError(ValueError):
    """There is no document in this text. `message` says why, for the person who gave it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text, verbatim. `kind` is "sentence", "heading" (of a passage), "chapter", "meta" or a reason.

    A span that is not part of the document has as its kind why it was left out: "licence", "contents", "page number"...
    """

    kind: str
    start: int
    end: int
    text: str

    @property
    def plain(self) -> str:
        """The text on one line: a line break inside becomes a space, or nothing between two Han."""
        return plain(self.text)


@dataclass(frozen=True, slots=True)
class Passage:
    """An article, item or paragraph; also a title line or signature. `kind` is "body", "heading", "title", "signature".

    `number` is how the passage is cited ("1", "第三條", "Article 3", "(a)"), `label` its heading without the number.
    """

    kind: str
    spans: tuple[Span, ...]
    number: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A chapter with its passages. `heading` is as written unless supplied; `title` has neither number nor spaces."""

    kind: str
    heading: str
    title: str
    scope: str
    passages: tuple[Passage, ...]
    heading_supplied: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """A guess or an oddity for a person to look at: `what` is a code ("number gap"), `why` a sentence."""

    start: int
    end: int
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document. `front` is the title block, `excluded` everything that is not part of the document."""

    title: str
    issuer: str
    date: str
    language: str
    front: tuple[Passage, ...]
    lessons: tuple[Lesson, ...]
    excluded: tuple[Span, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Overrides:
    """Decisions of a person about one document. Empty names and None leave it to the text."""

    introduction: str = ""
    conclusion: str = ""
    has_conclusion: bool | None = None


def plain(text: str) -> str:
    """Put text on one line: a line break becomes a space, or nothing between two Chinese characters or marks."""

    def joint(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        return "" if _HAN.match(before) and _HAN.match(after) else " "

    return _BREAK.sub(joint, text.strip())
