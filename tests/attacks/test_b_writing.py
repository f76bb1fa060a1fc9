"""B. Sending more than the form offers, or other things. What is not offered is ignored or refused."""

from __future__ import annotations

import pytest
from django.db import models

from accounts.models import User
from quizzes.models import Attempt, Flag, Response
from tests.attacks.conftest import Site

TEMPTING = {
    "score": "100",
    "user": "1",
    "learner": "1",
    "owner": "1",
    "is_staff": "1",
    "is_superuser": "1",
    "is_active": "0",
    "is_guest": "1",
    "is_published": "1",
    "released_at": "2026-01-01",
    "started_at": "2020-01-01",
    "finished_at": "2020-01-01",
    "answered_at": "2020-01-01",
    "verdict": "correct",
    "is_correct": "1",
    "rating": "4",
    "hints_taken": "0",
    "date_joined": "2000-01-01",
    "username": "root",
    "email": "root@example.org",
    "password": "owned",
    "groups": "1",
    "user_permissions": "1",
    "id": "1",
    "pk": "1",
}


def row(instance: models.Model, *without: str) -> dict[str, object]:
    instance.refresh_from_db()
    return {
        field.attname: getattr(instance, field.attname)
        for field in instance._meta.concrete_fields
        if field.attname not in without
    }


def test_19_the_settings_change_what_they_show_and_nothing_else(site: Site) -> None:
    offered = {
        "display_name": "林",
        "language": "en",
        "script": "hans",
        "theme": "dark",
        "time_zone": "Asia/Taipei",
        "items_per_day": "30",
        "has_single_keys": "on",
    }
    client = site.client(site.learner)
    before = row(site.learner, *offered)
    assert client.post("/account/", TEMPTING | offered).status_code == 302
    assert row(site.learner, *offered) == before
    assert site.learner.time_zone == "Asia/Taipei"


def test_19_a_sign_up_makes_a_plain_member(site: Site) -> None:
    posted = TEMPTING | {"username": "mallory", "password1": "correct horse battery", "email": ""}
    site.client().post("/account/signup/", posted)
    made = User.objects.get(username="mallory")
    assert (made.is_staff, made.is_superuser, made.is_active, made.is_guest, made.email) == (
        False,
        False,
        True,
        False,
        "",
    )
    assert made.date_joined.year > 2020


def test_19_an_answer_is_judged_here(site: Site) -> None:
    item = site.attempt.items.get(position=1)
    content = item.version.content
    wrong = next(index for index, option in enumerate(content.options) if option != content.key)
    site.client(site.learner).post(f"/practice/{site.attempt.pk}/1/", TEMPTING | {"choice": str(wrong), "try": "1"})
    response = Response.objects.get()
    assert (response.score, response.verdict) == (0, "wrong")
    assert response.answered_at.year > 2020
    assert response.item.attempt.learner == site.learner
    assert Attempt.objects.get(pk=site.attempt.pk).started_at.year > 2020


def test_19_a_flag_is_ones_own(site: Site) -> None:
    posted = TEMPTING | {"learner": site.stranger.pk, "reason": "unclear", "comment": "?"}
    site.client(site.learner).post(f"/practice/{site.attempt.pk}/1/flag/", posted)
    assert Flag.objects.get().learner == site.learner


def test_19_a_draft_stays_a_draft_and_its_owners(site: Site) -> None:
    before = row(site.hidden, "title", "issuer", "date", "language", "source_note")
    posted = TEMPTING | {
        "title": "New",
        "issuer": "",
        "date": "",
        "language": "zh-Hant",
        "sha256": "0",
        "slug": "small",
    }
    site.client(site.stranger).post("/import/hidden/", posted)
    assert row(site.hidden, "title", "issuer", "date", "language", "source_note") == before


@pytest.mark.parametrize("choice", ["99", "-1", "x", "", "1e0", "١", "0x1", "1" * 400, "1.0", "NaN"])
def test_20_an_option_that_was_not_offered(site: Site, choice: str) -> None:
    response = site.client(site.learner).post(f"/practice/{site.attempt.pk}/1/", {"choice": choice, "try": "1"})
    assert response.status_code == 422
    assert Response.objects.count() == 0


def test_21_two_values_for_one_choice_are_not_more_than_one_answer(site: Site) -> None:
    client = site.client(site.learner)
    response = client.post(f"/practice/{site.attempt.pk}/1/", {"choice": ["0", "1", "2"], "try": "1"})
    assert response.status_code in (303, 422)
    assert Response.objects.count() <= 1


@pytest.mark.parametrize("count", [501, 10_000])
def test_22_ten_thousand_fields(site: Site, count: int) -> None:
    posted = {f"place_{number}": "1" for number in range(count)}
    assert site.client(site.learner).post(f"/practice/{site.attempt.pk}/1/", posted).status_code == 400
    assert Response.objects.count() == 0


@pytest.mark.parametrize(
    "number", ["-1", "NaN", "inf", "1e30", str(2**40), str(10**30), "５", "4", "61", "20.5", "", "0x14"]
)
def test_23_a_number_out_of_range(site: Site, number: str) -> None:
    posted = {"time_zone": "UTC", "items_per_day": number}
    response = site.client(site.learner).post("/account/", posted)
    site.learner.refresh_from_db()
    if number == "５":  # a full-width digit is a digit, and five is in range
        assert (response.status_code, site.learner.items_per_day) == (302, 5)
    else:
        assert (response.status_code, site.learner.items_per_day) == (422, 20)


@pytest.mark.parametrize(
    "query",
    [
        "order_by=user__password",
        "owner__password__startswith=a",
        "_connector=OR 1=1",
        "q=%27%20OR%201=1%20--",
        "status=active&_negated=1",
        "lesson=../../x",
        "kind=choice&kind=cloze",
        "__class__=x",
    ],
)
def test_24_no_query_reaches_the_database_as_code(site: Site, query: str) -> None:
    client = site.client(site.staff)
    assert client.get(f"/bank/small/?{query}").status_code == 200
    assert client.get(f"/bank/small/export/csv/?{query}").status_code == 200
