"""Every URL x role x method, plain and with htmx: who may see and change what. A URL without a row fails.

Roles: A anonymous · G guest with a run · L learner who owns the run · X another learner · S site staff.
Outcomes: o allowed (2xx, or a redirect elsewhere than to log-in) · l sent to log in · n 404 · f 403 · m 405 · i 422.
All objects belong to L unless the row says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from curriculum.models import Course
from quizzes.models import Notice
from tests.factories import make_attempt, make_bank, make_course, make_guest, make_user

ROLES = "AGLXS"


@dataclass(frozen=True)
class Row:
    """`outcomes` has one letter per role, in the order of ROLES. `args` name objects of `World`."""

    name: str
    method: str
    outcomes: str
    args: tuple[str, ...] = ()
    data: tuple[tuple[str, Any], ...] = ()


MATRIX = [
    Row("quizzes:home", "GET", "ooooo"),
    Row("quizzes:progress", "GET", "ooooo"),
    Row("quizzes:help", "GET", "ooooo"),
    Row("curriculum:courses", "GET", "ooooo"),
    Row("curriculum:course", "GET", "ooooo", ("course",)),
    Row("curriculum:course", "GET", "nnnno", ("draft",)),
    Row("curriculum:changes", "GET", "nnnnn", ("course",)),
    Row("curriculum:changes", "GET", "ooooo", ("newer",)),
    Row("curriculum:lesson", "GET", "ooooo", ("course", "lesson")),
    Row("curriculum:lesson", "GET", "nnnno", ("draft", "lesson")),
    Row("quizzes:start", "POST", "ooooo", data=(("scope", "lesson"), ("course", "small"), ("lesson", "lesson-1"))),
    Row("quizzes:start", "POST", "iiiio", data=(("scope", "lesson"), ("course", "hidden"), ("lesson", "lesson-1"))),
    Row("quizzes:attempt", "GET", "lnonn", ("attempt",)),
    Row("quizzes:attempt", "GET", "lonnn", ("guests_attempt",)),
    Row("quizzes:question", "GET", "lnonn", ("attempt", "one")),
    Row("quizzes:question", "GET", "lonnn", ("guests_attempt", "one")),
    Row("quizzes:question", "GET", "lnnnn", ("attempt", "ninety")),
    Row("quizzes:question", "POST", "lnonn", ("attempt", "one"), (("give_up", "1"), ("try", "1"))),
    Row("quizzes:question", "POST", "lonnn", ("guests_attempt", "one"), (("give_up", "1"), ("try", "1"))),
    Row("quizzes:hint", "POST", "lnonn", ("attempt", "one")),
    Row("quizzes:flag", "POST", "lnonn", ("attempt", "one"), (("reason", "unclear"),)),
    Row("quizzes:summary", "GET", "lnonn", ("attempt",)),
    Row("quizzes:notice_dismiss", "POST", "lnonn", ("notice",)),
    Row("quizzes:bank_courses", "GET", "lnono"),
    Row("quizzes:bank", "GET", "lnnno", ("course",)),
    Row("quizzes:bank", "GET", "lnono", ("owned",)),
    Row("quizzes:bank_report", "GET", "lnnno", ("course",)),
    Row("quizzes:bank_new", "GET", "lnnno", ("course",)),
    Row("quizzes:bank_contested", "GET", "lnnno", ("course",)),
    Row("quizzes:bank_accept", "POST", "lnnni", ("course",)),
    Row("quizzes:bank_export", "GET", "lnnno", ("course",)),
    Row("quizzes:bank_download", "GET", "lnnno", ("course", "csv")),
    Row("quizzes:bank_download", "GET", "lnnnn", ("course", "lesson")),
    Row("quizzes:bank_import", "GET", "lnnno", ("course",)),
    Row("quizzes:bank_import", "POST", "lnnni", ("course",)),
    Row("quizzes:bank_arrival", "GET", "lnnnn", ("course", "one")),
    Row("quizzes:bank_question", "GET", "lnnno", ("course", "question")),
    Row("quizzes:bank_question", "GET", "lnnnn", ("draft", "question")),
    Row("quizzes:bank_question", "GET", "lnnnn", ("owned", "question")),
    Row("quizzes:bank_edit", "GET", "lnnno", ("course", "question")),
    Row("quizzes:bank_edit", "POST", "lnnni", ("course", "question")),
    Row("quizzes:bank_suspend", "POST", "lnnno", ("course", "question")),
    Row("quizzes:bank_restore", "POST", "lnnno", ("course", "question")),
    Row("quizzes:edition", "GET", "lnnno", ("course",)),
    Row("quizzes:edition", "GET", "lnono", ("owned",)),
    Row("quizzes:edition", "POST", "lnino", ("owned",), (("older", "small"),)),
    Row("quizzes:edition", "POST", "lnnni", ("course",)),
    Row("quizzes:edition_undo", "POST", "lnnno", ("newer",)),
    Row("quizzes:import_document", "GET", "lfooo"),
    Row("quizzes:import_document", "POST", "lfiii"),
    Row("quizzes:import_outline", "GET", "lnono", ("owned",)),
    Row("quizzes:import_outline", "GET", "lnnno", ("course",)),
    Row("quizzes:import_outline", "POST", "lnini", ("owned",)),
    Row("quizzes:arrange", "POST", "lnini", ("owned",), (("do", "include"), ("where", "0"))),
    Row("quizzes:propose", "POST", "lnono", ("owned",)),
    Row("quizzes:facts", "GET", "lnono", ("owned",)),
    Row("quizzes:lesson_facts", "GET", "lnono", ("owned", "lesson_key")),
    Row("quizzes:decide", "POST", "lnono", ("owned", "lesson_key"), (("decide", "accept:list"),)),
    Row("quizzes:fact", "GET", "lnono", ("owned", "fact")),
    Row("quizzes:fact", "GET", "lnnnn", ("course", "fact")),
    Row("quizzes:fact", "POST", "lnini", ("owned", "fact")),
    Row("quizzes:fact_new", "GET", "lnono", ("owned", "sentence")),
    Row("quizzes:fact_new", "GET", "lnnnn", ("course", "sentence")),
    Row("quizzes:fact_new", "POST", "lnini", ("owned", "sentence")),
    Row("quizzes:confirm", "GET", "lnono", ("owned",)),
    Row("quizzes:confirm", "POST", "lnono", ("owned",)),
    Row("quizzes:publish", "POST", "lfffo", ("owned",)),
    Row("quizzes:discard", "POST", "lnonn", ("owned",)),
    Row("quizzes:discard", "POST", "lnnno", ("draft",)),
    Row("accounts:settings", "GET", "ooooo"),
    Row("accounts:language", "POST", "ooooo", data=(("language", "en"),)),
    Row("accounts:script", "POST", "ooooo", data=(("script", "hans"),)),
    Row("accounts:theme", "POST", "ooooo", data=(("theme", "dark"),)),
    Row("accounts:export", "GET", "loooo"),
    Row("accounts:delete", "GET", "loooo"),
    Row("accounts:forget", "POST", "oonnn"),
]

# allauth's own pages and Django's admin have tests of their own; here they only need to be known.
ELSEWHERE = ("admin:", "account_", "mfa_", "accounts:logout")


@dataclass
class World:
    """Objects that could leak, and a client per role."""

    people: dict[str, User | None]
    objects: dict[str, Any]

    def client(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        if person := self.people[role]:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture
def world(db: None) -> World:
    course = make_course(slug="small")
    draft: Course = make_course(slug="hidden", is_published=False)
    for each in (course, draft):
        make_bank(each)
    people: dict[str, User | None] = {
        "A": None,
        "G": make_guest(),
        "L": make_user("learner"),
        "X": make_user("stranger"),
        "S": make_user("staff", is_staff=True, is_superuser=True),
    }
    make_attempt(people["X"], course)  # type: ignore[arg-type]
    owned = make_course(slug="learners-own", is_published=False, owner=people["L"])
    make_course(slug="newer", replaces=make_course(slug="older"))
    question = course.questions.earliest("pk")
    notice = Notice.objects.create(learner=people["L"], question=question, answer="事項", stem="…")
    return World(
        people,
        {
            "course": "small",
            "draft": "hidden",
            "lesson": "lesson-1",
            "one": 1,
            "owned": "learners-own",
            "lesson_key": "L1",
            "fact": owned.facts.earliest("pk").pk,
            "sentence": owned.facts.earliest("pk").sentence_id,
            "newer": "newer",
            "csv": "csv",
            "question": question.pk,
            "notice": notice.pk,
            "ninety": 90,
            "attempt": make_attempt(people["L"], course).pk,  # type: ignore[arg-type]
            "guests_attempt": make_attempt(people["G"], course).pk,  # type: ignore[arg-type]
        },
    )


def names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    """Every URL name of the site with its namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_every_url_has_a_row() -> None:
    known = {row.name for row in MATRIX}
    all_names = {name for name in names(get_resolver().url_patterns) if not name.startswith(ELSEWHERE)}
    assert all_names - known == set()
    assert known - all_names == set()


