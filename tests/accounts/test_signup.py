"""Signing up: with a user name and one password, and without losing an answer."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.password_validation import get_default_password_validators
from django.core import mail
from django.test import Client

from accounts.forms import PASSWORD_HELP, SignupForm
from accounts.models import User
from tests.accounts.people import GOOD, answers_of, give_answers, sign_up, visit_as_guest, who, words
from tests.factories import make_learner, make_stranger

pytestmark = pytest.mark.django_db


def test_a_user_name_and_one_password_are_enough(client: Client) -> None:
    response = sign_up(client)
    assert (response.status_code, response.url) == (302, "/")
    assert who(client) == User.objects.get(username="ann", is_guest=False, email="")
    assert words(response) == ["Your account is ready."]
    assert who(client).check_password(GOOD)


def test_a_visitors_settings_are_taken_along(client: Client) -> None:
    client.post("/account/script/", {"script": "hans"})
    client.post("/account/theme/", {"theme": "dark"})
    sign_up(client)
    assert (who(client).script, who(client).theme) == ("hans", "dark")


def test_a_guest_who_signs_up_keeps_the_row_the_answers_and_the_session(client: Client) -> None:
    guest = visit_as_guest(client, script="hans")
    give_answers(guest, 3)
    session = client.session
    session["somewhere"] = "in the middle"
    session.save()
    before = client.session.session_key

    response = sign_up(client)

    member = User.objects.get()
    assert (member.pk, member.username, member.is_guest, member.script) == (guest.pk, "ann", False, "hans")
    assert who(client) == member
    assert answers_of(member) == 3
    assert words(response) == ["Your account is ready.", "3 answers are kept."]
    assert client.session["somewhere"] == "in the middle"
    assert client.session.session_key != before
    assert client.get("/account/").status_code == 200


def test_a_copy_of_the_guests_session_ends_with_the_sign_up(client: Client) -> None:
    visit_as_guest(client)
    thief = Client()
    thief.cookies = client.cookies.__class__(client.cookies.output(header=""))
    assert "sign up" in thief.get("/account/").content.decode()
    sign_up(client)
    assert thief.get("/account/delete/").status_code == 302


def test_the_slower_of_two_sign_ups_of_one_guest_is_sent_to_log_in(client: Client) -> None:
    visit_as_guest(client)
    slower = client.get("/account/signup/").wsgi_request  # has read the guest before the other wrote
    form = SignupForm({"username": "bob", "password1": GOOD})
    assert form.is_valid()
    sign_up(client)
    with pytest.raises(ImmediateHttpResponse) as sent:
        form.try_save(slower)
    assert sent.value.response.url == "/account/login/"
    assert User.objects.get().username == "ann"


def test_the_slower_of_two_who_want_one_name_is_told(client: Client) -> None:
    request = client.get("/account/signup/").wsgi_request
    form = SignupForm({"username": "Ann", "password1": GOOD})
    assert form.is_valid()
    sign_up(Client())
    member, response = form.try_save(request)
    assert member is None
    assert response.status_code == 422
    assert "Somebody has this user name." in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "explained"),
    [
        ({"username": ""}, "This field is required."),
        ({"username": "a"}, "at least 2 characters"),
        ({"username": "guest-ann"}, "Names that begin with “guest-” are taken."),
        ({"username": "ann@example.org"}, "A user name has no @."),
        ({"username": "an\u200bn"}, "Write the name with letters that can be seen."),
        ({"username": "\u202enna"}, "Write the name with letters that can be seen."),
        ({"username": "ann lee"}, "Enter a valid username."),
        ({"username": "LEARNER"}, "Somebody has this user name."),
        ({"username": "ｌｅａｒｎｅｒ"}, "Somebody has this user name."),
        ({"password1": "short"}, "at least 10 characters"),
        ({"password1": "password123"}, "too common"),
        ({"email": "nonsense"}, "Enter a valid email address."),
    ],
)
def test_what_is_wrong_is_explained_and_nothing_is_made(client: Client, fields: dict[str, str], explained: str) -> None:
    make_learner()
    response = sign_up(client, **fields)
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Sign up" in page
    assert "There is a problem" in page
    assert explained in page
    assert GOOD not in page
    assert User.objects.count() == 1


def test_the_name_typed_stays_when_the_password_is_refused(client: Client) -> None:
    assert 'value="ann"' in sign_up(client, password1="short").content.decode()


def test_a_full_width_name_is_kept_in_its_plain_form(client: Client) -> None:
    sign_up(client, username="Ａｎｎ")
    assert who(client).username == "Ann"


def test_the_words_about_the_password_agree_with_the_rule() -> None:
    shortest = next(rule.min_length for rule in get_default_password_validators() if hasattr(rule, "min_length"))
    assert str(PASSWORD_HELP).startswith(f"At least {shortest} characters.")


def test_an_address_is_asked_to_be_confirmed(client: Client) -> None:
    sign_up(client, email="Ann@Example.org")
    assert [message.to for message in mail.outbox] == [["ann@example.org"]]
    assert mail.outbox[0].subject.startswith("Jingdu: ")
    assert EmailAddress.objects.get().verified is False


def test_nobody_learns_at_sign_up_whether_an_address_is_known(client: Client) -> None:
    owner = make_stranger(email="known@example.org")
    EmailAddress.objects.create(user=owner, email="known@example.org", verified=True, primary=True)
    answers = []
    for name, address in (("ann", "known@example.org"), ("bob", "unknown@example.org")):
        browser = Client()
        response = sign_up(browser, username=name, email=address)
        page = browser.get("/account/email/").content.decode()
        answers.append((response.status_code, response.url, words(response)[-1], page.count("waiting: open the link")))
    assert answers[0] == answers[1]
    assert EmailAddress.objects.get(email="known@example.org", verified=True).user == owner


def test_a_known_address_cannot_be_confirmed_by_a_second_account(client: Client) -> None:
    owner = make_stranger(email="known@example.org")
    EmailAddress.objects.create(user=owner, email="known@example.org", verified=True, primary=True)
    sign_up(client, email="known@example.org")
    link = next(word for word in mail.outbox[0].body.split() if "/account/confirm-email/" in word)
    path = link.removeprefix("http://testserver")
    assert "already belongs to another account" in client.get(path).content.decode()
    client.post(path)
    assert EmailAddress.objects.get(verified=True).user == owner


def test_next_is_kept_and_only_within_this_site(client: Client) -> None:
    assert 'name="next" value="/courses/"' in client.get("/account/signup/?next=/courses/").content.decode()
    assert sign_up(client, next="/courses/").url == "/courses/"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_next_never_leads_elsewhere(client: Client, evil: str) -> None:
    assert sign_up(client, next=evil).url == "/"
