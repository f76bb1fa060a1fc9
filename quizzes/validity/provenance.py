"""Rules V01-V06: everything shown can be traced to the pinned text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from quizzes.content import BLANK
from quizzes.validity.findings import ERROR, Problem, item_rule
from quizzes.validity.item import Item
from quizzes.validity.texts import BLANK_RUN, fragments, normal, outside_quotations, quotations, to_source

CONTENT_UNITS = frozenset({"sentence", "heading", "chapter"})
META_UNITS = frozenset({"meta"})
UNDISPLAYED = re.compile(r"[^\x00-\x7f]\s*[,:;!]|[,:;!]\s*[^\x00-\x7f]")
"""An ASCII mark beside a full-width character: the display map was not applied."""


@item_rule("V01", ERROR, _("Each quotation is the text between its offsets, inside the unit that it names."))
def quotation_is_exact(item: Item) -> Iterator[Problem]:
    text = item.bank.knowledge.text
    for evidence in item.content.evidence:
        unit = item.bank.unit_by_id.get(evidence.sentence)
        if unit is None:
            yield Problem(gettext("evidence names an unknown unit %(sentence)s") % {"sentence": evidence.sentence})
        elif not unit.start <= evidence.start < evidence.end <= unit.end:
            yield Problem(
                gettext("evidence %(start)s-%(end)s is outside %(id)s %(first)s-%(last)s")
                % {
                    "start": evidence.start,
                    "end": evidence.end,
                    "id": unit.id,
                    "first": unit.start,
                    "last": unit.end,
                }
            )
        elif text[evidence.start : evidence.end] != evidence.quote:
            yield Problem(gettext("the quotation from %(id)s is not the text at its offsets") % {"id": unit.id})


@item_rule(
    "V02", ERROR, _("Evidence is content of the document, never chrome or licence; title and date for META only.")
)
def evidence_is_content(item: Item) -> Iterator[Problem]:
    is_meta = any(fact.family == "META" for fact in item.facts)
    for evidence in item.content.evidence:
        if evidence.sentence not in item.bank.unit_by_id:
            yield Problem(
                gettext("%(sentence)s is no part of the document's content") % {"sentence": evidence.sentence}
            )
    for unit in item.evidence_units:
        if unit.kind not in CONTENT_UNITS and not (is_meta and unit.kind in META_UNITS):
            yield Problem(gettext("%(id)s (%(kind)s) may not be evidence") % {"id": unit.id, "kind": unit.kind})
    for fact in item.facts:
        if fact.unit not in item.bank.unit_by_id:
            yield Problem(
                gettext("fact %(id)s stands in %(unit)s, which is not a unit of the document")
                % {"id": fact.id, "unit": fact.unit}
            )


@item_rule(
    "V03", ERROR, _("The key is a slice of its evidence, the heading it stands under, or the name of its subject.")
)
def key_has_source(item: Item) -> Iterator[Problem]:
    for key in item.keys:
        if not has_source(item, key):
            yield Problem(
                gettext("the key 「%(key)s」 is neither in the evidence nor a heading or subject of it") % {"key": key}
            )


def has_source(item: Item, key: str) -> bool:
    """Whether a key can be traced: all its verbatim pieces to the evidence, or the whole to a heading or subject."""
    world = item.bank.world
    pieces = fragments(key)
    places = [to_source(unit.text) for unit in item.evidence_units]
    if pieces and any(all(to_source(piece) in to_source(place) for piece in pieces) for place in places):
        return True
    if any(unit.id in world.sections(key) for unit in item.evidence_units):
        return True
    return any(
        normal(key) == normal(fact.subject) or world.ids(key) & world.names.denoted(fact.subject, fact.subject_entity)
        for fact in item.facts
    )


@item_rule(
    "V04", ERROR, _("Shown text differs from the source only by a reversible map of punctuation and by elisions.")
)
def display_is_reversible(item: Item) -> Iterator[Problem]:
    texts = (item.content.stem, *item.shown_texts, *item.keys)
    for text in dict.fromkeys(texts):
        found = UNDISPLAYED.search(text) if item.bank.vocabulary.has_wide_marks else None
        if found:
            yield Problem(
                gettext("half-width punctuation is shown: 「%(text)s」")
                % {"text": text[max(0, found.start() - 6) : found.end() + 6]}
            )
    for text in (*item.content.premises, *item.content.responses, *item.content.items):
        for piece in fragments(text):
            if not item.bank.is_slice(piece) and not is_computed(item, piece):
                yield Problem(gettext("「%(piece)s」 is not in the document") % {"piece": piece})


def is_computed(item: Item, text: str) -> bool:
    """Whether a text names structure instead of quoting: a part of the document, a subject, or a number."""
    world, words = item.bank.world, item.bank.vocabulary
    if normal(text) in world.headings or world.ids(text):
        return True
    if any(normal(text) == normal(fact.subject) for fact in item.facts):
        return True
    return bool(words.number and re.fullmatch(words.number, text)) or bool(
        words.ordinal_scope and re.search(words.ordinal_scope, text)
    )


@item_rule(
    "V05", ERROR, _("A question has facts that exist and evidence for each; a matching set has one fact a pair.")
)
def facts_have_evidence(item: Item) -> Iterator[Problem]:
    content = item.content
    unknown = [id for id in content.facts if id not in item.bank.knowledge.fact_by_id]
    if unknown:
        yield Problem(gettext("unknown facts: %(facts)s") % {"facts": ", ".join(unknown)})
    elif not content.facts:
        yield Problem(gettext("no fact"))
    if not content.evidence:
        yield Problem(gettext("no evidence"))
    shown = {evidence.sentence for evidence in content.evidence}
    for fact in item.facts:
        if fact.unit not in shown:
            yield Problem(
                gettext("fact %(id)s has no evidence (%(unit)s is not quoted)") % {"id": fact.id, "unit": fact.unit}
            )
    if content.kind == "matching" and not len(content.facts) == len(content.premises) == len(content.key):
        yield Problem(gettext("a matching set needs one fact for each premise and pair"))


@item_rule("V06", ERROR, _("What stands in quotation marks or around a blank is in the document, with … where cut."))
def stem_quotes_exactly(item: Item) -> Iterator[Problem]:
    stem = item.content.stem
    for quoted in quotations(stem):
        for piece in fragments(quoted):
            if not item.bank.is_slice(piece) and not item.bank.is_slice(nested(piece)):
                yield Problem(gettext("the quotation 「%(piece)s」 is not in the document") % {"piece": piece})
    own = outside_quotations(stem)
    for found in re.finditer(re.escape(BLANK), own):
        yield from beside_blank(item, own[: found.start()], own[found.end() :])


def nested(piece: str) -> str:
    """A piece whose unbalanced closing mark was cut off at an elision."""
    return piece.strip("「」『』")


def beside_blank(item: Item, before: str, after: str) -> Iterator[Problem]:
    """An unquoted blank must touch verbatim text, or a mark of punctuation, on both sides."""
    left = re.split(r"[\s，。、；：！？…]", BLANK_RUN.split(before)[-1])[-1]
    right = re.split(r"[\s，。、；：！？…]", BLANK_RUN.split(after)[0])[0]
    if left and not any(item.bank.is_slice(left[-n:]) for n in range(2, len(left) + 1)) and len(left) > 1:
        yield Problem(gettext("the text before the blank, 「%(left)s」, does not quote the document") % {"left": left})
    if right and len(right) > 1 and not item.bank.is_slice(right[:2]):
        yield Problem(
            gettext("the text behind the blank, 「%(right)s」, does not quote the document") % {"right": right}
        )
