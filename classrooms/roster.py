"""A list of learners as text or a file: which encoding, which separator, which column is which. Pure.

Nothing is guessed that could go wrong silently: what is not understood is a problem with the number of its line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from curriculum.sources.encoding import decode

MAX_BYTES = 1_000_000
MAX_ROWS = 500
MAX_COLUMNS = 30
COLUMNS = ("name", "username", "email", "group", "number")
LENGTHS = {"name": 80, "username": 40, "email": 254, "group": 60, "number": 40}
SEPARATORS = "\t;,，；"
HEADS = {
    "name": "name, full name, display name, student name, learner, 姓名, 名字, 名稱, 名称, 學生, 学生",
    "username": "user name, login, account, user, 帳號, 帐号, 賬號, 账号, 用戶名, 用户名, 使用者名稱",
    "email": "e-mail, mail, e-mail address, 電郵, 电邮, 郵箱, 邮箱, 電子郵件, 电子邮件, 電子信箱",
    "group": "group, class group, team, section, 組, 组, 組別, 组别, 小組, 小组, 分組, 分组",
    "number": "number, student number, student no, no, id, student id, 學號, 学号, 編號, 编号, 座號, 座号",
}
_RISKY = "'=+-@|%＝＋－＠\t\r\n"


class UnreadableRosterError(Exception):
    """The whole cannot be read. `message` is a sentence for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Row:
    """One learner as the list has it. `line` counts from 1, the header included."""

    line: int
    name: str = ""
    username: str = ""
    email: str = ""
    group: str = ""
    number: str = ""

    def as_data(self) -> dict[str, str | int]:
        return asdict(self)

    @property
    def text(self) -> str:
        """The row as a line to be mended: columns in the order of COLUMNS, separated by tabs."""
        return "\t".join(getattr(self, column) for column in COLUMNS).rstrip("\t")


@dataclass(frozen=True, slots=True)
class Roster:
    """What was read: the rows, how, the heads of columns that mean nothing here; whether one is for user names."""

    rows: tuple[Row, ...]
    encoding: str = ""
    separator: str = ""
    ignored: tuple[str, ...] = ()
    has_header: bool = False
    has_usernames: bool = True


def read_file(data: bytes, encoding: str = "") -> Roster:
    """The roster in a file. Raises UnreadableRosterError, and UnreadableSourceError where the bytes are no text."""
    if len(data) > MAX_BYTES:
        raise UnreadableRosterError(_("The file is larger than 1 MB. Give the list of one class only."))
    text, name = decode(data, encoding or _legacy(data))
    return read_text(text, encoding=name)


def read_text(text: str, *, encoding: str = "") -> Roster:
    """The roster in a text. Raises UnreadableRosterError for what is empty, too long or no table."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in lines:
        raise UnreadableRosterError(_("This is not a text. Save the list as CSV."))
    separator = _separator(lines)
    cells = list(_cells(lines, separator))
    if not cells:
        raise UnreadableRosterError(_("There is nothing in this list."))
    header = _header(cells[0][1])
    named = header or _unnamed(cells)
    rows = [_row(line, values, named) for line, values in (cells[1:] if header else cells)]
    if not rows:
        raise UnreadableRosterError(_("There is only a header in this list."))
    ignored = tuple(head for head, column in zip(cells[0][1], header, strict=False) if head and not column)
    has_usernames = "username" in named or len(named) == 1
    return Roster(tuple(rows), encoding, separator, ignored, bool(header), has_usernames)


def _cells(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the number of its first line. Raises UnreadableRosterError at a bad one."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    count, line = 0, 1
    while True:
        try:
            values = [_plain(value) for value in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableRosterError(_("Line %(line)s cannot be read.") % {"line": line}) from error
        if len(values) > MAX_COLUMNS:
            raise UnreadableRosterError(_("Line %(line)s has too many columns.") % {"line": line})
        if any(values):
            count += 1
            yield line, values
        if count > MAX_ROWS + 1:
            words = _("More than %(n)s lines. Give the list of one class only.") % {"n": MAX_ROWS}
            raise UnreadableRosterError(words)
        line = reader.line_num + 1


def _plain(value: str) -> str:
    """The value without blanks around it, and without the apostrophe that keeps a spreadsheet from computing it."""
    value = value.strip(" \u3000\u00a0")
    return value[1:] if value[:1] == "'" and value[1:].lstrip(" ").startswith(tuple(_RISKY)) else value


def _separator(text: str) -> str:
    """What separates most in the first line that says something; a comma where nothing does."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return max(SEPARATORS, key=lambda mark: (first.count(mark), -SEPARATORS.index(mark))) if first else ","


def _header(values: Sequence[str]) -> list[str]:
    """The column of each head, "" for one that means nothing here; [] where the line is no header."""
    known = {_folded(word): column for column, words in HEADS.items() for word in words.split(",")}
    found = [known.get(_folded(value), "") for value in values]
    named = [column for column in found if column]
    if not {"name", "username"} & set(named):
        return []
    if len(set(named)) < len(named):
        raise UnreadableRosterError(_("Two columns have the same name."))
    return found


def _folded(head: str) -> str:
    """Without capitals, blanks, hyphens, full stops."""
    return "".join(character for character in head.casefold() if character.isalnum())


def _unnamed(cells: Sequence[tuple[int, list[str]]]) -> list[str]:
    """Without a header the order is that of COLUMNS, of which the user name may be missing."""
    width = max(len(values) for _line, values in cells)
    return [*_order(cells), *[""] * width][: max(width, 1)]


def _order(cells: Sequence[tuple[int, list[str]]]) -> tuple[str, ...]:
    """COLUMNS, without the user name where the second column has e-mail addresses, which no user name can be."""
    second, third = ([values[at] for _line, values in cells if values[at : at + 1] > [""]] for at in (1, 2))
    are_addresses = second and all("@" in value for value in second) and not any("@" in value for value in third)
    return tuple(column for column in COLUMNS if not are_addresses or column != "username")


def _row(line: int, values: Sequence[str], named: Sequence[str]) -> Row:
    found = {column: value for column, value in zip(named, values, strict=False) if column}
    return Row(line, **found)


def _legacy(data: bytes) -> str:
    """Big5 or GB18030 for bytes that are neither UTF-8 nor UTF-16; "" for those.

    A list of names is too short for statistics of words, but not for this: in the encoding that is meant, nearly all
    characters are among the frequent ones, which both standards keep in rows of their own.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return ""
    if b"\0" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    big5, gb = _share(data, "cp950", 0xA4, 0xC6, 0x40), _share(data, "gb18030", 0xB0, 0xD7, 0xA1)
    return "big5" if big5 == gb == -1.0 else "cp950" if big5 > gb else "gb18030"


def _share(data: bytes, encoding: str, first: int, last: int, trail: int) -> float:
    """The share of characters beyond ASCII with a first byte of a frequent row and a fit second one; -1: no text."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return -1.0
    wide = [character.encode(encoding) for character in text if character > "\x7f"]
    fit = sum(len(code) == 2 and first <= code[0] <= last and code[1] >= trail for code in wide)
    return fit / len(wide) if wide else 0.0
