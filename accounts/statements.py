"""Statements put together once: their SQL is kept, so that a later run only fills in its parameters.

For the few statements that every request or every answer sends. Django builds and compiles a query anew each time it is
asked, which for these takes longer than the database takes to answer. What a statement asks is still said in the ORM,
and its rows are what the QuerySet would give.

    ITEM = Statement(lambda: Item.objects.filter(owner=Slot("owner", IntegerField())).select_related("version"))
    ITEM.rows(owner=7)

`Insertion` does for new rows what `bulk_create` does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler


class Slot(Expression):
    """A place in a statement that is filled by name at each run; `output_field` says how the value is written."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class Statement:
    """One statement. `build` returns the QuerySet, with a `Slot` wherever a value comes later; `changes` make it an
    UPDATE of those rows. Every run must give a value for every slot: KeyError otherwise."""

    def __init__(self, build: Callable[[], QuerySet[Any]], **changes: Any) -> None:
        self.build, self.changes = build, changes

    def rows(self, **values: Any) -> list[Any]:
        """What the QuerySet gives: instances with everything it selects, or tuples, or single values."""
        ready: Any = self._for_this_thread()
        ready.fill(values)
        return [*ready.queryset._iterable_class(ready)]

    def change(self, **values: Any) -> int:
        """Run the UPDATE; how many rows it met."""
        ready = self._for_this_thread()
        with ready.connection.cursor() as cursor:
            cursor.execute(*ready.fill(values))
            return int(cursor.rowcount)

    def _for_this_thread(self) -> Ready:
        """Compiled for the connection of this thread, and kept with it."""
        connection = connections["default"]
        kept: dict[Statement, Ready] = vars(connection).setdefault("kept_statements", {})
        if self not in kept:
            kept[self] = Ready(self.build(), self.changes, connection)
        return kept[self]


class Ready:
    """A statement compiled for one connection. To Django's row iterators it looks like the QuerySet and its query; the
    compiler that they get from it has its SQL already."""

    def __init__(self, queryset: QuerySet[Any], changes: dict[str, Any], connection: BaseDatabaseWrapper) -> None:
        query: Any = queryset.query
        if changes:
            query = query.chain(UpdateQuery)
            query.add_update_values(changes)
        self.queryset, self.connection = queryset, connection
        self.compiler: Any = query.get_compiler(connection=connection)
        self.sql, self.params = self.compiler.as_sql()
        self.compiler.as_sql = lambda *_args, **_options: self.filled
        if not changes:
            converters = self.compiler.get_converters([row[0] for row in self.compiler.select])
            self.compiler.get_converters = lambda _fields: converters
        self.filled: tuple[str, list[Any]] = self.sql, []

    def fill(self, values: dict[str, Any]) -> tuple[str, list[Any]]:
        """The SQL with the parameters of the next run."""
        self.filled = self.sql, [self._written(param, values) for param in self.params]
        return self.filled

    def _written(self, param: Any, values: dict[str, Any]) -> Any:
        if not isinstance(param, Slot):
            return param
        return param.output_field.get_db_prep_value(values[param.name], self.connection)

    @property
    def query(self) -> Ready:
        return self

    def get_compiler(self, using: str | None = None) -> Any:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self.queryset, name)


class Insertion:
    """New rows of one model; with `updates`, a row whose `unique` columns are there already changes those fields."""

    MOST = 50
    """Rows in one statement; more go in several."""

    def __init__(self, model: type[Model], *, unique: Sequence[str] = (), updates: Sequence[str] = ()) -> None:
        self.model, self.unique, self.updates = model, unique, updates
        self.fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        self._sql: dict[tuple[str, int], str] = {}

    def insert(self, rows: Sequence[Any]) -> None:
        """Save the unsaved `rows`; each gets its id unless the statement may update. The caller is in a transaction."""
        for start in range(0, len(rows), self.MOST):
            self._insert(rows[start : start + self.MOST])

    def _insert(self, rows: Sequence[Any]) -> None:
        connection = connections["default"]
        sql = self._sql.get((connection.vendor, len(rows)))
        if sql is None:
            sql = self._sql[connection.vendor, len(rows)] = self._compiled(len(rows), connection.ops)
        values = (
            field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in self.fields
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, list(values))
            for row, (pk,) in zip(rows, cursor.fetchall() if not self.updates else (), strict=False):
                row.pk = pk
                row._state.adding, row._state.db = False, connection.alias

    def _compiled(self, count: int, ops: Any) -> str:
        columns = ", ".join(ops.quote_name(field.column) for field in self.fields)
        parts = [f"{ops.insert_statement()} {ops.quote_name(self.model._meta.db_table)} ({columns})"]
        parts.append(ops.bulk_insert_sql(self.fields, [["%s"] * len(self.fields)] * count))
        if self.updates:
            parts.append(
                ops.on_conflict_suffix_sql(
                    self.fields, OnConflict.UPDATE, self._columns(self.updates), self._columns(self.unique)
                )
            )
        else:
            parts.append(ops.return_insert_columns([self.model._meta.pk])[0])
        return " ".join(parts)

    def _columns(self, names: Sequence[str]) -> list[str]:
        return [str(field.column) for field in self.fields if field.name in names]
