"""Who is signed in is found by two kept statements: nothing else about sessions and people changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.sessions import SessionStore
from tests.accounts.people import who

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, learner: User) -> Client:
    client.force_login(learner)
    return client


def test_a_session_opens_the_account_until_it_expires(signed_in: Client, learner: User) -> None:
    assert who(signed_in) == learner
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert who(signed_in) is None


def test_a_deleted_session_and_one_that_never_was_open_nothing(signed_in: Client) -> None:
    Session.objects.all().delete()
    assert who(signed_in) is None
    assert SessionStore("never-there-0123456789").load() == {}


def test_a_key_nobody_made_is_not_taken_on() -> None:
    store = SessionStore("chosen-by-somebody-else")
    store["a"] = 1
    store.save()
    assert store.session_key != "chosen-by-somebody-else"


def test_who_is_asked_for_by_id_is_whoever_it_was(learner: User, stranger: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert [User.objects.get(pk=user.pk) for user in (learner, stranger)] == [learner, stranger]
    assert len(queries) == 2
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=learner.pk + stranger.pk + 1)
    assert User.objects.get(pk=learner.pk, username="learner") == learner


def test_a_relation_gives_only_its_own_people(learner: User, stranger: User) -> None:
    group = Group.objects.create(name="some")
    group.user_set.add(learner)
    assert group.user_set.get(pk=learner.pk) == learner
    with pytest.raises(User.DoesNotExist):
        group.user_set.get(pk=stranger.pk)


def test_expired_sessions_are_swept_as_ever(signed_in: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    call_command("clearsessions")
    assert Session.objects.count() == 0