def outcome(response: Any) -> str:
    """The letter of a response."""
    login = resolve_url(settings.LOGIN_URL)
    target = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
    if target.split("?")[0] == login:
        return "l"
    return {404: "n", 403: "f", 405: "m", 422: "i"}.get(
        response.status_code, "o" if response.status_code < 400 else "error"
    )


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row.name}-{row.method}-{'-'.join(row.args)}")
def test_each_role_gets_what_the_matrix_says(row: Row, htmx: bool, world: World) -> None:
    url = reverse(row.name, args=[world.objects[name] for name in row.args])
    headers = {"HX-Request": "true"} if htmx else {}
    found = ""
    for role in ROLES:
        client = world.client(role)
        ask = client.get if row.method == "GET" else client.post
        found += outcome(ask(url, dict(row.data), headers=headers))[0]
    assert found == row.outcomes


@pytest.mark.parametrize("row", [row for row in MATRIX if row.method == "POST"], ids=lambda row: row.name)
def test_no_get_changes_anything(row: Row, world: World) -> None:
    if any(other.name == row.name and other.method == "GET" for other in MATRIX):
        pytest.skip("this URL also has a page")
    url = reverse(row.name, args=[world.objects[name] for name in row.args])
    role = next(role for role, found in zip(ROLES[1:], row.outcomes[1:], strict=True) if found in "oi")
    assert world.client(role).get(url, dict(row.data)).status_code == 405


@pytest.mark.parametrize("row", [row for row in MATRIX if row.method == "POST"], ids=lambda row: row.name)
def test_a_post_without_its_token_is_refused(row: Row, world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["L"], backend="django.contrib.auth.backends.ModelBackend")
    url = reverse(row.name, args=[world.objects[name] for name in row.args])
    assert client.post(url, dict(row.data)).status_code == 403
