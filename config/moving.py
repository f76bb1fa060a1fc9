"""All that the site keeps, put into another, empty database: from SQLite to PostgreSQL when one machine is too small,
or back. Everything or nothing: the other database gets it in one transaction, the present one is only read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import environ
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from config.databases import tuned
from config.sqlite import SQLITE_VERSION

OTHER = "other"
ROWS = 500
"""In one statement."""
HOLDS_SOMETHING = ("accounts_user", "curriculum_course")


class MoveError(Exception):
    """Nothing was moved; the words say why."""


@contextmanager
def database_at(url: str) -> Iterator[str]:
    """Connect to the database at a DATABASE_URL; yields its alias. Raises MoveError if nothing answers there."""
    if urlsplit(url).scheme not in ("sqlite", "postgres", "postgresql"):
        raise MoveError("The address must begin with postgres:// or sqlite:///.")
    configured = connections.configure_settings(
        {DEFAULT_DB_ALIAS: {}, OTHER: tuned(environ.Env.db_url_config(url), SQLITE_VERSION)}
    )
    connections.settings[OTHER] = configured[OTHER]
    other = connections[OTHER]
    try:
        try:
            with other.wrap_database_errors:
                other.connect()
        except DatabaseError as error:
            raise MoveError(f"The other database does not answer: {error}".strip()) from error
        yield OTHER
    finally:
        other.close()
        del connections[OTHER], connections.settings[OTHER]


def move(target: str, *, source: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """Copy every row of every table, with its id, to the database with the alias `target`; {table: rows}.

    The caches of rate limits stay behind. While it runs, who answers waits (SQLite) or is not taken along (PostgreSQL):
    stop the servers before. Raises MoveError if the target holds people or courses, if the present database lacks
    migrations, or if the target refuses a row.
    """
    _refuse(source, target)
    call_command("migrate", database=target, verbosity=0, interactive=False)
    call_command("createcachetable", database=target, verbosity=0)
    for alias in (source, target):
        _take_time(alias)
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.can_migrate(target)]
    moved: dict[str, int] = {}
    table = ""
    try:
        with transaction.atomic(using=source), transaction.atomic(using=target):
            _empty(models, target)
            for model in models:
                table = model._meta.db_table
                moved[table] = _copy(model, source, target)
            table = ""
            _count_on(models, target)
    except DatabaseError as error:
        raise MoveError(f"The other database refused {table or 'what belongs together'}: {error}".strip()) from error
    return moved


def _refuse(source: str, target: str) -> None:
    executor = MigrationExecutor(connections[source])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MoveError("The present database is not up to date. Run `manage.py upgrade` first.")
    for table in set(HOLDS_SOMETHING) & set(connections[target].introspection.table_names()):
        with connections[target].cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {connections[target].ops.quote_name(table)} LIMIT 1")
            if cursor.fetchone():
                raise MoveError("The other database holds a site already. Give an empty one.")


def _take_time(alias: str) -> None:
    """Nothing here is a request that somebody waits for."""
    if connections[alias].vendor == "postgresql":
        with connections[alias].cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET idle_in_transaction_session_timeout = 0")


def _empty(models: list[type[Model]], target: str) -> None:
    """Take away what migrations wrote there: it comes from the present database, with other ids."""
    ops = connections[target].ops
    ops.execute_sql_flush(ops.sql_flush(no_style(), [model._meta.db_table for model in models]))


def _copy(model: type[Model], source: str, target: str) -> int:
    """Rows copied. As they are: without signals, without the fields that would note the time of saving."""
    fields = model._meta.concrete_fields
    rows = model._base_manager.using(source).order_by("pk").iterator(chunk_size=ROWS)
    batch = min(ROWS, connections[target].ops.bulk_batch_size(fields, range(ROWS)))
    there: Any = model._base_manager.using(target)
    count = 0
    while taken := list(islice(rows, batch)):
        there._insert(taken, fields=fields, using=target, raw=True)
        count += len(taken)
    return count


def _count_on(models: list[type[Model]], target: str) -> None:
    """Ids of new rows follow those that came."""
    with connections[target].cursor() as cursor:
        for statement in connections[target].ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
