"""The calendar feed: well formed, private, and gone when it is taken away."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from classrooms.calendar import Event, calendar, escaped, folded
from classrooms.models import Calendar
from tests.classrooms.rows import make_assignment, make_classroom, make_member

DUE = datetime(2026, 3, 10, 22, 59, tzinfo=UTC)


def read(text: str) -> list[tuple[str, str]]:
    """The lines of a calendar as (name, value), unfolded and unescaped, as RFC 5545 says."""
    lines = text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    pairs = [line.partition(":") for line in lines]
    return [
        (name, re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)) for name, _c, value in pairs
    ]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_comes_through_folding_and_escaping(text: str) -> None:
    found = dict(read(calendar([Event("1", DUE, text)], name="n", now=DUE)))
    expected = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", text)
    assert found["SUMMARY"] == re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", expected)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=300))
def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(text: str) -> None:
    pieces = list(folded(text))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == text


def test_a_line_end_in_a_title_makes_no_line_of_its_own() -> None:
    assert escaped("a\r\nBEGIN:VALARM") == "a\\nBEGIN:VALARM"


def test_a_due_time_is_given_in_utc() -> None:
    found = dict(read(calendar([Event("7", DUE, "Week 1")], name="n", now=DUE - timedelta(days=1))))
    assert (found["DTSTART"], found["DTSTAMP"]) == ("20260310T225900Z", "20260309T225900Z")


def address(client: Client) -> str:
    page = client.post(reverse("classrooms:calendar"), follow=True).content.decode()
    (found,) = re.findall(r'value="http://testserver([^"]+\.ics)"', page)
    return str(found)


@pytest.fixture
def signed_in(client: Client, learner: User) -> Client:
    client.force_login(learner)
    return client


def test_the_feed_has_what_is_set_for_its_owner_and_nothing_else(signed_in: Client, learner: User) -> None:
    classroom, other = make_classroom(name="1A"), make_classroom(name="1B")
    make_member(classroom, learner)
    make_assignment(classroom, title="Week 1; all, of it", due_at=DUE)
    make_assignment(classroom, title="Draft", due_at=DUE, is_draft=True)
    make_assignment(other, title="Elsewhere", due_at=DUE)
    response = Client().get(address(signed_in))
    summaries = [value for name, value in read(response.content.decode()) if name == "SUMMARY"]
    assert summaries == ["Week 1; all, of it (1A)"]
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"


def test_only_the_digest_of_the_address_is_kept_and_it_is_shown_once(signed_in: Client, learner: User) -> None:
    secret = address(signed_in).split("/")[-1].removesuffix(".ics")
    assert secret not in Calendar.objects.get(user=learner).digest
    assert secret not in signed_in.get(reverse("classrooms:calendar")).content.decode()


@pytest.mark.parametrize("way", ["renewed", "removed", "left"])
def test_an_old_address_finds_nothing(signed_in: Client, learner: User, way: str) -> None:
    old = address(signed_in)
    assert Client().get(old).status_code == 200
    data: dict[str, Any] = {"remove": "1"} if way == "removed" else {}
    if way == "left":
        User.objects.filter(pk=learner.pk).update(is_active=False)
    else:
        signed_in.post(reverse("classrooms:calendar"), data)
    assert Client().get(old).status_code == 404


def test_who_is_no_longer_in_a_class_reads_nothing_of_it(signed_in: Client, learner: User) -> None:
    classroom = make_classroom()
    member = make_member(classroom, learner)
    make_assignment(classroom, due_at=timezone.now() + timedelta(days=1))
    feed = address(signed_in)
    assert "SUMMARY" in Client().get(feed).content.decode()
    member.status = "removed"
    member.save()
    assert "SUMMARY" not in Client().get(feed).content.decode()
