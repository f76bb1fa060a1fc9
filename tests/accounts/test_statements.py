"""Kept statements: the same rows as the QuerySet gives, whatever fills the slots, in every thread and database."""

from __future__ import annotations

import gc
import threading
import weakref
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import CharField, DateTimeField, F, IntegerField
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from accounts.models import ApiToken, User
from accounts.statements import Insertion, Slot, Statement

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMED = Statement(lambda: User.objects.filter(username=Slot("name", CharField())).order_by("pk"))
SEEN = Statement(
    lambda: User.objects.filter(username=Slot("name", CharField())), last_login=Slot("now", DateTimeField())
)


@pytest.fixture
def people(db: None) -> list[User]:
    return [User.objects.create(username=name, display_name=f"{name} 名") for name in ("anna", "bo", "cy")]


def test_each_run_takes_its_own_values(people: list[User]) -> None:
    assert [NAMED.rows(name=user.username) for user in people] == [[user] for user in people]
    assert NAMED.rows(name="nobody") == []


def test_the_query_is_put_together_once(people: list[User]) -> None:
    built = []

    def build():  # type: ignore[no-untyped-def]
        built.append(1)
        return User.objects.filter(pk=Slot("user", IntegerField()))

    statement = Statement(build)
    with CaptureQueriesContext(connection) as queries:
        assert [statement.rows(user=user.pk) for user in people] == [[user] for user in people]
    assert (len(built), len(queries)) == (1, 3)


def test_instances_come_with_what_the_queryset_adds(people: list[User]) -> None:
    statement = Statement(
        lambda: User.objects.filter(pk=Slot("user", IntegerField())).only("username").annotate(loud=Upper("username"))
    )
    [found] = statement.rows(user=people[0].pk)
    assert (found.loud, found.get_deferred_fields() >= {"email"}) == ("ANNA", True)


def test_tuples_and_single_values_come_converted(people: list[User]) -> None:
    User.objects.update(last_login=NOON)
    pairs = Statement(lambda: User.objects.order_by("pk").values_list("username", "last_login"))
    names = Statement(lambda: User.objects.order_by("pk").values_list(F("username"), flat=True))
    assert pairs.rows() == [("anna", NOON), ("bo", NOON), ("cy", NOON)]
    assert names.rows() == ["anna", "bo", "cy"]


def test_an_update_changes_just_its_rows_and_counts_them(people: list[User]) -> None:
    assert (SEEN.change(name="bo", now=NOON), SEEN.change(name="nobody", now=NOON)) == (1, 0)
    assert list(User.objects.order_by("pk").values_list("last_login", flat=True)) == [None, NOON, None]


def test_a_missing_value_is_an_error_and_hostile_text_is_only_text(people: list[User]) -> None:
    assert NAMED.rows(name="x' OR '1'='1") == []
    with pytest.raises(KeyError):
        NAMED.rows()


# New rows.


def token(user: User, number: int, label: str = "reports") -> ApiToken:
    return ApiToken(user=user, label=label, scope="read", digest=str(number), days=30, created_at=NOON, expires_at=NOON)


TOKENS = Insertion(ApiToken)
KEPT_TOKENS = Insertion(ApiToken, unique=["digest"], updates=["label", "days"])


@pytest.mark.parametrize("count", [0, 1, 2, 50, 51, 120])
def test_new_rows_are_saved_as_given_and_get_their_ids(people: list[User], count: int) -> None:
    rows = [token(people[number % 3], number, f"名 {number}") for number in range(count)]
    TOKENS.insert(rows)
    assert [
        (row.pk, row.label, row.user, row.created_at, row.last_used_at) for row in ApiToken.objects.order_by("pk")
    ] == [(row.pk, f"名 {number}", people[number % 3], NOON, None) for number, row in enumerate(rows)]
    assert not any(row._state.adding for row in rows)


def test_a_row_that_is_there_changes_only_what_may_change(people: list[User]) -> None:
    KEPT_TOKENS.insert([token(people[0], 1), token(people[0], 2)])
    KEPT_TOKENS.insert([token(people[1], 2, "other"), token(people[1], 3)])
    found = ApiToken.objects.order_by("digest").values_list("digest", "label", "user__username")
    assert list(found) == [("1", "reports", "anna"), ("2", "other", "anna"), ("3", "reports", "bo")]


def test_a_second_row_where_one_may_be_is_refused(people: list[User]) -> None:
    TOKENS.insert([token(people[0], 1)])
    with pytest.raises(IntegrityError), transaction.atomic():
        TOKENS.insert([token(people[0], 1)])


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_see_each_others_values() -> None:
    people = [User.objects.create(username=f"user-{number}") for number in range(4)]
    wrong: list[str] = []

    def ask(user: User) -> None:
        for _round in range(50):
            if NAMED.rows(name=user.username) != [user]:
                wrong.append(user.username)
        connection.close()

    threads = [threading.Thread(target=ask, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_for_a_thread_goes_with_it() -> None:
    """A server that takes a new thread for each request would otherwise grow without end."""
    kept: list[weakref.ref[object]] = []

    def ask() -> None:
        NAMED.rows(name="anna")
        kept.append(weakref.ref(vars(connections["default"])["kept_statements"][NAMED]))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    del thread
    gc.collect()
    assert [ready() for ready in kept] == [None]
