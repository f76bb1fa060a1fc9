"""Rules propose facts: what they see in set forms, in three languages, and how much of the hand-made inventories."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from curriculum.fixture import load_fixture
from curriculum.importing import create_draft
from curriculum.knowledge import Knowledge, Lesson, Passage, Unit
from curriculum.outline import read_outline
from curriculum.proposing import Proposal, propose
from curriculum.sources import Source

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def course_of(*sentences: str, language: str = "zh-Hant") -> Knowledge:
    """A course of one lesson with these sentences, one passage each: 第一條, 第二條 ..."""
    units, passages, offset = [], [], 0
    for number, text in enumerate(sentences, start=1):
        name = f"Article {number}" if language == "en" else f"第{'一二三四五六七八九'[number - 1]}條"
        passages.append(Passage(f"L1.{number}", "L1", number, "body", number=name))
        units.append(Unit(f"L1-{number:02}", "L1", f"L1.{number}", "sentence", offset, offset + len(text), text))
        offset += len(text)
    lesson = Lesson("L1", 1, "第一章 總則", "總則", "第一章")
    return Knowledge("c", "t", "", "", language, "".join(sentences), (lesson,), tuple(passages), tuple(units))


def found(*sentences: str, rule: str, language: str = "zh-Hant") -> list[tuple[str, str]]:
    """(subject, object) of what one rule proposes; a list's members joined by /."""
    return [
        (p.fact.subject, "/".join(m.text for m in p.fact.members) or p.fact.text)
        for p in propose(course_of(*sentences, language=language))
        if p.rule == rule
    ]


@pytest.mark.parametrize(
    ("sentence", "rule", "expected"),
    [
        ("本法所稱個人資料,是指可以識別個人的資訊。", "definition", ("個人資料", "可以識別個人的資訊")),
        ("本条例所称网络数据，是指通过网络处理的电子数据。", "definition", ("网络数据", "通过网络处理的电子数据")),
        ("公民應當遵守憲法。", "duty", ("公民", "遵守憲法")),
        ("主管機關可以派員檢查。", "duty", ("主管機關", "派員檢查")),
        ("資訊處得暫停涉及事件的帳號。", "duty", ("資訊處", "暫停涉及事件的帳號")),
        ("任何单位不得伪造证件。", "duty", ("任何单位", "伪造证件")),
        ("人民有權提出請求。", "duty", ("人民", "提出請求")),
        ("開放是合作的前提。", "is", ("開放", "合作的前提")),
        ("為了保障安全,制定本法。", "goal", ("總則", "保障安全")),
        ("機關應於三十日內答覆。", "number", ("機關應於", "三十日")),
        ("本法自2021年11月1日起施行。", "date", ("本法自", "2021年11月1日")),
        ("要把它建設成發展共同體、安全共同體、責任共同體。", "list", None),
    ],
)
def test_set_forms_of_chinese_are_seen(sentence: str, rule: str, expected: tuple[str, str] | None) -> None:
    seen = found(sentence, rule=rule)
    assert seen[0] == expected if expected else seen[0][1] == "發展共同體/安全共同體/責任共同體"


@pytest.mark.parametrize(
    ("sentence", "rule", "expected"),
    [
        ("“Personal data” means any information about a person.", "definition", "any information about a person"),
        ("The Council shall publish a report.", "duty", "publish a report"),
        ("No one may not be heard.", "duty", "be heard"),
        ("The council may grant a licence.", "duty", "grant a licence"),
        ("Members may use the workshop, the library and the kiln.", "list", "the workshop/the library/the kiln"),
        (
            "Members may use the workshop, the library and the kiln.",
            "duty",
            "use the workshop, the library and the kiln",
        ),
        (
            "A gardener has the right to enter the garden, to use the tools, and to vote at the meeting.",
            "list",
            "to enter the garden/to use the tools/to vote at the meeting",
        ),
        ("The purpose of this Act is to promote the growing of food.", "goal", "promote the growing of food"),
        ("Quiet hours are the hours from 22:00 to 6:00.", "is", "the hours from 22:00 to 6:00"),
        ("Everyone has the right to education.", "duty", "education"),
        ("The office acts in order to protect consumers.", "goal", "protect consumers"),
        ("The term is four years.", "number", "four years"),
        ("It entered into force on 24 October 1945.", "date", "24 October 1945"),
        (
            "Everyone has the right to freedom of thought, conscience and religion.",
            "list",
            "thought/conscience/religion",
        ),
    ],
)
def test_set_forms_of_english_are_seen(sentence: str, rule: str, expected: str) -> None:
    assert found(sentence, rule=rule, language="en")[0][1] == expected


