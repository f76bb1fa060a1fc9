"""One question as plain data: what is stored with each version, shown, graded and exported."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

BLANK = "＿＿＿＿"
"""The blank of a cloze: always the same length, so that it says nothing about the answer."""

KINDS = ("cloze", "choice", "short_answer", "enumeration", "ordering", "matching")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation: `course.text[start:end] == quote`, inside the unit `sentence`."""

    sentence: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """The answer of another fact of the same pool: recognised in a typed answer and named in the feedback."""

    text: str
    subject: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Distractor:
    """A wrong option or unused response, with the fact of which it is true ("" for a made-up year or ordinal)."""

    text: str
    fact: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything about one version of a question. Stored orders are seeded; indices in answers refer to them.

    `key`: choice, cloze and short answer: a string; enumeration and ordering: a list of strings; matching: a list of
    [premise, response]. `accepted`: for cloze and short answer a list of strings; for enumeration a list parallel to
    the key of lists of other forms; otherwise empty. `facts` of a matching set is parallel to `premises`.
    """

    id: str
    kind: str
    lesson: str
    rule: str
    direction: str
    seed: str
    stem: str
    key: str | list[Any]
    facts: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    options: tuple[str, ...] | None = None
    premises: tuple[str, ...] = ()
    responses: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    accepted: tuple[Any, ...] = ()
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    distractors: tuple[Distractor, ...] = ()
    hints: tuple[str, ...] = ()
    hide_heading: bool = False
    is_closed_list: bool = True
    pool: str = ""
    scope: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-able dict with every field, tuples as lists."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    def canonical(self) -> str:
        """Byte-identical JSON for equal content: sorted keys, no spaces, no escapes."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Content:
        """Inverse of `to_dict`."""
        plain = dict(data)
        for name in ("facts", "premises", "responses", "items", "accepted", "prefixes", "suffixes", "hints"):
            plain[name] = tuple(plain.get(name, ()))
        plain["options"] = None if plain.get("options") is None else tuple(plain["options"])
        plain["evidence"] = tuple(Evidence(**row) for row in plain["evidence"])
        plain["confusions"] = tuple(Confusion(**row) for row in plain.get("confusions", ()))
        plain["distractors"] = tuple(Distractor(**row) for row in plain.get("distractors", ()))
        return cls(**plain)
