"""The title block: title, issuer and date, wherever documents write them; and the order that promulgates a law."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from curriculum.outline.lines import MAX_HEADING, NAMED, Line, ends_sentence, looks_like_heading
from curriculum.outline.patterns import (
    DATE,
    DOCUMENT_NUMBER,
    GENRE,
    LABELLED,
    NOTE,
    ORGANISATION,
    RECITAL,
    SIGNER,
)

MAX_FRONT = 25
_ORDER = re.compile(
    r".{0,30}(主席|[总總][统統]|[国國][务務]院|政府|部|委[员員][会會]|院|局)令([（(]?\s?第?.{1,10}[号號][)）]?)?"
)
_PROMULGATES = re.compile(r".*(公布|公佈|施行|发布|發布).*[。.]")
_ZH_ISSUER = re.compile(
    r"(?P<who>.{2,60}?)(?:[审審]议|[审審]議)?(?:通过|通過|公布|公佈|发布|發布|發佈|制定|訂定|批准|核准|核定|修正|修訂|修订)"
)
_ZH_BEFORE = re.compile(r"[經经由]?(?P<who>[\u3400-\u9fff]{2,30}?)[於于]")
_ZH_SESSION = re.compile(
    r"第[^届屆次号號]{1,8}[届屆]|第[^次]{1,8}次(?:全[体體])?[会會][议議]?|第[^号號]{1,8}[号號]|令$|[（(）)，,\s]|自.{0,4}起"
    r"|[华華][总總]一[义義]字.*"
)
_EN_ISSUER = re.compile(
    r"(?i:\bby )(?:the )?(?P<who>[A-Z][\w'’&-]*(?: (?:of|the|and|for|on|[A-Z][\w'’&-]*))*)"
    r"(?=,| on | in | at | as | resolution|[.;)(]|$)"
)
_OPENING = re.compile(
    r"(?:The|THE) (?P<who>[A-Z][A-Za-z' -]{3,80}),?"
    r"|(?P<zh>[^，,。]{2,20}(?:大會|大会|委員會|委员会|理事會|理事会|議會|议会))[，,]"
)

_TITLE_MARKS = re.compile("^《([^《》]*)》$")
_PARTIES = re.compile(r"(?i:part(y|ies)|states|undersigned|peoples?|governments)\b|[締缔][約约]")


@dataclass(slots=True)
class Front:
    """What the title block says. `end` is where the body begins, `spare` are lines that told nothing."""

    title: str = ""
    issuer: str = ""
    date: str = ""
    end: int = 0
    title_lines: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    spare: list[int] = field(default_factory=list)
    is_second_line: bool = False


def promulgation(lines: Sequence[Line]) -> range:
    """The lines at the top that are the order promulgating a law: 主席令 … 现予公布 … date. Often none."""
    start = next((i for i, line in enumerate(lines[:5]) if _ORDER.fullmatch(line.text)), None)
    if start is None:
        return range(0)
    end = next((i for i in range(start + 1, min(start + 9, len(lines))) if _PROMULGATES.fullmatch(lines[i].text)), None)
    if end is None:
        return range(0)
    end += 1
    while end < len(lines) and not GENRE.fullmatch(lines[end].text) and _closes(lines[end]):
        end += 1
    return range(end) if end < len(lines) else range(0)


def _closes(line: Line) -> bool:
    short = len(line.text) <= 30 and line.number is None and not ends_sentence(line.text)
    return line.role == "date" or (
        short and (SIGNER.search(line.text) or ORGANISATION.fullmatch(line.text)) is not None
    )


def read_front(lines: Sequence[Line]) -> Front:
    """Read the lines before the first heading, numbered item, recital or full sentence."""
    front = Front(end=_end(lines))
    block = [(i, line) for i, line in enumerate(lines[: front.end])]
    words: list[tuple[int, Line]] = []
    for i, line in block:
        if labelled := LABELLED.fullmatch(line.text):
            _take_label(front, i, labelled["what"].lower(), labelled["value"].strip())
        elif is_note(line.text) and (words or not looks_like_heading(line.text) or line.text[:1] in "（("):
            front.date = front.date or _date(line.text)
            front.issuer = front.issuer or issuer_of_note(line.text)
        elif line.role == "date" or (words and _is_place_and_date(line.text)):
            front.date = front.date or _date(line.text)
            if words and _goes_on(lines[i - 1], line):
                words.append((i, line))
        elif not (DOCUMENT_NUMBER.fullmatch(line.text) or line.is_numbered):
            words.append((i, line))
    _take_title(front, words)
    return front


def _is_place_and_date(text: str) -> bool:
    """(2019年10月), "Oldtown, 2 June 2010": a short line with a date that names no document."""
    return len(text) <= 40 and DATE.search(text) is not None and GENRE.fullmatch(text) is None


def _goes_on(line: Line, after: Line) -> bool:
    """Whether a title line is continued: the next one stands right under it and begins with a small letter."""
    return after.text[0].islower() and not after.gap and not ends_sentence(line.text)


def is_note(text: str) -> bool:
    """Whether a line says when and by whom the document was adopted, issued or changed."""
    if not NOTE.fullmatch(text):
        return False
    return bool(DATE.search(text) or re.search(r"次[会會][议議]|\d{4}|\bby\b|(?i:^version)", text) or text[:1] in "（(")


def issuer_of_note(text: str) -> str:
    """The body named in an adoption note: 第十二届全国人民代表大会第三次会议通过 -> 全国人民代表大会."""
    if match := _EN_ISSUER.search(text):
        return match["who"]
    dated = DATE.search(text)
    after = text[dated.end() :] if dated else text
    before = _ZH_BEFORE.fullmatch(text[: dated.start()].strip("（( ")) if dated else None
    if before and before["who"]:
        return before["who"]
    match = _ZH_ISSUER.match(after.strip("（() "))
    who = _ZH_SESSION.sub("", match["who"]) if match else ""
    who = who.removesuffix("令").removesuffix("本屆").strip("由經经於于在")
    return who if 2 <= len(who) <= 30 and re.search("[\u3400-\u9fff]", who) else ""


def issuer_of_opening(text: str) -> str:
    """The body that speaks: "The General Assembly," or 「聯合國大會，」."""
    match = _OPENING.fullmatch(text)
    who = (match["who"] or match["zh"]) if match else ""
    return who if ORGANISATION.fullmatch(who) and not _PARTIES.search(who) else ""


def date_in(text: str) -> str:
    """The first date in a text as written, or ""."""
    return _date(text)


def _date(text: str) -> str:
    match = DATE.search(text)
    return match.group().strip() if match else ""


def _end(lines: Sequence[Line]) -> int:
    seen_title = False
    for i, line in enumerate(lines[:MAX_FRONT]):
        if i == 0 and _is_chapter_of_laws(lines):
            continue
        if line.mark == "h1" and not seen_title and not _heads_a_part(lines, i):
            seen_title = True
            continue
        if line.mark.startswith("h") or line.role in NAMED or line.is_numbered or line.role == "signature":
            return i
        if _is_body(line) or (i and line.text[0].islower() and not _goes_on(lines[i - 1], line)):
            return i
    return min(len(lines), MAX_FRONT)


def _heads_a_part(lines: Sequence[Line], place: int) -> bool:
    """Whether a main heading is a chapter and no title: it is numbered, or one of several below a named document."""
    if lines[place].is_numbered or lines[place].role in NAMED:
        return True
    is_titled = any(GENRE.fullmatch(line.text) for line in lines[:place])
    return is_titled and sum(line.mark == "h1" for line in lines) > 1


def _is_chapter_of_laws(lines: Sequence[Line]) -> bool:
    """第999章 or Chapter 12 at the very top, and nowhere else: the number of an ordinance in a collection of laws."""
    first = lines[0].number
    if first is None or first.group != "chapter" or lines[0].rest:
        return False
    return sum(line.number is not None and line.number.group == "chapter" for line in lines) == 1


def _is_body(line: Line) -> bool:
    text = line.text
    if LABELLED.fullmatch(text) or is_note(text) or line.role == "date":
        return False
    is_recital = RECITAL.match(text) is not None and (len(text) > 40 or text[:3].lower() == "we ")
    return len(text) > MAX_HEADING or ends_sentence(text) or is_recital


def _take_label(front: Front, place: int, what: str, value: str) -> None:
    if what in ("title", "標題", "标题", "名稱", "名称", "法規名稱", "法规名称"):
        front.title, front.title_lines = value, [place]
    elif "date" in what or "日期" in what or what.startswith(("effective", "last")):
        front.date = front.date or _date(value)
    else:
        front.issuer = front.issuer or value


def _take_title(front: Front, words: list[tuple[int, Line]]) -> None:
    marked = [pair for pair in words if pair[1].mark == "h1"]
    if not front.title and words:
        chosen = marked[:1] or _title_lines(front, words)
        front.title_lines = [i for i, _line in chosen]
        front.title = _TITLE_MARKS.sub(r"\1", _joined([line.text for _i, line in chosen]))
    for i, line in words:
        if i in front.title_lines:
            continue
        if "".join(line.text.split()) == "".join(front.title.split()):
            front.repeated.append(i)
        elif not front.issuer and ORGANISATION.fullmatch(line.text) and len(line.text) <= 60:
            front.issuer = re.sub(r"^(?:[Bb]y|[Ii]ssued by)\s+(?:the\s+)?", "", line.text)
        else:
            front.spare.append(i)


def _title_lines(front: Front, words: list[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """The first line; but the second where the first only names a body, or both where one goes on in the other."""
    first, *others = words
    if not others:
        return [first]
    head, second = first[1].text, others[0][1].text
    if second.startswith(("关于", "關於")) and ORGANISATION.fullmatch(head):
        front.issuer = front.issuer or head
        return [first, others[0]]
    if ORGANISATION.fullmatch(head) and not GENRE.fullmatch(head) and GENRE.fullmatch(second):
        front.issuer, front.is_second_line = front.issuer or head, True
        return [others[0]]
    chosen = [first]
    for place, line in others[:3]:
        before = chosen[-1][1]
        is_upper = line.text.isupper() and before.text.isupper() and not line.gap
        if place != chosen[-1][0] + 1 or not (is_upper or _goes_on(before, line)):
            break
        chosen.append((place, line))
    return chosen


def _joined(pieces: list[str]) -> str:
    han = all(re.search("[\u3400-\u9fff]", piece) for piece in pieces)
    return ("" if han else " ").join(" ".join(piece.split()) for piece in pieces)
