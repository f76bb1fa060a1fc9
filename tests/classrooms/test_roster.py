"""Reading a list of learners: encodings, separators, heads, hostile files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms.roster import COLUMNS, MAX_ROWS, Row, UnreadableRosterError, read_file, read_text
from curriculum.sources import UnreadableSourceError

TRADITIONAL = "姓名,帳號,組別,學號\n王小明,ming,紅組,17\n陳美麗,meili,藍組,18\n歐陽志強,,紅組,19\n"
SIMPLIFIED = "姓名,账号,组别,学号\n王小明,ming,红组,17\n陈美丽,meili,蓝组,18\n欧阳志强,,红组,19\n"
ENCODED = [
    *[(text, code) for text in (TRADITIONAL, SIMPLIFIED) for code in ("utf-8", "utf-8-sig", "utf-16", "gb18030")],
    (TRADITIONAL, "big5"),
    (TRADITIONAL, "utf-16-le"),
    (SIMPLIFIED, "utf-16-be"),
]


@pytest.mark.parametrize(("text", "encoding"), ENCODED, ids=lambda value: str(value)[:9])
def test_the_encoding_is_found_out(text: str, encoding: str) -> None:
    rows = read_file(text.encode(encoding)).rows
    assert [row.name for row in rows] == [line.split(",")[0] for line in text.splitlines()[1:]]
    assert rows[0] == Row(2, rows[0].name, "ming", "", rows[0].group, "17")


@pytest.mark.parametrize("name", ["王", "李四", "林怡君\n張家豪", "赵丽颖", "陳\n林\n黃\n張\n李\n王\n吳\n劉\n蔡\n楊"])
@pytest.mark.parametrize("encoding", ["big5", "gb18030"])
def test_even_a_few_names_are_enough(name: str, encoding: str) -> None:
    try:
        data = name.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("this script has no such characters")
    assert "\n".join(row.name for row in read_file(data).rows) == name


@pytest.mark.parametrize("separator", [",", ";", "\t", "，"])
def test_the_separator_is_found_out(separator: str) -> None:
    text = "name,email,group\nAnn,a@example.org,Red".replace(",", separator)
    assert read_text(text).rows == (Row(2, "Ann", "", "a@example.org", "Red"),)


def test_without_heads_the_columns_have_their_order() -> None:
    assert read_text("Ann\n\n  Ben  \n").rows == (Row(1, "Ann"), Row(3, "Ben"))
    assert read_text("Ann\tann1\ta@example.org\tRed\t7").rows == (Row(1, "Ann", "ann1", "a@example.org", "Red", "7"),)


def test_without_heads_addresses_right_after_the_name_are_addresses() -> None:
    pasted = "王小明\ts1@example.org\n李雅婷\n張俊傑\ts3@example.org\tRed\t7"
    assert read_text(pasted).rows == (
        Row(1, "王小明", "", "s1@example.org"),
        Row(2, "李雅婷"),
        Row(3, "張俊傑", "", "s3@example.org", "Red", "7"),
    )


def test_without_heads_a_line_to_be_mended_keeps_its_columns() -> None:
    row = Row(1, "Ann", "x@y", "a@example.org")
    assert read_text(row.text).rows == (row,)


def test_without_heads_one_address_among_user_names_moves_no_column() -> None:
    assert read_text("Ann\tann1\nBen\tb@example.org").rows == (Row(1, "Ann", "ann1"), Row(2, "Ben", "b@example.org"))


@pytest.mark.parametrize("head", ["Full Name,E-mail,Student No.", "FULL_NAME,e mail,number", "姓名,電子郵件,座號"])
def test_heads_are_read_in_many_spellings(head: str) -> None:
    roster = read_text(f"{head}\nAnn,a@example.org,7")
    assert roster.rows == (Row(2, "Ann", "", "a@example.org", "", "7"),)
    assert roster.has_header


def test_columns_that_mean_nothing_here_are_named_and_left_out() -> None:
    roster = read_text("role,name,is_staff\nowner,Ann,1")
    assert (roster.rows, roster.ignored) == ((Row(2, "Ann"),), ("role", "is_staff"))


def test_quoted_cells_keep_separators_and_lines_are_counted_over_breaks() -> None:
    assert read_text('name,group\n"Lee, Ann","a\nb"\nBen,x').rows == (
        Row(2, "Lee, Ann", group="a\nb"),
        Row(4, "Ben", group="x"),
    )


def test_an_apostrophe_before_a_formula_goes() -> None:
    assert [row.name for row in read_text("name\n'=1+1\n'Sun\n''=x\n' @y").rows] == ["=1+1", "'Sun", "'=x", " @y"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is nothing in this list."),
        (" \n,,\n", "There is nothing in this list."),
        ("name,group\n", "There is only a header in this list."),
        ("name,Full name\nA,B", "Two columns have the same name."),
        ("a\n" * (MAX_ROWS + 2), "More than 500 lines."),
        ("a,b\n" + "x," * 300_000, "Line 2 has too many columns."),
        ("Ann\n" + "x" * 5_000_000, "Line 2 cannot be read."),
        ("a\0b", "This is not a text."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_list_that_cannot_be_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(UnreadableRosterError) as caught:
        read_text(text)
    assert words in caught.value.message


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00" * 50, b"PK\x03\x04" + bytes(range(256)) * 4, b"\x81" * 9])
def test_bytes_that_are_no_list_are_refused(data: bytes) -> None:
    with pytest.raises((UnreadableRosterError, UnreadableSourceError)):
        read_file(data)


def test_a_large_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableRosterError):
        read_file(b"a" * 1_000_001)


def test_latin_1_is_not_taken_for_chinese_silently() -> None:
    with pytest.raises(UnreadableSourceError):
        read_file("name\nJosé\n".encode("latin-1"))


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        roster = read_text(text)
    except UnreadableRosterError:
        return
    assert all(isinstance(getattr(row, column), str) for row in roster.rows for column in COLUMNS)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_file(data)
    except (UnreadableRosterError, UnreadableSourceError):
        return
