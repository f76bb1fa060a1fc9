"""Logging in and out; what a guest did moves to the account, once and completely."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, RequestFactory

from accounts.limits import allow
from accounts.models import User
from accounts.personal_data import merge
from tests.accounts.people import (
    GOOD,
    answers_of,
    code_of,
    give_answers,
    log_in,
    sign_up,
    visit_as_guest,
    who,
    with_second_step,
    words,
)
from tests.factories import PASSWORD, make_guest, make_learner, make_stranger, make_user

pytestmark = pytest.mark.django_db

NOT_RIGHT = "The name or the password is not right."


@pytest.mark.parametrize("name", ["learner", "LEARNER", "ｌｅａｒｎｅｒ", " learner ", "learner@example.org"])
def test_the_name_or_the_address_opens_the_account(client: Client, name: str) -> None:
    learner = make_learner(email="learner@example.org")
    EmailAddress.objects.create(user=learner, email="learner@example.org", verified=True, primary=True)
    assert log_in(client, name).url == "/"
    assert who(client) == learner


@pytest.mark.parametrize(
    ("name", "password"), [("learner", "wrong"), ("nobody", PASSWORD), ("nobody@example.org", PASSWORD)]
)
def test_a_wrong_name_and_a_wrong_password_read_the_same(client: Client, name: str, password: str) -> None:
    make_learner()
    response = log_in(client, name, password)
    page = response.content.decode()
    assert response.status_code == 422
    assert NOT_RIGHT in page
    assert f'value="{name}"' in page
    assert who(client) is None


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("%" * 60_000, 422),
        ("a\0b", 400),
        ("\ud800".encode("utf-16", "surrogatepass"), 422),
        ("𠮷" * 100, 422),
        ("' OR 1=1 --", 422),
    ],
)
def test_no_name_breaks_the_log_in(client: Client, name: str | bytes, status: int) -> None:
    assert log_in(client, name).status_code == status


def test_a_closed_account_says_so_only_to_its_owner(client: Client) -> None:
    make_learner(is_active=False)
    assert NOT_RIGHT in log_in(client, password="wrong").content.decode()
    assert log_in(client).url == "/account/inactive/"
    assert "This account is closed" in client.get("/account/inactive/").content.decode()
    assert who(client) is None


def test_a_session_ends_when_the_account_is_closed(client: Client) -> None:
    learner = make_learner()
    client.force_login(learner)
    User.objects.filter(pk=learner.pk).update(is_active=False)
    assert client.get("/account/delete/").url == "/account/login/?next=/account/delete/"


def test_a_guest_may_open_the_doors(client: Client) -> None:
    visit_as_guest(client)
    assert [client.get(f"/account/{page}/").status_code for page in ("login", "signup", "password/reset")] == [200] * 3


@pytest.mark.parametrize(
    "page", ["email", "password/change", "password/set", "2fa", "2fa/totp/activate", "reauthenticate"]
)
def test_a_guest_has_no_password_pages(client: Client, page: str) -> None:
    visit_as_guest(client)
    assert client.get(f"/account/{page}/").url.startswith("/account/login/?next=")


def test_what_a_guest_did_moves_at_log_in(client: Client) -> None:
    learner = make_learner()
    guest = visit_as_guest(client)
    give_answers(guest, 4)
    before = client.session.session_key

    response = log_in(client)

    assert words(response) == ["4 answers moved to your account."]
    assert who(client) == User.objects.get() == learner
    assert answers_of(learner) == 4
    assert client.session.session_key != before


def test_one_answer_is_said_in_the_singular(client: Client) -> None:
    make_learner()
    give_answers(visit_as_guest(client), 1)
    assert words(log_in(client)) == ["1 answer moved to your account."]


def test_only_the_guest_of_this_browser_moves(client: Client) -> None:
    learner = make_learner()
    other = make_guest()
    give_answers(other, 2)
    visit_as_guest(client)
    log_in(client, guest=str(other.pk))
    assert User.objects.guests().get() == other
    assert (answers_of(learner), answers_of(other)) == (0, 2)


def test_a_failed_log_in_moves_nothing(client: Client) -> None:
    make_learner()
    guest = visit_as_guest(client)
    give_answers(guest, 2)
    log_in(client, password="wrong")
    assert who(client) == guest
    assert answers_of(guest) == 2


def test_a_closed_account_takes_nothing(client: Client) -> None:
    make_learner(is_active=False)
    guest = visit_as_guest(client)
    give_answers(guest, 2)
    log_in(client)
    assert (who(client), answers_of(guest)) == (guest, 2)


def test_moving_twice_moves_once(db: None) -> None:
    learner, guest = make_learner(), make_guest()
    give_answers(guest, 2)
    assert [merge(guest, learner), merge(guest, learner)] == [2, 0]
    assert answers_of(learner) == 2


def test_nothing_moves_between_members(db: None) -> None:
    learner, stranger = make_learner(), make_stranger()
    give_answers(stranger, 2)
    assert merge(stranger, learner) == 0
    assert answers_of(stranger) == 2


def test_with_a_second_step_the_answers_move_after_it(client: Client) -> None:
    learner = make_learner()
    secret = with_second_step(learner)
    guest = visit_as_guest(client)
    give_answers(guest, 3)

    assert log_in(client, next="/courses/").url == "/account/2fa/authenticate/"
    assert (who(client), answers_of(guest)) == (guest, 3)
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "The code is not right." in wrong.content.decode()
    assert (who(client), answers_of(guest)) == (guest, 3)

    response = client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert response.url == "/courses/"
    assert words(response) == ["3 answers moved to your account."]
    assert who(client) == User.objects.get() == learner
    assert answers_of(learner) == 3


def test_a_guest_who_calls_the_second_step_off_is_still_a_guest(client: Client) -> None:
    with_second_step(make_learner())
    guest = visit_as_guest(client)
    log_in(client)
    assert client.post("/account/logout/", {"next": "/account/login/"}).url == "/account/login/"
    assert who(client) == guest
    assert client.get("/account/2fa/authenticate/").url == "/account/login/"


def test_the_second_step_alone_opens_nothing(client: Client) -> None:
    assert client.get("/account/2fa/authenticate/").url == "/account/login/"


def test_forty_pupils_behind_one_address_log_in_at_once(client: Client) -> None:
    for number in range(40):
        make_user(f"pupil{number}")
    assert {log_in(Client(), f"pupil{number}").url for number in range(40)} == {"/"}


def test_the_sixth_wrong_password_is_not_looked_at(client: Client) -> None:
    make_learner()
    pages = [log_in(client, password="wrong").content.decode() for _ in range(6)]
    assert [NOT_RIGHT in page for page in pages] == [True] * 5 + [False]
    assert "Too many tries." in pages[5]
    assert "Too many tries." in log_in(client).content.decode()
    assert who(client) is None


def test_one_account_under_attack_locks_nobody_else_out(client: Client) -> None:
    make_learner()
    make_stranger()
    for _ in range(7):
        log_in(client, password="wrong")
    assert log_in(client, "stranger").url == "/"


@pytest.mark.parametrize(("page", "limit"), [("login", 600), ("signup", 300)])
def test_too_many_from_one_address_get_a_page(client: Client, page: str, limit: int) -> None:
    answers = [client.post(f"/account/{page}/", {}, REMOTE_ADDR="192.0.2.9") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {422}
    action = {"login": "password", "signup": "sign-up"}[page]
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.9")
    while allow(request, action, rate=f"{limit}/m"):
        pass
    fields = {"login": "nobody", "username": "ann", "password": GOOD, "password1": GOOD}
    response = client.post(f"/account/{page}/", fields, REMOTE_ADDR="192.0.2.9")
    assert response.status_code == 429
    assert "Too many at once" in response.content.decode()
    assert client.post(f"/account/{page}/", fields, REMOTE_ADDR="192.0.2.10").status_code != 429


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_next_never_leads_elsewhere(client: Client, evil: str) -> None:
    make_learner()
    assert log_in(client, next=evil).url == "/"


def test_logging_out_clears_the_browser(client: Client) -> None:
    client.force_login(make_learner())
    assert "Sign out" in client.get("/account/logout/").content.decode()
    assert who(client) is not None
    response = client.post("/account/logout/")
    assert (response.url, response.headers["Clear-Site-Data"]) == ("/", '"cache", "storage"')
    assert who(client) is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_guest_who_signs_out_is_asked_first(client: Client, method: str) -> None:
    guest = visit_as_guest(client)
    response = getattr(client, method)("/account/logout/")
    assert response.url == "/account/delete/"
    assert "Clear-Site-Data" not in response.headers
    assert who(client) == guest


def test_the_key_of_the_session_changes_at_log_in(client: Client) -> None:
    make_learner()
    client.post("/account/theme/", {"theme": "dark"})
    before = client.session.session_key
    log_in(client)
    assert client.session.session_key != before


def test_a_pages_own_log_in_keeps_the_way_back(client: Client) -> None:
    make_learner()
    away = client.get("/account/export/")
    assert away.url == "/account/login/?next=/account/export/"
    assert 'name="next" value="/account/export/"' in client.get(away.url).content.decode()


def test_the_admin_log_in_is_the_same_door(client: Client) -> None:
    assert client.get("/admin/login/").url.startswith("/account/login/?next=")


def test_a_new_member_can_log_in_again(client: Client) -> None:
    sign_up(client)
    client.post("/account/logout/")
    assert log_in(client, "ann", GOOD).url == "/"
