"""How the pinned text is shown: wide punctuation, Simplified characters, and never a change of length."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from curriculum.script import shown, simplified, with_wide_marks
from curriculum.templatetags.document import language_of, language_tag, listed, paragraphs, script_lang, steps

SOURCE = (Path(settings.BASE_DIR) / "fixtures" / "cyberspace-2019.txt").read_text(encoding="utf-8")
CHINESE = st.text(alphabet="網絡空間，,:;!?()（）「」2019 ABc.\n著着", max_size=40)


@pytest.mark.parametrize(
    ("source", "wide"),
    [
        ("2015年,中國", "2015年，中國"),
        ("應堅持以下原則:", "應堅持以下原則："),
        ("「五點主張」,得到", "「五點主張」，得到"),
        ("5G,人工智能", "5G，人工智能"),
        ("更加美好的未來!", "更加美好的未來！"),
        ("體(含港澳)的", "體（含港澳）的"),
        ("1,000", "1,000"),
        ("12:30", "12:30"),
        ("a, b; c (d)!", "a, b; c (d)!"),
        ("共同體 (2019年)", "共同體 (2019年)"),
        ("1.尊重", "1.尊重"),
        ("(一", "(一"),
        ("", ""),
    ],
)
def test_half_width_marks_beside_chinese_are_shown_wide(source: str, wide: str) -> None:
    assert with_wide_marks(source) == wide


@pytest.mark.parametrize(
    ("hant", "hans"),
    [
        ("網絡空間", "网络空间"),
        ("意味著、商量着辦", "意味着、商量着办"),
        ("顯著、著作、土著", "显著、著作、土著"),
        ("程序、文件、信息", "程序、文件、信息"),
        ("乾坤、乾淨", "乾坤、干净"),
    ],
)
def test_simplified_keeps_the_words_of_the_source(hant: str, hans: str) -> None:
    assert simplified(hant) == hans


def test_simplified_text_has_the_quotation_marks_of_its_readers() -> None:
    assert shown("首次提出「構建『一帶一路』」,得到", "hans") == "首次提出“构建‘一带一路’”，得到"


@given(CHINESE, st.sampled_from(["hant", "hans", ""]))
def test_showing_keeps_every_offset(text: str, script: str) -> None:
    assert len(shown(text, script)) == len(text)


@given(CHINESE, st.sampled_from(["hant", "hans"]))
def test_showing_twice_changes_nothing_more(text: str, script: str) -> None:
    once = shown(text, script)
    assert shown(once, script) == once


def test_the_shipped_text_keeps_its_length_in_both_scripts() -> None:
    assert len(shown(SOURCE, "hant")) == len(shown(SOURCE, "hans")) == len(SOURCE)


def test_no_traditional_character_is_left_in_the_simplified_text() -> None:
    hans = shown(SOURCE, "hans")
    assert simplified(hans) == hans
    assert not set(hans) & set("網絡體應國際會發對經與為")


def test_lang_attributes_name_the_script() -> None:
    assert [script_lang(script) for script in ("hant", "hans", "nonsense")] == ["zh-Hant", "zh-Hans", "zh-Hant"]
    assert [language_tag(code) for code in ("en", "zh-hant", "zh-hans")] == ["en", "zh-Hant", "zh-Hans"]


def test_a_note_is_cut_into_paragraphs_each_with_its_language() -> None:
    note = paragraphs("Source: a wiki.\n\n本作品是\n\n")
    assert [(part, language_of(part, "zh-Hant")) for part in note] == [
        ("Source: a wiki.", "en"),
        ("本作品是", "zh-Hant"),
    ]


def test_the_legend_counts_the_steps_that_occur() -> None:
    recall = {"a": (0, 2, None), "b": (3, 1, 0.7), "c": (3, 4, 0.6)}
    assert steps(recall) == [(0, "not begun", 1), (3, "fair", 2)]


@pytest.mark.parametrize(
    ("language", "reasons", "names"),
    [("en", "late; absent", "Ann, 李"), ("zh-hant", "late；absent", "Ann、李"), ("zh-hans", "late；absent", "Ann、李")],
)
def test_lists_are_joined_with_the_marks_of_the_readers_language(language: str, reasons: str, names: str) -> None:
    with override(language):
        assert listed(["late", "absent"]) == reasons
        assert listed(["Ann", "李"], ",") == names
