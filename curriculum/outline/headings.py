"""Where a heading ends and its text begins: run-in headings, bracketed ones, and those on a line of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from curriculum.outline.lines import Line, looks_like_heading
from curriculum.outline.patterns import BRACKETED
from curriculum.outline.sentences import ends_with_abbreviation

MAX_RUN_IN = 30
_ZH_RUN_IN = re.compile(rf"(?P<title>[^。！？；;:：]{{1,{MAX_RUN_IN}}})。(?=.)")
_ZH_COLON = re.compile(r"(?P<title>[^。！？；;:：，,、\s]{1,10})[：:]\s*(?=\S)")
_STATES = re.compile(r"應當|应当|不得|必[須须]|可以|有[權权]|禁止|是|[者人][應应]|[決决]定|^[本該该]")
_EN_RUN_IN = re.compile(
    r"(?P<title>[A-Z][^.:;—–]{1,70})(?:\.\s+|:\s+|\s*[—–]{1,2}\s*|\.\s?[—–-]{1,2}\s*)(?=[A-Z\"“‘(\d])"
)
_VERB = re.compile(r"\b(shall|may|must|will|is|are|be|been|has|have|does|do|can|agrees?|should|was|were)\b")
_SMALL = ("a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """`label` without number and marks; `end` is where, in the line, the heading is over."""

    label: str
    end: int


def number_only(line: Line) -> Heading:
    """The number alone, without the spaces behind it."""
    skip = line.number.skip if line.number else 0
    return Heading("", len(line.text[:skip].rstrip()))


def run_in(line: Line, *, is_article: bool) -> Heading | None:
    """The heading that opens a numbered line and is followed by text in the same line, if there is one."""
    skip, rest = (line.number.skip if line.number else 0), line.rest
    if is_article and (match := BRACKETED.match(rest)):
        return Heading(match["title"].strip(), skip + len(match.group().rstrip()))
    if _HAN.search(rest[:40]):
        return None if is_article else _chinese(rest, skip)
    match = _EN_RUN_IN.match(rest)
    if match and _is_title(match["title"], is_free=is_article) and not ends_with_abbreviation(f"{match['title']}."):
        return Heading(match["title"].strip(), skip + len(match.group().rstrip()))
    return None


def alone(line: Line, *, is_article: bool, is_parent: bool = False) -> Heading | None:
    """The heading that is all there is in the line. One with a point is in title case, or `is_parent` of others."""
    rest = line.head.strip()
    if is_article and re.search("[，、]", rest) and not BRACKETED.fullmatch(rest):
        return None
    if rest.endswith(".") and not is_parent and not _is_title(rest, is_free=False):
        return None
    if not rest or _VERB.search(rest) or not looks_like_heading(rest, may_end_with_point=True):
        return None
    bracketed = BRACKETED.fullmatch(rest)
    return Heading(bracketed["title"].strip() if bracketed else rest.rstrip("."), len(line.text))


def _chinese(rest: str, skip: int) -> Heading | None:
    match = _ZH_RUN_IN.match(rest)
    if match and _STATES.search(match["title"]):
        return None
    match = match or _ZH_COLON.match(rest)
    return Heading(match["title"].strip(), skip + len(match.group().rstrip())) if match else None


def _is_title(words: str, *, is_free: bool) -> bool:
    """Title case; after an article's number up to seven words without a verb will do."""
    found = words.split()
    if len(found) > 7 or _VERB.search(words):
        return False
    return is_free or all(word[:1].isupper() or word.lower() in _SMALL for word in found)
