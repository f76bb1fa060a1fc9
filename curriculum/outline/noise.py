"""What is on the page but not part of the document: page numbers, running heads, contents, a site's frame."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from curriculum.outline.lines import Line, ends_sentence, looks_like_heading
from curriculum.outline.model import Span
from curriculum.outline.patterns import LEADER

_DIGITS = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")
MIN_REPEATS = 3
MAX_ENTRY = 200
"""Characters of a line of a table of contents, at most."""


@dataclass(slots=True)
class Sieve:
    """Lines on their way through the filters; what is taken out keeps its reason."""

    source: str
    lines: list[Line]
    excluded: list[Span] = field(default_factory=list)

    def drop(self, places: Iterable[int], reason: str) -> None:
        """Take out the lines at these indices."""
        gone = set(places)
        self.excluded += [line.span(reason, self.source) for i, line in enumerate(self.lines) if i in gone]
        self.lines = [line for i, line in enumerate(self.lines) if i not in gone]


def clean(source: str, lines: list[Line]) -> tuple[list[Line], list[Span]]:
    """The lines of the document itself, and everything else with the reason why it was left out."""
    sieve = Sieve(source, lines)
    steps: tuple[Callable[[Sieve], None], ...] = (_frame, _pages, _chrome, _contents, _before_title)
    for step in steps:
        step(sieve)
    return _with_cuts(sieve), sorted(sieve.excluded, key=lambda span: span.start)


def _with_cuts(sieve: Sieve) -> list[Line]:
    """The lines that are left, each knowing whether something was taken out before it."""
    previous = 0
    lines = []
    for line in sieve.lines:
        is_cut = bool(sieve.source[previous : line.start].strip())
        lines.append(replace(line, is_cut=True) if is_cut else line)
        previous = line.end
    return lines


def _frame(sieve: Sieve) -> None:
    """Cut off a site's page title and name at the top and the licence with everything after it at the bottom."""
    roles = [line.role for line in sieve.lines]
    first = roles.index("site") + 1 if "site" in roles[:20] else 0
    last = roles.index("licence", first) if "licence" in roles[first:] else len(roles)
    sieve.drop(range(last, len(roles)), "licence")
    sieve.drop(range(first), "site")


def _pages(sieve: Sieve) -> None:
    """Page numbers and, beside them, lines that come back on every page."""
    numbers = {i for i, line in enumerate(sieve.lines) if line.role == "page number" and not line.mark}
    bare = [i for i in sorted(numbers) if sieve.lines[i].text.isdigit()]
    values = [int(sieve.lines[i].text) for i in bare]
    if len(values) == 1 or any(now >= after for now, after in itertools.pairwise(values)):
        numbers -= set(bare)
    heads = _running_heads(sieve.lines, numbers)
    gone = numbers | heads
    sieve.excluded += [sieve.lines[i].span("page number", sieve.source) for i in numbers]
    sieve.excluded += [sieve.lines[i].span("running head", sieve.source) for i in heads]
    sieve.lines = [
        replace(line, after_page=line.after_page or i - 1 in gone)
        for i, line in enumerate(sieve.lines)
        if i not in gone
    ]


def _running_heads(lines: list[Line], numbers: set[int]) -> set[int]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        if i not in numbers and len(line.text) <= 80 and not ends_sentence(line.text):
            places[_DIGITS.sub("#", line.text)].append(i)
    found: set[int] = set()
    for repeated in places.values():
        beside = [i for i in repeated if i - 1 in numbers or i + 1 in numbers or lines[i].after_page]
        if len(repeated) >= MIN_REPEATS and len(beside) * 2 > len(repeated):
            found.update(beside)
    return found


def _chrome(sieve: Sieve) -> None:
    """Links like "Back to top", and what the page marks as its frame unless that would leave nothing."""
    sieve.drop([i for i, line in enumerate(sieve.lines) if line.role == "chrome"], "site")
    framed = [i for i, line in enumerate(sieve.lines) if line.mark == "frame"]
    if len(framed) < len(sieve.lines):
        sieve.drop(framed, "site")


def _contents(sieve: Sieve) -> None:
    """A table of contents: lines after 目錄 or Contents that come again later, and lines with leaders and a page."""
    lines = sieve.lines
    places: defaultdict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        places[_entry(line.text)].append(i)
    gone = {i for i, line in enumerate(lines) if line.text.count(".") + line.text.count("…") > 3 and _is_led(line.text)}
    starts = [i for i, line in enumerate(lines) if line.role == "contents"]
    for start in starts[:5]:
        gone.add(start)
        first = ""
        for i in range(start + 1, len(lines)):
            entry = _entry(lines[i].text)
            is_listed = i in gone or places[entry][-1] > i or (_is_led(lines[i].text) and not ends_sentence(entry))
            if entry == first or not is_listed or not looks_like_heading(entry, may_end_with_point=True):
                break
            first = first or entry
            gone.add(i)
    sieve.drop(gone, "contents")


def _is_led(text: str) -> bool:
    return len(text) <= MAX_ENTRY and LEADER.search(text) is not None


def _entry(text: str) -> str:
    return _SPACES.sub("", LEADER.sub("", text)).casefold() if len(text) <= MAX_ENTRY else ""


def _before_title(sieve: Sieve) -> None:
    """Menus of a page before its only main heading."""
    heads = [i for i, line in enumerate(sieve.lines) if line.mark == "h1"]
    if len(heads) == 1 and not any(
        line.mark.startswith("h") or ends_sentence(line.text) for line in sieve.lines[: heads[0]]
    ):
        sieve.drop(range(heads[0]), "before the title")
