"""Sentences of a line, in Chinese and in English, with their offsets. Nothing is left out between them but spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from curriculum.outline.model import Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CLOSING = "」』”’\"')）】》\\]"
_END = re.compile(rf"[。!?！？]+[{_CLOSING}]*|(?<=[\u3400-\u9fff」』”）)])\.(?=\s|$)|\.[{_CLOSING}]*(?=\s)")
_HAN = re.compile(r"[\u3400-\u9fff」』”）)]")
_END_WITH_POINTS = re.compile(rf"{_END.pattern}|(?<=[\u3400-\u9fff」』”）)])\.(?=[\u3400-\u9fff「『“])")
_LAST_WORD = re.compile(r"[A-Za-z.]{1,14}\.$")
_ABBREVIATIONS = _words(
    "art arts no nos mr mrs ms dr prof st sr jr hon rev gen gov sen rep sec secs para paras par "
    "subpara ch chap cl reg fig figs vol ed eds pp p e.g i.e eg ie cf vs v viz al approx dept est inc "
    "ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec u.s.c a.m p.m"
)
_MAY_END = _words("inc ltd co corp jr sr al etc a.m p.m")
_NUMBERED = _words("no nos art arts sec secs para paras par ch chap cl reg fig figs vol p pp")
_STARTERS = _words(
    "the a an it this these that those in on at for to if when where each every no all any such he "
    "she they we you its their our his her however but and as by after before under nothing member "
    "members states"
)
_LABEL = re.compile(
    r"\b(?:annex|appendix|schedule|part|chapter|article|section|exhibit|group|class|type|option)\s$", re.I
)
_LEADING = re.compile(r"[\s\"'“‘「(（\[]*")


def split_sentences(text: str, start: int, end: int, *, has_points: bool = False) -> Iterator[Span]:
    """Sentences of `text[start:end]`: they end after 。 ! ? . and closing quotes, never after a semicolon.

    With `has_points` a half-width point between two Han is a full stop too.

    A point does not end a sentence after an abbreviation, an initial or a number's "No.", nor before a small letter.
    """
    first = start
    for match in (_END_WITH_POINTS if has_points else _END).finditer(text, start, end):
        if match.group().startswith(".") and not _is_full_stop(text, match, first, end):
            continue
        yield from _span(text, first, match.end())
        first = match.end()
    yield from _span(text, first, end)


def uses_points(lines: Iterable[str]) -> bool:
    """Whether a Chinese text ends its sentences with half-width points: two lines of it do, or the only one."""
    ends = [bool(_HAN.match(line[-2])) for line in lines if len(line) > 2 and line.endswith(".")]
    return sum(ends) > 1 or ends == [True]


def ends_with_abbreviation(text: str) -> bool:
    """Whether the point at the end of this text may be that of an abbreviation or initial."""
    word = _LAST_WORD.search(text[-15:])
    return word is not None and _is_abbreviation(word.group()[:-1], text[: -len(word.group())], "X")


def _span(text: str, start: int, end: int) -> Iterator[Span]:
    words = text[start:end]
    if words.strip():
        first = start + len(words) - len(words.lstrip())
        yield Span("sentence", first, start + len(words.rstrip()), words.strip())


def _is_full_stop(text: str, match: re.Match[str], first: int, end: int) -> bool:
    after = _LEADING.match(text, match.end(), end)
    place = after.end() if after else match.end()
    if place >= end:
        return True
    following = text[place]
    if following.islower():
        return False
    if _HAN.match(text[match.start() - 1]):
        return True
    before = text[max(first, match.start() - 14) : match.start() + 1]
    word = _LAST_WORD.search(before)
    if word is None or len(match.group()) > 1:
        return True
    return not _is_abbreviation(word.group()[:-1], before[: word.start()], text[place : place + 20])


def _is_abbreviation(word: str, before: str, following: str) -> bool:
    lower = word.lower().strip(".")
    starts_anew = (re.findall(r"[a-z]+", following.lower()) or [""])[0] in _STARTERS
    if len(word) == 1 and not (lower == "p" and following[:1].isdigit()):
        return word.isupper() and word != "I" and not _LABEL.search(before)
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        return lower in ("e.g", "i.e") or not starts_anew
    if lower in _NUMBERED:
        return following[:1].isdigit() or (following[:1].isupper() and not starts_anew and lower != "no")
    return lower in _ABBREVIATIONS and not (lower in _MAY_END and starts_anew)
