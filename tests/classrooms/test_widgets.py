"""Names that people gave, in forms and sentences: each in its language."""

from __future__ import annotations

from django import forms
from django.utils.translation import override

from classrooms.templatetags.classes import quoted
from classrooms.widgets import NamedInput, NamedSelect


def test_options_are_in_the_language_of_their_names() -> None:
    select = NamedSelect(choices=[("", "all"), ("1", "甲組"), ("2", "Red <b>")])
    options = select.render("group", "")
    assert '<option value="" selected>all</option>' in options
    assert '<option value="1" lang="zh-Hant">甲組</option>' in options
    assert '<option value="2" lang="en">Red &lt;b&gt;</option>' in options
    assert isinstance(select, forms.Select)


def test_a_name_that_stands_in_a_field_has_its_language_and_an_empty_field_none() -> None:
    assert 'lang="zh-Hant"' in NamedInput().render("name", "甲組", {"class": "wide"})
    assert 'lang="en"' in NamedInput().render("name", "Red")
    assert "lang" not in NamedInput().render("name", "")


def test_a_heading_in_an_english_sentence_keeps_its_language() -> None:
    with override("en"):
        assert quoted("2 of 6 right in “引言” & more") == (
            '2 of 6 right in “<span lang="zh-Hant">引言</span>” &amp; more'
        )


def test_a_chinese_page_marks_nothing_of_its_own_sentence() -> None:
    for language in ("zh-hant", "zh-hans"):
        with override(language):
            assert quoted("<在「引言」中>") == "&lt;在「引言」中&gt;"
