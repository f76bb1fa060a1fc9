"""Indexes of the proof of a bank: they find what comparing everything with everything would find."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from curriculum.fixture import load_fixture
from quizzes.generation import generate
from quizzes.validity.closure import World, says_the_same
from quizzes.validity.coverage import is_near, neighbours, words_of
from quizzes.validity.item import Bank
from quizzes.validity.leaks import Keys, leak_edges, shown_by
from quizzes.validity.phrases import Phrases

FIXTURES = Path(__file__).parents[2] / "fixtures"
texts = st.text("甲乙丙", max_size=6)


@given(st.lists(texts), texts)
def test_the_keys_in_a_text_are_all_found(keys: list[str], text: str) -> None:
    assert Keys(keys).shown_in(text) == {key for key in keys if key in text}


mixed = st.text("甲乙Ab -3", max_size=7)


@given(st.lists(mixed, max_size=10), mixed)
def test_whatever_holds_a_text_or_is_held_by_it_is_near_it(texts: list[str], text: str) -> None:
    near = list(Phrases(texts).near(text))
    assert near == sorted(near)
    assert {at for at, other in enumerate(texts) if says_the_same(text, other) or says_the_same(other, text)} <= {*near}


def test_near_twins_are_among_the_neighbours() -> None:
    course = load_fixture(FIXTURES / "udhr.json")
    bank = generate(course)
    items = Bank([*bank, *bank[::7]], course).items
    words = [words_of(item) for item in items]
    near = [[j for j in range(i) if is_near(words[i], words[j])] for i in range(len(items))]
    assert sum(map(len, near)) >= len(bank[::7])
    for wanted, found in zip(near, neighbours(items, words), strict=True):
        assert set(wanted) <= set(found)


def test_a_question_gives_away_those_whose_one_rare_key_it_shows() -> None:
    bank = [content for content in generate(load_fixture(FIXTURES / "udhr.json")) if isinstance(content.key, str)]
    edges = leak_edges(bank)
    assert sum(map(len, edges.values())) > 0
    by_id = {content.id: content for content in bank}
    for id, given_away in edges.items():
        assert all(Keys(shown_by(by_id[other]).splitlines()[-1:]).shown_in(shown_by(by_id[id])) for other in given_away)


def test_the_statements_about_a_name_are_those_whose_subject_it_is() -> None:
    world = World(load_fixture(FIXTURES / "cyberspace-2019.json"))
    names = {statement.subject for statement in world.statements} | {entity.name for entity in world.knowledge.entities}
    assert any(len(world.about(name)) > 1 for name in names)
    for name in names:
        assert list(world.about(name)) == [s for s in world.statements if world.is_subject(name, s)]


def test_joint_statements_are_found_by_the_members_of_their_groups() -> None:
    world = World(load_fixture(FIXTURES / "cyberspace-2019.json"))
    entities = world.knowledge.entities
    assert world.joint_statements
    for entity in entities:
        ids = frozenset({entity.id})
        every = [s for s in world.joint_statements if world.names.in_joint_group(ids, world.subject_ids(s))]
        assert world.jointly_of(ids) == every
    assert any(world.jointly_of({entity.id}) for entity in entities)
