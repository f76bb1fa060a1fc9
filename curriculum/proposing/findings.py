"""What a rule finds in one sentence: spans counted from the beginning of the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SURE, LIKELY, UNSURE = "sure", "likely", "unsure"


@dataclass(frozen=True, slots=True)
class Found:
    """One statement: `start` and `end` bound the object in the sentence, `members` the items of a list.

    `relation` is "FAMILY.relation" as the templates of questions know it.
    """

    rule: str
    relation: str
    start: int
    end: int
    subject: str = ""
    pool: str = ""
    confidence: str = LIKELY
    modal: str = ""
    members: tuple[tuple[int, int], ...] = ()
    is_closed: bool = True
    is_core: bool = False


def trimmed(text: str, start: int, end: int, marks: str = " \n\t") -> tuple[int, int]:
    """The range without `marks` at either end."""
    while start < end and text[start] in marks:
        start += 1
    while end > start and text[end - 1] in marks:
        end -= 1
    return start, end


def pieces(text: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Ranges between the separators inside [start, end), also empty ones."""
    for match in separator.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end
