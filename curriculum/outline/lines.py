"""The lines of a text: where they stand, what markup said about them, and paragraphs that were broken at a width."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from curriculum.outline import numerals
from curriculum.outline.model import Span
from curriculum.outline.numbering import Number, Numbers
from curriculum.outline.patterns import ANNEX, CHAPTER, CLOSING, PREFACE, ROLES
from curriculum.outline.sentences import ends_with_abbreviation

MAX_HEADING = 120
NAMED = (PREFACE, CLOSING, ANNEX, CHAPTER)
"""Roles of lines that head a lesson by their name, without a number: 序言, Preamble, 附則, Annex."""

_OF_PAGE = ("page number", "contents", "chrome")
_UNNUMBERED = ("date", "signature", *NAMED)
_LINE = re.compile(r"\S[^\n\f]*")
MAX_COLON_HEADING = 8
_ANNOUNCES = re.compile(r"[下左]列|如[下左次]|以下|包括|包含|分為|分为|應|应|須|须|[指有為为是]$")
_SPACES = re.compile(r"[\n\t\u3000\xa0]")
_TERMINAL = "。．.！!？?；;：:，,、…"
_CLOSERS = "」』”’\"'）)】》]"
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_VERB = re.compile(r"\b(shall|may|must|will|is|are|be|been|has|have|does|do|can|agree|agrees|should|was|were)\b")
_WRAP_MIN, _WRAP_MAX = 30, 110
_WRAP_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Line:
    """`text` has one space for each line break inside, so that offsets hold; `gap` is how many empty lines precede.

    `after_page` and `is_cut` say that a page ended, or that anything was taken out, before this line.
    """

    start: int
    end: int
    text: str
    mark: str = ""
    gap: int = 0
    indent: int = 0
    after_page: bool = False
    is_cut: bool = False
    role: str = "body"
    number: Number | None = None

    @property
    def rest(self) -> str:
        """The words after the number."""
        return self.text[self.number.skip :] if self.number else self.text

    @property
    def head(self) -> str:
        """The words after the number, without the colon of a heading like 「二、目的：」."""
        return without_colon(self.rest) if self.number else self.text

    @property
    def is_numbered(self) -> bool:
        """Whether the line has a number that counts even where it is no heading; that of "1 Scope" does not."""
        return self.number is not None and self.number.group != "bare"

    def span(self, kind: str, source: str, start: int = 0, end: int | None = None) -> Span:
        """The part `text[start:end]` of this line as it stands in `source`."""
        first = self.start + start
        last = self.end if end is None else self.start + end
        return Span(kind, first, last, source[first:last])


def role(line: str) -> str:
    """Tell what a stripped line is by its form alone: a row of `ROLES`, "chapter", "item", or otherwise "body"."""
    named = _named(line)
    if named != "body":
        return named
    number = Numbers().read(line)
    if number is None:
        return "body"
    words = without_colon(line[number.skip :])
    heads = number.group in ("upper", "chapter", "section") or number.scheme == "一、"
    if heads and (not words or looks_like_heading(words)):
        return CHAPTER
    return "body" if number.group in ("upper", "chapter", "section") else "item"


def looks_like_heading(text: str, *, may_end_with_point: bool = False) -> bool:
    """Whether words can be a heading: short, one piece, no sentence."""
    if may_end_with_point and text.endswith(".") and not _HAN.search(text) and not _VERB.search(text):
        text = text[:-1]
    if not text or len(text) > MAX_HEADING or text.rstrip(_CLOSERS)[-1:] in tuple("。．.！!；;：:，,、…"):
        return False
    if _HAN.search(text):
        return len(text) <= 40 and not re.search("[。；！？]", text)
    first = text.lstrip(_CLOSERS + "“‘「(")[:1]
    return len(text.split()) <= 14 and not re.search(r"[.;!?]\s", text) and not first.islower() and first.isalnum()


def without_colon(text: str) -> str:
    """「目的：」 -> 「目的」; but 「規定如下：」 announces a list and stays as it is."""
    bare = text.rstrip("：: ")
    return bare if _HAN.match(bare) and len(bare) <= MAX_COLON_HEADING and not _ANNOUNCES.search(bare) else text


def ends_sentence(text: str) -> bool:
    """Whether the text ends with a mark that closes a sentence or clause."""
    return text.rstrip(_CLOSERS)[-1:] in tuple(_TERMINAL)


def read_lines(text: str, marks: Iterable[tuple[int, str]] = ()) -> list[Line]:
    """All lines that are not empty, hard-wrapped paragraphs joined. `marks` are (start, "h1" ... "li")."""
    roles = dict(marks)
    lines: list[Line] = []
    previous = 0
    for match in _LINE.finditer(text):
        between = text[previous : match.start()]
        words = match.group().rstrip()
        indent = match.start() - (text.rfind("\n", previous, match.start()) + 1 or match.start())
        previous = match.start() + len(words)
        flat = _SPACES.sub(" ", words)
        mark, gap = roles.get(match.start(), ""), max(0, between.count("\n") - 1)
        lines.append(Line(match.start(), previous, flat, mark, gap, indent, "\f" in between, role=_named(flat)))
    return lines if roles else _unwrapped(lines, text)


def with_numbers(lines: Sequence[Line]) -> list[Line]:
    """The same lines, each with its number; what looks like part of the page, but was not, is plain text."""
    numbers = Numbers()
    found = []
    for line in lines:
        role = "body" if line.role in _OF_PAGE else line.role
        number = _plain_number(line) or (None if role in _UNNUMBERED else numbers.read(line.text))
        found.append(replace(line, role=role, number=number))
    return found


def _plain_number(line: Line) -> Number | None:
    """1 Short title: a number without a point counts only in a line marked as a heading."""
    match = re.match(r"(\d{1,3}[A-Z]{0,2})\s+(?=\S)", line.text) if line.mark.startswith("h") else None
    value = numerals.value(re.sub("[A-Z]", "", match[1])) if match else 0
    return Number("1", "article", match[1], value, match.end()) if match and value else None


def _named(text: str) -> str:
    if len(text) > 200:
        return "licence" if text.startswith(("本作品", "This work is ")) and _fits("licence", text) else "body"
    return next((name for name, pattern in ROLES if pattern.fullmatch(text)), "body")


def _fits(name: str, text: str) -> bool:
    return any(pattern.fullmatch(text) for known, pattern in ROLES if known == name)


def _unwrapped(lines: list[Line], text: str) -> list[Line]:
    """Join the lines of paragraphs that were broken at a fixed width, where the whole text shows that habit."""
    widths = sorted(_width(line.text) for line in lines)
    full = widths[int(len(widths) * 0.9)] if widths else 0
    if len(lines) < 6 or not _WRAP_MIN <= full <= _WRAP_MAX:
        return lines
    broken = [_continues(now, after, full) for now, after in itertools.pairwise(lines)]
    if sum(broken) < max(4, _WRAP_SHARE * len(lines)):
        return lines
    return _joined(lines, text, full)


def _joined(lines: list[Line], text: str, full: int) -> list[Line]:
    joined: list[Line] = []
    first = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or not _runs_on(lines[place - 1], lines[place], full):
            joined.append(_paragraph(lines[first:place], text))
            first = place
    return joined


def _paragraph(lines: list[Line], text: str) -> Line:
    if len(lines) == 1:
        return lines[0]
    flat = _SPACES.sub(" ", text[lines[0].start : lines[-1].end])
    return replace(lines[0], end=lines[-1].end, text=flat, role=_named(flat))


def _continues(line: Line, after: Line, full: int) -> bool:
    """Whether `line` was broken off at the width and goes on in the next: neither an end nor a beginning between."""
    return not ends_sentence(line.text) and _runs_on(line, after, full)


def _runs_on(line: Line, after: Line, full: int) -> bool:
    if after.gap or after.after_page or after.indent > line.indent + 1 or _width(line.text) < 0.72 * full:
        return False
    number = Numbers().read(after.text)
    is_initial = number is not None and number.scheme in ("A.", "a.", "I.", "1")
    if is_initial and not ends_with_abbreviation(line.text) and ends_sentence(line.text):
        return False
    return after.role == "body" and (number is None or is_initial)


def _width(text: str) -> int:
    return len(text) + len(_HAN.findall(text))
