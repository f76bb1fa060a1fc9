"""A question as people write it: fields of plain lines, the content they make, and what differs between two contents.

Pure. What follows from the fields (columns, wrong options with the facts of which they are true, what learners may mix
up) is made to fit here, so that a person never has to keep it in step.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from curriculum.knowledge import Fact, Knowledge, Unit
from quizzes.chinese import normal
from quizzes.content import Confusion, Content, Distractor, Evidence
from quizzes.generation.identity import question_id

SEPARATOR = " | "
DIRECTION = "written"
HINTS = {
    "cloze": ("first_character",),
    "short_answer": ("first_character",),
    "choice": ("fifty_fifty",),
    "enumeration": ("first_characters", "one_member"),
}
FEWEST_FOR_FIFTY_FIFTY = 4
LABELS: dict[str, Any] = {
    "stem": _("Question"),
    "options": _("Options, one on each line"),
    "key": _("Right answer"),
    "accepted": _("Also accepted, one on each line"),
    "members": _("Members, one on each line; other forms of a member after |"),
    "steps": _("Steps in the right order, one on each line"),
    "pairs": _("Pairs, one on each line: left | right | key of the fact"),
    "extras": _("Answers on the right that belong to nothing, one on each line"),
    "evidence": _("Evidence"),
    "facts": _("Facts"),
    "hints": _("Hints"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of two wordings, as lines."""

    label: str | Promise
    before: str
    after: str


# Content as lines, and what differs.


def lines(content: Content) -> dict[str, str]:
    """Every field that people edit, as text; only those that the kind has."""
    plain = {"stem": content.stem} | _answer_lines(content)
    plain["evidence"] = "\n".join(SEPARATOR.join((row.sentence, row.quote)) for row in content.evidence)
    plain["facts"] = " ".join(content.facts)
    plain["hints"] = " ".join(content.hints)
    return plain


def _answer_lines(content: Content) -> dict[str, str]:
    if content.kind == "enumeration":
        forms = [*content.accepted, *[()] * len(content.key)]
        rows = [SEPARATOR.join((str(member), *more)) for member, more in zip(content.key, forms, strict=False)]
        return {"members": "\n".join(rows)}
    if content.kind == "ordering":
        return {"steps": "\n".join(content.key)}
    if content.kind == "matching":
        pairs = [SEPARATOR.join((*pair, fact)) for pair, fact in zip(content.key, content.facts, strict=False)]
        return {"pairs": "\n".join(pairs), "extras": "\n".join(extras(content))}
    plain = {"options": "\n".join(content.options or ())} if content.options or content.kind == "choice" else {}
    plain["key"] = str(content.key)
    return plain if content.options else plain | {"accepted": "\n".join(content.accepted)}


def extras(content: Content) -> list[str]:
    """The responses of a matching set that belong to no premise."""
    used = {str(pair[1]) for pair in content.key}
    return [response for response in content.responses if response not in used]


def differences(before: Content, after: Content) -> list[Difference]:
    """The fields in which two wordings of a question differ."""
    old, new = lines(before), lines(after)
    names = [name for name in LABELS if old.get(name, "") != new.get(name, "")]
    return [Difference(LABELS[name], old.get(name, ""), new.get(name, "")) for name in names]


# From fields to content.


def edited(content: Content, *, knowledge: Knowledge | None = None, **changes: Any) -> Content:
    """`content` with these fields, and all that follows from them made to fit.

    The answer of another fact stays known as such even where it is accepted, so that the rules object.
    `extras` (of a matching set): responses that belong to nothing. With `knowledge` the facts of which new wrong
    options are true are looked up.
    """
    spare = changes.pop("extras", None)
    fresh = replace(content, **changes)
    if fresh.kind == "ordering":
        fresh = replace(fresh, items=_steps(fresh))
    if fresh.kind == "matching":
        fresh = replace(fresh, **_columns(fresh, extras(content) if spare is None else spare))
    right = {normal(form) for form in right_forms(fresh)}
    confusions = tuple(row for row in fresh.confusions if normal(row.text) != normal(str(fresh.key)))
    return replace(fresh, confusions=confusions, distractors=_distractors(fresh, right, knowledge))


def right_forms(content: Content) -> list[str]:
    """Every text that counts as right, in part or in whole."""
    if content.kind == "matching":
        return [str(pair[1]) for pair in content.key]
    keys = [content.key] if isinstance(content.key, str) else content.key
    forms = [form for row in content.accepted for form in ([row] if isinstance(row, str) else row)]
    return [*map(str, keys), *map(str, forms)]


def _steps(content: Content) -> tuple[str, ...]:
    """The items to show: as before where they are the same, else in a seeded order that is not the solution."""
    if sorted(content.items) == sorted(content.key):
        return content.items
    order = list(content.key)
    random.Random(f"{content.id}:{content.seed}:items").shuffle(order)
    return tuple(order if order != list(content.key) else order[::-1])


