"""What is wrong with an installation, in plain words, and how to mend it. Each examination yields `Finding`s.

`WRONG` stops the site or loses something; `DOUBT` may be meant so; `FINE` says what was looked at.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.checks import run_checks
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import CharField, Max, Model, TextField

from accounts.models import User
from config.backups import backups_in, made_at
from config.checks import sqlite_differences
from config.databases import has_wal_reset_fix
from config.health import ENOUGH_BYTES, free_bytes
from curriculum.models import Course
from quizzes.models import Question, Response

FINE, DOUBT, WRONG = "fine", "doubt", "wrong"
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
NETWORK_DISKS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "ceph", "glusterfs"}
OLDEST_BACKUP = timedelta(hours=26)
MAIL_SECONDS = 5
EARLIEST_YEAR = 2026


@dataclass(frozen=True, slots=True)
class Finding:
    level: str
    what: str
    mend: str = ""


Examination = Callable[[datetime], Iterator[Finding]]


def examine(now: datetime) -> list[Finding]:
    """Everything, in the order in which one would mend it; what stands in the tables only once the rest is right."""
    found = [finding for examination in WITHOUT_DATABASE for finding in examination(now)]
    try:
        connection.ensure_connection()
        found += migrations(now)
        if all(finding.level != WRONG for finding in found):
            found += [finding for examination in WITH_DATABASE for finding in examination(now)]
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        found.append(
            Finding(
                WRONG, f"The database cannot be used: {reason}", "Look at DATABASE_URL, then run `manage.py setup`."
            )
        )
    return found


def secret(now: datetime) -> Iterator[Finding]:
    file = Path(settings.DATA_DIR) / "secret-key"
    if not file.exists() or file.read_text().strip() != settings.SECRET_KEY:
        yield Finding(FINE, "The secret key comes from the environment.")
    elif (mode := stat.S_IMODE(file.stat().st_mode)) & 0o077:
        yield Finding(WRONG, f"{file} can be read by others (mode {mode:04o}).", f"chmod 600 {file}")
    else:
        yield Finding(FINE, "The secret key is long and only this user can read it.")


def hosts(now: datetime) -> Iterator[Finding]:
    names = set(settings.ALLOWED_HOSTS)
    if settings.DEBUG:
        yield Finding(WRONG, "DEBUG is on: errors show the inside of the site to everybody.", "Set DEBUG=0.")
    if settings.HTTPS and names <= LOOPBACK:
        yield Finding(
            WRONG, "HTTPS is on, but the site has no name that others can use.", "Set ALLOWED_HOSTS=jingdu.example.org."
        )
    elif not settings.HTTPS and not names <= LOOPBACK:
        yield Finding(
            DOUBT,
            "Passwords travel unencrypted: the site has a name but HTTPS is off.",
            "Put a proxy with TLS in front (docs/deployment.md) and set HTTPS=1.",
        )
    else:
        yield Finding(FINE, f"The site answers to {', '.join(sorted(names))}.")


def proxy(now: datetime) -> Iterator[Finding]:
    is_told = bool(settings.SECURE_PROXY_SSL_HEADER)
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if settings.HTTPS and not is_told:
        yield Finding(
            DOUBT,
            "HTTPS is on and no proxy is trusted to say so: behind one, every page redirects to itself.",
            "Set TRUST_FORWARDED_PROTO=1 if a proxy ends TLS and sets X-Forwarded-Proto.",
        )
    if is_told and not count:
        yield Finding(
            DOUBT,
            "Rate limits count all visitors as one, since they all come from the proxy.",
            "Set TRUSTED_PROXY_COUNT=1 (the number of proxies in front).",
        )
    if count and not is_told and settings.HTTPS is False:
        yield Finding(
            DOUBT,
            "A proxy is counted on. If there is none, anybody can invent an address.",
            "Set TRUSTED_PROXY_COUNT=0 without a proxy.",
        )


def mail(now: datetime) -> Iterator[Finding]:
    if "console" in settings.EMAIL_BACKEND:
        yield Finding(
            DOUBT,
            "Mail is only printed on the console: nobody can set a new password.",
            "Set EMAIL_URL=smtp+tls://user:password@mail.example.org:587 and DEFAULT_FROM_EMAIL.",
        )
        return
    try:
        server = get_connection(fail_silently=False, timeout=MAIL_SECONDS)
        server.open()
        server.close()
    except Exception as error:  # whatever a mail server says or does not
        yield Finding(WRONG, f"The mail server does not take mail: {error}", "Look at EMAIL_URL.")
    else:
        yield Finding(FINE, f"The mail server answers; mail comes from {settings.DEFAULT_FROM_EMAIL}.")


def time_and_zone(now: datetime) -> Iterator[Finding]:
    if settings.TIME_ZONE == "UTC":
        yield Finding(
            DOUBT, "The time zone is UTC: new accounts begin their day by it.", "Set TIME_ZONE, such as Asia/Taipei."
        )
    if now.year < EARLIEST_YEAR:
        yield Finding(WRONG, f"The clock says {now:%Y-%m-%d}.", "Set the clock of this machine.")
    elif not _is_synchronised():
        yield Finding(
            DOUBT,
            "The clock is not kept right by the network.",
            "Turn on time synchronisation (timedatectl set-ntp true).",
        )
    else:
        yield Finding(FINE, f"It is {now:%Y-%m-%d %H:%M} UTC.")


def _is_synchronised() -> bool:
    """What systemd says; where it says nothing, as in a container, the host looks after the clock."""
    program = shutil.which("timedatectl")
    if program is None:
        return True
    command = [program, "show", "--property", "NTPSynchronized", "--value"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() != "no"


def disk(now: datetime) -> Iterator[Finding]:
    free = free_bytes(Path(settings.DATA_DIR))
    if free < ENOUGH_BYTES:
        yield Finding(WRONG, f"Only {free >> 20} MB are free.", "Make room; /readyz says no below 200 MB.")
    elif free < 5 * ENOUGH_BYTES:
        yield Finding(DOUBT, f"Only {free >> 20} MB are free.", "Make room soon.")
    else:
        yield Finding(FINE, f"{free >> 30} GB are free.")
    if (kind := disk_kind(Path(settings.DATA_DIR))) in NETWORK_DISKS and connection.vendor == "sqlite":
        yield Finding(WRONG, f"The data lies on a network disk ({kind}): SQLite loses data there.", "Use a local disk.")


def disk_kind(folder: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The type of the file system that `folder` is on; "" where the machine does not say."""
    if not mounts.exists():
        return ""
    table = [line.split()[1:3] for line in mounts.read_text().splitlines()]
    above = [(place, kind) for place, kind in table if folder.resolve().is_relative_to(place.replace("\\040", " "))]
    return max(above, key=lambda row: len(row[0]), default=("", ""))[1]


