"""A draft is rearranged: nothing of the text is lost, every offset still holds, no two rows share a place or key."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from curriculum import arranging
from curriculum.arranging import ArrangementError
from curriculum.importing import create_draft
from curriculum.models import Course, Passage, Sentence
from curriculum.outline import read_outline
from curriculum.sources import Source

TEXT = """網絡條例

第一章 總則

第一條 為了保障安全,制定本條例。本條例適用於全國。

第二條 公民應當守法。

第二章 附則

第三條 機關應當公開資料。

第四條 本條例自2021年11月1日起施行。
"""


@pytest.fixture
def draft(db: None) -> Course:
    outline = read_outline(TEXT)
    course = create_draft(outline, Source(TEXT, "txt", "utf-8"))
    arranging.remember(course, outline)
    return course


def texts(course: Course) -> list[list[list[str]]]:
    """Sentences by lesson and passage."""
    return [
        [
            [row.text for row in passage.sentences.filter(kind="sentence")]
            for passage in lesson.passages.filter(kind="body").order_by("order")
        ]
        for lesson in course.lessons.order_by("order")
    ]


def passage(course: Course, words: str) -> Passage:
    return Sentence.objects.get(passage__lesson__course=course, kind="sentence", text__contains=words).passage


def sentence(course: Course, words: str) -> Sentence:
    return Sentence.objects.get(passage__lesson__course=course, kind="sentence", text__contains=words)


CHANGES: dict[str, Callable[[Course], object]] = {
    "rename lesson": lambda c: arranging.rename_lesson(c.lessons.earliest("order"), "總綱"),
    "rename passage": lambda c: arranging.rename_passage(passage(c, "守法"), "守法"),
    "merge lessons": lambda c: arranging.merge_lesson(c.lessons.earliest("order")),
    "merge passages": lambda c: arranging.merge_passage(passage(c, "保障")),
    "split a passage": lambda c: arranging.split_passage(sentence(c, "全國")),
    "split a lesson": lambda c: arranging.split_lesson(passage(c, "守法")),
    "move on": lambda c: arranging.move_passage(passage(c, "守法"), forward=True),
    "move back": lambda c: arranging.move_passage(passage(c, "公開"), forward=False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_keeps_every_sentence_in_its_order(name: str, draft: Course) -> None:
    before = draft.knowledge()
    CHANGES[name](draft)
    after = draft.knowledge()
    assert [unit.text for unit in after.units] == [unit.text for unit in before.units]
    assert all(after.text[unit.start : unit.end] == unit.text for unit in after.units)
    assert len({unit.id for unit in after.units}) == len(after.units)
    assert len({one.id for one in after.passages}) == len(after.passages)
    body = [unit for unit in after.units if unit.kind != "chapter"]  # a chapter's title stays with its lesson
    by_place = [unit.id for one in after.passages for unit in body if unit.passage == one.id]
    assert by_place == [unit.id for unit in body]


def test_splitting_begins_a_new_passage(draft: Course) -> None:
    arranging.split_passage(sentence(draft, "全國"))
    assert [len(one) for one in texts(draft)[0]] == [1, 1, 1]


def test_moving_takes_a_passage_to_the_next_lesson(draft: Course) -> None:
    arranging.move_passage(passage(draft, "守法"), forward=True)
    assert [len(lesson) for lesson in texts(draft)] == [1, 3]


def test_a_passage_in_the_middle_cannot_move(draft: Course) -> None:
    arranging.split_passage(sentence(draft, "全國"))
    with pytest.raises(ArrangementError):
        arranging.move_passage(passage(draft, "全國"), forward=True)


def test_what_is_left_out_can_be_put_back(draft: Course) -> None:
    before = texts(draft)
    start = sentence(draft, "守法").passage.sentences.earliest("start").start
    arranging.exclude(passage(draft, "守法"))
    assert "公民" not in str(texts(draft))
    arranging.include(draft, start)
    assert texts(draft) == before


@pytest.mark.parametrize("name", CHANGES)
def test_a_published_course_stays_as_it_is(name: str, draft: Course) -> None:
    Course.objects.update(is_published=True)
    with pytest.raises(ArrangementError):
        CHANGES[name](draft)
