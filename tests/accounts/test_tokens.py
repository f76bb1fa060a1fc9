"""Personal tokens: shown once, kept as a digest, renewed and deleted by their person alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, User
from classrooms.cards import renew
from tests.accounts.people import GOOD, log_in
from tests.classrooms.rows import make_classroom, make_member
from tests.factories import PASSWORD, make_learner, make_stranger, make_user

pytestmark = pytest.mark.django_db
PAGE = "/account/tokens/"


@pytest.fixture
def learner(client: Client) -> User:
    learner = make_learner()
    client.force_login(learner)
    return learner


def shown_secret(page: str) -> str:
    """The token that the page shows, "" for none."""
    found = re.search(r'<textarea id="secret"[^>]*>([^<]+)<', page)
    return found[1] if found else ""


def test_a_token_is_shown_once_and_kept_as_a_digest(client: Client, learner: User) -> None:
    response = client.post(PAGE, {"label": "My  notebook", "days": "90"})
    assert (response.status_code, response.headers["Location"]) == (302, PAGE)
    secret = shown_secret(client.get(PAGE).content.decode())
    assert re.fullmatch(r"jingdu_[\w-]{43}", secret)
    assert shown_secret(client.get(PAGE).content.decode()) == ""
    token = learner.api_tokens.get()
    assert (token.label, token.scope, token.digest) == ("My notebook", "reports:read", tokens.digest(secret))
    assert secret not in str(ApiToken.objects.values_list())
    assert token.expires_at - token.created_at == timedelta(days=90)


def test_the_page_says_what_each_token_is_for_until_when_and_when_it_was_used(client: Client, learner: User) -> None:
    used, _secret = tokens.make(learner, label="Notebook", days=30, now=timezone.now())
    tokens.make(learner, label="Old one", days=1, now=timezone.now() - timedelta(days=3))
    ApiToken.objects.filter(pk=used.pk).update(last_used_at=timezone.now())
    page = client.get(PAGE).content.decode()
    assert (page.count("works until"), page.count("expired on")) == (1, 1)
    assert (page.count("last used:"), page.count("not used yet")) == (1, 1)


def test_a_renewed_token_is_another_one_for_as_long_again(client: Client, learner: User) -> None:
    token, old = tokens.make(learner, label="Notebook", days=30, now=timezone.now() - timedelta(days=29))
    client.post(reverse("accounts:token_renew", args=[token.pk]))
    secret = shown_secret(client.get(PAGE).content.decode())
    token.refresh_from_db()
    assert token.digest == tokens.digest(secret) != tokens.digest(old)
    assert token.expires_at - timezone.now() > timedelta(days=29)


def test_a_deleted_token_is_gone(client: Client, learner: User) -> None:
    token, _secret = tokens.make(learner, label="Notebook", days=30, now=timezone.now())
    client.post(reverse("accounts:token_delete", args=[token.pk]))
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("action", ["token_renew", "token_delete"])
def test_nobody_touches_the_token_of_somebody_else(client: Client, learner: User, action: str) -> None:
    token, _secret = tokens.make(make_stranger(), label="Theirs", days=30, now=timezone.now())
    assert client.post(reverse(f"accounts:{action}", args=[token.pk])).status_code == 404
    assert ApiToken.objects.get().digest == token.digest
    assert "Theirs" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("data", [{}, {"label": "", "days": "90"}, {"label": "x", "days": "4000"}])
def test_what_is_missing_is_explained(client: Client, learner: User, data: dict[str, str]) -> None:
    response = client.post(PAGE, data)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert not ApiToken.objects.exists()


def test_there_are_ten_at_most(client: Client, learner: User) -> None:
    for at in range(tokens.MOST):
        tokens.make(learner, label=str(at), days=30, now=timezone.now())
    response = client.post(PAGE, {"label": "one more", "days": "30"})
    assert response.status_code == 422
    assert "You have 10 tokens already." in response.content.decode()
    assert learner.api_tokens.count() == tokens.MOST


# A new password ends them, wherever it is set.


def change(person: User) -> None:
    client = Client()
    client.force_login(person)
    assert "Your tokens for programs are deleted." in client.get("/account/password/change/").content.decode()
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": GOOD})


def reset(person: User) -> None:
    User.objects.filter(pk=person.pk).update(email="learner@example.org")
    Client().post("/account/password/reset/", {"email": "learner@example.org"})
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    client = Client()
    client.post(client.get(link).url, {"password1": GOOD})
    assert "Tokens for programs" in client.get("/account/password/reset/key/done/").content.decode()


def by_an_administrator(person: User) -> None:
    client = Client()
    client.force_login(make_user("root", is_staff=True, is_superuser=True))
    posted = {"password1": GOOD, "password2": GOOD, "usable_password": "true"}
    client.post(f"/admin/accounts/user/{person.pk}/password/", posted)


def by_a_new_card(person: User) -> None:
    assert renew([make_member(make_classroom(), person, is_managed=True)])


@pytest.mark.parametrize("set_password", [change, reset, by_an_administrator, by_a_new_card])
def test_a_new_password_ends_the_tokens_of_this_person(
    learner: User, set_password: Callable[[User], None], client: Client
) -> None:
    _token, secret = tokens.make(learner, label="Notebook", days=30, now=timezone.now())
    tokens.make(make_stranger(), label="Theirs", days=30, now=timezone.now())
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/reports/api/compare/", headers=headers).status_code == 200
    old = learner.password
    set_password(learner)
    learner.refresh_from_db()
    assert learner.password != old
    assert Client().get("/reports/api/compare/", headers=headers).status_code == 401
    assert [token.label for token in ApiToken.objects.all()] == ["Theirs"]


def test_signing_in_again_leaves_them(learner: User, settings: LazySettings) -> None:
    """Also where the hash of the old password is made anew, by better rules."""
    tokens.make(learner, label="Notebook", days=30, now=timezone.now())
    settings.PASSWORD_HASHERS = ["accounts.hashers.SmallArgon2PasswordHasher", *settings.PASSWORD_HASHERS]
    assert log_in(Client()).status_code == 302
    assert User.objects.get(pk=learner.pk).password.startswith("argon2")
    assert learner.api_tokens.count() == 1
