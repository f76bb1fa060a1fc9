"""Which part of the document a stem limits itself to."""

from __future__ import annotations

import re

from curriculum.knowledge import Knowledge, Passage
from quizzes.content import Content
from quizzes.validity.texts import normal, outside_quotations
from quizzes.validity.vocabulary import Vocabulary

DIGITS = {char: value for value, char in enumerate("一二三四五六七八九十", 1)}
CITED = re.compile(r"第.+[條条]|(?:Article|Section|Rule) [\dIVXLC].*")
"""Numbers that are counted through a whole document, so that they name a place by themselves."""
LONGEST_GAP = 12
"""How far behind a lesson's name an ordinal may stand and still count within it (「第三章所列的第二項」)."""


def number_value(text: str) -> int:
    """Value of an ordinal up to 99 written in digits or Chinese numerals; 0 when it is neither."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return DIGITS.get(text, 0)
    return DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)


def scope_units(content: Content, knowledge: Knowledge, words: Vocabulary) -> frozenset[str]:
    """Ids of the units in the part that the stem names: items, else chapters, else the whole document."""
    passages = {passage.id for passage in scope_passages(content, knowledge, words)}
    if passages:
        return frozenset(unit.id for unit in knowledge.units if unit.passage in passages)
    own = outside_quotations(content.stem)
    lessons = {lesson.id for lesson in knowledge.lessons if lesson.scope and lesson.scope in own}
    if lessons:
        return frozenset(unit.id for unit in knowledge.units if unit.lesson in lessons)
    return knowledge.unit_ids


def scope_passages(content: Content, knowledge: Knowledge, words: Vocabulary) -> list[Passage]:
    """The numbered items and paragraphs that a stem names as its scope, by heading or by chapter and ordinal."""
    own = outside_quotations(content.stem)
    return [
        passage
        for passage in knowledge.passages
        if names_by_number(own, passage)
        or names_by_heading(content.stem, passage, words)
        or names_by_ordinal(content.stem, passage, knowledge, words)
    ]


def names_by_number(own: str, passage: Passage) -> bool:
    """Whether the words outside quotations cite the passage: 「依第七條」, "According to Article 3"."""
    number = passage.number
    if not number or number not in own or not CITED.fullmatch(number):
        return False
    return (
        re.search(rf"(?<!\w){re.escape(number)}(?![\dIVXLC])" if number.isascii() else re.escape(number), own)
        is not None
    )


def names_by_heading(stem: str, passage: Passage, words: Vocabulary) -> bool:
    """Whether the stem says 「heading」 followed by a word that marks a part of the document."""
    label = passage.label
    if not label or not words.scope_markers:
        return False
    own = outside_quotations(stem)
    if words.labels_name_scope and label in own and re.search(rf"(?<!\w){re.escape(label)}(?!\w)", own):
        return True
    names = {label, label.replace(",", "，"), label.replace("，", ",").split(",")[0]}
    named = [name for name in names if name in stem]
    followed = "|".join(map(re.escape, words.scope_markers)) if named else ""
    return any(re.search(f"[「“]{re.escape(name)}[」”](?:這|所|的|那)?.{{0,2}}?(?:{followed})", stem) for name in named)


def names_by_ordinal(stem: str, passage: Passage, knowledge: Knowledge, words: Vocabulary) -> bool:
    """Whether the stem names the passage's chapter and, right after it, the passage's number."""
    lesson = knowledge.lesson_by_id.get(passage.lesson)
    if not passage.number or lesson is None or not lesson.scope or not words.ordinal_scope:
        return False
    own = outside_quotations(stem)
    at = own.find(lesson.scope)
    if at < 0:
        return False
    behind = own[at + len(lesson.scope) :]
    found = re.search(words.ordinal_scope, behind[: LONGEST_GAP + 6])
    return found is not None and number_value(found.group(1)) == number_value(normal(passage.number))
