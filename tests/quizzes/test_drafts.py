"""What was typed and not taken as an answer: it waits through log-in, for its owner and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.limits import allow
from accounts.models import User
from quizzes.drafts import LONGEST
from quizzes.models import Attempt, Response
from tests.accounts.people import log_in
from tests.factories import make_user
from tests.quizzes.every_kind import CHOICE, LIST, ORDER, PAIRS, RIGHT, TYPED, item_at, make_every_kind, make_run

pytestmark = pytest.mark.django_db

LOG_IN = "/account/login/"
WAITS = "What you wrote before is still here. It is not checked yet."


@pytest.fixture
def attempt(learner: User) -> Attempt:
    return make_run(learner, make_every_kind())


def address(attempt: Attempt, position: int, name: str = "question") -> str:
    return reverse(f"quizzes:{name}", args=[attempt.pk, position])


@pytest.mark.parametrize(
    ("position", "shown"),
    [
        (TYPED, 'value="自然延伸"'),
        (CHOICE, 'name="choice" value="1" checked'),
        (LIST, 'value="國際組織"'),
        (ORDER, "<option selected>1</option>"),
        (PAIRS, '" selected>'),
    ],
)
def test_an_answer_sent_after_the_session_ended_is_there_again_after_log_in(
    client: Client, attempt: Attempt, position: int, shown: str
) -> None:
    response = client.post(address(attempt, position), {"try": "1"} | RIGHT[position])
    assert response.headers["Location"] == f"{LOG_IN}?next={address(attempt, position)}"
    assert "You were signed out meanwhile." in client.get(response.headers["Location"]).content.decode()
    response = log_in(client, next=address(attempt, position))
    assert response.headers["Location"] == address(attempt, position)
    page = client.get(address(attempt, position)).content.decode()
    assert WAITS in page
    assert shown in page
    assert Response.objects.count() == 0
    client.post(address(attempt, position), {"try": "1"} | RIGHT[position])
    assert Response.objects.get().verdict == "correct"
    assert WAITS not in client.get(address(attempt, position)).content.decode()


def test_htmx_is_sent_to_a_whole_log_in_page_and_the_answer_waits(client: Client, attempt: Attempt) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{address(attempt, TYPED)}"}
    response = client.post(address(attempt, TYPED), {"try": "1", "text": "自然延"}, headers=headers)
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, f"{LOG_IN}?next={address(attempt, TYPED)}")
    log_in(client)
    assert 'value="自然延"' in client.get(address(attempt, TYPED)).content.decode()


def test_a_hint_asked_for_after_the_session_ended_leads_back_to_the_question(client: Client, attempt: Attempt) -> None:
    response = client.post(address(attempt, TYPED, "hint"), {"try": "1", "hint": "1", "text": "自然"})
    assert response.headers["Location"] == f"{LOG_IN}?next={address(attempt, TYPED)}"
    log_in(client)
    assert 'value="自然"' in client.get(address(attempt, TYPED)).content.decode()
    assert item_at(attempt, TYPED).hints_taken == 0


def test_what_waits_is_for_its_own_question_and_try_only(client: Client, attempt: Attempt, learner: User) -> None:
    client.force_login(learner)
    client.post(address(attempt, TYPED), {"try": "1", "text": "自然延申"})
    client.logout()
    client.post(address(attempt, TYPED), {"try": "2", "text": "自然延神"})
    log_in(client)
    assert "自然延神" not in client.get(address(attempt, LIST)).content.decode()
    assert 'value="自然延神"' in client.get(address(attempt, TYPED)).content.decode()
    client.post(address(attempt, TYPED), {"try": "2", "text": "自然延伸"})
    assert "自然延神" not in client.get(address(attempt, TYPED)).content.decode()


def test_somebody_else_who_logs_in_there_sees_nothing_of_it(client: Client, attempt: Attempt) -> None:
    client.post(address(attempt, TYPED), {"try": "1", "text": "自然延展"})
    own = make_run(make_user("other"), attempt.course)
    log_in(client, "other")
    pages = [client.get(address(run, TYPED)) for run in (attempt, own)]
    assert [page.status_code for page in pages] == [404, 200]
    assert [page for page in pages if "自然延展" in page.content.decode()] == []


def test_log_out_drops_it(client: Client, attempt: Attempt) -> None:
    client.post(address(attempt, TYPED), {"try": "1", "text": "自然延展"})
    log_in(client)
    client.post(reverse("accounts:logout"))
    log_in(client)
    assert "自然延展" not in client.get(address(attempt, TYPED)).content.decode()


@pytest.mark.parametrize(
    "data",
    [{}, {"give_up": "1"}, {"text": ""}, {"member": ["延" * 500] * 20}, {"password": "secret", "score": "1"}],
)
def test_what_is_no_answer_or_too_long_is_not_kept(client: Client, attempt: Attempt, data: dict[str, Any]) -> None:
    client.post(address(attempt, TYPED), {"try": "1"} | data)
    assert dict(client.session.items()) == {}
    assert sum(map(len, data.get("member", []))) in (0, 10_000)
    assert LONGEST < 10_000


def test_a_script_cannot_fill_the_disk_with_drafts(client: Client, attempt: Attempt, rf: Any) -> None:
    for _ in range(300):
        allow(rf.get("/"), "draft")
    client.post(address(attempt, TYPED), {"try": "1", "text": "自然延展"})
    assert dict(client.session.items()) == {}


# Back from log-in, where somebody pressed a button after the session had ended.


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/courses/every-kind/?tint=1", "?next=/courses/every-kind/"),
        ("http://evil.example/courses/", "?next={here}"),
        ("", "?next={here}"),
    ],
)
def test_log_in_leads_back_to_the_page_with_the_button(
    client: Client, attempt: Attempt, referer: str, back: str
) -> None:
    here = address(attempt, TYPED, "flag")
    response = client.post(here, {"reason": "other"}, headers={"Referer": referer} if referer else {})
    assert response.headers["Location"] == LOG_IN + back.replace("{here}", here)
