"""What counts as the same text."""

from __future__ import annotations

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quizzes import chinese, numerals
from quizzes.chinese import normal

HAN_TEXT = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=20)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("網絡主權", "网络主权"),
        ("２０１５年", "2015年"),
        ("《聯合國憲章》", "联合国宪章"),
        ("「一帶一路」", " 一带\u3000一路。"),
        ("自然\u200b延伸", "自然延伸"),
        ("意味著", "意味着"),
        ("妳瞭解", "你了解"),
        ("什麼", "什么"),
        ("甚麽", "甚么"),
        ("憑藉", "凭借"),
        ("二○一五", "二〇一五"),
        ("二零一五", "二〇一五"),
        ("乾隆", "乾隆"),
        ("Sovereignty", "SOVEREIGNTY"),
        ("re-use", "Re use"),
        ("the people's", "the people’s"),
        ("ﬁeld", "field"),
        ("Straße", "STRASSE"),
        ("e\u0301tat", "état"),
        ("", "。「」 \n"),
    ],
)
def test_same_text(written: str, same: str) -> None:
    assert normal(written) == normal(same)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        *zip(
            "臺裏佈羣係繫製復複徵衞啓綫説註鑑鑒裡線衛群啟說爲為鈎峯鷄麪產產戶眾錄於昇恆",
            "台里布群系系制复复征卫启线说注鉴鉴里线卫群启说为为钩峰鸡面产产户众录于升恒",
            strict=True,
        )
    ],
)
def test_variants_of_traditional_fold_to_one(traditional: str, simplified: str) -> None:
    assert normal(traditional) == normal(simplified) == simplified


@pytest.mark.parametrize(
    ("one", "other"),
    [("自然延伸", "自然延長"), ("網絡", "網路"), ("和平", "平和"), ("建構", "構建"), ("2015", "2016"), ("", "一")],
)
def test_different_text(one: str, other: str) -> None:
    assert normal(one) != normal(other)


def test_every_code_point_folds_to_one_and_stays() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        folded = chinese.fold(char)
        assert len(folded) == 1
        assert chinese.fold(folded) == folded
        assert normal(normal(char)) == normal(char)


@given(st.text())
@example("\u1100\u200d\u1161")
@example("İ\u0345ᾳ")
def test_normal_form_is_idempotent_and_keeps_letters_and_numbers_only(text: str) -> None:
    form = normal(text)
    assert normal(form) == form
    assert all(unicodedata.category(char)[0] in "LN" for char in form)


@given(st.text())
def test_fold_keeps_every_offset(text: str) -> None:
    assert len(chinese.fold(text)) == len(text)
    assert chinese.fold(text) == "".join(map(chinese.fold, text))


@given(HAN_TEXT, HAN_TEXT)
def test_normal_form_of_chinese_does_not_depend_on_neighbours(a: str, b: str) -> None:
    assert normal(a + b) == normal(a) + normal(b)


@given(st.text())
def test_pieces_join_to_the_text(text: str) -> None:
    assert "".join(piece for piece, _ in chinese.pieces(text)) == text


@given(HAN_TEXT, HAN_TEXT)
def test_pieces_join_to_the_normal_form(a: str, b: str) -> None:
    text = f"{a}，「{b}」 Ａé 12"
    assert "".join(form for _, form in chinese.pieces(text)) == normal(text)


@pytest.mark.parametrize(
    ("text", "length", "size"),
    [
        ("網絡主權", 4, 4),
        ("2015年", 5, 5),
        ("《聯合國憲章》", 5, 5),
        ("２０", 2, 2),
        ("a President", 0, 10),
        ("", 0, 0),
    ],
)
def test_lengths(text: str, length: int, size: int) -> None:
    assert chinese.han_length(text) == length
    assert chinese.size(text) == size


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("自然延伸", "自然延伸。", 0),
        ("自然延伸", "自然延长", 1),
        ("網絡主權", "网路主权", 1),
        ("主渠道", "主道渠", 1),
        ("自然延伸", "自然", 2),
        ("", "開放", 2),
    ],
)
def test_edit_distance(a: str, b: str, distance: int) -> None:
    assert chinese.edit_distance(a, b) == distance


@pytest.mark.parametrize(
    ("given_text", "key", "runs"),
    [
        ("自然延長", "自然延伸", [("自然延", True), ("長", False)]),
        ("自然 延长。", "自然延伸", [("自然 延", True), ("长", False), ("。", True)]),
        ("国家主权", "國家主權", [("国家主权", True)]),
        ("具體體現", "自然延伸", [("具體體現", False)]),
        ("", "開放", []),
    ],
)
def test_difference(given_text: str, key: str, runs: list[tuple[str, bool]]) -> None:
    assert chinese.difference(given_text, key) == runs


