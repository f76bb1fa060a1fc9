"""How far the rules bend for people: forms they accepted count as declared, their own words only warn. Pure.

No other rule bends: a person's question must be as true, as fair and as free of cues as a generated one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from curriculum.knowledge import Fact, Knowledge, Member
from quizzes.chinese import normal
from quizzes.content import Content
from quizzes.validity import ERROR, WARNING, Finding

OWN_WORDS = "V78"
"""The rule that holds a generator to the words it was given; a person may say it in other words, with a reason."""


def with_declared(knowledge: Knowledge, contents: Iterable[Content]) -> Knowledge:
    """`knowledge` with the accepted forms of these questions declared where their answers come from."""
    forms: dict[str, list[tuple[str, Sequence[str]]]] = {}
    for content in contents:
        for fact in content.facts:
            forms.setdefault(fact, []).extend(accepted(content))
    if not any(row for rows in forms.values() for _key, row in rows):
        return knowledge
    return replace(knowledge, facts=tuple(_declared(fact, forms.get(fact.id, ())) for fact in knowledge.facts))


def eased(findings: Iterable[Finding], by_people: Collection[str]) -> list[Finding]:
    """The findings, errors first; that a question of these ids uses words of its own is a warning only."""
    bent = [
        replace(finding, severity=WARNING) if finding.rule == OWN_WORDS and finding.question in by_people else finding
        for finding in findings
    ]
    return sorted(bent, key=lambda finding: finding.severity != ERROR)


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
