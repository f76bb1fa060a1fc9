"""The rules of xAPI 1.0.3 (Experience API, part two: data) that bear on what we write, as a record store applies them.

Written from the specification: 2.2 formatting, 2.4.1 id, 2.4.2 actor, 2.4.3 verb, 2.4.4 object, 2.4.5 result,
2.4.6 context, 2.4.7 timestamp, 4.1-4.6 data types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
DURATION = re.compile(r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
STATEMENT = {"id", "actor", "verb", "object", "result", "context", "timestamp"}
IDENTIFIERS = {"mbox", "mbox_sha1sum", "openid", "account"}
RESULT = {"score", "success", "completion", "response", "duration", "extensions"}
CONTEXT = {"registration", "contextActivities", "platform", "language", "extensions"}
DEFINITION = {"name", "description", "type", "moreInfo", "extensions"}


def broken(statement: dict[str, Any]) -> list[str]:
    """Which rules a statement breaks; none for one that a store takes."""
    return list(_broken(statement))


def _broken(found: dict[str, Any]) -> Iterator[str]:
    if holds_null(found):
        yield "2.2: null"
    if not {"actor", "verb", "object"} <= found.keys() <= STATEMENT:
        yield "2.4: properties"
    if str(UUID(found["id"])) != found["id"]:
        yield "2.4.1: id is no UUID in its usual form"
    yield from _actor(found["actor"])
    if found["verb"].keys() - {"id", "display"} or not is_iri(found["verb"]["id"]):
        yield "2.4.3: verb"
    yield from _map(found["verb"].get("display", {}))
    yield from _activity(found["object"])
    yield from _result(found.get("result", {}))
    yield from _context(found.get("context", {}))
    if datetime.fromisoformat(found["timestamp"]).tzinfo is None:
        yield "4.5: timestamp without a zone"


def _actor(actor: dict[str, Any]) -> Iterator[str]:
    if len(actor.keys() & IDENTIFIERS) != 1:
        yield "2.4.2: exactly one identifier"
    if actor.keys() - IDENTIFIERS - {"objectType", "name"} or actor.get("objectType", "Agent") != "Agent":
        yield "2.4.2: agent"
    account = actor.get("account", {})
    if (
        account.keys() != {"homePage", "name"}
        or not is_iri(account["homePage"])
        or not isinstance(account["name"], str)
    ):
        yield "2.4.2.4: account"


def _activity(activity: dict[str, Any]) -> Iterator[str]:
    if activity.keys() - {"objectType", "id", "definition"} or activity.get("objectType", "Activity") != "Activity":
        yield "2.4.4.1: activity"
    if not is_iri(activity["id"]):
        yield "2.4.4.1: id is no IRI"
    definition = activity.get("definition", {})
    if definition.keys() - DEFINITION or not is_iri(definition.get("type", "http://x.y/")):
        yield "2.4.4.1: definition"
    if not all(map(is_iri, definition.get("extensions", {}))):
        yield "4.1: extensions"
    yield from _map(definition.get("name", {}))


def _result(result: dict[str, Any]) -> Iterator[str]:
    if result.keys() - RESULT:
        yield "2.4.5: result"
    if not -1 <= result.get("score", {}).get("scaled", 0) <= 1:
        yield "2.4.5.1: scaled"
    if any(not isinstance(result.get(name, True), bool) for name in ("success", "completion")):
        yield "2.4.5: truth values"
    if not isinstance(result.get("response", ""), str):
        yield "2.4.5: response"
    if not DURATION.fullmatch(result.get("duration", "PT1S")):
        yield "4.6: duration"


def _context(context: dict[str, Any]) -> Iterator[str]:
    if context.keys() - CONTEXT:
        yield "2.4.6: context"
    UUID(context["registration"])
    activities = context["contextActivities"]
    if activities.keys() - {"parent", "grouping", "category", "other"}:
        yield "2.4.6.2: context activities"
    for row in activities.values():
        for activity in row:
            yield from _activity(activity)
    if not LANGUAGE.fullmatch(context["language"]):
        yield "2.4.6: language"


def _map(words: dict[str, str]) -> Iterator[str]:
    if not all(LANGUAGE.fullmatch(tag) and isinstance(word, str) for tag, word in words.items()):
        yield "4.2: language map"


def is_iri(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme and parts.netloc) and not re.search(r"[\s<>\"{}|\\^`]", text)


def holds_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(holds_null, value.values()))
    return any(map(holds_null, value)) if isinstance(value, list) else value is None
