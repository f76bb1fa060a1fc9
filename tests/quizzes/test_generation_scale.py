"""Indexes of the generator: they find what reading everything would find, and time grows with the document."""

from __future__ import annotations

import cProfile
import pstats
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.generation import tiled
from curriculum.fixture import load_fixture
from curriculum.knowledge import Fact, Unit
from quizzes.chinese import normal
from quizzes.generation import generate, latin
from quizzes.generation.bank import LANGUAGES
from quizzes.generation.concordance import Concordance
from quizzes.generation.contexts import BOUNDARY, REACH, SLACK, WORDS_SLACK, boundaries
from quizzes.generation.measures import text_length
from quizzes.generation.pools import MOST_JUDGED, Pool
from quizzes.generation.sayings import Sayings, same_text
from quizzes.generation.selection import TWIN, Signs
from quizzes.generation.spans import Span
from quizzes.generation.workbench import Workbench

FIXTURES = Path(__file__).parents[2] / "fixtures"
FACT = Fact(id="F", family="X", relation="x", subject="s", unit="U", start=0, end=1, text="t")
texts = st.text("甲乙丙丁,", max_size=9)


def pool(*texts: str) -> Pool:
    return Pool(Span(FACT, 0, 0, text, "kind") for text in texts)


@given(st.lists(texts, max_size=8), texts)
def test_a_text_is_found_in_as_many_sentences_as_have_it(sentences: list[str], text: str) -> None:
    units = [Unit(str(at), "L", "P", "sentence", 0, 1, sentence) for at, sentence in enumerate(sentences)]
    assert Concordance(units).is_once(text) is (sum(normal(text) in normal(unit.text) for unit in units) == 1)


@given(st.lists(st.frozensets(st.sampled_from("abcdefghij"), min_size=1), max_size=12), st.data())
def test_a_twin_is_found_wherever_comparing_with_all_would_find_it(
    taken: list[frozenset[str]], data: st.DataObject
) -> None:
    signs = Signs()
    for sign in taken:
        signs.add(sign)
    asked = data.draw(st.frozensets(st.sampled_from("abcdefghij"), min_size=1))
    assert signs.has_twin(asked) is any(len(asked & other) >= TWIN * len(asked | other) for other in taken)


@given(st.lists(texts, max_size=14), texts)
def test_texts_that_say_the_same_are_found_wherever_comparing_with_all_would_find_them(
    said: list[str], text: str
) -> None:
    sayings = Sayings(said[:7])
    assert sorted(sayings.like(text)) == sorted(each for each in said[:7] if same_text(text, each))
    for late in said[7:]:
        sayings.add(late)
    assert sorted(sayings.like(text)) == sorted(each for each in said if same_text(text, each))


def bench(name: str) -> Workbench:
    course = load_fixture(FIXTURES / f"{name}.json")
    return Workbench(course, LANGUAGES[course.language], "jingdu")


def test_what_stands_between_two_neighbours_is_found_from_the_rarer_one_as_by_reading_everything() -> None:
    made = bench("cyberspace-2019")
    contexts, stream, text, seen = made.contexts, made.contexts.stream, made.knowledge.text, 0
    for fact in made.facts[::3]:
        unit, longest = made.unit(fact), fact.end - fact.start + SLACK
        left, right = boundaries(text[unit.start : fact.start])[-REACH:], boundaries(text[fact.end : unit.end])[:REACH]
        if len(left) < REACH or len(right) < REACH:
            continue
        inner = re.compile(f"{re.escape(left)}([^{BOUNDARY}]{{1,{longest}}}?){re.escape(right)}")
        every = {match[1] for at in range(len(stream)) if (match := inner.match(stream, at))}
        assert contexts.rivals(unit, fact.start, fact.end) == every - {fact.text}
        seen += len(every)
    assert seen > 0


def test_words_between_two_neighbours_are_found_from_the_rarer_one_as_by_reading_everything() -> None:
    made = bench("udhr")
    contexts, text, seen = made.contexts, made.knowledge.text, 0
    everywhere = [[latin.BOUNDARY, *latin.symbols(unit.text), latin.BOUNDARY] for unit in made.knowledge.units]
    for fact in made.facts:
        unit, key = made.unit(fact), latin.words(fact.text)
        left, right = latin.symbols(text[unit.start : fact.start])[-2:], latin.symbols(text[fact.end : unit.end])[:2]
        if len(left) < 2 or len(right) < 2:
            continue
        every = {
            " ".join(latin.filler(symbols, at, right, longest=len(key) + WORDS_SLACK))
            for symbols in everywhere
            for at in range(2, len(symbols))
            if symbols[at - 2 : at] == left
        }
        assert contexts.rivals(unit, fact.start, fact.end) == every - {"", " ".join(key)}
        seen += len(every)
    assert seen > 0


@given(st.lists(texts, max_size=12, unique_by=normal), st.integers(0, 9))
def test_the_nearest_in_length_come_first_and_then_those_that_stand_first(words: list[str], size: int) -> None:
    nearest = [span.text for span in pool(*words).nearest(size)]
    assert nearest == sorted(words, key=lambda text: abs(text_length(text) - size))


def test_few_candidates_are_all_judged_in_their_own_order() -> None:
    words = [chr(0x4E00 + at) * (1 + at % 5) for at in range(MOST_JUDGED)]
    assert [span.text for span in pool(*words).few(2, lambda span: True)] == words


def test_of_many_candidates_the_wished_for_and_the_nearest_are_judged() -> None:
    words = [chr(0x4E00 + at) * 9 for at in range(3)] + [chr(0x5000 + at) * 2 for at in range(2 * MOST_JUDGED)]
    found = [span.text for span in pool(*words).few(2, lambda span: True, wishes=[words[1]])]
    assert found == [words[1], *words[3 : 3 + MOST_JUDGED]]


def test_a_document_twice_as_long_takes_about_twice_the_steps() -> None:
    course = load_fixture(FIXTURES / "udhr.json")
    generate(tiled(course, 4))  # what is remembered between courses is remembered by both

    def steps(copies: int) -> int:
        knowledge, profile = tiled(course, copies), cProfile.Profile()
        profile.runcall(generate, knowledge)
        return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]

    assert steps(4) <= 3 * steps(2)