def files(now: datetime) -> Iterator[Finding]:
    data = Path(settings.DATA_DIR)
    kept = [data, *(path for path in data.iterdir() if path.name.startswith(("jingdu.sqlite3", "backups")))]
    if connection.vendor != "sqlite":
        kept = [data]
    for path in kept:
        found = path.stat()
        if data.stat().st_mode & 0o077 and found.st_mode & 0o007:
            yield Finding(WRONG, f"{path} can be read by everybody on this machine.", f"chmod o-rwx {path}")
        if found.st_uid != os.geteuid() and not os.access(path, os.W_OK):
            yield Finding(
                WRONG, f"{path} belongs to another user and cannot be written.", f"chown it to uid {os.geteuid()}."
            )
    yield Finding(FINE, "No fonts are needed here: the server draws no text, browsers do.")


def static_files(now: datetime) -> Iterator[Finding]:
    if not isinstance(staticfiles_storage, ManifestStaticFilesStorage):
        return
    collected = staticfiles_storage.hashed_files
    missing = [name for finder in get_finders() for name, _ in finder.list([]) if name not in collected]
    if missing:
        yield Finding(WRONG, f"{len(missing)} static files are missing: pages answer 500.", "Run `manage.py setup`.")
    else:
        yield Finding(FINE, f"{len(collected)} static files are in their place.")


def deployment(now: datetime) -> Iterator[Finding]:
    if not settings.HTTPS:
        return
    for problem in run_checks(include_deployment_checks=True):
        yield Finding(
            DOUBT, f"{problem.id}: {problem.msg}", problem.hint or "See Django's documentation of this check."
        )


def migrations(now: datetime) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
    if plan:
        yield Finding(WRONG, f"Migrations that are not applied: {len(plan)}.", "Run `manage.py upgrade`.")
    elif unknown := {name for name in unknown if name[0] in executor.loader.migrated_apps}:
        yield Finding(
            WRONG,
            f"The database is newer than this program (migrations: {len(unknown)}).",
            "Install the newer version.",
        )
    else:
        yield Finding(FINE, "All migrations are applied.")
    backend = settings.CACHES["default"]["BACKEND"]
    if "LocMem" in backend:
        yield Finding(
            WRONG, "Each process counts rate limits for itself.", "Leave CACHE_URL out, or name a cache that is shared."
        )
    elif (
        "DatabaseCache" in backend
        and settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names()
    ):
        yield Finding(WRONG, "The table of the cache is missing.", "Run `manage.py createcachetable`.")


