"""What each way of heading and numbering means in this document: which lines begin a lesson, which a passage.

Marks of Word, HTML and Markdown come before the forms of the words. Among forms, what appears first stands higher: in
a treaty Section holds Articles, in bylaws Article holds Sections.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from statistics import median

from curriculum.outline.lines import NAMED, Line, ends_sentence, looks_like_heading

UPPER, LESSON, SECTION, PASSAGE, LABEL = "upper", "lesson", "section", "passage", "label"
_HEADABLE = ("一、", "（一）", "1.", "1", "I.", "A.", "甲、")
_CHAPTERS, _UPPERS = ("章", "Chapter"), ("編", "Part")
_HEADED_SHARE = 0.6
SMALL_SECTION = 420
"""A numbered heading with less than this many characters (a Chinese one counts three) under it is an article."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What each key means, and the starts of unnumbered lines that are taken for headings, all of `bare_level`."""

    levels: dict[str, str]
    bare: frozenset[int] = frozenset()
    bare_level: str = LESSON

    def level(self, line: Line) -> str:
        """ "upper", "lesson", "section", "passage", "label", or "" for a line that heads nothing."""
        if line.role in NAMED and not line.mark.startswith("h"):
            return LESSON
        if line.start in self.bare:
            return self.bare_level
        level = self.levels.get(_key(line), "") if _may_head(line) else ""
        is_own = level == UPPER or (level == PASSAGE and LESSON not in self.levels.values())
        return LESSON if is_own and line.role in NAMED else level


def make_plan(body: Sequence[Line]) -> Plan:
    """Decide the levels of the lines of a body; signatures say nothing about them."""
    lines = [line for line in body if line.role != "signature"]
    counts = Counter(key for line in lines if (key := _key(line)) and _may_head(line))
    headable = {name for name in _HEADABLE if _heads(name, lines)}
    order = [key for key in counts if _is_structural(key, counts, headable)]
    order = sorted((key for key in order if key.startswith("h")), key=lambda key: key[1]) + [
        key for key in order if not key.startswith("h")
    ]
    passages = _passage_keys(order, lines, counts)
    first = next((i for i, key in enumerate(order) if key in passages), len(order))
    divisions = [key for i, key in enumerate(order) if key not in passages and (key not in _HEADABLE or i < first)]
    if len(divisions) == 1 and not passages and _are_small(divisions[0], lines):
        passages, divisions = set(divisions), []
    levels = dict.fromkeys(passages, PASSAGE) | _division_levels(divisions, lines, counts, has_passages=bool(passages))
    if divisions:
        return Plan(levels)
    return _with_bare_headings(levels, lines)


def _key(line: Line) -> str:
    if line.mark.startswith("h"):
        return line.mark
    return line.number.scheme if line.number else ""


def _may_head(line: Line) -> bool:
    """A numbered division must look like a heading, an article need not."""
    if line.mark.startswith("h"):
        return True
    if line.number is None or line.role == "signature":
        return False
    if line.number.group in ("article", "decimal"):
        return True
    return not line.rest or looks_like_heading(line.head, may_end_with_point=line.number.group != "item")


def _is_structural(key: str, counts: Counter[str], headable: set[str]) -> bool:
    if key in _HEADABLE:
        return key in headable
    return (
        key.startswith("h")
        or key in ("編", "章", "節", "條", "Part", "Chapter")
        or (key in ("Section", "Article", "Rule", "1.1") and counts[key] > 1)
    )


def _heads(name: str, lines: Sequence[Line]) -> bool:
    """Whether most lines numbered so are headings: short, and followed by something other than the next of them."""
    total = heads = 0
    for line, after in zip_longest(lines, lines[1:]):
        if line.number is None or line.number.scheme != name or line.mark.startswith("h"):
            continue
        total += 1
        is_followed = after is not None and (after.number is None or after.number.scheme != name)
        heads += is_followed and looks_like_heading(line.head, may_end_with_point=len(line.rest.split()) <= 5)
    return heads > 1 and heads >= _HEADED_SHARE * total


def _passage_keys(order: list[str], lines: Sequence[Line], counts: Counter[str]) -> set[str]:
    """Article-like keys: those that do not stand above another of them."""
    articles = [key for key in order if _is_article_like(key, lines)]
    above = {
        upper
        for upper in articles
        for lower in articles
        if upper != lower and _stands_above(upper, lower, articles, lines, counts)
    }
    passages = [key for key in articles if key not in above]
    if passages == ["Section"] and len(order) == 1 and _are_chapters("Section", lines):
        return set()
    return {key for key in passages if not key.startswith("h") or key == articles[-1]}