@given(st.text(), st.text())
def test_difference_joins_to_what_was_given(mine: str, key: str) -> None:
    runs = chinese.difference(mine, key)
    assert "".join(text for text, _ in runs) == mine
    assert all(a[1] != b[1] for a, b in pairwise(runs))


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("發展、安全，責任;利益", ["發展", "安全", "責任", "利益"]),
        ("發展\n安全\r\n責任／利益|發展｜安全；責任､利益", ["發展", "安全", "責任", "利益"] * 2),
        ("和平與安全及發展", ["和平與安全及發展"]),
        ("research and development, education", ["research and development", "education"]),
        (" 、。\n ", []),
    ],
)
def test_split_list(text: str, entries: list[str]) -> None:
    assert chinese.split_list(text) == entries


@pytest.mark.parametrize(
    ("text", "shorter"),
    [("the President", "President"), ("An  act", "act"), ("A", "A"), ("theory", "theory"), ("the ", "the ")],
)
def test_article(text: str, shorter: str) -> None:
    assert chinese.without_article(text) == shorter


def test_words_begin_only_where_the_writer_left_a_gap() -> None:
    assert chinese.normal_words("sand and") == ("sandand", {0, 4, 7})
    assert chinese.normal_words("政府and企業") == ("政府and企业", {0, 1, 2, 5, 6, 7})


@pytest.mark.parametrize(
    ("text", "value", "is_ordinal", "counter"),
    [
        ("2015年", 2015, False, "年"),
        ("二〇一五年", 2015, False, "年"),
        ("二零一五", 2015, False, ""),
        ("二○一五年", 2015, False, "年"),
        ("二O一五年", 2015, False, "年"),
        ("兩千零一十五", 2015, False, ""),
        ("第二屆", 2, True, "届"),
        ("第2届", 2, True, "届"),
        ("兩個", 2, False, "个"),
        ("十", 10, False, ""),
        ("拾貳", 12, False, ""),
        ("一百零五", 105, False, ""),
        ("０", 0, False, ""),
        ("9999", 9999, False, ""),
    ],
)
def test_quantity(text: str, value: int, is_ordinal: bool, counter: str) -> None:
    assert numerals.quantity(text) == numerals.Quantity(value, is_ordinal, counter)


@pytest.mark.parametrize(
    "text", ["", "年", "二百五", "一千二十", "20155", "一帶一路", "四項原則", "百", "2019年9月", "第", "٢", "1a"]
)
def test_no_quantity(text: str) -> None:
    assert numerals.quantity(text) is None


@given(st.integers(0, 9999))
def test_numbers_are_read_back_both_ways(value: int) -> None:
    assert numerals.parse(str(value)) == value
    assert numerals.parse(numerals.spoken(value)) == value
    if value > 9:
        assert numerals.parse(numerals.positional(value)) == value


@given(st.text("零〇一二三四五六七八九十百千兩壹o0123456789第年", max_size=12))
def test_no_row_of_numerals_breaks_the_reader(text: str) -> None:
    found = numerals.quantity(text)
    assert found is None or 0 <= found.value <= 9999


def test_forms_of_a_year_and_of_an_ordinal() -> None:
    assert {"2015", "2015年", "二〇一五年", "二零一五", "二○一五年"} <= set(numerals.number_forms("2015年"))
    assert {"二", "2", "第二", "第2屆", "第二屆"} <= set(numerals.number_forms("第二屆"))
    assert numerals.number_forms("開放") == ()


@given(st.integers(0, 9999), st.sampled_from(["{}年", "第{}屆", "{}", "{}項"]))
def test_every_form_is_the_same_number(value: int, pattern: str) -> None:
    text = pattern.format(value)
    assert all(numerals.is_same_number(form, text) for form in numerals.number_forms(text))


@pytest.mark.parametrize(
    ("mine", "key", "context"),
    [
        ("第二", "二", "在第＿＿＿＿屆"),
        ("第二屆", "二", "在第＿＿＿＿屆"),
        ("2", "第二屆", ""),
        ("二屆", "第二屆", ""),
        ("六", "六個", ""),
    ],
)
def test_same_number(mine: str, key: str, context: str) -> None:
    assert numerals.is_same_number(mine, key, context=context)


@pytest.mark.parametrize(
    ("mine", "key", "context"),
    [
        ("第四項", "四項", ""),
        ("二年", "二", "在第＿＿＿＿屆"),
        ("2016年", "2015年", ""),
        ("2015屆", "2015年", ""),
        ("十二", "二", ""),
        ("二", "開放", ""),
    ],
)
def test_not_the_same_number(mine: str, key: str, context: str) -> None:
    assert not numerals.is_same_number(mine, key, context=context)


def test_years_inside_a_longer_text() -> None:
    assert numerals.with_year_digits("二零三零年可持续发展议程") == "2030年可持续发展议程"
