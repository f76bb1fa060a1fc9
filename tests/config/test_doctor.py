"""What is wrong with an installation is said, and nothing else is."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config import doctor, health
from config.doctor import DOUBT, FINE, WRONG, Finding
from curriculum.models import Course
from tests.accounts.people import give_answers, with_second_step
from tests.factories import make_bank, make_course, make_learner, make_user

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folder(settings: LazySettings, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    settings.DATA_DIR = tmp_path
    settings.BACKUP_DIR = tmp_path / "backups"


def told(found: Iterable[Finding], level: str) -> str:
    return " ".join(finding.what for finding in found if finding.level == level)


def test_what_is_not_fine_says_how_to_mend_it(db: None, settings: LazySettings) -> None:
    settings.DEBUG = True
    found = doctor.examine(timezone.now())
    assert any(finding.level == WRONG for finding in found)
    assert all(bool(finding.mend) == (finding.level != FINE) for finding in found)


def test_a_key_that_others_can_read(settings: LazySettings, tmp_path: Path) -> None:
    assert "comes from the environment" in told(doctor.secret(NOW), FINE)
    file = tmp_path / "secret-key"
    file.write_text(settings.SECRET_KEY)
    file.chmod(0o600)
    assert "only this user" in told(doctor.secret(NOW), FINE)
    file.chmod(0o644)
    assert "read by others (mode 0644)" in told(doctor.secret(NOW), WRONG)


@pytest.mark.parametrize(
    ("https", "hosts", "level", "words"),
    [
        (False, ["localhost"], FINE, "answers to localhost"),
        (False, ["jingdu.example.org"], DOUBT, "unencrypted"),
        (True, ["localhost"], WRONG, "no name that others can use"),
        (True, ["jingdu.example.org"], FINE, "answers to jingdu.example.org"),
    ],
)
def test_names_and_encryption(settings: LazySettings, https: bool, hosts: list[str], level: str, words: str) -> None:
    settings.HTTPS, settings.ALLOWED_HOSTS = https, hosts
    assert words in told(doctor.hosts(NOW), level)


@pytest.mark.parametrize(
    ("https", "header", "count", "words"),
    [
        (True, None, 0, "redirects to itself"),
        (True, ("HTTP_X_FORWARDED_PROTO", "https"), 0, "all visitors as one"),
        (False, None, 1, "invent an address"),
        (True, ("HTTP_X_FORWARDED_PROTO", "https"), 1, ""),
        (False, None, 0, ""),
    ],
)
def test_the_proxy_in_front(settings: LazySettings, https: bool, header: object, count: int, words: str) -> None:
    settings.HTTPS, settings.SECURE_PROXY_SSL_HEADER, settings.ALLAUTH_TRUSTED_PROXY_COUNT = https, header, count
    found = told(doctor.proxy(NOW), DOUBT)
    assert words in found
    assert bool(words) == bool(found)


def test_mail_that_goes_nowhere(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "only printed" in told(doctor.mail(NOW), DOUBT)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert "does not take mail" in told(doctor.mail(NOW), WRONG)


def test_a_clock_that_was_never_set() -> None:
    assert "1970-01-01" in told(doctor.time_and_zone(datetime(1970, 1, 1, tzinfo=UTC)), WRONG)


def test_a_clock_that_was_set_back_shows_in_the_rows(db: None) -> None:
    give_answers(make_learner(), 1)
    now = timezone.now()
    MigrationRecorder(connection).migration_qs.update(applied=now)  # the tables were made by the machine's clock
    assert told(doctor.clock_against_data(now), WRONG) == ""
    assert "from the future" in told(doctor.clock_against_data(now - timedelta(hours=1)), WRONG)


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "free" in told(doctor.disk(NOW), FINE)
    monkeypatch.setattr(doctor, "ENOUGH_BYTES", 2**62)
    assert "Only" in told(doctor.disk(NOW), WRONG)
    assert health.ENOUGH_BYTES == 200 << 20


def test_the_kind_of_disk_is_that_of_the_longest_mount_above(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/a / ext4 rw 0 0\nserver:/x /srv nfs4 rw 0 0\n/dev/b /srv/jingdu ext4 rw 0 0\n")
    assert [doctor.disk_kind(Path(place), mounts) for place in ("/srv/other", "/srv/jingdu/data", "/home")] == [
        "nfs4",
        "ext4",
        "ext4",
    ]
    assert doctor.disk_kind(Path("/srv"), tmp_path / "none") == ""


def test_data_that_everybody_can_read(tmp_path: Path) -> None:
    assert told(doctor.files(NOW), WRONG) == ""
    tmp_path.chmod(0o755)
    assert f"{tmp_path} can be read by everybody" in told(doctor.files(NOW), WRONG)


def test_static_files_that_were_not_collected(settings: LazySettings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    assert "static files are missing" in told(doctor.static_files(NOW), WRONG)
    call_command("collectstatic", verbosity=0, interactive=False)
    settings.STATIC_URL = settings.STATIC_URL  # makes the storage anew
    assert "in their place" in told(doctor.static_files(NOW), FINE)


def test_a_migration_that_is_missing_and_one_that_is_too_new(db: None, settings: LazySettings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "none"}}
    assert "table of the cache is missing" in told(doctor.migrations(NOW), WRONG)
    recorder = MigrationRecorder(connection)
    recorder.record_applied("quizzes", "9999_from_tomorrow")
    assert "newer than this program (migrations: 1)" in told(doctor.migrations(NOW), WRONG)
    recorder.record_unapplied("quizzes", "9999_from_tomorrow")
    newest = next(name for app, name in MigrationExecutor(connection).loader.graph.leaf_nodes() if app == "quizzes")
    recorder.record_unapplied("quizzes", newest)
    assert "Migrations that are not applied: 1." in told(doctor.migrations(NOW), WRONG)


def test_backups_that_stopped(tmp_path: Path) -> None:
    assert "no backup" in told(doctor.copies(NOW), DOUBT)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "jingdu-20261101T000000Z.sqlite3").touch()
    assert "2026-11-01 00:00" in told(doctor.copies(NOW), DOUBT)
    (tmp_path / "backups" / "jingdu-20261102T090000Z.sqlite3").touch()
    assert "2026-11-02 09:00" in told(doctor.copies(NOW), FINE)


@pytest.mark.parametrize("text", ["x" * 201, "a\0b"])
def test_what_only_sqlite_would_store(db: None, text: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only: PostgreSQL refuses the row itself")
    course = make_course()
    assert "could move" in told(doctor.portable(NOW), FINE)
    Course.objects.filter(pk=course.pk).update(issuer=text)
    assert "curriculum_course.issuer" in told(doctor.portable(NOW), DOUBT)


def test_nothing_to_practise(db: None) -> None:
    assert "nothing to practise" in told(doctor.content(NOW), WRONG)
    make_bank(make_course())
    assert "6 questions" in told(doctor.content(NOW), FINE)


def test_staff_without_a_second_step(db: None) -> None:
    careful = make_user("careful", is_staff=True)
    make_user("hasty", is_staff=True)
    make_learner()
    with_second_step(careful)
    assert "1 staff accounts" in told(doctor.staff(NOW), DOUBT)


def test_the_command_puts_what_is_wrong_first_and_fails(db: None, settings: LazySettings) -> None:
    settings.DEBUG = True
    said = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("doctor", stdout=said)
    assert left.value.code == 1
    lines = [line for line in said.getvalue().splitlines() if not line.startswith("      ->")]
    order = [line.split()[0] for line in lines]
    assert order == sorted(order, key=["WRONG", "Look", "Fine"].index)
    assert "WRONG DEBUG is on" in lines[0]
