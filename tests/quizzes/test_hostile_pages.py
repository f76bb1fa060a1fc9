"""What no honest browser sends to the pages of self-study: an answer in words each time, and nothing changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from quizzes.models import Attempt, AttemptItem, Flag, MemoryState, Response
from tests.quizzes.every_kind import CHOICE, LIST, ORDER, PAIRS, RIGHT, TYPED, make_every_kind, make_run

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/progress/",
    "/help/",
    "/courses/",
    "/courses/every-kind/",
    "/courses/every-kind/lesson-1/",
    "/practice/{run}/",
    "/practice/{run}/1/",
    "/practice/{run}/summary/",
    "/account/",
]
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)><b hx-post=/account/forget/ hx-trigger=load>"


@pytest.fixture
def attempt(learner: User) -> Attempt:
    return make_run(learner, make_every_kind())


@pytest.fixture
def member(attempt: Attempt) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(attempt.learner)
    return client


def everything() -> list[list[tuple[Any, ...]]]:
    """All that practice keeps; when a question was first shown is no answer."""
    rows: list[Any] = [Attempt.objects, Response.objects, Flag.objects, MemoryState.objects, User.objects]
    kept = [list(manager.order_by("pk").values_list()) for manager in rows]
    return [*kept, list(AttemptItem.objects.order_by("pk").values_list("pk", "hints_taken", "answered_at"))]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ("order_by=user__password&user__password__startswith=a&_connector=OR", {200, 302}),
        ("page=-1&size=99999999999999999999&tint=1e999&all=%3Cscript%3E", {200, 302}),
        ("size=" + "%25" * 2_000, {200, 302}),
        ("next=//evil.example&script=hans&learner=1", {200, 302}),
        ("a=%00", {400}),
        ("a=%ED%A0%80", {400}),
    ],
)
def test_no_query_string_breaks_a_page(
    member: Client, attempt: Attempt, page: str, query: str, statuses: set[int]
) -> None:
    response = member.get(f"{page.format(run=attempt.pk)}?{query}")
    assert response.status_code in statuses
    assert "<script>" not in response.content.decode().replace("<script src", "")
    assert "evil.example" not in response.headers.get("Location", "")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"},
        {"Accept-Language": "x" * 5_000},
        {"HX-Request": "true", "HX-Current-URL": "javascript:alert(1)", "HX-Target": SCRIPT},
        {"Date": "Fri, 31 Dec 9999 23:59:59 GMT", "Time-Zone": "Mars/Olympus"},
    ],
)
def test_no_header_changes_what_a_page_says(
    member: Client, attempt: Attempt, page: str, headers: dict[str, str]
) -> None:
    address = page.format(run=attempt.pk)
    member.get(address)
    before = everything()
    response = member.get(address, headers=headers)
    assert response.status_code == member.get(address).status_code
    assert "evil.example" not in response.content.decode() + response.headers.get("Location", "")
    assert everything() == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"])
@pytest.mark.parametrize("page", [*PAGES, "/practice/", "/practice/{run}/1/hint/", "/practice/{run}/1/flag/"])
def test_no_other_method_does_anything(member: Client, attempt: Attempt, page: str, method: str) -> None:
    before = everything()
    response = member.generic(method, page.format(run=attempt.pk), "give_up=1&reason=other&hint=1")
    assert response.status_code in ({200, 302, 405} if method in ("HEAD", "OPTIONS") else {405})
    assert everything() == before


@pytest.mark.parametrize("run", [0, 2**31, 2**63, 10**30])
@pytest.mark.parametrize("page", ["", "1/", "summary/", f"{2**63}/"])
def test_a_run_with_an_impossible_number_is_not_found(member: Client, run: int, page: str) -> None:
    assert member.get(f"/practice/{run}/{page}").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/Practice/{run}/1/", "//practice/{run}/1/", "/practice/{run}/1", "/practice/{run}/%2e%2e/", "/practice/-1/1/"],
)
def test_no_spelling_of_an_address_leads_past_the_log_in(attempt: Attempt, address: str) -> None:
    response = Client().get(address.format(run=attempt.pk))
    assert response.status_code in (301, 302, 404)
    assert "第1章第" not in response.content.decode()


@pytest.mark.parametrize(
    ("position", "data"),
    [
        (TYPED, {"text": SCRIPT}),
        (TYPED, {"text": "\u202e伸延然自"}),
        (TYPED, {"text": "自\u200b然\ufeff"}),
        (TYPED, {"text": "e" + "\u0301" * 450}),
        (TYPED, {"text": "😀" * 200}),
        (TYPED, {"text": "=HYPERLINK(1)\r\nSet-Cookie: a=b"}),
        (LIST, {"member": [SCRIPT, "%" * 400, "+1"]}),
    ],
)
def test_whatever_is_typed_is_shown_as_text(
    member: Client, attempt: Attempt, position: int, data: dict[str, Any]
) -> None:
    address = reverse("quizzes:question", args=[attempt.pk, position])
    for try_number in ("1", "2"):
        response = member.post(address, {"try": try_number} | data, follow=True)
        assert response.status_code in (200, 422)
    for page in (address, reverse("quizzes:summary", args=[attempt.pk]), "/account/export/"):
        body = member.get(page)
        assert body.status_code == 200
        if body.headers["Content-Type"].startswith("text/html"):
            assert [mark for mark in ("<img", "<b hx", "<script>") if mark in body.content.decode()] == []


def test_a_reported_reason_is_shown_as_text_and_no_longer_than_it_may_be(member: Client, attempt: Attempt) -> None:
    address = reverse("quizzes:flag", args=[attempt.pk, TYPED])
    response = member.post(address, {"reason": "other", "comment": SCRIPT * 6})
    assert (response.status_code, Flag.objects.count()) == (422, 0)
    assert "<img" not in response.content.decode()
    assert member.post(address, {"reason": SCRIPT}).status_code == 422


@pytest.mark.parametrize(
    ("position", "data", "status"),
    [
        (CHOICE, {"choice": [str(n) for n in range(10_000)]}, 400),
        (CHOICE, {f"choice{n}": "1" for n in range(10_000)}, 400),
        (CHOICE, {"choice": "9" * 400}, 422),
        (CHOICE, {"choice": "-1"}, 422),
        (CHOICE, {"choice": "１"}, 422),
        (LIST, {"member": ["政府"] * 400}, 422),
        (ORDER, {f"place_{n}": "1e30" for n in range(4)}, 422),
        (ORDER, {f"place_{n}": "NaN" for n in range(4)}, 422),
        (PAIRS, {"pair_0": str(2**70)}, 422),
        (TYPED, {"text": "x" * 900_000}, 422),
        (TYPED, {"text": "x" * 1_100_000}, 400),
    ],
)
def test_numbers_and_sizes_beyond_any_form_are_refused(
    member: Client, attempt: Attempt, position: int, data: dict[str, Any], status: int
) -> None:
    before = everything()
    response = member.post(reverse("quizzes:question", args=[attempt.pk, position]), {"try": "1"} | data)
    assert (response.status_code, everything()) == (status, before)


@pytest.mark.parametrize("number", ["3", "0", "-1", "２", "1.0", "", "2" * 50])
def test_a_try_that_does_not_exist_is_taken_as_the_first(member: Client, attempt: Attempt, number: str) -> None:
    member.post(reverse("quizzes:question", args=[attempt.pk, TYPED]), {"try": number} | RIGHT[TYPED])
    assert [response.try_number for response in Response.objects.all()] == [1]
