"""Rules V79 and V80: the same input makes the same bank, byte for byte, and ids outlive a regeneration.

These need a generator, not a bank, so they are functions for tests and commands; of V80 the part that a bank alone
can show is a rule. V82, the check of the checks, is in the tests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from curriculum.knowledge import Knowledge
from quizzes.content import Content
from quizzes.validity.findings import ERROR, RULES, Finding, Problem, Rule, bank_rule
from quizzes.validity.item import Bank

RULES.append(
    Rule("V79", ERROR, _("The same input gives the same bank, byte for byte, whatever the order of its facts."))
)
RULES.append(Rule("V82", ERROR, _("Every known flaw planted into a good bank is found, and no fault in a good bank.")))

Generate = Callable[[Knowledge], Sequence[Content]]


def stable_id(content: Content) -> str:
    """sha1(kind:direction:sorted facts:template), 12 hex digits: neither wording nor options are part of it."""
    name = f"{content.kind}:{content.direction}:{','.join(sorted(content.facts))}:{content.rule}"
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:12]


def bank_digest(contents: Iterable[Content]) -> str:
    """sha256 of the canonical JSON of a bank, ordered by id: equal exactly for equal banks."""
    lines = "\n".join(content.canonical() for content in sorted(contents, key=lambda content: content.id))
    return hashlib.sha256(lines.encode()).hexdigest()


def unlike_orders(knowledge: Knowledge) -> Knowledge:
    """The same knowledge as an unordered database might give it: facts, entities, units and passages reversed."""
    return replace(
        knowledge,
        facts=knowledge.facts[::-1],
        entities=knowledge.entities[::-1],
        units=knowledge.units[::-1],
        passages=knowledge.passages[::-1],
    )


def determinism(generate: Generate, knowledge: Knowledge) -> list[Finding]:
    """V79: findings when two runs, or a run on knowledge in another order, give another bank.

    Independence of the hash seed needs another process: compare `bank_digest` there.
    """
    first = bank_digest(generate(knowledge))
    found = []
    if bank_digest(generate(knowledge)) != first:
        found.append(Finding("V79", ERROR, "", "two runs give different banks"))
    if bank_digest(generate(unlike_orders(knowledge))) != first:
        found.append(Finding("V79", ERROR, "", "the bank depends on the order in which facts are read"))
    return found


def changed_identities(before: Sequence[Content], after: Sequence[Content]) -> dict[str, list[str]]:
    """V80: ids "gone", "new" and "changed" (same id, other key or evidence: a new version, statistics start afresh)."""
    old, new = {c.id: c for c in before}, {c.id: c for c in after}
    changed = [id for id in old if id in new and (old[id].key, old[id].evidence) != (new[id].key, new[id].evidence)]
    return {"gone": sorted(set(old) - set(new)), "new": sorted(set(new) - set(old)), "changed": sorted(changed)}


@bank_rule("V80", ERROR, _("The id of a question follows from kind, direction, facts and template, and is unique."))
def ids_are_stable(bank: Bank) -> Iterator[Problem]:
    seen = set[str]()
    for content in bank.contents:
        if content.id != stable_id(content):
            yield Problem(
                gettext("the id should be %(stable_id)s") % {"stable_id": stable_id(content)}, question=content.id
            )
        if content.id in seen:
            yield Problem(gettext("two questions have this id"), question=content.id)
        seen.add(content.id)
