"""Rule V18: a resolver that sees only facts, what is asked and the options must find the key, and grading agrees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from quizzes.chinese import fold
from quizzes.content import BLANK
from quizzes.validity.asks import Target, asks_of, true_options
from quizzes.validity.context import quoted_part
from quizzes.validity.findings import ERROR, Problem, item_rule
from quizzes.validity.item import Item
from quizzes.validity.texts import fragments, normal, quotations

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
"""ASCII to its full-width twin: what an input method in full-width mode types."""
RIGHT, WRONG, NONE = "correct", "wrong", "blank"


class Gradable(Protocol):
    """What the self-check needs of a kind of question."""

    def read(self, content: Any, data: Any) -> Any: ...

    def grade(self, content: Any, answer: Any) -> Any: ...


@item_rule("V18", ERROR, _("From facts and options alone the key follows; key and variants grade right, others wrong."))
def key_follows(item: Item) -> Iterator[Problem]:
    resolvers = {
        "matching": resolve_matching,
        "enumeration": resolve_list,
        "ordering": resolve_order,
    }
    yield from resolvers.get(item.content.kind, resolve_single)(item)
    yield from undeclared_forms(item)
    kind = item.bank.kinds.get(item.content.kind)
    if kind is not None:
        yield from self_check(item, kind)


def resolve_single(item: Item) -> Iterator[Problem]:
    """A blank must be filled to a text of the document, else the key must be provable from a fact."""
    if BLANK in item.content.stem and not restores_document(item):
        yield Problem(gettext("the blank filled with the key does not give back the document"))
    for ask in asks_of(item):
        if ask.target is Target.NONE:
            yield Problem(gettext("the key 「%(key)s」 is no part of %(id)s") % {"key": item.key, "id": ask.fact.id})
        elif BLANK not in item.content.stem and item.key not in true_options(ask, [item.key], item.bank.world):
            yield Problem(gettext("「%(key)s」 does not follow from the facts") % {"key": item.key})


def restores_document(item: Item) -> bool:
    """Whether the text around the blanks, filled with the key or with the list it is taken from, is in the document."""
    text = quoted_part(item.content.stem)
    fillings = [list(item.keys) * (text.count(BLANK) if len(item.keys) == 1 else 1)]
    if item.is_choice:
        fillings += [[fact.text] for fact in item.facts if normal(item.key) in normal(fact.text)]
    return any(is_verbatim(item, text, filling) for filling in fillings)


def is_verbatim(item: Item, text: str, filling: list[str]) -> bool:
    """Whether every filled piece of the text stands in the document, words of the template before or behind aside."""
    for part in filling:
        text = text.replace(BLANK, part, 1)
    around = [piece for piece in fragments(text) if any(normal(part) in normal(piece) for part in filling)]
    is_quoted = BLANK in "".join(quotations(item.content.stem))
    return bool(around) and all(stands(item, normal(piece), filling, is_quoted=is_quoted) for piece in around)


def stands(item: Item, piece: str, filling: list[str], *, is_quoted: bool) -> bool:
    """Whether a piece is in the document; of an unquoted one at least the filling with what stands beside it."""
    text = item.bank.normal_text
    if piece in text or is_quoted:
        return piece in text
    at = piece.find(normal(filling[0]))
    behind = at + len(normal(filling[0]))
    return any(piece[start:behind] in text for start in range(at)) or piece[at : behind + 2] in text


def resolve_matching(item: Item) -> Iterator[Problem]:
    """Each premise must have exactly its own response among those shown."""
    for ask, premise, key in zip(asks_of(item), item.content.premises, item.keys, strict=False):
        found = true_options(ask, item.content.responses, item.bank.world)
        if key not in found:
            yield Problem(
                gettext("「%(key)s」 does not follow for 「%(premise)s」 from %(id)s")
                % {"key": key, "premise": premise, "id": ask.fact.id}
            )
        elif len(found) > 1:
            yield Problem(
                gettext("「%(premise)s」 has %(n)s responses") % {"premise": premise, "n": len(found)},
                {"responses": sorted(found)},
            )


def undeclared_forms(item: Item) -> Iterator[Problem]:
    """A problem for each accepted form that is neither declared, nor quoted, nor the key with an affix or as a number.

    Exchanging one conjunction for another inside a word makes such forms.
    """
    forms = item.content.accepted
    if item.content.kind == "enumeration":
        forms = tuple(form for row in item.content.accepted for form in row)
    known = known_forms(item)
    digits = item.bank.vocabulary.numerals + "0123456789"
    for form in map(str, forms):
        plain = normal(form)
        is_declared = any(plain in text for text in known)
        if is_declared or plain in item.bank.normal_text or any(char in digits for char in plain):
            continue
        yield Problem(
            gettext("nobody declared that 「%(form)s」 may stand for 「%(key)s」") % {"form": form, "key": item.key}
        )


def known_forms(item: Item) -> frozenset[str]:
    """Normal forms of the answers that the course itself gives for the question's facts, with declared affixes."""
    names = item.bank.knowledge.entity_by_id
    texts = [*item.keys, *(form for fact in item.facts for form in (fact.text, fact.subject, *fact.variants))]
    texts += [form for fact in item.facts for m in (*fact.members, *fact.anchors) for form in (m.text, *m.variants)]
    texts += [n for fact in item.facts if fact.subject_entity in names for n in names[fact.subject_entity].aliases]
    fronts, ends = ("", *item.content.prefixes), ("", *item.content.suffixes)
    return frozenset(normal(front + text + end) for text in texts for front in fronts for end in ends)