def _columns(content: Content, spare: Sequence[str]) -> dict[str, Any]:
    responses = [*(str(pair[1]) for pair in content.key), *spare]
    if sorted(responses) != sorted(content.responses):
        random.Random(f"{content.id}:{content.seed}:responses").shuffle(responses)
    else:
        responses = list(content.responses)
    return {"premises": tuple(str(pair[0]) for pair in content.key), "responses": tuple(responses)}


def _distractors(content: Content, right: set[str], knowledge: Knowledge | None) -> tuple[Distractor, ...]:
    """What is shown and wrong, each with the fact of which it is true; of typed questions what was there before."""
    if not content.options and content.kind != "matching":
        return tuple(row for row in content.distractors if normal(row.text) not in right)
    known = {row.text for row in content.distractors}
    shown = extras(content) if content.kind == "matching" else content.options or ()
    wrong = [text for text in shown if normal(text) not in right]
    kept = [row for row in content.distractors if row.text in wrong]
    added = [Distractor(text, true_of(text, content, knowledge)) for text in wrong if text not in known]
    return (*kept, *added)


def true_of(text: str, content: Content, knowledge: Knowledge | None) -> str:
    """The id of a fact that says `text`: of the pool of the key first, word for word before as a part; "" if none."""
    if knowledge is None:
        return ""
    others = sorted(
        (fact for fact in knowledge.facts if fact.id not in content.facts), key=lambda fact: fact.pool != content.pool
    )
    plain = normal(text)
    alike = (fact.id for fact in others if plain in map(normal, said(fact)))
    parts = (fact.id for fact in others if any(plain in normal(part) for part in said(fact)))
    return next(alike, "") or next(parts, "")


def said(fact: Fact) -> list[str]:
    """The texts of a fact that can be an answer."""
    left = [fact.left.text] if fact.left else []
    return [fact.text, *left, *(member.text for member in fact.members), fact.subject, *fact.variants]


def written(
    knowledge: Knowledge, kind: str, *, stem: str, facts: Sequence[str], evidence: Sequence[Evidence], **fields: Any
) -> Content:
    """A new question by a person about these facts. `fields` as in `edited`; the same question has the same id."""
    rule = "human." + hashlib.sha256(f"{kind}:{stem}:{fields.get('key')}".encode()).hexdigest()[:12]
    about = [knowledge.fact_by_id[id] for id in facts if id in knowledge.fact_by_id]
    plain = Content(
        id=question_id(kind, DIRECTION, facts, rule),
        kind=kind,
        lesson=knowledge.unit_by_id[evidence[0].sentence].lesson,
        rule=rule,
        direction=DIRECTION,
        seed=DIRECTION,
        stem=stem,
        key=fields.pop("key"),
        facts=tuple(facts),
        evidence=tuple(evidence),
        hide_heading=True,
        pool=_pool(about),
        scope=about[0].scope if about else "",
        is_closed_list=all(fact.closed for fact in about),
    )
    content = edited(plain, knowledge=knowledge, **fields)
    return replace(content, confusions=_confusions(content, about, knowledge), hints=default_hints(content))


def _pool(about: Sequence[Fact]) -> str:
    pools = {fact.pool for fact in about}
    return pools.pop() if len(pools) == 1 else ""


def _confusions(content: Content, about: Sequence[Fact], knowledge: Knowledge) -> tuple[Confusion, ...]:
    """The answers of other facts of the pool, for a question whose answer is one of that pool."""
    if content.options or content.kind not in ("cloze", "short_answer") or not content.pool:
        return ()
    if normal(str(content.key)) not in {normal(fact.text) for fact in about}:
        return ()
    right = {normal(form) for form in right_forms(content)}
    others = (fact for fact in knowledge.facts if fact.pool == content.pool and fact not in about and not fact.members)
    found = {normal(fact.text): Confusion(fact.text, fact.subject, fact.unit) for fact in others}
    return tuple(confusion for plain, confusion in sorted(found.items()) if plain not in right)


def default_hints(content: Content) -> tuple[str, ...]:
    """The hints that a question of this kind can offer."""
    if content.options:
        return HINTS["choice"] if len(content.options) >= FEWEST_FOR_FIFTY_FIFTY else ()
    return HINTS.get(content.kind, ())


# Evidence.


def whole(unit: Unit) -> Evidence:
    """A unit as evidence for what it says."""
    return Evidence(unit.id, unit.start, unit.end, unit.text)


def quoted(unit: Unit, quote: str = "") -> Evidence | None:
    """`quote` (by default the whole unit) as evidence; None where it does not stand in the unit word for word."""
    at = unit.text.find(quote)
    if at < 0:
        return None
    start = unit.start + at
    return Evidence(unit.id, start, start + len(quote or unit.text), quote or unit.text)


def facts_in(knowledge: Knowledge, sentences: Iterable[str]) -> list[Fact]:
    """The facts that stand in these units, in the order of the document."""
    wanted = set(sentences)
    return sorted((fact for fact in knowledge.facts if fact.unit in wanted), key=lambda fact: (fact.start, fact.id))