def database(now: datetime) -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            apart = abs((cursor.fetchone()[0] - now).total_seconds())
        if apart > 60:
            yield Finding(DOUBT, f"The database's clock is {apart:.0f} s off.", "Synchronise both machines.")
        yield Finding(FINE, "PostgreSQL answers.")
        return
    for difference in [] if connection.is_in_memory_db() else sqlite_differences("default"):  # type: ignore[attr-defined]
        yield Finding(WRONG, f"SQLite: {difference}.", "Close other connections and start again.")
    version = sqlite3.sqlite_version
    how = "write-ahead log" if has_wal_reset_fix(sqlite3.sqlite_version_info) else "rollback journal, fully synced"
    yield Finding(FINE, f"SQLite {version} with {how}: an acknowledged answer survives a power cut.")


def portable(now: datetime) -> Iterator[Finding]:
    """SQLite stores texts longer than their column, and NUL; PostgreSQL refuses both, so a move there would fail."""
    if connection.vendor != "sqlite":
        return
    bad = [place for model in apps.get_models(include_auto_created=True) for place in _refused_elsewhere(model)]
    if bad:
        yield Finding(
            DOUBT, f"PostgreSQL would refuse rows in {', '.join(bad)}.", "Shorten these texts before you move there."
        )
    else:
        yield Finding(FINE, "Every row could move to PostgreSQL (`manage.py move`).")


def _refused_elsewhere(model: type[Model]) -> Iterator[str]:
    quote = connection.ops.quote_name
    for field in model._meta.local_concrete_fields:
        if not isinstance(field, CharField | TextField):
            continue
        column = quote(str(field.column))
        wrong = f"instr(CAST({column} AS BLOB), x'00') > 0"
        if field.max_length:
            wrong += f" OR length({column}) > {int(field.max_length)}"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {quote(model._meta.db_table)} WHERE {wrong} LIMIT 1")
            if cursor.fetchone():
                yield f"{model._meta.db_table}.{field.column}"


def clock_against_data(now: datetime) -> Iterator[Finding]:
    """A clock set back shows in rows from the future."""
    newest = Response.objects.aggregate(newest=Max("answered_at"))["newest"]
    applied = MigrationRecorder(connection).migration_qs.aggregate(newest=Max("applied"))["newest"]
    latest = max((moment for moment in (newest, applied) if moment is not None), default=None)
    if latest is not None and latest - now > timedelta(minutes=5):
        yield Finding(
            WRONG, f"The database holds rows from the future ({latest:%Y-%m-%d %H:%M} UTC).", "Set the clock."
        )


def copies(now: datetime) -> Iterator[Finding]:
    made = [moment for file in backups_in(Path(settings.BACKUP_DIR)) if (moment := made_at(file))]
    if not made:
        yield Finding(DOUBT, "There is no backup.", "Run `manage.py backup` from an hourly timer (docs/deployment.md).")
    elif now - made[0] > OLDEST_BACKUP:
        yield Finding(
            DOUBT, f"The newest backup is from {made[0]:%Y-%m-%d %H:%M} UTC.", "Look at the timer that makes them."
        )
    else:
        yield Finding(FINE, f"The newest backup is from {made[0]:%Y-%m-%d %H:%M} UTC; keep copies on another machine.")


def content(now: datetime) -> Iterator[Finding]:
    asked = Question.objects.active().filter(course__is_published=True).count()
    if not Course.objects.published().exists() or not asked:
        yield Finding(WRONG, "There is nothing to practise.", "Run `manage.py setup`.")
    else:
        yield Finding(FINE, f"{asked} questions can be practised.")


def staff(now: datetime) -> Iterator[Finding]:
    secured = Authenticator.objects.filter(type=Authenticator.Type.TOTP).values("user")
    bare = User.objects.filter(is_staff=True, is_active=True).exclude(pk__in=secured).count()
    if bare:
        yield Finding(
            DOUBT, f"{bare} staff accounts have no second step.", "Let them turn it on under Settings, Second step."
        )


WITHOUT_DATABASE: list[Examination] = [
    secret,
    hosts,
    proxy,
    mail,
    time_and_zone,
    disk,
    files,
    static_files,
    deployment,
    copies,
]
WITH_DATABASE: list[Examination] = [database, portable, clock_against_data, content, staff]
