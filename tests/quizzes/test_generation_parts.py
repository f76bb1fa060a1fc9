"""The parts of the generator: measures, the solver, quotations, truth and the choice of options."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.fixture import load_fixture
from curriculum.knowledge import Knowledge, Unit
from quizzes.generation.bank import LANGUAGES
from quizzes.generation.contexts import boundaries
from quizzes.generation.identity import dice, question_id
from quizzes.generation.lineups import LineUp, overlaps
from quizzes.generation.measures import TextMeasures, bigrams, jaccard, text_length
from quizzes.generation.options import Chooser, shuffled
from quizzes.generation.sayings import same_text
from quizzes.generation.solver import expected_correct
from quizzes.generation.spans import Span
from quizzes.generation.truth import Truth
from quizzes.generation.windows import Quoter, shown
from quizzes.generation.workbench import Workbench

FIXTURE = Path(__file__).parents[2] / "fixtures" / "cyberspace-2019.json"
STOP = "互聯 聯網 網絡 絡空 空間 國際 發展 合作 治理 安全 促進 全球 共同 構建 社會 命運 同體 運共"


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return Workbench(load_fixture(FIXTURE), LANGUAGES["zh-Hant"], "jingdu")


@pytest.fixture(scope="module")
def course(bench: Workbench) -> Knowledge:
    return bench.knowledge


# --- measures


def test_bigrams_do_not_span_punctuation() -> None:
    assert bigrams("主權、平等2015年度") == {"主權", "平等", "年度"}


def test_length_counts_characters_and_digits() -> None:
    assert text_length("《聯合國憲章》2015年,") == 10


def test_jaccard_of_equal_and_foreign_texts() -> None:
    assert jaccard("公平正義", "公平正義") == 1.0
    assert jaccard("公平正義", "互聯互通") == 0.0
    assert jaccard("", "") == 0.0


def test_frequent_bigrams_of_the_course_say_nothing(course: Knowledge) -> None:
    assert TextMeasures.of(course).stop == frozenset(STOP.split())


def test_a_shared_rare_word_is_a_cue(bench: Workbench) -> None:
    assert bench.measures.cue("打造網上文化交流共享平台", "交流互鑒") > 0
    assert bench.measures.cue("保障網絡安全", "維護和平安全") == 0


# --- the solver


def brute_force(weights: list[list[int]], key: list[int]) -> float:
    scored = [
        (sum(weights[i][j] for i, j in enumerate(chosen)), sum(j == key[i] for i, j in enumerate(chosen)))
        for chosen in permutations(range(len(weights[0])), len(weights))
    ]
    best = max(total for total, _ in scored)
    hits = [hit for total, hit in scored if total == best]
    return sum(hits) / len(hits)


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(0, 2), st.randoms(use_true_random=False))
def test_the_solver_agrees_with_trying_everything(rows: int, extra: int, random: random.Random) -> None:
    weights = [[random.randint(0, 3) for _ in range(rows + extra)] for _ in range(rows)]
    key = random.sample(range(rows + extra), rows)
    assert expected_correct(weights, key) == pytest.approx(brute_force(weights, key))


def test_without_cues_the_solver_is_at_chance() -> None:
    assert expected_correct([[0.0] * 5] * 4, [0, 1, 2, 3]) == pytest.approx(0.8)


# --- identity and dice


def test_identity_ignores_the_order_of_facts() -> None:
    assert question_id("matching", "a>b", ["F2", "F1"], "r") == question_id("matching", "a>b", ["F1", "F2"], "r")


def test_dice_belong_to_one_question() -> None:
    assert dice("s", "q").random() == dice("s", "q").random() != dice("s", "p").random()


# --- quotations


def test_shown_text_has_full_width_punctuation() -> None:
    assert shown("應堅持以下原則:一,二;三!") == "應堅持以下原則：一，二；三！"


def test_windows_shrink_and_keep_the_subject(bench: Workbench) -> None:
    fact = bench.knowledge.fact_by_id["F049"]
    texts = [window.text for window in Quoter(bench.unit(fact)).windows(fact, [(fact.start, fact.end)], limit=60)]
    assert texts[0].startswith("中國作為負責任的互聯網大國")
    assert texts[-1].startswith("中國……奉行＿＿＿＿")
    assert all(text.count("＿＿＿＿") == 1 for text in texts)


def test_numbered_headings_are_quoted_without_their_number(bench: Workbench) -> None:
    fact = bench.knowledge.fact_by_id["F111"]
    window = next(Quoter(bench.unit(fact)).windows(fact, [(fact.start, fact.end)], limit=60))
    assert window.text == "推動數字經濟創新發展，促進＿＿＿＿。"
    assert window.bare == "推動數字經濟創新發展，促進＿＿＿＿"


def test_a_whole_clause_is_recognised() -> None:
    quoter = Quoter(Unit("u", "L", "p", "sentence", 10, 21, "以人為本,推動科技向善。"))
    assert quoter.is_whole_clause(10, 14)
    assert not quoter.is_whole_clause(17, 21)
    assert quoter.ends_clause(14)


def test_separators_become_one_boundary() -> None:
    assert boundaries("一,二。 三、四") == "一\n二\n三、四"


def test_another_text_in_the_same_context_is_a_rival(bench: Workbench) -> None:
    fact = bench.knowledge.fact_by_id["F113"]
    rivals = bench.contexts.rivals(bench.unit(fact), fact.start, fact.end)
    assert {"互聯互通", "共同繁榮"} <= rivals


# --- truth: what may never be a wrong option


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("國際組織", "主渠道作用"),  # the United Nations belong to the international organisations
        ("公民個人", "網絡行為的主體"),  # another name of the same actor
        ("社會組織", "不可替代的作用"),  # said of the social organisations together with others
        ("互聯網企業", "遵守法律法規"),
        ("公民個人", "遵守法律法規"),
    ],
)
def test_doubtful_statements_count_as_true(course: Knowledge, subject: str, text: str) -> None:
    truth = Truth(course)
    assert truth.says(truth.names(subject), text)


def test_a_pair_is_true_for_its_own_left_half_only(course: Knowledge) -> None:
    truth = Truth(course)
    assert truth.joins("發展", "貢獻者")
    assert truth.joins("發展", "受益者")
    assert not truth.joins("和平", "貢獻者")


def test_members_of_a_joint_actor_are_no_wrong_subject(course: Knowledge) -> None:
    truth, fact = Truth(course), course.fact_by_id["F195"]
    assert not truth.is_wrong_subject(fact, "技術社群")
    assert truth.is_wrong_subject(fact, "政府")


def test_texts_are_the_same_when_one_is_inside_the_other() -> None:
    assert same_text("法律法規", "遵守法律法規")
    assert not same_text("公平正義", "共同繁榮")


# --- options


def span(course: Knowledge, text: str) -> Span:
    return Span(course.facts[0], 0, 0, text, "p")


def test_options_one_character_apart_overlap() -> None:
    assert overlaps("自然延伸", "自然延長")
    assert overlaps("發展", "發展共同體")
    assert not overlaps("自然延伸", "具體體現")


def test_a_key_much_longer_than_the_rest_is_refused() -> None:
    assert LineUp("自然延伸", ["具體體現", "必然選擇"]).are_balanced((1, 2))
    assert not LineUp("順應信息時代發展潮流的必然選擇", ["具體體現", "重要實踐"]).are_balanced((1, 2))


@pytest.mark.parametrize(
    ("key", "others", "is_alike"),
    [
        ("推動變革", ["網絡攻擊", "軍備競賽"], False),
        ("冷戰思維", ["種族主義", "霸權主義", "網絡霸權"], False),
        ("冷戰思維", ["雙重標準", "霸權主義", "網絡霸權"], True),
        ("霸權主義", ["雙重標準", "冷戰思維", "網絡霸權"], False),
    ],
)
def test_a_key_neither_begins_nor_ends_alone_in_its_way(key: str, others: list[str], is_alike: bool) -> None:
    line_up = LineUp(key, others, verbs=("推動",), endings=("主義",))
    assert line_up.are_alike(tuple(range(1, len(others) + 1))) is is_alike


def test_a_key_in_which_the_parts_of_the_others_meet_is_refused() -> None:
    line_up = LineUp("共同關切", ["共同期待", "高度關切", "重要實踐"])
    assert line_up.converge((1, 2))
    assert not line_up.converge((1, 3))


def test_sets_of_options_leave_out_what_overlaps_and_keep_the_order() -> None:
    line_up = LineUp("網絡主權", ["發展", "發展共同體", "和平", "安全"])
    assert list(line_up.sets(3)) == [(1, 3, 4), (2, 3, 4)]


def test_the_chooser_refuses_a_key_that_the_stem_singles_out(bench: Workbench) -> None:
    others = [span(bench.knowledge, text) for text in ("維護和平安全", "促進開放合作", "構建良好秩序")]
    chooser = Chooser(bench.measures, random.Random(1))
    assert chooser.choose("「尊重網絡主權的自然延伸」", "尊重網絡主權", others, closed=True) is None
    assert chooser.choose("「不搞網絡霸權」", "尊重網絡主權", others, closed=True) is not None


@settings(deadline=None)
@given(st.integers(2, 4), st.integers(0, 10**6))
def test_shuffling_keeps_every_option(count: int, seed: int) -> None:
    others = [f"誘{number}" for number in range(count)]
    assert sorted(shuffled("解", others, random.Random(seed))) == sorted(["解", *others])
