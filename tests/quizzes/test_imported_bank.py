"""What becomes of documents that nobody prepared: every proposed fact accepted, questions made, the faulty left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from curriculum.importing import create_draft
from curriculum.knowledge import Knowledge
from curriculum.outline import read_outline
from curriculum.proposing import propose
from curriculum.sources import read_source
from quizzes.content import Content
from quizzes.generation import generate, template_words
from quizzes.generation.measures import bigrams
from quizzes.validity import check_bank

DOCUMENTS = Path(__file__).parents[1] / "curriculum" / "documents"


def imported(name: str) -> Knowledge:
    """The document with all that rules propose taken for true."""
    path = DOCUMENTS / name
    source = read_source(path.read_bytes(), name)
    outline = read_outline(source.text, marks=[(mark.start, mark.role) for mark in source.marks])
    bare = create_draft(outline, source, name=name).knowledge()
    return replace(bare, facts=tuple(proposal.fact for proposal in propose(bare)))


def sound(name: str) -> tuple[Content, ...]:
    """The questions that no rule refuses."""
    knowledge = imported(name)
    words = template_words(knowledge.language)
    bank: tuple[Content, ...] = generate(knowledge)
    while faulty := check_bank(bank, knowledge, words=words, is_whole=False).faulty:
        bank = tuple(content for content in bank if content.id not in faulty)
    return bank


@pytest.fixture
def bank(request: pytest.FixtureRequest, db: None) -> Iterator[tuple[Content, ...]]:
    return sound(request.param)


def asked(bank: tuple[Content, ...], rule: str) -> list[tuple[str, object]]:
    return [(content.stem, content.key) for content in bank if content.rule == rule]


LAW, ACT = "library-ordinance-hant.txt", "gardens-act-en.txt"


@pytest.mark.parametrize(("bank", "kinds"), [(LAW, 6), (ACT, 5), ("network-policy.docx", 5)], indirect=["bank"])
def test_a_document_as_it_comes_is_asked_in_many_kinds(bank: tuple[Content, ...], kinds: int) -> None:
    assert len({content.kind for content in bank}) >= kinds
    gaps_and_lists = sum(content.kind in ("cloze", "enumeration") for content in bank)
    assert 2 * gaps_and_lists <= len(bank)


@pytest.mark.parametrize("bank", [LAW], indirect=True)
def test_a_chinese_law_is_asked_by_definition_duty_and_place(bank: tuple[Content, ...]) -> None:
    definition = "依第三條，「自願為社區圖書室提供服務的居民」是哪一個用語的定義？"
    assert (definition, "志願館員") in asked(bank, "defined.typed")
    who = dict(asked(bank, "who.typed"))
    assert who["依第七條，「有權免費借閱社區圖書室的圖書」說的是誰或什麼？"] == "居民"
    assert who["依第十條，「不得有下列行為……向居民收取費用」說的是誰或什麼？"] == "社區圖書室"
    [(_stem, pairs)] = asked(bank, "heading.matching")
    assert ["居民有權免費借閱社區圖書室的圖書", "設立與服務"] in pairs


@pytest.mark.parametrize("bank", [ACT], indirect=True)
def test_an_english_act_is_asked_by_definition_duty_and_place(bank: tuple[Content, ...]) -> None:
    definition = "According to “Interpretation”, which term means “a person who holds a plot licence”?"
    assert (definition, "gardener") in asked(bank, "defined.typed")
    who = dict(asked(bank, "who.typed"))
    assert who["According to “Plot licences”, who or what “shall not sell produce grown on the plot”?"] == "gardener"
    places = dict(asked(bank, "heading.choice"))
    stem = 'Under which heading of the document does “"plot licence" means a licence granted under section 6” stand?'
    assert places[stem] == "Interpretation"


@pytest.mark.parametrize("bank", [LAW], indirect=True)
def test_an_item_of_a_list_is_shown_with_the_sentence_that_announces_it(bank: tuple[Content, ...]) -> None:
    item = next(content for content in bank if "向居民收取費用" in content.stem)
    assert [evidence.quote for evidence in item.evidence] == ["（二）向居民收取費用；", "社區圖書室不得有下列行為："]


@pytest.mark.parametrize("bank", [ACT], indirect=True)
def test_headings_are_offered_in_the_order_of_the_document(bank: tuple[Content, ...]) -> None:
    order = [
        "Short title",
        "Interpretation",
        "Purpose",
        "Setting apart of land",
        "Duties of the council",
        "Plot licences",
        "Rights of gardeners",
        "Offences",
    ]
    for content in bank:
        if content.rule == "heading.choice":
            places = [order.index(option) for option in content.options or ()]
            assert places == sorted(places)


@pytest.mark.parametrize("bank", ["quiet-streets.html"], indirect=True)
def test_nobody_is_never_the_answer(bank: tuple[Content, ...]) -> None:
    assert [
        content.key for content in bank if str(content.key).lower().startswith(("no ", "during quiet hours no"))
    ] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["regulation-hans.txt", "taiwan-act.txt", "bylaws-en.txt", "constitution-en.txt", "regulation-en.txt"]
)
def test_most_questions_of_a_document_as_it_comes_are_sound(name: str) -> None:
    knowledge = imported(name)
    made = generate(knowledge)
    kept = sound(name)
    assert len(kept) >= 5
    assert len(kept) >= 0.75 * len(made)


@pytest.mark.django_db
def test_the_bare_number_of_an_article_need_not_be_asked() -> None:
    knowledge = imported(LAW)
    parts = {part.name: part for part in check_bank(sound(LAW), knowledge, is_whole=False).coverage}
    assert len(parts["headings"].met) == 4
    assert parts["headings"].missing == ()


@pytest.mark.parametrize("bank", ["regulation-hans.txt"], indirect=True)
def test_where_a_list_stands_is_asked_of_one_of_its_items_only(bank: tuple[Content, ...]) -> None:
    stems = [content.stem for content in bank if content.rule == "heading.choice"]
    openers = [stem.partition("……")[0] for stem in stems if "……" in stem]
    assert len(openers) == len(set(openers))


@pytest.mark.parametrize("bank", [LAW, ACT], indirect=True)
def test_no_word_of_a_clause_points_to_its_heading(bank: tuple[Content, ...]) -> None:
    asked_by_place = [content for content in bank if content.rule.startswith("heading.")]
    pairs = [
        pair
        for content in asked_by_place
        for pair in (content.key if content.kind == "matching" else [[content.stem, content.key]])
    ]
    assert pairs
    assert [pair for pair in pairs if bigrams(pair[0]) & bigrams(pair[1])] == []
