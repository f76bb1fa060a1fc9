"""A question of a file beside the bank: what it would change in a question that is known, or be as a new one. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from curriculum.knowledge import Fact, Knowledge
from quizzes.chinese import normal
from quizzes.content import Content, Evidence
from quizzes.interchange import Portable
from quizzes.wording import edited, extras, said, written

MOST_CHARACTERS = 2_000
BETWEEN_QUOTES = " / "


class RefusedError(ValueError):
    """Why a question of a file cannot be taken."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


def is_sound(question: Portable) -> bool:
    """Whether every field holds texts where texts belong: a file may hold anything."""
    rows = [*(question.accepted if question.kind == "enumeration" else [question.accepted])]
    if not all(isinstance(row, list | tuple) for row in rows) or len(rows) > max(len(question.key), 1):
        return False
    keys = [question.key] if isinstance(question.key, str) else question.key
    flat = [text for key in keys for text in (key if isinstance(key, list | tuple) else [key])]
    flat += [form for row in rows for form in row]
    flat += [*(question.options or ()), *question.responses, *question.facts]
    flat += [question.id, question.lesson, question.stem, question.quote]
    return all(isinstance(text, str) and len(text) <= MOST_CHARACTERS and _is_text(text) for text in flat)


def _is_text(text: str) -> bool:
    """Without what a database cannot keep: NUL and halves of surrogate pairs."""
    return not any(char == "\0" or unicodedata.category(char) == "Cs" for char in text)


# A question that is known: what the file says differently.


def changed(content: Content, question: Portable, knowledge: Knowledge, format: str) -> Content:
    """`content` with the wording of the file; equal to `content` where only what the format cannot carry is lacking.

    Raises RefusedError.
    """
    if bool(content.options) != bool(question.options) or _shape(content.kind) != _shape(question.kind):
        raise RefusedError(_("The question with this id is of another kind."))
    changes: dict[str, Any] = {}
    if _line(question.stem) != _line(content.stem):
        changes["stem"] = question.stem
    if _plain(question.key) != _plain(content.key):
        changes["key"] = question.key
    if content.options and _plain(question.options) != _plain(content.options):
        changes["options"] = question.options
    if not content.options and _forms(question.accepted) != _forms(content.accepted):
        changes["accepted"] = question.accepted
    if content.kind == "matching":
        changes |= _pairs(content, question, format)
    return edited(content, knowledge=knowledge, **changes) if changes else content


def _pairs(content: Content, question: Portable, format: str) -> dict[str, Any]:
    """GIFT has no place for responses to spare: those the question has stay."""
    if len(question.key) != len(content.key):
        raise RefusedError(_("The number of pairs differs; edit the question here instead."))
    used = {str(pair[1]) for pair in question.key}
    spare = [response for response in question.responses if response not in used]
    if format == "gift" or sorted(map(_line, spare)) == sorted(map(_line, extras(content))):
        spare = extras(content)
    return {"extras": spare}


def _shape(kind: str) -> str:
    return "typed" if kind in ("cloze", "short_answer", "choice") else kind


def _line(text: object) -> str:
    return " ".join(str(text).split())


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _line(value)
    return [_plain(part) for part in value] if value is not None else None


def _forms(accepted: Sequence[Any]) -> list[Any]:
    rows = [_plain(row) for row in accepted]
    return rows if any(rows) else []


# A question that is new: where the document says so.


def new(question: Portable, knowledge: Knowledge) -> Content:
    """The content of a question made elsewhere. Raises RefusedError."""
    evidence = _evidence(question.quote, knowledge)
    facts = _facts(question, knowledge, {row.sentence for row in evidence})
    fields: dict[str, Any] = {"key": question.key}
    if question.options:
        fields["options"] = question.options
    elif question.kind in ("cloze", "short_answer", "enumeration"):
        fields["accepted"] = question.accepted
    if question.kind == "matching":
        used = {str(pair[1]) for pair in question.key}
        fields["extras"] = [response for response in question.responses if response not in used]
    return written(knowledge, question.kind, stem=question.stem, facts=facts, evidence=evidence, **fields)


def _evidence(quote: str, knowledge: Knowledge) -> list[Evidence]:
    """Each quotation where it stands in the document. Raises RefusedError."""
    if not quote.strip():
        raise RefusedError(_("It quotes nothing: put the sentence of the document into its general feedback."))
    return [_place(part.strip(), knowledge) for part in quote.split(BETWEEN_QUOTES) if part.strip()]


def _place(quote: str, knowledge: Knowledge) -> Evidence:
    for unit in knowledge.units:
        at = unit.text.find(quote)
        if at >= 0:
            return Evidence(unit.id, unit.start + at, unit.start + at + len(quote), quote)
    raise RefusedError(_("“%(quote)s” does not stand in the document.") % {"quote": quote[:80]})


def _facts(question: Portable, knowledge: Knowledge, sentences: set[str]) -> list[str]:
    """The facts asked about: those named, else those of the quoted sentences that say the key. Raises RefusedError."""
    here = [fact for fact in knowledge.facts if fact.unit in sentences]
    if not here:
        raise RefusedError(_("No fact of the course stands in the quoted sentence."))
    if question.facts:
        known = {fact.id for fact in here}
        if not known.issuperset(question.facts):
            raise RefusedError(_("A fact that it names does not stand in the quoted sentence."))
        return list(question.facts)
    if question.kind == "matching":
        return [_fact_of_pair(str(pair[0]), str(pair[1]), here) for pair in question.key]
    keys = [question.key] if isinstance(question.key, str) else [str(key) for key in question.key]
    saying = [fact.id for fact in here if any(_says(fact, key) for key in keys)]
    return saying[:1] if saying else [here[0].id]


def _fact_of_pair(premise: str, response: str, here: Sequence[Fact]) -> str:
    rated = [(_says(fact, response) + _says(fact, premise), fact.id) for fact in here]
    best = max(rated, key=lambda row: row[0])
    if not best[0]:
        raise RefusedError(_("No fact of the quoted sentences says “%(text)s”.") % {"text": response})
    return best[1]


def _says(fact: Fact, text: str) -> bool:
    return normal(text) in map(normal, said(fact))
