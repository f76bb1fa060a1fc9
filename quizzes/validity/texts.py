"""How the checks read text: normal form, the reversible punctuation map, quotations, blanks, edit distance."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA

from quizzes.content import BLANK
from quizzes.generation.measures import is_latin, occurrences

DISPLAY_MAP = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）"}
"""The only difference allowed between the source and what is shown; every pair can be undone."""
SOURCE_MAP = {ord(shown): source for source, shown in DISPLAY_MAP.items()} | {ord("『"): "「", ord("』"): "」"}
ELISION = re.compile(r"…+|\.{3,}")
BLANK_RUN = re.compile(r"[＿_]+|[□◻▢]+|（\s*）|\(\s*\)")
OPENERS, CLOSERS = "「“", "」”"


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """Normal form for comparison: NFKC, letters and digits only, case folded."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(ch for ch in folded if unicodedata.category(ch)[0] in "LN").casefold()


def holds(whole: str, part: str) -> bool:
    """Whether a text holds another, punctuation and case aside; in Latin script only as whole words."""
    return times(whole, part) > 0


@lru_cache(maxsize=1 << 16)
def times(whole: str, part: str) -> int:
    """How often a text holds another: see `holds`."""
    return occurrences(whole, part) if is_latin(part) else normal(whole).count(normal(part))


def to_source(shown: str) -> str:
    """Undo the punctuation map: displayed text as it stands in the source."""
    return shown.translate(SOURCE_MAP)


def squeeze(text: str) -> str:
    """Source form without spaces: what is compared when line indentation must not matter."""
    return "".join(to_source(text).split())


def quotations(text: str) -> list[str]:
    """Contents of the outermost quotation marks, in order; an unclosed one runs to the end."""
    found, depth, begin = [], 0, 0
    for at, char in enumerate(text):
        if char in OPENERS:
            depth += 1
            begin = at + 1 if depth == 1 else begin
        elif char in CLOSERS and depth:
            depth -= 1
            if depth == 0:
                found.append(text[begin:at])
    return [*found, text[begin:]] if depth else found


@lru_cache(maxsize=1 << 12)
def outside_quotations(text: str) -> str:
    """The text with every outermost quotation replaced by a space: the author's own words."""
    kept, depth = [], 0
    for char in text:
        if char in OPENERS:
            depth += 1
        if depth == 0:
            kept.append(char)
        elif char in CLOSERS:
            depth -= 1
            kept.append(" " if depth == 0 else "")
    return "".join(kept)


def fragments(text: str) -> list[str]:
    """The verbatim pieces of a quotation: split at elisions and blanks, edge punctuation dropped."""
    pieces = [piece for part in ELISION.split(text) for piece in BLANK_RUN.split(part)]
    stripped = (piece.strip(" ，。、；：！？,;:!?　") for piece in pieces)
    return [piece for piece in stripped if normal(piece)]


def without_blanks(text: str) -> str:
    """The text with blanks removed."""
    return text.replace(BLANK, "")


def edit_distance(a: str, b: str) -> int:
    """Optimal string alignment distance: insert, delete, replace and swap of neighbours cost 1 each."""
    return OSA.distance(a, b)
