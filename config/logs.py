"""Logs as JSON lines: when, what, in which request. Never a name, an address, an answer, a token or a query string.

One line is one object: `time` (UTC), `level`, `logger`, `message`, `request_id` where there is a request, the fields of
`extra={"event": {...}}`, and for an exception its type and where it was raised. The words of an exception may quote
what a person typed, so they are left out unless DEBUG is on.
"""

from __future__ import annotations

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import ResolverMatch

request_id: ContextVar[str] = ContextVar("request_id", default="")

MASK = "…"
PLAIN_SEGMENT = 24  # characters: a longer segment of an unknown path may be a key that somebody mistyped


def loggable_path(request: HttpRequest) -> str:
    """The path with numbers filled in and every other part as the pattern names it; an unknown path with its long,
    odd segments masked."""
    match: ResolverMatch | None = getattr(request, "resolver_match", None)
    if match is not None:
        shown = str(match.route)
        for name, value in match.kwargs.items():
            if isinstance(value, int):
                shown = shown.replace(f"<int:{name}>", str(value))
        return f"/{shown}"
    parts = request.path_info.split("/")[:8]
    return "/".join(part if len(part) <= PLAIN_SEGMENT and _is_plain(part) else MASK for part in parts)


def _is_plain(part: str) -> bool:
    return not part or (part.isascii() and part.replace("-", "").replace("_", "").replace(".", "").isalnum())


class JsonLines(logging.Formatter):
    """`json.dumps` keeps a record on one line, whatever a path or a name contains."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message_of(record),
        }
        request = getattr(record, "request", None)
        if reference := getattr(request, "reference", "") or request_id.get():
            line["request_id"] = reference
        line |= getattr(record, "event", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = described(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)

    @staticmethod
    def message_of(record: logging.LogRecord) -> str:
        """The message; Django puts the path into those about a request, which is not said unmasked."""
        request = getattr(record, "request", None)
        if not isinstance(request, HttpRequest) or not isinstance(record.args, tuple):
            return record.getMessage()
        as_given = (request.path, request.path.encode("unicode_escape").decode("ascii"))
        args = tuple(loggable_path(request) if arg in as_given else arg for arg in record.args)
        return str(record.msg) % args if args else str(record.msg)


def described(error: BaseException) -> dict[str, Any]:
    """The type of an exception, of those behind it, and the lines of code it came through, innermost last."""
    chain: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in chain:
        chain.append(step)
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    types = [f"{type(each).__module__}.{type(each).__qualname__}" for each in chain]
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"types": types, "where": where} | ({"words": str(error)} if settings.DEBUG else {})
