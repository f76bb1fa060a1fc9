"""Every request has a number that the person can quote and the log knows; the log knows no more than it needs."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.utils import ConnectionHandler, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from accounts.models import User
from config.errors import is_passing
from config.logs import JsonLines
from tests.accounts.people import log_in
from tests.factories import make_attempt, make_bank, make_course

pytestmark = pytest.mark.django_db

SECRET_WORDS = "4711 is what Ann typed"


class Lines(logging.Handler):
    """What the site would print."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.printed: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.printed.append(self.format(record))

    def named(self, message: str) -> list[dict[str, object]]:
        return [line for text in self.printed if (line := json.loads(text))["message"] == message]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError(SECRET_WORDS)


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@login_not_required
def locked(request: HttpRequest) -> HttpResponse:
    """Write to a SQLite file whose write lock somebody else holds."""
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": request.GET["file"], "OPTIONS": {"timeout": 0.01}}
    connection = ConnectionHandler({"default": database})["default"]
    try:
        connection.cursor().execute(f"INSERT INTO {request.GET['table']} VALUES (1)")
    finally:
        connection.close()
    return HttpResponse()


urlpatterns = [
    path("broken/", broken),
    path("forbidden/", forbidden),
    path("locked/", locked),
    path("", include("config.urls")),
]
handler400, handler403, handler404, handler500 = (
    f"config.errors.{name}" for name in ("bad_request", "permission_denied", "not_found", "server_error")
)


@pytest.fixture
def visitor(settings: LazySettings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/courses/?q=%00", 400), ("/forbidden/", 403), ("/nothing/", 404), ("/broken/", 500)],
)
def test_an_error_page_shows_the_number_that_the_log_has(
    visitor: Client, lines: Lines, address: str, status: int
) -> None:
    response = visitor.get(address, headers={"X-Request-ID": "mine"})
    reference = response["X-Request-ID"]
    assert response.status_code == status
    assert re.fullmatch("[0-9a-f]{12}", reference)
    assert reference in response.content.decode()
    (line,) = lines.named("request")
    assert (line["request_id"], line["status"]) == (reference, status)


def test_two_requests_have_two_numbers(client: Client) -> None:
    assert client.get("/courses/")["X-Request-ID"] != client.get("/courses/")["X-Request-ID"]


def test_a_fault_is_logged_with_its_place_and_without_the_words_that_somebody_typed(
    visitor: Client, lines: Lines
) -> None:
    response = visitor.get("/broken/?name=Ann")
    assert SECRET_WORDS not in response.content.decode()
    (line,) = lines.named("Internal Server Error: /broken/")
    assert line["exception"]["types"] == ["builtins.ValueError"]  # type: ignore[index]
    assert line["exception"]["where"][-1].endswith(" broken")  # type: ignore[index]
    assert "Ann" not in "".join(lines.printed)


def test_a_held_lock_answers_503_and_when_to_come_again(visitor: Client, tmp_path: Path) -> None:
    file = tmp_path / "held.sqlite3"
    with sqlite3.connect(file, isolation_level=None) as holder:
        holder.execute("CREATE TABLE here (x)")
        holder.execute("BEGIN EXCLUSIVE")
        response = visitor.get("/locked/", {"file": str(file), "table": "here"})
        holder.execute("ROLLBACK")
    holder.close()
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert response["Cache-Control"] == "no-store"
    body = response.content.decode()
    assert re.findall(r'<(?:html|section) lang="([^"]+)"', body) == ["en", "zh-Hant", "zh-Hans"]
    assert response["X-Request-ID"] in body
    assert "counts only once" in body


def test_a_missing_table_is_our_fault_and_will_not_pass(visitor: Client, tmp_path: Path) -> None:
    response = visitor.get("/locked/", {"file": str(tmp_path / "empty.sqlite3"), "table": "here"})
    assert response.status_code == 500
    assert "Retry-After" not in response


def test_what_postgresql_says_of_a_lost_connection_passes() -> None:
    assert is_passing(OperationalError("server closed the connection unexpectedly"))
    assert not is_passing(ProgrammingError('relation "here" does not exist'))
    assert not is_passing(None)


def test_a_token_in_an_address_and_a_query_are_not_logged(client: Client, lines: Lines) -> None:
    client.get("/account/password/reset/key/3-abcdef-0123456789abcdef0123456789abcdef/?next=/secret/")
    client.get("/account/confirm-email/MQ:1v0abc:0123456789abcdefghij/")
    client.get("/nothing/0123456789abcdef0123456789abcdef/%0D%0AFAKE/")
    printed = "".join(lines.printed)
    assert [line["status"] for line in lines.named("request")] == [200, 200, 404]
    assert "0123456789abcdef" not in printed
    assert "secret" not in printed
    assert "FAKE" not in printed
    assert all("\n" not in line and "\r" not in line for line in lines.printed)


def test_a_wrong_password_is_logged_without_the_name_and_the_same_name_can_be_followed(
    client: Client, learner: User, lines: Lines
) -> None:
    for name, password in [("learner", "wrong one"), ("LEARNER", "wrong two"), ("nobody", "wrong one")]:
        log_in(client, name, password)
    log_in(client)
    failed = [line["account"] for line in lines.named("log-in failed")]
    assert failed[0] == failed[1] != failed[2]
    assert [line["user"] for line in lines.named("logged in")] == [learner.pk]
    printed = "".join(lines.printed).lower()
    assert not any(word in printed for word in ("learner", "nobody", "wrong one", "pass phrase"))


def test_asking_for_what_belongs_to_somebody_else_is_logged_with_the_number_of_who_asked(
    client: Client, learner: User, stranger: User, lines: Lines
) -> None:
    course = make_course()
    make_bank(course)
    attempt = make_attempt(learner, course)
    client.force_login(stranger)
    client.get(f"/practice/{attempt.pk}/summary/")
    client.get("/nowhere/")
    (line,) = lines.named("denied")
    assert (line["user"], line["path"], line["status"]) == (stranger.pk, f"/practice/{attempt.pk}/summary/", 404)


def test_an_answer_leaves_no_word_in_the_log(client: Client, learner: User, lines: Lines) -> None:
    course = make_course()
    make_bank(course)
    attempt = make_attempt(learner, course)
    client.force_login(learner)
    client.post(f"/practice/{attempt.pk}/1/", {"text": "只有我知道", "choice": "0", "try": "1"})
    printed = "".join(lines.printed)
    assert lines.named("request")[0]["user"] == learner.pk
    assert "只有我知道" not in printed
    assert not re.search(r"learner|127\.0\.0\.1", printed)
