"""Passwords, e-mail, the second step, the admin: allauth's pages in our frame, for the people they are for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.accounts.people import GOOD, code_of, log_in, visit_as_guest, who, with_second_step, words
from tests.factories import PASSWORD, make_learner, make_stranger, make_user

pytestmark = pytest.mark.django_db

OPEN = ["", "login/", "signup/", "password/reset/", "password/reset/done/", "password/reset/key/1-bad/", "inactive/"]
OPEN += ["password/reset/key/done/", "confirm-email/", "confirm-email/bad/"]
OWN = ["password/change/", "email/", "2fa/", "logout/", "reauthenticate/", "delete/"]


def is_in_frame(page: str) -> bool:
    """One h1, the header, no Django default layout, a title, and a label for each visible field."""
    fields = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page)
    named = all(f'for="{field}"' in page for field in fields)
    return page.count("<h1>") == 1 and '<header class="top">' in page and "<title> –" not in page and named


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize("role", ["visitor", "guest"])
def test_open_pages_stand_in_the_frame(client: Client, path: str, role: str) -> None:
    if role == "guest":
        visit_as_guest(client)
    response = client.get(f"/account/{path}")
    assert response.status_code == 200
    assert is_in_frame(response.content.decode())


@pytest.mark.parametrize("path", OWN)
def test_a_members_pages_stand_in_the_frame(client: Client, path: str) -> None:
    client.force_login(make_learner())
    response = client.get(f"/account/{path}")
    assert response.status_code == 200
    assert is_in_frame(response.content.decode())


@pytest.mark.parametrize("path", [path for path in OWN if path != "logout/"])
def test_a_visitor_is_sent_to_log_in(client: Client, path: str) -> None:
    assert client.get(f"/account/{path}").url == f"/account/login/?next=/account/{path}"


def test_who_comes_back_to_a_run_of_a_guest_that_is_gone_is_told_so(client: Client) -> None:
    words = "You practised without an account?"
    assert words in client.get(client.get("/practice/7/1/").url).content.decode()
    assert words not in client.get("/account/login/?next=/progress/").content.decode()


@pytest.mark.parametrize("path", ["login/", "signup/"])
def test_a_member_has_no_business_at_the_doors(client: Client, path: str) -> None:
    client.force_login(make_learner())
    assert client.get(f"/account/{path}?next=/courses/").url == "/courses/"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("login/", ['autocomplete="username"', 'autocomplete="current-password"']),
        ("signup/", ['autocomplete="username"', 'autocomplete="new-password"', 'autocomplete="email"']),
        ("password/change/", ['value="learner"', 'autocomplete="current-password"', 'autocomplete="new-password"']),
        ("delete/", ['value="learner"', 'autocomplete="current-password"']),
    ],
)
def test_password_managers_know_the_fields(client: Client, path: str, wanted: list[str]) -> None:
    if path in OWN:
        client.force_login(make_learner())
    page = client.get(f"/account/{path}").content.decode()
    assert [word for word in wanted if word not in page] == []
    assert "placeholder=" not in page


def test_htmx_gets_the_page_without_its_frame(client: Client) -> None:
    page = client.get("/account/login/", headers={"HX-Request": "true"}).content.decode()
    assert "<h1>Sign in</h1>" in page
    assert "<html" not in page


def test_a_new_password_ends_the_other_sessions(client: Client) -> None:
    learner = make_learner()
    other = Client()
    for each in (client, other):
        each.force_login(learner)
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": GOOD})
    assert client.get("/account/delete/").status_code == 200
    assert other.get("/account/delete/").status_code == 302
    assert log_in(Client(), "learner", GOOD).url == "/"


def test_a_wrong_old_password_is_explained(client: Client) -> None:
    client.force_login(make_learner())
    response = client.post("/account/password/change/", {"oldpassword": "no", "password1": GOOD})
    assert response.status_code == 422
    assert "The current password is not right." in response.content.decode()


def reset_link(address: str = "learner@example.org") -> str:
    Client().post("/account/password/reset/", {"email": address})
    return next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)


@pytest.mark.parametrize("role", ["visitor", "guest"])
def test_a_forgotten_password_is_set_by_a_link_once(client: Client, role: str) -> None:
    guest = visit_as_guest(client) if role == "guest" else None
    make_learner(email="learner@example.org")
    link = reset_link()
    form = client.get(link).url
    assert "Save the new password" in client.get(form).content.decode()
    assert client.post(form, {"password1": "short"}).status_code == 422
    assert client.post(form, {"password1": GOOD}).url == "/account/password/reset/key/done/"
    assert who(client) == guest
    assert "This link does not work any more" in Client().get(link).content.decode()
    assert log_in(Client(), "learner", GOOD).url == "/"


@pytest.mark.parametrize(("hours", "works"), [(71, True), (73, False)])
def test_the_link_of_a_forgotten_password_works_for_three_days(client: Client, hours: int, works: bool) -> None:
    make_learner(email="learner@example.org")
    link = reset_link()
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        page = client.get(link, follow=True).content.decode()
    assert ("Save the new password" in page, "This link does not work any more" in page) == (works, not works)


def test_nobody_learns_by_the_reset_whether_an_address_is_known(client: Client) -> None:
    make_learner(email="learner@example.org")
    answers = [
        client.post("/account/password/reset/", {"email": address})
        for address in ("learner@example.org", "nobody@example.org")
    ]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/account/password/reset/done/")] * 2
    assert "no e-mail address" in client.get("/account/password/reset/").content.decode()


def test_an_address_is_added_confirmed_and_removed(client: Client) -> None:
    client.force_login(make_learner())
    away = client.post("/account/email/", {"email": "New@Example.org", "action_add": ""})
    assert away.url.startswith("/account/reauthenticate/")
    client.post(away.url, {"password": PASSWORD, "next": "/account/email/"})
    assert "waiting: open the link" in client.get("/account/email/").content.decode()
    link = next(word for word in mail.outbox[-1].body.split() if "/confirm-email/" in word)
    path = link.removeprefix("http://testserver")
    assert is_in_frame(client.get(path).content.decode())
    client.post(path)
    assert who(client).email == "new@example.org"
    assert log_in(Client(), "new@example.org").url == "/"
    client.post("/account/email/", {"email": "new@example.org", "action_remove": ""})
    assert who(client).email == ""
    assert not EmailAddress.objects.exists()


def test_a_guest_confirming_an_address_stays_a_guest(client: Client) -> None:
    learner = make_learner(email="learner@example.org")
    EmailAddress.objects.create(user=learner, email="learner@example.org", primary=True)
    owner = Client()
    owner.force_login(learner)
    away = owner.post("/account/email/", {"email": "learner@example.org", "action_send": ""})
    link = next(word for word in mail.outbox[-1].body.split() if "/confirm-email/" in word)
    guest = visit_as_guest(client)
    client.post(link.removeprefix("http://testserver"))
    assert away.url == "/account/email/"
    assert EmailAddress.objects.get().verified
    assert who(client) == guest


def test_the_second_step_from_beginning_to_end(client: Client) -> None:
    client.force_login(make_learner())
    away = client.get("/account/2fa/totp/activate/")
    client.post(away.url, {"password": PASSWORD, "next": "/account/2fa/totp/activate/"})
    page = client.get("/account/2fa/totp/activate/").content.decode()
    assert is_in_frame(page)
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    assert client.post("/account/2fa/totp/activate/", {"code": "000000"}).status_code == 422
    assert client.post("/account/2fa/totp/activate/", {"code": code_of(secret)}).url == "/account/2fa/recovery-codes/"
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"<li><code>([^<]+)</code>", page)
    assert len(codes) == 10
    assert is_in_frame(page)
    assert is_in_frame(client.get("/account/2fa/").content.decode())
    assert is_in_frame(client.get("/account/2fa/recovery-codes/generate/").content.decode())
    assert client.get("/account/2fa/recovery-codes/download/").content.decode().split() == codes

    phoneless = Client()
    log_in(phoneless)
    assert phoneless.post("/account/2fa/authenticate/", {"code": codes[0]}).url == "/"
    again = Client()
    log_in(again)
    assert again.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 422

    assert is_in_frame(client.get("/account/2fa/totp/deactivate/").content.decode())
    client.post("/account/2fa/totp/deactivate/")
    assert log_in(Client()).url == "/"


def test_the_second_step_asks_again_before_a_change(client: Client) -> None:
    learner = make_learner()
    with_second_step(learner)
    client.force_login(learner)
    assert client.get("/account/2fa/totp/deactivate/").url.startswith("/account/reauthenticate/")
    assert is_in_frame(client.get("/account/2fa/reauthenticate/").content.decode())


def test_an_administrator_edits_people(client: Client) -> None:
    learner = make_stranger()
    client.force_login(make_user("boss", is_staff=True, is_superuser=True))
    assert client.get("/admin/accounts/user/").status_code == 200
    page = client.get(f"/admin/accounts/user/{learner.pk}/change/").content.decode()
    assert 'name="display_name"' in page
    assert 'name="is_guest"' not in page
    assert client.get("/admin/accounts/user/add/").status_code == 200


def test_the_admin_is_closed_to_learners_and_guests(client: Client) -> None:
    visit_as_guest(client)
    assert client.get("/admin/").status_code == 302
    client.force_login(make_learner())
    assert client.get("/admin/").status_code == 302


def test_two_names_that_differ_in_case_are_one(client: Client) -> None:
    make_user("Ann")
    response = client.post("/account/signup/", {"username": "ANN", "password1": GOOD})
    assert response.status_code == 422
    assert User.objects.count() == 1


def test_signing_out_is_said(client: Client) -> None:
    client.force_login(make_learner())
    assert words(client.post("/account/logout/")) == ["You are signed out."]
