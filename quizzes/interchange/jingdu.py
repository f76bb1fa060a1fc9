"""Jingdu's own JSON: everything a question carries, and back without loss."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.content import KINDS
from quizzes.interchange.portable import Exported, Parsed, Portable, Refusal, UnreadableBankError

_NAMES = {field.name for field in fields(Portable)}
_TUPLES = ("options", "responses", "accepted", "facts")


def export(questions: Sequence[Portable], title: str) -> Exported:
    """One JSON object {"title", "questions"}, keys sorted."""
    rows = [asdict(question) for question in questions]
    return Exported(
        json.dumps({"title": title, "questions": rows}, ensure_ascii=False, sort_keys=True, indent=1).encode()
    )


def parse(data: bytes) -> Parsed:
    """Read what `export` wrote. Raises UnreadableBankError where the file is not that."""
    try:
        rows = json.loads(data)["questions"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableBankError(_("This is not a question file of Jingdu.")) from error
    taken: list[Portable] = []
    refused: list[Refusal] = []
    for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
        question = _question(row)
        if question is None:
            refused.append(Refusal(str(number), _("A field is missing or of the wrong type.")))
        else:
            taken.append(question)
    return Parsed(tuple(taken), tuple(refused))


def _question(row: Any) -> Portable | None:
    if not isinstance(row, dict) or row.get("kind") not in KINDS or not isinstance(row.get("stem"), str):
        return None
    plain = {name: value for name, value in row.items() if name in _NAMES}
    if not _is_key(plain["kind"], plain.get("key")):
        return None
    for name in _TUPLES:
        value = plain.get(name)
        if value is not None and not isinstance(value, list):
            return None
        if name != "options" or value is not None:
            plain[name] = tuple(value or ())
    strings = all(isinstance(plain.get(name, ""), str) for name in ("id", "lesson", "quote"))
    return Portable(**plain) if strings and isinstance(plain.get("version", 1), int) else None


def _is_key(kind: str, key: Any) -> bool:
    if kind in ("choice", "cloze", "short_answer"):
        return isinstance(key, str) and bool(key)
    if not isinstance(key, list) or not key:
        return False
    if kind == "matching":
        return all(isinstance(pair, list) and len(pair) == 2 and all(isinstance(s, str) for s in pair) for pair in key)
    return all(isinstance(member, str) for member in key)
