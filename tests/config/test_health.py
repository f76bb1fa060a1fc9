"""/healthz says that the process answers, /readyz whether it can work; the second only to whoever is near."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from config import health


def test_the_process_answers_without_a_database(client: Client) -> None:
    """This test may not touch one: pytest-django would refuse it."""
    response = client.get("/healthz", headers={"Host": "anything.invalid"})
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_means_written_migrated_and_room_left(client: Client, settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/readyz", headers={"Host": "127.0.0.1:8000"})
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "ok", "space": "ok"}
    assert Session.objects.count() == 0


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_is_told(client: Client) -> None:
    newest = next(name for app, name in MigrationExecutor(connection).loader.graph.leaf_nodes() if app == "quizzes")
    MigrationRecorder(connection).record_unapplied("quizzes", newest)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "not applied"


@pytest.mark.django_db
def test_a_database_that_cannot_be_written_is_told(client: Client) -> None:
    """A SELECT would still work: only the probe's own INSERT fails."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = 1")
        else:
            cursor.execute("SET TRANSACTION READ ONLY")
    response = client.get("/readyz")
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA query_only = 0")
    assert response.status_code == 503
    assert response.json()["database"] == "cannot be written"


@pytest.mark.django_db
def test_a_disk_that_is_nearly_full_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ENOUGH_BYTES", 2**62)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["space"]) == (503, "less than 200 MB free")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.0.2.7"},
        {"REMOTE_ADDR": "no address"},
    ],
)
def test_who_comes_from_outside_finds_nothing(client: Client, sent: dict[str, str]) -> None:
    assert client.get("/readyz", **sent).status_code == 404  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_probe_is_read_only_by_method(client: Client) -> None:
    assert {client.post(address).status_code for address in ("/healthz", "/readyz")} == {404}
