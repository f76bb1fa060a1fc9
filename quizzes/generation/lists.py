"""Enumerations and orderings."""

from __future__ import annotations

from collections.abc import Iterator

from curriculum.knowledge import Fact, Unit
from quizzes.content import BLANK, Content
from quizzes.generation.clozes import quoted
from quizzes.generation.language import Order
from quizzes.generation.windows import Window
from quizzes.generation.workbench import Workbench

FEWEST, MOST = 3, 6
WIDEST_QUOTE = 48
TRIES = 20


class ListMaker:
    """Lists the document gives: to be recalled in any order, or put into its own."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    def enumerations(self, fact: Fact) -> Iterator[Content]:
        """The list recalled where its place in the sentence is shown blank; one content for every quotation."""
        if fact.family != "ENUM" or "enumeration" in fact.no_kinds or not FEWEST <= len(fact.members) <= MOST:
            return
        language = self.bench.language
        wording = language.enumeration if fact.closed else language.open_enumeration
        for window in self.quotations(fact):
            if any(member.text in window.text for member in fact.members) or window.text.count(BLANK) != 1:
                continue
            count = language.numerals[len(fact.members)]
            stem = wording.format(scope=fact.scope, quoted=quoted(window.bare), count=count)
            yield self.bench.content(
                "enumeration", "list.enumeration", "subject>members", [fact],
                stem=stem, key=[member.text for member in fact.members],
                accepted=tuple(list(member.variants) for member in fact.members),
                hints=("first_characters", "one_member"), is_closed_list=fact.closed, pool=fact.pool, scope=fact.scope,
            )  # fmt: skip

    def quotations(self, fact: Fact) -> list[Window]:
        """Quotations with the list left blank, the smallest that says enough first."""
        windows = self.bench.quoter(self.bench.unit(fact)).windows(fact, [(fact.start, fact.end)], limit=WIDEST_QUOTE)
        smallest = self.bench.language.smallest_list_quote
        return sorted(windows, key=lambda window: (window.length < smallest, window.length))

    def ordering(self, order: Order) -> Iterator[Content]:
        """All items of a numbered list, shown in an order that is neither right nor reversed."""
        facts = [f for f in self.bench.askable if f"{f.family}.{f.relation}" in order.relations]
        if not FEWEST <= len(facts) <= MOST:
            return
        key = [fact.text for fact in facts]
        items = list(key)
        dice = self.bench.dice("ordering", "items>order", [fact.id for fact in facts], order.rule)
        for _ in range(TRIES):
            dice.shuffle(items)
            if items not in (key, key[::-1]):
                break
        scope = facts[0].scope
        yield self.bench.content(
            "ordering", order.rule, "items>order", facts,
            stem=order.stem.format(scope=scope), key=key, items=tuple(items), pool=facts[0].pool, scope=scope,
            units=[*self.introduction(order), *(self.bench.unit(fact) for fact in facts)],
        )  # fmt: skip

    def introduction(self, order: Order) -> list[Unit]:
        """Sentences that announce the list."""
        return [
            self.bench.unit(fact)
            for fact in self.bench.facts
            if f"{fact.family}.{fact.relation}" in order.intro_relations
        ]
