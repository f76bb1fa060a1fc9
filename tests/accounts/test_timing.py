"""Nobody learns from the time an answer takes whether a name or an address is known: the same number of hashes."""

from __future__ import annotations

from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.models import User
from tests.accounts.people import GOOD, log_in, sign_up
from tests.factories import make_guest, make_learner

pytestmark = pytest.mark.django_db
hashed: Counter[str] = Counter()


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is put through the hash; with Argon2 each time takes tens of milliseconds."""

    algorithm = "counting"

    def encode(self, password: str, salt: str) -> str:
        hashed[password] += 1
        return super().encode(password, salt)


@pytest.fixture
def known(db: None, settings: LazySettings) -> User:
    settings.PASSWORD_HASHERS = ["tests.accounts.test_timing.CountingHasher"]
    learner = make_learner(email="known@example.org")
    EmailAddress.objects.create(user=learner, email="known@example.org", verified=True, primary=True)
    hashed.clear()
    return learner


def hashes_of_log_in(name: str) -> int:
    hashed.clear()
    assert log_in(Client(), name, "not this one").status_code == 422
    return sum(hashed.values())  # of whatever text: of somebody without a password another one is hashed


def test_log_in_hashes_as_often_for_a_known_name_as_for_an_unknown_one(known: User) -> None:
    guest = make_guest()
    names = ["learner", "nobody", "known@example.org", "nobody@example.org", guest.username]
    assert {name: hashes_of_log_in(name) for name in names} == dict.fromkeys(names, 2)


def test_a_closed_account_is_not_told_by_the_time(known: User) -> None:
    User.objects.update(is_active=False)
    assert hashes_of_log_in("known@example.org") == hashes_of_log_in("learner") == 2


@pytest.mark.parametrize("address", ["known@example.org", "unknown@example.org"])
def test_sign_up_hashes_once_whether_the_address_is_known_or_not(known: User, address: str) -> None:
    assert sign_up(Client(), "ann", email=address).status_code == 302
    assert hashed[GOOD] == 1


@pytest.mark.parametrize("address", ["known@example.org", "unknown@example.org"])
def test_reset_hashes_nothing_and_sends_one_mail_either_way(
    known: User, address: str, mailoutbox: list[object]
) -> None:
    Client().post("/account/password/reset/", {"email": address})
    assert (sum(hashed.values()), len(mailoutbox)) == (0, 1)
