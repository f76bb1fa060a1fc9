"""Every URL x role x method, plain and with htmx: who may see and change what. A URL without a row fails.

Roles, outcomes and objects: tests/authorization.py. Rows for classes and reports: tests/classrooms/matrix.py and
tests/reports/matrix.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.authorization import ROLES, Row, World, make_world, outcome
from tests.classrooms import matrix as classrooms
from tests.reports import matrix as reports

BELOW = [
    Row("quizzes:home", "GET", "ooooooooo"),
    Row("quizzes:progress", "GET", "ooooooooo"),
    Row("quizzes:help", "GET", "ooooooooo"),
    Row("curriculum:courses", "GET", "ooooooooo"),
    Row("curriculum:course", "GET", "ooooooooo", ("course",)),
    Row("curriculum:course", "GET", "nnnnnnnno", ("draft",)),
    Row("curriculum:changes", "GET", "nnnnnnnnn", ("course",)),
    Row("curriculum:changes", "GET", "ooooooooo", ("newer",)),
    Row("curriculum:lesson", "GET", "ooooooooo", ("course", "lesson")),
    Row("curriculum:lesson", "GET", "nnnnnnnno", ("draft", "lesson")),
    Row("quizzes:start", "POST", "ooooooooo", data=(("scope", "lesson"), ("course", "small"), ("lesson", "lesson-1"))),
    Row("quizzes:start", "POST", "iiiiiiiio", data=(("scope", "lesson"), ("course", "hidden"), ("lesson", "lesson-1"))),
    Row("quizzes:attempt", "GET", "lnonnnnnn", ("attempt",)),
    Row("quizzes:attempt", "GET", "lonnnnnnn", ("guests_attempt",)),
    Row("quizzes:question", "GET", "lnonnnnnn", ("attempt", "one")),
    Row("quizzes:question", "GET", "lonnnnnnn", ("guests_attempt", "one")),
    Row("quizzes:question", "GET", "lnnnnnnnn", ("attempt", "ninety")),
    Row("quizzes:question", "POST", "lnonnnnnn", ("attempt", "one"), (("give_up", "1"), ("try", "1"))),
    Row("quizzes:question", "POST", "lonnnnnnn", ("guests_attempt", "one"), (("give_up", "1"), ("try", "1"))),
    Row("quizzes:hint", "POST", "lnonnnnnn", ("attempt", "one")),
    Row("quizzes:flag", "GET", "lnonnnnnn", ("attempt", "one")),
    Row("quizzes:flag", "POST", "lnonnnnnn", ("attempt", "one"), (("reason", "unclear"),)),
    Row("quizzes:summary", "GET", "lnonnnnnn", ("attempt",)),
    Row("quizzes:notice_dismiss", "POST", "lnonnnnnn", ("notice",)),
    Row("quizzes:bank_courses", "GET", "lnonnnnno"),
    Row("quizzes:bank", "GET", "lnnnnnnno", ("course",)),
    Row("quizzes:bank", "GET", "lnonnnnno", ("owned",)),
    Row("quizzes:bank_report", "GET", "lnnnnnnno", ("course",)),
    Row("quizzes:bank_new", "GET", "lnnnnnnno", ("course",)),
    Row("quizzes:bank_contested", "GET", "lnnnnnnno", ("course",)),
    Row("quizzes:bank_accept", "POST", "lnnnnnnni", ("course",)),
    Row("quizzes:bank_export", "GET", "lnnnnnnno", ("course",)),
    Row("quizzes:bank_download", "GET", "lnnnnnnno", ("course", "csv")),
    Row("quizzes:bank_download", "GET", "lnnnnnnnn", ("course", "lesson")),
    Row("quizzes:bank_import", "GET", "lnnnnnnno", ("course",)),
    Row("quizzes:bank_import", "POST", "lnnnnnnni", ("course",)),
    Row("quizzes:bank_arrival", "GET", "lnnnnnnnn", ("course", "one")),
    Row("quizzes:bank_question", "GET", "lnnnnnnno", ("course", "question")),
    Row("quizzes:bank_question", "GET", "lnnnnnnnn", ("draft", "question")),
    Row("quizzes:bank_question", "GET", "lnnnnnnnn", ("owned", "question")),
    Row("quizzes:bank_edit", "GET", "lnnnnnnno", ("course", "question")),
    Row("quizzes:bank_edit", "POST", "lnnnnnnni", ("course", "question")),
    Row("quizzes:bank_suspend", "POST", "lnnnnnnno", ("course", "question")),
    Row("quizzes:bank_restore", "POST", "lnnnnnnno", ("course", "question")),
    Row("quizzes:edition", "GET", "lnnnnnnno", ("course",)),
    Row("quizzes:edition", "GET", "lnonnnnno", ("owned",)),
    Row("quizzes:edition", "POST", "lninnnnno", ("owned",), (("older", "small"),)),
    Row("quizzes:edition", "POST", "lnnnnnnni", ("course",)),
    Row("quizzes:edition_undo", "POST", "lnnnnnnno", ("newer",)),
    Row("quizzes:import_document", "GET", "lfooooooo"),
    Row("quizzes:import_document", "POST", "lfiiiiiii"),
    Row("quizzes:import_outline", "GET", "lnonnnnno", ("owned",)),
    Row("quizzes:import_outline", "GET", "lnnnnnnno", ("course",)),
    Row("quizzes:import_outline", "POST", "lninnnnni", ("owned",)),
    Row("quizzes:arrange", "POST", "lninnnnni", ("owned",), (("do", "include"), ("where", "0"))),
    Row("quizzes:propose", "POST", "lnonnnnno", ("owned",)),
    Row("quizzes:facts", "GET", "lnonnnnno", ("owned",)),
    Row("quizzes:lesson_facts", "GET", "lnonnnnno", ("owned", "lesson_key")),
    Row("quizzes:decide", "POST", "lnonnnnno", ("owned", "lesson_key"), (("decide", "accept:list"),)),
    Row("quizzes:fact", "GET", "lnonnnnno", ("owned", "fact")),
    Row("quizzes:fact", "GET", "lnnnnnnnn", ("course", "fact")),
    Row("quizzes:fact", "POST", "lninnnnni", ("owned", "fact")),
    Row("quizzes:fact_new", "GET", "lnonnnnno", ("owned", "sentence")),
    Row("quizzes:fact_new", "GET", "lnnnnnnnn", ("course", "sentence")),
    Row("quizzes:fact_new", "POST", "lninnnnni", ("owned", "sentence")),
    Row("quizzes:confirm", "GET", "lnonnnnno", ("owned",)),
    Row("quizzes:confirm", "POST", "lnonnnnno", ("owned",)),
    Row("quizzes:publish", "POST", "lfffffffi", ("owned",)),
    Row("quizzes:discard", "POST", "lnonnnnno", ("owned",)),
    Row("quizzes:discard", "POST", "lnnnnnnno", ("draft",)),
    Row("accounts:settings", "GET", "ooooooooo"),
    Row("accounts:language", "POST", "ooooooooo", data=(("language", "en"),)),
    Row("accounts:script", "POST", "ooooooooo", data=(("script", "hans"),)),
    Row("accounts:theme", "POST", "ooooooooo", data=(("theme", "dark"),)),
    Row("accounts:text_size", "POST", "ooooooooo", data=(("text_size", "large"),)),
    Row("accounts:typeface", "POST", "ooooooooo", data=(("typeface", "sans"),)),
    Row("accounts:tokens", "GET", "lnooooooo"),
    Row("accounts:tokens", "POST", "lniiiiiii"),
    Row("accounts:token_renew", "POST", "lnonnnnnn", ("api_token",)),
    Row("accounts:token_delete", "POST", "lnonnnnnn", ("api_token",)),
    Row("accounts:digest", "GET", "lnooooooo"),
    Row("accounts:digest", "POST", "lnooooooo"),
    Row("accounts:unsubscribe", "GET", "ooooooooo", ("unsubscribe",)),
    Row("accounts:unsubscribe", "GET", "nnnnnnnnn", ("csv",)),
    Row("accounts:export", "GET", "loooooooo"),
    Row("accounts:delete", "GET", "loooooooo"),
    Row("accounts:forget", "POST", "oonnnnnnn"),
]

MATRIX = [*BELOW, *classrooms.MATRIX, *reports.MATRIX]
POSTS = [row for row in MATRIX if row.method == "POST"]
NESTED = [row for row in MATRIX if row.args[:1] == ("classroom",)]

# allauth's own pages and Django's admin have tests of their own; here they only need to be known.
ELSEWHERE = ("admin:", "account_", "mfa_", "accounts:logout")

MISSING = ("987654321", "0", str(2**63), str(10**30), "abc", "-1")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@contextmanager
def taken_back() -> Iterator[None]:
    """What is changed inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    """Every URL name of the site with its namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def named(row: Row) -> str:
    return f"{row.name}-{row.method}-{'-'.join(row.args)}"


def address(row: Row, objects: dict[str, Any]) -> str:
    return reverse(row.name, args=[objects[name] for name in row.args])


def ask(world: World, role: str, row: Row, url: str, *, htmx: bool = False) -> str:
    with taken_back():
        client = world.client(role)
        send = client.get if row.method == "GET" else client.post
        return outcome(send(url, world.data(row), headers={"HX-Request": "true"} if htmx else {}))


def test_every_url_has_a_row() -> None:
    known = {row.name for row in MATRIX}
    all_names = {name for name in names(get_resolver().url_patterns) if not name.startswith(ELSEWHERE)}
    assert all_names - known == set()
    assert known - all_names == set()


@pytest.mark.parametrize("name", sorted({row.name for row in MATRIX}))
def test_each_role_gets_what_the_matrix_says(name: str, world: World) -> None:
    """Plain and with htmx; each request finds the world as it was made."""
    rows = [row for row in MATRIX if row.name == name]
    asked = {
        (named(row), htmx): "".join(ask(world, role, row, address(row, world.objects), htmx=htmx)[0] for role in ROLES)
        for row in rows
        for htmx in (False, True)
    }
    assert asked == {(named(row), htmx): row.outcomes for row in rows for htmx in (False, True)}


@pytest.mark.parametrize("name", sorted({row.name for row in NESTED}))
def test_what_belongs_to_another_class_or_to_nobody_is_not_found(name: str, world: World) -> None:
    """Each id of the address in turn: of class B, of a row that is gone, nought, too large, no number.

    Whoever may do everything in class A gets the same answer to all of them.
    """
    for row in (row for row in NESTED if row.name == name):
        for arg in row.args[1:]:
            if f"other_{arg}" in world.objects:
                url = address(row, world.objects | {arg: world.objects[f"other_{arg}"]})
                assert {ask(world, role, row, url) for role in "CIJ"} <= {"n", "f"}, url
                assert {ask(world, role, row, url, htmx=True) for role in "IJ"} <= {"n", "f"}, url
        numbers = [arg for arg in row.args if isinstance(world.objects[arg], int)]
        for arg, value in itertools.product(numbers, MISSING):
            url = address(row, world.objects | {arg: 555_444}).replace("555444", value)
            assert {ask(world, role, row, url) for role in "CI"} <= {"n", "f"}, url


@pytest.mark.parametrize("row", POSTS, ids=named)
def test_no_get_changes_anything(row: Row, world: World) -> None:
    if any(other.name == row.name and other.method == "GET" for other in MATRIX):
        pytest.skip("this URL also has a page")
    role = next(role for role, found in zip(ROLES[1:], row.outcomes[1:], strict=True) if found in "oi")
    assert world.client(role).get(address(row, world.objects), world.data(row)).status_code == 405


@pytest.mark.parametrize("row", POSTS, ids=named)
def test_a_post_without_its_token_is_refused(row: Row, world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["L"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address(row, world.objects), world.data(row)).status_code == 403