@pytest.mark.parametrize("sentence", ["應用程式的供應鏈。", "他就是不來。", "適應變化的反應。"])
def test_what_only_looks_like_a_duty_is_not_proposed(sentence: str) -> None:
    assert found(sentence, rule="duty") == []


def test_a_list_that_ends_in_deng_is_open() -> None:
    facts = {p.rule: p.fact for p in propose(course_of("包括文化交流、學術往來、人才交流等活動。"))}
    assert not facts["list"].closed
    assert [member.text for member in facts["list"].members] == ["文化交流", "學術往來", "人才交流"]


def test_what_is_said_twice_is_marked() -> None:
    facts = [
        p.fact for p in propose(course_of("企業應當守法。", "公民應當守法。", "學校應當開放。")) if p.rule == "duty"
    ]
    assert [fact.multi_true for fact in facts] == [True, True, False]


@pytest.mark.parametrize(
    ("sentence", "members"),
    [
        ("圖書室應當為老年人、殘疾人和未成年人提供便利。", "老年人/殘疾人/未成年人"),
        ("本政策適用於本校教職員、學生、校友及訪客。", "本校教職員/學生/校友/訪客"),
        ("由資訊處負責維護、監測及改善。", "維護/監測/改善"),
        ("任何單位和個人不得砍伐、移植、損毀古樹。", "砍伐/移植/損毀"),
    ],
)
def test_a_list_ends_before_the_verb_and_begins_with_a_whole_word(sentence: str, members: str) -> None:
    assert found(sentence, rule="list")[0][1] == members


def test_an_upper_limit_is_one_number_and_no_duty_besides() -> None:
    sentence = "每週開放時間不得少於四十小時。"
    assert found(sentence, rule="number") == [("每週開放時間不得少於", "四十小時")]
    assert found(sentence, rule="duty") == []


def test_a_defined_term_is_not_proposed_again_as_a_quotation() -> None:
    sentence = "“Council” means the council of a “District”."
    assert [quoted for _subject, quoted in found(sentence, rule="quoted", language="en")] == ["District"]


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("居民有權對服務提出意見和建議。", ["意見和建議"]),
        ("單位應當妥善保管相關資料檔案。", []),
        ("單位應當堅持公平合理的原則。", []),
        ("單位應當保存完整的出入記錄。", ["出入記錄"]),
    ],
)
def test_a_gap_begins_where_a_word_begins_or_there_is_none(sentence: str, parts: list[str]) -> None:
    facts = [p.fact for p in propose(course_of(sentence)) if p.rule == "duty"]
    assert [part.text for fact in facts for part in fact.anchors] == parts


LISTED = {
    "zh-Hant": (
        ["圖書室不得有下列行為：", "（一）轉讓場所；", "（二）向居民收取費用。", "違反的，予以警告。"],
        [("圖書室", "轉讓場所", "prohibition"), ("圖書室", "向居民收取費用", "prohibition")],
    ),
    "en": (
        ["The council shall—", "(a) keep a register of gardeners; and", "(b) supply water.", "(2) It is cold."],
        [("council", "keep a register of gardeners", "duty"), ("council", "supply water", "duty")],
    ),
}


@pytest.mark.parametrize("language", LISTED)
def test_items_of_a_list_belong_to_whom_the_sentence_before_names(language: str) -> None:
    sentences, expected = LISTED[language]
    course = course_of(*sentences, language=language)
    together = replace(course, units=tuple(replace(unit, passage="L1.1") for unit in course.units))
    items = [p.fact for p in propose(together) if p.rule == "item"]
    assert [(fact.subject, fact.text, fact.relation) for fact in items] == expected


def test_a_scope_is_the_article() -> None:
    assert {p.fact.scope for p in propose(course_of("公民應當守法。"))} == {"第一條"}


