"""The number at the beginning of a line: 第三條, Article 3, 1.2, （一）, (a). Reads line after line, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from curriculum.outline import numerals
from curriculum.outline.patterns import SCHEMES, Scheme

_REFERENCE = re.compile(
    r"[所規规至及與与或前但第、，,之的款項项]|各款|Articles?\b|to\b|and\b|or\b|of\b|shall\b|may\b|is\b|are\b|does\b|applies\b"
)
"""What follows a number when a sentence begins with a reference: 第三條所稱, Article 3 applies."""


@dataclass(frozen=True, slots=True)
class Number:
    """`text` is how it is cited, `skip` where the words begin in the line, `value` and `sub` what it counts.

    第十二條之一 is ("條", "article", "第十二條之一", 12, 1); 1.2.3 has `value` 1 and `path` (1, 2, 3).
    """

    scheme: str
    group: str
    text: str
    value: int
    skip: int
    sub: int = 0
    path: tuple[int, ...] = ()


@dataclass(slots=True)
class Numbers:
    """Reads the numbers of successive lines. Knows the last value of each series, to tell (i) from (i)."""

    last: dict[str, int] = field(default_factory=dict)
    latest: str = ""
    path: tuple[int, ...] = ()

    def read(self, line: str) -> Number | None:
        """The number of this line, or None: a date, a reference and an initial are no numbers."""
        for scheme in SCHEMES:
            match = scheme.pattern.match(line)
            if match and (number := self._number(scheme, match, line)):
                self.last[number.scheme] = number.value
                self.latest = number.scheme
                self.path = number.path or self.path
                return number
        return None

    def _number(self, scheme: Scheme, match: re.Match[str], line: str) -> Number | None:
        numeral = match["n"]
        if scheme.name == "•":
            return Number(scheme.name, "item", "", 0, match.end())
        if scheme.name == "1.1":
            return self._decimal(match)
        if scheme.name == "(i)":
            return self._bracketed_letter(match)
        value = self._value(scheme.name, numeral)
        if not value or (scheme.is_guarded and value not in (1, self.last.get(scheme.name, 0) + 1)):
            return None
        groups = match.groupdict()
        sub = numerals.value(groups.get("sub") or groups.get("sub2") or "0")
        if "sep" in groups and not self._stands_apart(scheme, groups["sep"], line[match.end() :], value):
            return None
        return Number(scheme.name, scheme.group, _cited(scheme, match), value, match.end(), sub)

    def _value(self, name: str, numeral: str) -> int:
        """A letter that is also a Roman numeral is read as the one that continues its series."""
        if name in ("A.", "a.", "(A)"):
            return numerals.letter(numeral)
        value = numerals.value(numeral.rstrip("ABCDEFGH") if numeral[:1].isdigit() else numeral)
        as_letter = numerals.letter(numeral)
        return as_letter if as_letter and as_letter == self.last.get(name, 0) + 1 else value

    def _bracketed_letter(self, match: re.Match[str]) -> Number | None:
        roman, letter = numerals.roman(match["n"]), numerals.letter(match["n"])
        continues = self.last.get("(i)", 0) + 1
        if roman and roman == continues and self.latest == "(i)" and roman > 1:
            name, value = "(i)", roman
        elif letter and letter == self.last.get("(a)", 0) + 1:
            name, value = "(a)", letter
        elif roman and (roman == 1 or roman == continues or not letter):
            name, value = "(i)", roman
        else:
            name, value = "(a)", letter
        return Number(name, "item", match.group().strip(), value, match.end()) if value else None

    def _decimal(self, match: re.Match[str]) -> Number | None:
        path = tuple(numerals.value(part) for part in re.split("[.．]", match["n"]))
        top = max(
            self.last.get("1.", 0), self.path[0] if self.path else 0, self.last.get("1", 0), self.last.get("Section", 0)
        )
        if 0 in path or path[0] > top + 1 or (self.path and path <= self.path and path[-1] != 1):
            return None
        return Number("1.1", "decimal", match["n"], path[0], match.end(), path=path)

    def _stands_apart(self, scheme: Scheme, separator: str, rest: str, value: int) -> bool:
        """Whether the number heads the line, rather than opening a sentence as a reference does."""
        if not rest or separator.strip(" ") or len(separator) > 1:
            return True
        if scheme.name in ("編", "章", "節"):
            return True
        if scheme.name == "條" and not separator:
            follows = value in (1, self.last.get("條", 0) + 1) and not _REFERENCE.match(rest)
            return follows or rest[0] in "（(【["
        return scheme.name == "條" or not (rest[:1].islower() or _REFERENCE.match(rest))


def _cited(scheme: Scheme, match: re.Match[str]) -> str:
    """The number as one would cite it: without the point or comma behind, and Chinese ones without spaces inside."""
    whole = match.group()
    groups = match.groupdict()
    if "sep" in groups:
        whole = whole[: len(whole) - len(groups["sep"])]
        return "".join(whole.split()) if scheme.name in ("編", "章", "節", "條") else " ".join(whole.split())
    if scheme.name in ("（一）", "(1)", "(A)"):
        return whole.strip(" 　、.：:")
    if scheme.name == "1)":
        return match["n"] + whole.strip()[-1]
    return match["n"]
