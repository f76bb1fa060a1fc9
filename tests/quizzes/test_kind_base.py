"""What holds for every kind."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from quizzes.content import KINDS as NAMES
from quizzes.content import Content
from quizzes.kinds import KINDS, InvalidAnswer
from quizzes.kinds.base import VERDICTS
from tests.quizzes.contents import EVERY

every = st.sampled_from([make() for make in EVERY])
fields = st.sampled_from(["text", "member", "choice", *(f"{name}_{i}" for name in ("place", "pair") for i in range(6))])
digits = st.sampled_from(["", "0", "1", "2", "3", "4", " 1 ", "99", "-1", "٣"])
values = st.one_of(st.text(), digits, st.none(), st.integers(), st.binary(), st.lists(st.one_of(st.text(), digits)))


def test_every_kind_has_a_module() -> None:
    assert set(KINDS) == set(NAMES)
    assert all(kind.name == name for name, kind in KINDS.items())


@given(every, st.one_of(st.dictionaries(fields, values), st.none(), st.text(), st.lists(st.integers())))
def test_read_raises_nothing_but_invalid_answer_and_what_it_returns_is_graded(content: Content, data: Any) -> None:
    kind = KINDS[content.kind]
    try:
        answer = kind.read(content, data)
    except InvalidAnswer:
        return
    outcome = kind.grade(content, json.loads(json.dumps(answer)))
    json.dumps(outcome.details)
    assert outcome.verdict in VERDICTS
    assert 0.0 <= outcome.score <= 1.0
    assert outcome.parts


@given(every, st.lists(st.tuples(fields, st.one_of(st.text(), digits))))
def test_read_takes_a_query_dict(content: Content, pairs: list[tuple[str, str]]) -> None:
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    with suppress(InvalidAnswer):
        json.dumps(KINDS[content.kind].read(content, data))


@given(every, st.one_of(st.integers(), st.text(max_size=8)))
def test_orders_are_stable_and_json_able(content: Content, seed: int | str) -> None:
    kind = KINDS[content.kind]
    order = kind.shuffle(content, seed)
    assert json.loads(json.dumps(order)) == order == kind.shuffle(content, seed)
    json.dumps(kind.present(content, order=order, hints=2))


@pytest.mark.parametrize("make", EVERY)
def test_nothing_posted_is_blank_and_stays_open(make: Any) -> None:
    content = make()
    outcome = KINDS[content.kind].grade(content, KINDS[content.kind].read(content, {}))
    assert (outcome.verdict, outcome.score, outcome.may_retry) == ("blank", 0.0, True)


@pytest.mark.parametrize("make", EVERY)
def test_the_page_holds_no_evidence_and_no_list_of_right_answers(make: Any) -> None:
    content = make()
    shown = KINDS[content.kind].present(content, order={}, hints=0)
    assert not {"key", "accepted", "evidence", "facts", "confusions", "distractors"} & set(shown)