def bare(name: str) -> tuple[Knowledge, tuple[Proposal, ...]]:
    whole = load_fixture(FIXTURES / f"{name}.json")
    return whole, propose(replace(whole, facts=()))


def overlaps(a: tuple[int, int], b: tuple[int, int]) -> bool:
    common = min(a[1], b[1]) - max(a[0], b[0])
    return common > 0 and 2 * common >= max(a[1], b[1]) - min(a[0], b[0])


@pytest.mark.parametrize(("name", "least"), [("cyberspace-2019", 0.38), ("udhr", 0.22)])
def test_recall_of_the_inventories_made_by_hand(name: str, least: float) -> None:
    whole, proposals = bare(name)
    spans = [(p.fact.start, p.fact.end) for p in proposals]
    met = [fact for fact in whole.facts if any(overlaps((fact.start, fact.end), span) for span in spans)]
    assert len(met) / len(whole.facts) >= least


@pytest.mark.parametrize("name", ["cyberspace-2019", "udhr"])
def test_every_quotation_is_a_slice_of_its_sentence(name: str) -> None:
    whole, proposals = bare(name)
    for proposal in proposals:
        unit = whole.unit_by_id[proposal.fact.unit]
        for part in (proposal.fact, *proposal.fact.members, *proposal.fact.anchors):
            assert whole.text[part.start : part.end] == part.text
            assert unit.start <= part.start < part.end <= unit.end


def test_the_same_course_gives_the_same_proposals() -> None:
    assert bare("cyberspace-2019")[1] == bare("cyberspace-2019")[1]


@pytest.mark.parametrize(
    "text", ["a, " * 20_000, "甲、" * 20_000, "應" * 20_000, "shall " * 1_000 + ".", "in order to a, " * 5_000]
)
def test_a_hostile_sentence_takes_no_time(text: str) -> None:
    begun = time.perf_counter()
    propose(course_of(text, language="en" if text.isascii() else "zh-Hant"))
    assert time.perf_counter() - begun < 10


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "least"), [("taiwan-act", 0.3), ("regulation-hans", 0.6)])
def test_the_sentences_of_a_law_get_proposals(name: str, least: float) -> None:
    text = (Path(__file__).parent / "documents" / f"{name}.txt").read_text()
    course = create_draft(read_outline(text), Source(text, "txt", "utf-8")).knowledge()
    met = {proposal.fact.unit for proposal in propose(course)}
    sentences = [unit.id for unit in course.units if unit.kind == "sentence"]
    assert len(met & set(sentences)) / len(sentences) >= least


def test_most_lists_made_by_hand_are_proposed_word_for_word() -> None:
    whole, proposals = bare("udhr")
    proposed = {tuple(m.text for m in p.fact.members) for p in proposals if p.rule == "list"}
    lists = [tuple(m.text for m in fact.members) for fact in whole.facts if fact.family == "ENUM"]
    met = [members for members in lists if members in proposed]
    assert len(met) / len(lists) >= 0.65, sorted(set(lists) - proposed)


@pytest.mark.parametrize(
    ("sentence", "members"),
    [
        ("Everyone may speak, write and print freely.", "speak/write/print freely"),
        ("Grain includes wheat, rye and oats.", "wheat/rye/oats"),
        ("All have the right to life, liberty and the security of person.", "life/liberty/the security of person"),
        ("The economic, social and cultural rights are equal.", "economic/social/cultural"),
        (
            "There is security in the event of sickness, widowhood, old age or other lack of means.",
            "sickness/widowhood/old age",
        ),
        ("It includes food, clothing, housing and medical care.", "food/clothing/housing/medical care"),
    ],
)
def test_an_english_list_is_cut_where_its_members_begin_and_end(sentence: str, members: str) -> None:
    assert [text for _subject, text in found(sentence, rule="list", language="en")] == [members]


@pytest.mark.parametrize(
    "sentence",
    [
        "They are equal as to marriage, during marriage and at its dissolution.",
        "Everyone takes part in the government of his country, directly or through chosen representatives.",
        "This is for any State in force, whether or not it borders a Lake.",
        "Recalling that noise harms sleep, health and learning, it decides.",
    ],
)
def test_what_only_looks_like_a_list_is_not_proposed(sentence: str) -> None:
    assert found(sentence, rule="list", language="en") == []