def resolve_list(item: Item) -> Iterator[Problem]:
    """The members must be those of one fact, or the objects of the facts named."""
    listed = {normal(member.text) for fact in item.facts for member in fact.members}
    objects = {normal(fact.text) for fact in item.facts}
    for key in item.keys:
        if normal(key) not in listed | objects:
            yield Problem(gettext("「%(key)s」 is not a member that the facts list") % {"key": key})


def resolve_order(item: Item) -> Iterator[Problem]:
    """The key must follow the places of its items in the document, and show them in another order."""
    starts = [place_of(item, key) for key in item.keys]
    if -1 in starts:
        yield Problem(gettext("an item of the order has no place in the facts"))
    elif starts != sorted(starts):
        yield Problem(gettext("the key is not the order of the document"))
    if sorted(item.content.items) != sorted(item.keys):
        yield Problem(gettext("the items shown are not those of the key"))
    elif list(item.content.items) == list(item.keys):
        yield Problem(gettext("the items are shown in the right order"))


def place_of(item: Item, text: str) -> int:
    """Offset at which a fact gives the item, -1 when none does."""
    for fact in item.facts:
        for span in fact.members:
            if normal(span.text) == normal(text):
                return span.start
        if normal(text) in (normal(fact.text), normal(fact.subject)):
            return fact.start
    return -1


def self_check(item: Item, kind: Gradable) -> Iterator[Problem]:
    """Grade the key, its variants, other ways to write it, the distractors and nothing at all."""
    for name, data, verdict in trials(item):
        try:
            outcome = kind.grade(item.content, kind.read(item.content, data))
        except ValueError as error:
            yield Problem(
                gettext("%(name)s cannot be answered: %(error)s") % {"name": name, "error": type(error).__name__}
            )
            continue
        if outcome.verdict != verdict and not (verdict == WRONG and outcome.score == 0 and outcome.verdict != NONE):
            yield Problem(
                gettext("%(name)s is graded %(verdict)s, not %(expected)s")
                % {"name": name, "verdict": outcome.verdict, "expected": verdict},
                {"rule": outcome.rule},
            )


def trials(item: Item) -> Iterator[tuple[str, dict[str, Any], str]]:
    """(what is tried, posted data, verdict expected) for one question."""
    kind = item.content.kind
    if item.is_choice:
        yield from choice_trials(item)
    elif item.is_typed:
        yield from typed_trials(item)
    elif kind == "enumeration":
        yield from list_trials(item)
    elif kind == "ordering":
        yield "the key", places(item, item.keys), RIGHT
        yield "nothing", {}, NONE
    elif kind == "matching":
        yield "the key", pairs(item), RIGHT
        yield "nothing", {}, NONE


def choice_trials(item: Item) -> Iterator[tuple[str, dict[str, Any], str]]:
    for at, option in enumerate(item.content.options or ()):
        is_key = normal(option) == normal(item.key)
        yield f"option 「{option}」", {"choice": str(at)}, RIGHT if is_key else WRONG
    yield "nothing", {}, NONE


def typed_trials(item: Item) -> Iterator[tuple[str, dict[str, Any], str]]:
    for form in (item.key, *map(str, item.content.accepted)):
        for name, text in written(form):
            yield f"{name} 「{text}」", {"text": text}, RIGHT
    for rival in item.content.confusions:
        yield f"the confusion 「{rival.text}」", {"text": rival.text}, WRONG
    yield "nothing", {"text": ""}, NONE


def written(form: str) -> tuple[tuple[str, str], ...]:
    """Ways to write one answer that must all count: as given, Simplified, full width, with spaces and a full stop."""
    return (
        ("the answer", form),
        ("in Simplified characters", fold(form)),
        ("in full width", form.translate(WIDE)),
        ("with spaces", f" {form}。"),
    )


def list_trials(item: Item) -> Iterator[tuple[str, dict[str, Any], str]]:
    yield "the key", {"text": "、".join(item.keys)}, RIGHT
    yield "the key backwards, a line each", {"text": "\n".join(reversed(item.keys))}, RIGHT
    yield "in Simplified characters", {"text": "、".join(map(fold, item.keys))}, RIGHT
    for at, forms in enumerate(item.content.accepted):
        for form in forms:
            yield f"the form 「{form}」", {"text": "\n".join([*item.keys[:at], form, *item.keys[at + 1 :]])}, RIGHT
    yield "nothing", {"text": ""}, NONE


def places(item: Item, order: tuple[str, ...]) -> dict[str, str]:
    """Posted data that put the items into an order."""
    return {f"place_{at}": str(order.index(text) + 1) for at, text in enumerate(item.content.items) if text in order}


def pairs(item: Item) -> dict[str, str]:
    """Posted data that pair every premise with its response."""
    responses = list(item.content.responses)
    return {f"pair_{at}": str(responses.index(key)) for at, key in enumerate(item.keys) if key in responses}
