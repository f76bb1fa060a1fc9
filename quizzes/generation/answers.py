"""Short answers and choices about one fact, from the table of asks of a language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from curriculum.knowledge import Entity, Fact, Unit
from quizzes.chinese import normal
from quizzes.content import Content
from quizzes.generation.language import Ask
from quizzes.generation.measures import text_length
from quizzes.generation.options import Chooser
from quizzes.generation.windows import Quoter, shown
from quizzes.generation.workbench import Span, Workbench

LONGEST_STEM = 60
LONGEST_TYPED = 14
WIDEST_FRAME = 42
FEWEST_CHOICES = 2


def applies(ask: Ask, fact: Fact) -> bool:
    """Whether the ask is meant for the relation of the fact and the fact does not forbid the kind."""
    name, family = f"{fact.family}.{fact.relation}", f"{fact.family}.*"
    return ask.kind not in fact.no_kinds and any(r in (name, family, "*") for r in ask.relations)


class AnswerMaker:
    """Makes the questions that the table foresees for a fact; each rule gives at most one."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    def candidates(self, ask: Ask, fact: Fact) -> Iterator[Content]:
        """Every usable wording of one ask, best first; all have the same identity."""
        if not applies(ask, fact):
            return
        for span in self.sought(ask, fact):
            for stem in self.stems(ask, fact, span):
                made = self.typed(ask, fact, span, stem) if ask.kind == "short_answer" else self.choice(ask, span, stem)
                if made is not None:
                    yield made

    def sought(self, ask: Ask, fact: Fact) -> list[Span]:
        """What the learner is to give: parts of the fact for blanks and members, else one text."""
        if ask.target in ("blank", "member"):
            return [span for span in self.bench.spans(fact) if span.pool]
        if ask.target == "object":
            return [Span(fact, fact.start, fact.end, fact.text, fact.pool, fact.variants)]
        if ask.target == "section":
            section = self.bench.section(fact)
            return [self.named(fact, section)] if section and section.type in ask.pools else []
        entity = self.bench.knowledge.entity_by_id.get(fact.subject_entity)
        return [self.named(fact, entity, fact.subject)] if entity else [Span(fact, 0, 0, fact.subject, "subject")]

    @staticmethod
    def named(fact: Fact, entity: Entity, name: str = "") -> Span:
        forms = tuple(form for form in (entity.name, *entity.aliases) if form != (name or entity.name))
        return Span(fact, 0, 0, name or entity.name, entity.type, forms)

    def stems(self, ask: Ask, fact: Fact, span: Span) -> Iterator[str]:
        if ask.target in ("blank", "member"):
            start, end = (fact.start, fact.end) if ask.target == "member" else (span.start, span.end)
            yield from self.framed(ask, fact, start, end)
            return
        slots = self.slots(fact)
        if not all(slots[name] for name in ("lead", "claim") if f"{{{name}}}" in ask.stem):
            return
        yield ask.stem.format(**slots)

    def slots(self, fact: Fact) -> dict[str, str]:
        lead = self.lead(fact)
        lesson = self.bench.knowledge.lesson_by_id[self.bench.unit(fact).lesson]
        return {
            "scope": fact.scope,
            "lesson": lesson.scope,
            "subject": shown(fact.subject),
            "object": shown(fact.text),
            "lead": shown(lead),
            "claim": shown(lead + fact.text),
        }

    def lead(self, fact: Fact) -> str:
        """The words of the clause before the object, without the subject that may open it."""
        unit = self.bench.unit(fact)
        quoter = Quoter(unit)
        first, _ = quoter.clause_range(fact.start, fact.end)
        text = quoter.piece(quoter.clauses[first][0], fact.start)
        at = text.rfind(fact.subject) if fact.subject else -1
        return text[at + len(fact.subject) :] if at >= 0 else text

    def framed(self, ask: Ask, fact: Fact, start: int, end: int) -> Iterator[str]:
        unit = self.bench.unit(fact)
        if unit.kind == "meta":
            return
        for window in reversed(list(Quoter(unit).windows(fact, [(start, end)], limit=WIDEST_FRAME))):
            if "「" not in window.text and window.length >= FEWEST_CHOICES * 2:
                yield ask.stem.format(quote=window.text.rstrip("。"), scope=fact.scope)

    def typed(self, ask: Ask, fact: Fact, span: Span, stem: str) -> Content | None:
        bench = self.bench
        if text_length(span.text) > LONGEST_TYPED or bench.contexts.leaks(span.text, stem):
            return None
        pool = span.pool if ask.target == "object" else ""
        prefixes, suffixes = bench.language.affixes.get(pool, ((), ()))
        known = (span.text, *span.variants)
        confusions = bench.confusions(fact, span.pool, known) if ask.target == "object" else ()
        hints = ("first_character", "choices") if len(confusions) >= FEWEST_CHOICES else ("first_character",)
        return bench.content(
            "short_answer", ask.rule, self.direction(ask), [fact],
            stem=stem, key=span.text, accepted=tuple(dict.fromkeys(span.variants)), hints=hints,
            prefixes=(*ask.prefixes, *prefixes), suffixes=(*ask.suffixes, *suffixes), pool=span.pool,
            scope=self.scope(ask, fact), confusions=confusions, units=self.units(ask, fact),
        )  # fmt: skip

    def choice(self, ask: Ask, span: Span, stem: str) -> Content | None:
        bench, fact = self.bench, span.fact
        if text_length(stem) > LONGEST_STEM or bench.contexts.leaks(span.text, stem):
            return None
        others = [other for other in self.pool(ask, fact, span) if self.is_wrong(ask, fact, other.text)]
        dice = bench.dice("choice", self.direction(ask), [fact.id], ask.rule)
        chooser = Chooser(bench.measures, dice, bench.preferred.get(fact.id, ()))
        chosen = chooser.choose(stem, span.text, others, closed=ask.closed)
        if chosen is None:
            return None
        texts = [span.text, *(other.text for other in chosen)]
        return bench.content(
            "choice", ask.rule, self.direction(ask), [fact],
            stem=stem, key=shown(span.text), options=tuple(map(shown, self.ordered(span.pool, texts, dice.shuffle))),
            distractors=tuple(map(bench.distractor, chosen)), hints=("fifty_fifty",), pool=span.pool,
            scope=self.scope(ask, fact), units=self.units(ask, fact),
        )  # fmt: skip

    def ordered(self, pool: str, texts: list[str], shuffle: object) -> list[str]:
        """Numbered things in their own order, all others shuffled."""
        if pool in self.bench.language.natural_pools:
            return sorted(texts, key=self.natural)
        assert callable(shuffle)
        shuffle(texts)
        return texts

    def natural(self, text: str) -> tuple[int, str]:
        at = self.bench.knowledge.text.find(f".{text}")
        return (at if at >= 0 else 0, text)

    def pool(self, ask: Ask, fact: Fact, span: Span) -> Iterable[Span]:
        """Texts of the same type as the key, with a fact of which each is true."""
        if ask.target in ("blank", "member", "object"):
            return self.bench.pools.get(span.pool, ())
        kinds = ask.pools or (span.pool,)
        return [self.named(other, entity) for kind in kinds for entity in self.bench.entities(kind)
                if (other := self.fact_about(entity)) is not None]  # fmt: skip

    def fact_about(self, entity: Entity) -> Fact | None:
        return next((fact for fact in self.bench.facts if fact.subject_entity == entity.id), None)

    def is_wrong(self, ask: Ask, fact: Fact, text: str) -> bool:
        truth = self.bench.truth
        if ask.target == "section":
            section = self.bench.section(fact)
            return section is None or normal(text) != normal(section.name)
        if ask.target == "subject":
            return truth.is_wrong_subject(fact, text)
        return truth.is_wrong_object(fact, text)

    @staticmethod
    def direction(ask: Ask) -> str:
        return {
            "object": "subject>object",
            "subject": "object>subject",
            "section": "content>section",
            "blank": "context>object",
            "member": "list>member",
        }[ask.target]

    def scope(self, ask: Ask, fact: Fact) -> str:
        lesson = self.bench.knowledge.lesson_by_id[self.bench.unit(fact).lesson]
        if "{scope}" in ask.stem:
            return fact.scope
        return lesson.scope if "{lesson}" in ask.stem else ""

    def units(self, ask: Ask, fact: Fact) -> Sequence[Unit]:
        own, heading = self.bench.unit(fact), self.bench.heading_unit(fact)
        return [own, heading] if ask.target == "section" and heading is not None else [own]
