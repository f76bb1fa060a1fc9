"""Tables of Simplified Chinese, made from those of Traditional: the same words in the other script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from curriculum.script import simplified

Table = TypeVar("Table")


def in_simplified(table: Table) -> Table:
    """A copy of a frozen dataclass, or of nested tuples, sets and mappings, with all text in Simplified characters."""
    return _converted(table)  # type: ignore[no-any-return]


def _converted(value: Any) -> Any:
    if isinstance(value, str):
        return simplified(value)
    if isinstance(value, tuple | frozenset | list):
        return type(value)(_converted(part) for part in value)
    if isinstance(value, Mapping):
        return {_converted(name): _converted(part) for name, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _converted(getattr(value, field.name)) for field in fields(value)})
    return value
