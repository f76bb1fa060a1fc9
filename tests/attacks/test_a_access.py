"""A. Reaching for what belongs to somebody else. Not yours looks like not there."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from quizzes.models import AttemptItem, Response
from tests.attacks.conftest import Site
from tests.factories import make_attempt, make_guest


def plain(body: bytes) -> str:
    """A page without what differs from request to request: the reference, the token, the way back."""
    text = re.sub(r"[0-9a-f]{12}", "", body.decode())
    return re.sub(r'name="(?:csrfmiddlewaretoken|next)" value="[^"]*"', "", text)


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
@pytest.mark.parametrize("page", ["", "summary/", "1/"])
def test_1_another_learners_run_looks_like_none(site: Site, page: str, htmx: dict[str, str]) -> None:
    client = site.client(site.learner)
    theirs = client.get(f"/practice/{site.other.pk}/{page}", headers=htmx)
    missing = client.get(f"/practice/{site.other.pk + 5000}/{page}", headers=htmx)
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert plain(theirs.content) == plain(missing.content)


@pytest.mark.parametrize("page", ["1/", "1/hint/", "1/flag/"])
def test_2_nothing_is_written_to_it(site: Site, page: str) -> None:
    before = list(AttemptItem.objects.order_by("pk").values_list("pk", "hints_taken", "answered_at"))
    posted = {"give_up": "1", "try": "1", "hint": "1", "reason": "unclear"}
    response = site.client(site.learner).post(f"/practice/{site.other.pk}/{page}", posted)
    assert response.status_code == 404
    assert Response.objects.count() == 0
    assert list(AttemptItem.objects.order_by("pk").values_list("pk", "hints_taken", "answered_at")) == before


@pytest.mark.parametrize("position", [0, 7, 99, 2**31, 2**63, 10**30])
def test_3_a_question_that_the_run_has_not(site: Site, position: int) -> None:
    response = site.client(site.learner).post(f"/practice/{site.attempt.pk}/{position}/", {"give_up": "1", "try": "1"})
    assert response.status_code == 404
    assert Response.objects.count() == 0


def test_8_an_empty_answer_shows_no_key_and_a_new_run_neither(site: Site) -> None:
    client = site.client(site.learner)
    address = f"/practice/{site.attempt.pk}/1/"
    content = site.attempt.items.get(position=1).version.content
    assert content.kind == "choice"
    key = f'value="{content.options.index(content.key)}"'
    asked = client.get(address).content.decode()
    empty = client.post(address, {"try": "1"})
    assert empty.status_code == 422
    assert key in asked  # one of the choices, like the others
    for page in (asked, empty.content.decode()):
        around = [re.sub(r"\s+", " ", tag) for tag in re.findall(r'<input type="radio"[^>]*>', page)]
        same = {re.sub(r'(value|id|aria-describedby)="[^"]*"', "", tag) for tag in around}
        assert len(same) == 1  # nothing but number and name tells the right choice from the wrong ones


def test_13_a_guest_named_in_the_form_or_a_cookie_is_not_believed(site: Site) -> None:
    guest = make_guest()
    theirs = make_attempt(guest, site.course)
    client = site.client(site.learner)
    client.cookies["guest"] = str(guest.pk)
    posted = {"guest": guest.pk, "learner": guest.pk, "give_up": "1", "try": "1"}
    assert client.post(f"/practice/{theirs.pk}/1/?guest={guest.pk}", posted).status_code == 404
    assert Response.objects.count() == 0


def test_14_a_guests_old_session_opens_nothing_after_log_in(site: Site) -> None:
    client = Client()
    client.force_login(make_guest())
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/account/login/", {"login": "learner", "password": "a long pass phrase"})
    assert client.get("/account/export/").status_code == 200
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = old
    assert thief.get("/account/export/").status_code == 302


@pytest.mark.parametrize(
    "page",
    ["/", "/courses/", "/progress/", "/bank/", "/import/", "/courses/hidden/", "/bank/hidden/", "/import/hidden/"],
)
def test_15_another_persons_draft_stands_in_no_list(site: Site, page: str) -> None:
    body = site.client(site.learner).get(page).content.decode()
    assert "CANARY-hidden-course" not in body
    own = site.client(site.stranger).get(page).content.decode()
    assert "CANARY-hidden-course" in own or page in ("/", "/courses/", "/progress/")


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE", "OPTIONS", "HEAD", "PROPFIND", "get"])
@pytest.mark.parametrize("page", ["", "1/", "1/flag/"])
def test_16_no_other_method_does_anything(site: Site, method: str, page: str) -> None:
    client = site.client(site.learner)
    address = f"/practice/{site.attempt.pk}/{page}"
    assert client.generic(method, address, headers={"X-HTTP-Method-Override": "DELETE"}).status_code < 500
    overridden = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    client.get(address, {"_method": "DELETE"}, headers=overridden)
    site.attempt.refresh_from_db()
    assert site.attempt.items.filter(answered_at=None).count() == 6


@pytest.mark.parametrize(
    "path",
    [
        "/Practice/{}/1/",
        "//practice/{}/1/",
        "/practice//{}/1/",
        "/practice/{}/%2e%2e/{}/1/",
        "/practice/{}/1/%2e%2e/",
        "/practice/{};/1/",
        "/practice/{}/1/.json",
        "/practice/+{}/1/",
        "/practice/0x1/1/",
        "/static/../practice/{}/1/",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2fmanage.py",
        "/healthz/../practice/{}/1/",
    ],
)
def test_17_no_other_spelling_of_a_path_opens_it(site: Site, path: str) -> None:
    address = path.replace("{}", str(site.other.pk))
    response = site.client(site.learner).generic("GET", address)
    assert response.status_code in (301, 400, 404)
    if response.status_code == 301:
        assert site.client(site.learner).get(response["Location"]).status_code == 404


@pytest.mark.parametrize(
    "name", ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Host", "X-Host", "X-Forwarded-Server"]
)
def test_18_no_header_changes_what_is_asked_for(site: Site, name: str) -> None:
    headers = {name: f"/practice/{site.other.pk}/" if "URL" in name else "evil.example"}
    response = site.client(site.learner).get("/courses/", headers=headers)
    assert response.status_code == 200
    assert "evil.example" not in response.content.decode()
