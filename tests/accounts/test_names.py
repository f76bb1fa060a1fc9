"""A name is in one normal form, and can be seen."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.names import normal_name, validate_username, validate_visible


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ａｎｎ", "Ann"),
        ("  Ann \u3000 Lee\t", "Ann Lee"),
        ("王小明", "王小明"),
        ("e\u0301lodie", "élodie"),
        ("", ""),
    ],
)
def test_a_name_has_one_form(typed: str, kept: str) -> None:
    assert normal_name(typed) == kept


@pytest.mark.parametrize(
    "name", ["Ann", "王小明", "Zoë", "O’Brien", "Łukasz 3", "می\u200cخواهم", "👩\u200d🏫", "Nguyễn", ""]
)
def test_a_name_that_can_be_seen_is_accepted(name: str) -> None:
    validate_visible(name)


@pytest.mark.parametrize(
    "name",
    [
        "\u202enimda",  # right to left override
        "An\u200bn",  # zero width space
        "\u200d\u200c",  # joiners alone
        "\u3164",  # Hangul filler: a letter that shows nothing
        "\u2800\u2800",  # blank braille
        "a\u0000b",
        "\ufeffAnn",
        "a\u0301\u0302\u0303\u0304\u0305",  # a pile of accents
        "\u0301",  # an accent on nothing
        "\ud800",
    ],
)
def test_a_name_that_hides_something_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_visible(name)


@pytest.mark.parametrize(
    ("name", "code"), [("guest-1", "reserved"), ("GUEST-ann", "reserved"), ("a@b.example", "address")]
)
def test_a_user_name_is_no_guest_and_no_address(name: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_username(name)
    assert caught.value.code == code