def _stands_above(upper: str, lower: str, articles: list[str], lines: Sequence[Line], counts: Counter[str]) -> bool:
    """Whether `lower` is what `upper` is made of: mostly it comes at once; or it came later and stands in most."""
    if _holds(lower, upper, lines, counts, at_once=True):
        return False
    if _holds(upper, lower, lines, counts, at_once=True):
        return True
    return articles.index(upper) < articles.index(lower) and _holds(upper, lower, lines, counts, at_once=False)


def _is_article_like(key: str, lines: Sequence[Line]) -> bool:
    if not key.startswith("h"):
        return key in ("條", "Section", "Article", "Rule", "1.1")
    marked = [line for line in lines if line.mark == key]
    numbered = [line for line in marked if line.number and line.number.group in ("article", "decimal")]
    return len(numbered) * 2 > len(marked)


def _holds(upper: str, lower: str, lines: Sequence[Line], counts: Counter[str], *, at_once: bool) -> bool:
    """Whether lines of `lower` stand under at least half of the lines of `upper`, or begin them `at_once`."""
    holding: set[int] = set()
    current, since = 0, 0
    for line in lines:
        key = _key(line) if _may_head(line) else ""
        since += 1
        if key == upper:
            current, since = current + 1, 0
        elif key == lower and current and (since <= 2 or not at_once):
            holding.add(current)
        elif key or ends_sentence(line.text):
            since = 3
    return len(holding) * 2 >= counts[upper]


def _are_small(key: str, lines: Sequence[Line]) -> bool:
    """Six or more numbered headings with little under each of them: rather articles than chapters."""
    if key not in ("1.", "1"):
        return False
    places = [i for i, line in enumerate(lines) if _key(line) == key and _may_head(line)]
    sizes = [
        sum(len(line.text.encode()) for line in lines[start + 1 : end])
        for start, end in pairwise([*places, len(lines)])
    ]
    return len(places) >= 6 and median(sizes) < SMALL_SECTION


def _are_chapters(key: str, lines: Sequence[Line]) -> bool:
    """Headings on lines of their own with some paragraphs under most of them."""
    places = [i for i, line in enumerate(lines) if _key(line) == key]
    if not all(looks_like_heading(lines[place].rest) for place in places):
        return False
    paragraphs = [
        sum(line.number is None for line in lines[start + 1 : end]) for start, end in pairwise([*places, len(lines)])
    ]
    return median(paragraphs) >= 2


def _division_levels(
    divisions: list[str], lines: Sequence[Line], counts: Counter[str], *, has_passages: bool
) -> dict[str, str]:
    if not divisions:
        return {}
    at = divisions.index(_lesson_key(divisions, lines, counts))
    levels = (
        dict.fromkeys(divisions[:at], UPPER) | {divisions[at]: LESSON} | dict.fromkeys(divisions[at + 1 :], SECTION)
    )
    if not has_passages and len(divisions) > at + 1:
        levels[divisions[-1]] = PASSAGE
    return levels


def _lesson_key(divisions: list[str], lines: Sequence[Line], counts: Counter[str]) -> str:
    """Chapters if there are any; else the lowest of what is above them; else the first heading that comes twice."""
    schemes = {key: _scheme_of(key, lines) for key in divisions}
    for wanted in (_CHAPTERS, _UPPERS):
        found = [key for key in divisions if schemes[key] in wanted]
        if found:
            return found[-1]
    return next((key for key in divisions if counts[key] > 1), divisions[0])


def _scheme_of(key: str, lines: Sequence[Line]) -> str:
    """The number that most lines of a marked level carry; of any other key, the key itself."""
    if not key.startswith("h"):
        return key
    marked = [line for line in lines if line.mark == key]
    names = Counter(line.number.scheme for line in marked if line.number)
    name, times = names.most_common(1)[0] if names else ("", 0)
    return name if times * 2 > len(marked) else ""


def _with_bare_headings(levels: dict[str, str], lines: Sequence[Line]) -> Plan:
    """Where nothing else divides the text: short unnumbered lines that stand before an article or a paragraph."""
    articles = [i for i, line in enumerate(lines) if _may_head(line) and levels.get(_key(line)) == PASSAGE]
    found: list[int] = []
    for i, line in enumerate(lines[:-1]):
        before, after = lines[i - 1] if i else None, lines[i + 1]
        is_short = len(line.text.split()) <= 8 and len(line.text) <= 60
        is_free = line.role == "body" and line.number is None and not line.mark
        if after.is_cut or not (is_short and is_free and looks_like_heading(line.text)):
            continue
        if before is not None and levels.get(_key(before)) == PASSAGE and not before.rest:
            continue
        opens = (
            levels.get(_key(after)) == PASSAGE if articles else (ends_sentence(after.text) or after.number is not None)
        )
        if opens and not (before is not None and not articles and found[-1:] == [before.start]):
            found.append(line.start)
    is_label = bool(articles) and len(found) * 2 > len(articles)
    return Plan(levels, frozenset(found) if len(found) > 1 or is_label else frozenset(), LABEL if is_label else LESSON)
