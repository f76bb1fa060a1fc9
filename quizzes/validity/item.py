"""The objects that rules look at: a bank with everything computed once, and one question in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from curriculum.knowledge import Fact, Knowledge, Unit
from quizzes.content import Content
from quizzes.generation.measures import TextMeasures, text_length
from quizzes.validity.closure import World
from quizzes.validity.scope import scope_units
from quizzes.validity.texts import BLANK_RUN, normal, squeeze
from quizzes.validity.vocabulary import Vocabulary, vocabulary

TYPED_KINDS = ("cloze", "short_answer")
LOOSE_SHARE = 0.4
"""Share of units from which a word pair is so common that not even a reader without knowledge would follow it."""


class Bank:
    """A bank under examination: its questions, the course, and what both imply."""

    def __init__(
        self,
        contents: Sequence[Content],
        knowledge: Knowledge,
        *,
        words: Collection[str] = (),
        kinds: Mapping[str, Any] | None = None,
        is_whole: bool = True,
    ) -> None:
        self.contents = tuple(contents)
        self.knowledge = knowledge
        self.world = World(knowledge)
        self.measures = TextMeasures.of(knowledge)
        everywhere = LOOSE_SHARE * self.measures.count
        self.loose_stop = frozenset(pair for pair in self.measures.stop if self.measures.frequency[pair] > everywhere)
        self.vocabulary: Vocabulary = vocabulary(knowledge.language)
        self.has_template_words = bool(words or self.vocabulary.template_words)
        scopes = {lesson.scope for lesson in knowledge.lessons} | {fact.scope for fact in knowledge.facts}
        named = {word for scope in scopes for word in re.findall(r"[0-9a-z]+", scope.casefold())}
        self.template_words = frozenset(words) | frozenset(self.vocabulary.template_words) | scopes | named
        self.kinds = kinds or {}
        self.is_whole = is_whole
        self.plain_text = squeeze(knowledge.text)
        self.folded_text = self.plain_text.casefold()
        self._known_pieces: dict[str, bool] = {}
        self.unit_symbols: list[str] = []
        self.normal_text = "\n".join(normal(line) for line in knowledge.text.splitlines())
        self.items = tuple(Item(content, self) for content in self.contents)

    @cached_property
    def unit_by_id(self) -> dict[str, Unit]:
        return self.knowledge.unit_by_id

    @cached_property
    def written_words(self) -> frozenset[str]:
        """The words of the document, in lower case; what a hyphen joins counts as several."""
        return frozenset(re.findall(r"[0-9a-z]+", self.knowledge.text.casefold()))

    def is_slice(self, shown: str) -> bool:
        """Whether a displayed text, its punctuation mapped back, stands in the document."""
        return squeeze(shown).casefold() in self.folded_text

    def is_known_piece(self, piece: str) -> bool:
        """Whether a piece of a stem is a template word or stands in the document; looked up once."""
        if piece not in self._known_pieces:
            self._known_pieces[piece] = piece in self.template_words or piece in self.normal_text
        return self._known_pieces[piece]


@dataclass(frozen=True)
class Item:
    """One question with the bank it belongs to."""

    content: Content
    bank: Bank

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that exist, in the question's order."""
        known = self.bank.knowledge.fact_by_id
        return tuple(known[id] for id in self.content.facts if id in known)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The key as texts: one, the members of a list, or the responses of a matching in premise order."""
        key = self.content.key
        if isinstance(key, str):
            return (key,)
        if self.content.kind == "matching":
            return tuple(str(pair[1]) for pair in key)
        return tuple(str(text) for text in key)

    @property
    def key(self) -> str:
        return self.keys[0] if self.keys else ""

    @cached_property
    def wrong_options(self) -> tuple[str, ...]:
        return tuple(option for option in self.content.options or () if normal(option) != normal(self.key))

    @property
    def is_choice(self) -> bool:
        """Whether the learner picks one of several options."""
        return bool(self.content.options)

    @property
    def is_typed(self) -> bool:
        """Whether one short text is typed."""
        return self.content.kind in TYPED_KINDS and not self.content.options

    @property
    def is_productive(self) -> bool:
        return self.is_typed or self.content.kind == "enumeration"

    @cached_property
    def visible_stem(self) -> str:
        """The stem without its blanks."""
        return BLANK_RUN.sub(" ", self.content.stem)

    @cached_property
    def shown_texts(self) -> tuple[str, ...]:
        """Everything quoted from the document besides the stem: options, columns, items."""
        content = self.content
        return (*(content.options or ()), *content.premises, *content.responses, *content.items)

    @cached_property
    def evidence_units(self) -> tuple[Unit, ...]:
        known = self.bank.unit_by_id
        ids = dict.fromkeys(evidence.sentence for evidence in self.content.evidence)
        return tuple(known[id] for id in ids if id in known)

    @cached_property
    def scope(self) -> frozenset[str]:
        """Ids of the units that the stem's scope covers; all units when it names none."""
        return scope_units(self.content, self.bank.knowledge, self.bank.vocabulary)

    @property
    def names_scope(self) -> bool:
        """Whether the stem limits itself to a part of the document."""
        return len(self.scope) < len(self.bank.knowledge.units)

    @cached_property
    def length(self) -> int:
        """Han characters and digits of stem and all columns."""
        return text_length(self.content.stem) + sum(text_length(text) for text in self.shown_texts)
