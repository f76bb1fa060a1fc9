"""Statements put together once: a QuerySet whose SQL is kept, so that a later run only fills in its parameters.

For the few statements that every request or every answer sends. Django builds and compiles a query anew each time it is
asked, which for these takes longer than the database takes to answer. What a statement asks is still said in the ORM,
and its rows are what the QuerySet would give.

    ITEM = Statement(lambda: Item.objects.filter(owner=Slot("owner", IntegerField())).select_related("version"))
    ITEM.rows(owner=7)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
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
        self._ready: WeakKeyDictionary[BaseDatabaseWrapper, Ready] = WeakKeyDictionary()

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
        connection = connections["default"]
        ready = self._ready.get(connection)
        if ready is None:
            ready = self._ready[connection] = Ready(self.build(), self.changes, connection)
        return ready


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
