"""Short answers and choices about one fact, from the table of asks of a language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from random import Random

from curriculum.knowledge import Entity, Fact, Unit
from quizzes.chinese import normal
from quizzes.content import Content
from quizzes.generation.clozes import INNER_MARKS, SMALLEST_CONTEXT
from quizzes.generation.contexts import CHOICE_LIMIT
from quizzes.generation.language import Ask
from quizzes.generation.latin import MOST_TYPED_WORDS, counted_words
from quizzes.generation.measures import bigrams, text_length
from quizzes.generation.options import shuffled
from quizzes.generation.pools import MOST_JUDGED, Pool
from quizzes.generation.selection import Selection
from quizzes.generation.spans import Span
from quizzes.generation.windows import shown
from quizzes.generation.workbench import Workbench

LONGEST_STEM = 60
LONGEST_TYPED = 12
LONGEST_NAME = 6
WIDEST_FRAME = 42
SHORT_CLAUSE = 4
FEWEST_CHOICES = 2
FEWEST_MEMBERS = 3


def applies(ask: Ask, fact: Fact) -> bool:
    """Whether the ask is meant for the relation of the fact and the fact does not forbid the kind."""
    name, family = f"{fact.family}.{fact.relation}", f"{fact.family}.*"
    return ask.kind not in fact.no_kinds and any(r in (name, family, "*") for r in ask.relations)


class AnswerMaker:
    """Makes the questions that the table foresees for a fact; each rule gives at most one.

    What is sure to be refused, because `chosen` has the view or a question like it, is not made at all.
    """

    def __init__(self, bench: Workbench, chosen: Selection) -> None:
        self.bench = bench
        self.chosen = chosen
        self._subjects: dict[str, Pool] = {}
        self._entities: dict[tuple[str, ...], Pool] = {}

    def candidates(self, ask: Ask, fact: Fact) -> Iterator[Content]:
        """Every usable wording of one ask, best first; all have the same identity."""
        if not applies(ask, fact) or not self.is_meant(ask, fact):
            return
        if self.chosen.has_view(fact.id, ask.kind, self.direction(ask)):
            return
        for span in self.sought(ask, fact):
            for scope in self.bench.scopes(fact, without=span.text):
                for stem in self.stems(ask, fact, span, scope):
                    if self.chosen.has_stem(ask.kind, stem):
                        continue
                    made = self.made(ask, replace(span, fact=fact), stem, scope)
                    if made is not None:
                        yield made

    def made(self, ask: Ask, span: Span, stem: str, scope: str) -> Content | None:
        make = self.typed if ask.kind == "short_answer" else self.choice
        return make(ask, span, stem, scope)

    def is_meant(self, ask: Ask, fact: Fact) -> bool:
        """Whether the fact is of a pool, or its subject of a type, that the ask is limited to."""
        if ask.plain and (fact.subject_entity or not self.bench.names_subject(fact)):
            return False
        return not ask.of or fact.pool in ask.of or bool(self.bench.types(fact) & frozenset(ask.of))

    def sought(self, ask: Ask, fact: Fact) -> list[Span]:
        """What the learner is to give: parts of the fact for blanks and members, else one text."""
        if ask.target == "blank":
            spans = self.bench.spans(fact, kind=ask.kind)
            return [span for span in spans if span.pool and text_length(span.text) <= CHOICE_LIMIT]
        if ask.target == "member":
            members = [span for span in self.bench.spans(fact) if span.pool == fact.pool]
            return members if len(fact.members) >= FEWEST_MEMBERS else []
        if ask.target == "object":
            spans = self.bench.spans(fact) if ask.kind == "short_answer" else []
            long = text_length(fact.text) > LONGEST_TYPED
            parts = sorted((s for s in spans if text_length(s.text) <= LONGEST_TYPED), key=lambda s: -len(s.text))
            whole = Span(fact, fact.start, fact.end, fact.text, fact.pool, fact.variants)
            return parts[:1] if long and parts else [whole]
        if ask.target == "section":
            section = self.bench.section(fact)
            return [self.named(fact, section)] if section and section.type in ask.pools else []
        if ask.target == "heading":
            title = self.bench.title(fact) if self.bench.may_stand_for_list(fact) else ""
            return [Span(fact, 0, 0, title, "heading")] if title else []
        entity = self.bench.knowledge.entity_by_id.get(fact.subject_entity)
        if ask.pools and not self.bench.types(fact) & frozenset(ask.pools):
            return []
        if ask.texts:
            form = normal(fact.subject)
            return [span for pool in ask.texts for span in self.bench.pool(pool).by_form.get(form, ())]
        return [self.named(fact, entity, fact.subject)] if entity else [Span(fact, 0, 0, fact.subject, "subject")]

    @staticmethod
    def named(fact: Fact, entity: Entity, name: str = "") -> Span:
        forms = tuple(form for form in (entity.name, *entity.aliases) if form != (name or entity.name))
        return Span(fact, 0, 0, name or entity.name, entity.type, forms)

    def stems(self, ask: Ask, fact: Fact, span: Span, scope: str) -> Iterator[str]:
        if ask.target in ("blank", "member"):
            place = (fact.start, fact.end) if ask.target == "member" else (span.start, span.end)
            yield from self.framed(ask, fact, place, scope)
            return
        slots = self.slots(fact, scope)
        if all(slots[name] for name in ("lead", "claim", "left", "number", "saying") if f"{{{name}}}" in ask.stem):
            yield ask.stem.format(**slots)

    def slots(self, fact: Fact, scope: str) -> dict[str, str]:
        lesson = self.bench.knowledge.lesson_by_id[self.bench.unit(fact).lesson]
        return {
            "scope": scope,
            "number": self.bench.number(fact),
            "left": fact.left.text if fact.left else "",
            "lesson": lesson.scope,
            "subject": shown(fact.subject),
            "object": shown(fact.text),
            "lead": shown(self.bench.lead(fact)),
            "claim": shown(self.bench.claim(fact)),
            "saying": shown(self.bench.saying(fact)).translate(INNER_MARKS),
        }

    def framed(self, ask: Ask, fact: Fact, place: tuple[int, int], scope: str) -> Iterator[str]:
        """Quotations with a blank, smallest first."""
        unit = self.bench.unit(fact)
        quoter = self.bench.quoter(unit)
        is_clause = quoter.is_whole_clause(*place) and place[1] - place[0] > SHORT_CLAUSE
        if unit.kind == "meta" or is_clause:
            return
        for window in sorted(quoter.windows(fact, [place], limit=WIDEST_FRAME), key=lambda window: window.length):
            if window.length >= SMALLEST_CONTEXT:
                quote = window.bare.translate(INNER_MARKS)
                yield ask.stem.format(quote=quote, scope=scope)

    def typed(self, ask: Ask, span: Span, stem: str, scope: str) -> Content | None:
        bench, fact = self.bench, span.fact
        longest = LONGEST_NAME if ask.target == "subject" else LONGEST_TYPED
        is_long = text_length(span.text) > longest or counted_words(span.text) > MOST_TYPED_WORDS
        if is_long or bench.contexts.leaks(span.text, stem) or self.chosen.has_like("short_answer", stem, span.text):
            return None
        pool = span.pool if ask.target == "object" else ""
        prefixes, suffixes = bench.language.affixes.get(pool, ((), ()))
        accepted = bench.accepted(span)
        known = (span.text, *accepted)
        confusions = bench.confusions(fact, span.pool, known) if ask.target == "object" else ()
        hints = ("first_character", "choices") if len(confusions) >= FEWEST_CHOICES else ("first_character",)
        return bench.content(
            "short_answer", ask.rule, self.direction(ask), [fact],
            stem=stem, key=span.text, accepted=accepted, hints=hints,
            prefixes=(*ask.prefixes, *prefixes), suffixes=(*ask.suffixes, *suffixes), pool=span.pool,
            scope=self.scope(ask, fact, scope), confusions=confusions, units=self.units(ask, fact),
        )  # fmt: skip

    def choice(self, ask: Ask, span: Span, stem: str, scope: str) -> Content | None:
        bench, fact = self.bench, span.fact
        if text_length(stem) > LONGEST_STEM or bench.contexts.leaks(span.text, stem):
            return None
        if ask.target == "heading" and bigrams(span.text) & bigrams(stem):
            return None  # even a word that is all over the document points from a clause to its heading
        if self.chosen.has_like("choice", stem, shown(span.text)):
            return None
        others = [other for other in self.beside(ask, fact, span, stem) if self.is_wrong(ask, fact, other.text)]
        dice = bench.dice("choice", self.direction(ask), [fact.id], ask.rule)
        chosen = bench.chooser(fact, dice, pool=span.pool).choose(stem, span.text, others, closed=ask.closed)
        if chosen is None:
            return None
        order = bench.dice("choice", self.direction(ask), [fact.id], ask.rule, use="place")
        texts = self.ordered(span, [other.text for other in chosen], order)
        return bench.content(
            "choice", ask.rule, self.direction(ask), [fact],
            stem=stem, key=shown(span.text), options=tuple(map(shown, texts)),
            distractors=tuple(map(bench.distractor, chosen)), hints=("fifty_fifty",), pool=span.pool,
            scope=self.scope(ask, fact, scope), units=self.units(ask, fact),
        )  # fmt: skip

    def ordered(self, span: Span, others: list[str], dice: Random) -> list[str]:
        """Numbered things in their own order, all others shuffled."""
        if span.pool in (*self.bench.language.natural_pools, "heading"):
            return sorted([span.text, *others], key=self.bench.natural)
        return shuffled(span.text, others, dice)

    def beside(self, ask: Ask, fact: Fact, span: Span, stem: str) -> list[Span]:
        """Other texts of the key's type, not shown by the stem: all of few, else the nearest in length."""
        own = {"heading": self.bench.title(fact), "subject": fact.subject if ask.plain else ""}.get(ask.target, "")
        said, size, own = normal(stem), text_length(span.text), normal(own)

        def is_other(other: Span) -> bool:
            return normal(other.text) not in said and (not own or normal(other.text) != own)

        pool = self.pool(ask, fact, span)
        if ask.plain:
            return list(islice(filter(is_other, pool.nearest(size)), MOST_JUDGED))
        return pool.few(size, is_other, wishes=self.bench.preferred.get(fact.id, ()))

    def pool(self, ask: Ask, fact: Fact, span: Span) -> Pool:
        """Texts of the same type as the key, with a fact of which each is true."""
        if ask.target in ("blank", "member", "object") or ask.texts:
            return self.bench.pool(span.pool)
        if ask.target == "heading":
            return self.bench.titles_beside(fact)
        return self.subjects(ask) if ask.plain else self.entities(ask.pools or (span.pool,))

    def subjects(self, ask: Ask) -> Pool:
        """What facts of the same relations are about, as their sentences name it."""
        if ask.rule not in self._subjects:
            others = (other for other in self.bench.askable if applies(ask, other) and self.is_meant(ask, other))
            found = {normal(other.subject): Span(other, 0, 0, other.subject, "subject") for other in others}
            self._subjects[ask.rule] = Pool(found.values())
        return self._subjects[ask.rule]

    def entities(self, kinds: tuple[str, ...]) -> Pool:
        """Entities of the types of which a fact speaks."""
        if kinds not in self._entities:
            about = self.bench.fact_about
            found = (entity for kind in kinds for entity in self.bench.entities(kind) if entity.id in about)
            self._entities[kinds] = Pool(self.named(about[entity.id], entity) for entity in found)
        return self._entities[kinds]

    def is_wrong(self, ask: Ask, fact: Fact, text: str) -> bool:
        truth = self.bench.truth
        if ask.target == "section":
            section = self.bench.section(fact)
            return section is None or normal(text) != normal(section.name)
        if ask.target == "heading":
            return normal(text) != normal(self.bench.title(fact))
        if ask.target == "subject":
            return truth.is_wrong_subject(fact, text)
        return truth.is_wrong_object(fact, text)

    @staticmethod
    def direction(ask: Ask) -> str:
        return {
            "object": "subject>object",
            "subject": "object>subject",
            "section": "content>section",
            "heading": "content>heading",
            "blank": "context>object",
            "member": "list>member",
        }[ask.target]

    def scope(self, ask: Ask, fact: Fact, scope: str) -> str:
        lesson = self.bench.knowledge.lesson_by_id[self.bench.unit(fact).lesson]
        if "{scope}" in ask.stem or fact.scope in ask.stem:
            return scope
        return lesson.scope if "{lesson}" in ask.stem else ""

    def units(self, ask: Ask, fact: Fact) -> Sequence[Unit]:
        own, heading = self.bench.unit(fact), self.bench.heading_unit(fact)
        if ask.target == "heading":
            return [own, self.bench.title_unit(fact) or own]
        if opener := self.bench.opener(fact) if ask.plain else None:
            return [own, opener]
        if ask.target != "section":
            is_signature = self.bench.passage(fact).kind == "signature"
            heading = self.bench.chapter_unit(fact) if is_signature else None
        return [own] if heading is None else [own, heading]
