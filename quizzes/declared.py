"""What people accepted as another form of an answer counts as declared, as if the course itself had said so. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from curriculum.knowledge import Fact, Knowledge, Member
from quizzes.chinese import normal
from quizzes.content import Content


def with_declared(knowledge: Knowledge, contents: Iterable[Content]) -> Knowledge:
    """`knowledge` with the accepted forms of these questions declared where their answers come from."""
    forms: dict[str, list[tuple[str, Sequence[str]]]] = {}
    for content in contents:
        for fact in content.facts:
            forms.setdefault(fact, []).extend(accepted(content))
    if not any(row for rows in forms.values() for _key, row in rows):
        return knowledge
    return replace(knowledge, facts=tuple(_declared(fact, forms.get(fact.id, ())) for fact in knowledge.facts))


def accepted(content: Content) -> Iterator[tuple[str, Sequence[str]]]:
    """Each right answer with the other forms that count for it."""
    if content.kind == "enumeration":
        yield from ((str(key), row) for key, row in zip(content.key, content.accepted, strict=False))
    elif isinstance(content.key, str):
        yield content.key, content.accepted


def _declared(fact: Fact, rows: Sequence[tuple[str, Sequence[str]]]) -> Fact:
    for key, forms in rows:
        if not forms:
            continue
        if any(normal(part.text) == normal(key) for part in (*fact.members, *fact.anchors)):
            anchors, members = (_parts(parts, key, forms) for parts in (fact.anchors, fact.members))
            fact = replace(fact, anchors=anchors, members=members)
        else:
            fact = replace(fact, variants=_joined(fact.variants, forms))
    return fact


def _parts(members: Sequence[Member], key: str, forms: Sequence[str]) -> tuple[Member, ...]:
    return tuple(
        replace(member, variants=_joined(member.variants, forms)) if normal(member.text) == normal(key) else member
        for member in members
    )


def _joined(known: Sequence[str], forms: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *forms)))
