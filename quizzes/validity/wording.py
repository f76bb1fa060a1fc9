"""Rules V75-V78 and V81: short, positive, neutral stems made of the document's words and a few of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from quizzes.generation.measures import HAN, is_latin, text_length
from quizzes.validity.findings import ERROR, WARNING, Problem, item_rule
from quizzes.validity.item import Item
from quizzes.validity.texts import ELISION, fragments, normal, outside_quotations, quotations, squeeze

LONGEST_STEM, LONGEST_QUESTION = 60, 160
RUN = re.compile(f"[{HAN}0-9A-Za-z]+")
FOREIGN_RUN = re.compile(r"[A-Za-z]{2,}")
SHORTEST_SLICE = 2
"""A single character of the document proves nothing about a word."""


@item_rule("V75", WARNING, _("A stem has at most 60 characters, a question with its options at most 160."))
def question_is_short(item: Item) -> Iterator[Problem]:
    if item.content.kind not in ("cloze", "matching") and text_length(item.content.stem) > LONGEST_STEM:
        yield Problem(gettext("the stem has %(length)s characters") % {"length": text_length(item.content.stem)})
    if item.content.kind == "choice" and item.length > LONGEST_QUESTION:
        yield Problem(gettext("the question has %(length)s characters") % {"length": item.length})


@item_rule("V76", ERROR, _("Stems are positive: never which one is not, false, or except."))
def stem_is_positive(item: Item) -> Iterator[Problem]:
    own = outside_quotations(item.content.stem).casefold()
    found = next((word for word in item.bank.vocabulary.negatives if word in own), "")
    if found:
        yield Problem(gettext("the stem asks by negation: 「%(word)s」") % {"word": found.strip()})


@item_rule("V77", ERROR, _("A stem is attributed to the document, values nothing and asks for no opinion."))
def stem_is_neutral(item: Item) -> Iterator[Problem]:
    words, own = item.bank.vocabulary, outside_quotations(item.content.stem).casefold()
    stem = item.content.stem.casefold()
    scopes = [lesson.scope.casefold() for lesson in item.bank.knowledge.lessons if lesson.scope]
    attributed = any(word in stem for word in (*words.attribution, *scopes))
    if words.attribution and not attributed and not (item.content.scope and item.content.scope in item.content.stem):
        yield Problem(gettext("the stem does not say that the document says so"))
    foreign = " ".join(not_quoted(item, own))
    value = next((word for word in words.evaluative if word in foreign), "")
    if value:
        yield Problem(gettext("the stem values or asks for an opinion: 「%(value)s」") % {"value": value})


def not_quoted(item: Item, own: str) -> list[str]:
    """The author's own clauses that are not verbatim from the document."""
    clauses = re.split(r"[\s，。、；：！？?…]+", own)
    return [clause for clause in clauses if clause and squeeze(clause) not in item.bank.plain_text]


@item_rule(
    "V78", ERROR, _("Every run of a stem is made of words of the document and the fixed words of the templates.")
)
def stem_uses_known_words(item: Item) -> Iterator[Problem]:
    for run in RUN.findall(without_quoted(item)) if item.bank.has_template_words else ():
        rest = uncovered(run, item)
        if rest:
            yield Problem(
                gettext("「%(rest)s」 in 「%(run)s」 is neither in the document nor a template word")
                % {"rest": rest, "run": run},
                {"run": run},
            )


def without_quoted(item: Item) -> str:
    """The stem with quotations left out: rule V06 holds them to the text exactly."""
    return outside_quotations(item.content.stem)


def uncovered(run: str, item: Item) -> str:
    """The part of a run that no sequence of template words and slices of the document covers; "" when covered."""
    words, is_known = item.bank.template_words, item.bank.is_known_piece
    if run.casefold() in written_words(item):
        return ""
    if is_latin(run):
        return "" if run.casefold() in words else run
    reach = {0}
    furthest = 0
    for at in range(len(run)):
        if at not in reach:
            continue
        if run[at] in item.bank.vocabulary.function_words or run[at] in words:
            reach.add(at + 1)
        for end in range(at + SHORTEST_SLICE, len(run) + 1):
            piece = run[at:end].casefold()
            if is_known(piece):
                reach.add(end)
        furthest = max(reach)
    return "" if len(run) in reach else run[furthest:] or run


def written_words(item: Item) -> frozenset[str]:
    """The words of the document and of the names that its facts give to what they speak of."""
    return item.bank.written_words | {run.casefold() for fact in item.facts for run in RUN.findall(fact.subject)}


@item_rule("V81", ERROR, _("What a stem quotes belongs to the evidence, its section or the facts asked about."))
def stem_stays_with_evidence(item: Item) -> Iterator[Problem]:
    if not item.evidence_units:
        return
    near = nearby_text(item)
    for quoted in quotations(item.content.stem):
        for piece in fragments(ELISION.sub("…", quoted)):
            if normal(piece) not in near:
                yield Problem(gettext("「%(piece)s」 is not near the evidence") % {"piece": piece})


def nearby_text(item: Item) -> str:
    """Normal forms of everything the question may lean on: its sections, its facts, the names of parts and things."""
    passages = {unit.passage for unit in item.evidence_units}
    knowledge = item.bank.knowledge
    units = [unit.text for unit in knowledge.units if unit.passage in passages]
    labels = [passage.label for passage in knowledge.passages if passage.label]
    titles = [text for lesson in knowledge.lessons for text in (lesson.heading, lesson.title, lesson.scope)]
    names = [name for entity in knowledge.entities for name in (entity.name, *entity.aliases)]
    said = [text for fact in item.facts for text in (fact.subject, fact.text, fact.scope)]
    return "\n".join(map(normal, (*units, *labels, *titles, *names, *said, knowledge.title)))
