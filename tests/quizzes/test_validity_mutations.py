"""The checker against itself: every known flaw, planted into a good bank, is found; the good bank has no error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from quizzes.content import BLANK, Content, Distractor, Evidence
from quizzes.validity import ERROR, Report, check_bank
from quizzes.validity.repeatability import stable_id
from tests.quizzes.clean_bank import ONCE, choice, clean_bank, course, matching, question


def examined(*planted: Content) -> Report:
    return check_bank([*clean_bank(), *planted], course(), is_whole=False)


def rules_against(report: Report, content: Content) -> set[str]:
    return {finding.rule for finding in report.errors if finding.question == content.id}


def two_subjects_typed() -> Content:
    return question(
        "short_answer",
        "bad",
        "依第四章，誰應「遵守法律法規」？",
        "互聯網企業",
        "F193.1",
        "L5-08",
        direction="subject",
        hide_heading=True,
    )


def two_subjects_chosen() -> Content:
    return choice(
        "bad",
        "依第四章，「遵守法律法規」是對下列哪一主體的要求？",
        "互聯網企業/公民個人/社會組織/技術社群",
        "互聯網企業",
        "F193.1",
        "L5-08",
        "F204 F198 F196",
        direction="subject",
        hide_heading=True,
    )


def whole_headings_split() -> Content:
    return matching(
        "bad",
        "依第三章各項標題，把路徑與標題所寫的目標配對。",
        "加快全球網絡基礎設施建設→促進互聯互通|打造網上文化交流共享平台→促進交流互鑒|保障網絡安全→促進有序發展"
        "|構建全球網絡空間治理體系→促進公平正義",
        "促進交流互鑒|促進互聯互通|促進公平正義|促進有序發展|促進開放合作",
        "F109 F110 F112 F113",
        "L4.1.H L4.2.H L4.4.H L4.5.H",
    )


def first_sentences() -> Content:
    return matching(
        "bad",
        "下列主張分別寫在哪一項標題之下？",
        "網絡主權是國家主權在網絡空間的自然延伸→尊重網絡主權|實現網絡空間的安全穩定，事關人類的共同福祉→維護和平安全"
        "|開放是開展網絡空間合作的前提→促進開放合作"
        "|應以公認的國際法和國際關係基本準則為基礎構建良好秩序→構建良好秩序",
        "構建良好秩序|尊重網絡主權|維護和平安全|保障網絡安全|促進開放合作",
        "F073 F079 F090 F101",
        "L3-03 L3-06 L3-11 L3-15",
    )


def particle() -> Content:
    stem = "依第一章：「構建網絡空間命運共同體，＿＿＿＿要把網絡空間建設成造福全人類的發展共同體……」"
    return question("cloze", "bad", stem, "就是", "F058", "L2-07")


def not_in_document() -> Content:
    return question("short_answer", "bad", "依序言，「五點主張」第一點是什麼？", "尊重網絡主權", "F008", "L0-01")


def negative() -> Content:
    return choice(
        "bad",
        "依「維護和平安全」一項，下列何者不屬於各方應摒棄的？",
        "冷戰思維/零和博弈/雙重標準/網絡霸權",
        "網絡霸權",
        "F086",
        "L3-10",
        "F086 F086 F086",
    )


def all_of_the_above() -> Content:
    return choice(
        "bad",
        "依「維護和平安全」一項，下列哪一項列在「各方應摒棄」之中？",
        "冷戰思維/零和博弈/雙重標準/以上皆是",
        "以上皆是",
        "F086",
        "L3-10",
        "F086 F086 F086",
    )


def longest_is_key() -> Content:
    return choice(
        "bad",
        "依第四章，文件說技術社群和社會組織起什麼作用？",
        "橋梁作用/引擎作用/對網絡空間技術發展和公共決策起着不可替代的作用/主渠道作用",
        "對網絡空間技術發展和公共決策起着不可替代的作用",
        "F194",
        "L5-09",
        "F132 F142 F165",
    )


def context_fits_twice() -> Content:
    return question("cloze", "bad", "依文件：「各國應＿＿＿＿聯合國……」", "支持並推動", "F185", "L5-05")


def joint_actor_split() -> Content:
    return choice(
        "bad",
        "依第四章，起着「不可替代的作用」的是下列何者？",
        "技術社群/政府/國際組織/互聯網企業",
        "技術社群",
        "F195",
        "L5-09",
        "F174 F183 F189",
        direction="subject",
        hide_heading=True,
    )


def part_fits_whole() -> Content:
    return matching(
        "bad",
        "依文件，把左欄主體與文件對它的定位配對。",
        "政府→國家治理與國際合作的主要行為體|國際組織→網絡空間國際規則制定的重要主體"
        "|互聯網企業→數字經濟建設的關鍵主體|個人→網絡行為的主體",
        "網絡行為的主體|國家治理與國際合作的主要行為體|在網絡空間國際治理中的主渠道作用"
        "|數字經濟建設的關鍵主體|網絡空間國際規則制定的重要主體",
        "F174 F183 F189 F202",
        "L5-02 L5-04 L5-07 L5-12",
    )


def spare_response_fits() -> Content:
    return matching(
        "bad",
        "依第一章，文件稱中國始終是國際網絡空間的什麼？請配對。",
        "和平→建設者|發展→貢獻者|秩序→維護者",
        "貢獻者|受益者|建設者|維護者",
        "F046.1 F046.2 F046.3",
        "L2-05",
    )


def several_predicates() -> Content:
    stem = "依文件，構建網絡空間命運共同體是什麼？"
    return question("short_answer", "bad", stem, "順應信息時代發展潮流的必然選擇", "F206", "L6-01")


def opinion() -> Content:
    return question("short_answer", "bad", "為何此方案最先進？", "與時俱進", "F021", "L0-04", lesson="L0")


def outside_knowledge() -> Content:
    return question("short_answer", "bad", "依序言，大會在烏鎮舉行嗎？", "第二屆世界互聯網大會", "F006", "L0-01")


def mixed_columns() -> Content:
    return matching(
        "bad",
        "依文件，把左欄與右欄配對。",
        "2015年→世界互聯網大會永久主題|政府→關鍵主導作用|保障網絡安全→有序發展",
        "關鍵主導作用|世界互聯網大會永久主題|引擎作用|有序發展",
        "F004 F175 F112",
        "L0-01 L5-02 L4.4.H",
    )


def key_in_stem() -> Content:
    stem = "依「維護和平安全」一項，各國應堅持以什麼方式解決網絡空間爭端？"
    return question("short_answer", "bad", stem, "和平方式", "F084", "L3-08")


def chrome() -> Content:
    stem = "依文件：「Public ＿＿＿＿……」"
    good = question("cloze", "bad", stem, "domain", "F001", "L0-01")
    at = course().text.index("Public domain")
    return replace(good, evidence=(Evidence("X.79", at, at + 13, "Public domain"),))


def open_list_counted() -> Content:
    members = ["侵犯個人隱私", "侵犯知識產權", "推行種族主義", "散布虛假信息", "實施網絡詐騙", "網絡恐怖主義活動"]
    stem = "依第一章，已成為全球公害的違法犯罪行為一共有幾種？請列出全部。"
    return question("enumeration", "bad", stem, members, "F042", "L2-03")


def unordered_ordered() -> Content:
    actors = ["政府", "國際組織", "互聯網企業", "技術社群", "社會組織", "公民個人"]
    stem = "依第四章，把治理架構的各主體排成文件的先後次序。"
    return question("ordering", "bad", stem, actors, "F172", "L5-01", items=tuple(reversed(actors)))


def said_twice() -> Content:
    stem = "依序言，文件提出把網絡空間建設成造福全人類的哪四個共同體？（不限順序）"
    members = ["發展共同體", "安全共同體", "責任共同體", "利益共同體"]
    return question("enumeration", "enum", stem, members, "F019", "L0-03")


def one_character_apart() -> Content:
    return choice(
        "bad",
        "依「構建良好秩序」一項，文件說應以公認的國際法和國際關係基本準則為基礎做什麼？",
        "建構良好秩序/構建良好秩序/完善治理規範",
        "構建良好秩序",
        "F101",
        "L3-15",
        "F101 F169",
        hide_heading=True,
    )


def overlapping_options() -> Content:
    return choice(
        "bad",
        "依第一章，文件提出要建設的是下列何者？",
        "發展/發展共同體/永久主題",
        "發展共同體",
        "F059",
        "L2-07",
        "F046.2 F011",
    )


def blank_counts_characters() -> Content:
    stem = "依第四章：「非政府間國際組織宜加強同政府間國際組織的□□□□，實現優勢互補。」"
    return question("cloze", "bad", stem, "協調互動", "F187", "L5-06")


def true_elsewhere() -> Content:
    return choice(
        "bad",
        "依第三章第五項，構建全球網絡空間治理體系一項以建立怎樣的合作為目標？",
        "更加公正合理/相互信任、協調有序/包容、普惠/開放互利",
        "相互信任、協調有序",
        "F167",
        "L4-18",
        "F171 F119 F273",
    )


CATALOGUE: tuple[tuple[str, Callable[[], Content], set[str]], ...] = (
    ("two keys, typed", two_subjects_typed, {"V12"}),
    ("two keys, chosen", two_subjects_chosen, {"V12"}),
    ("headings split in halves", whole_headings_split, {"V31"}),
    ("first sentences", first_sentences, {"V31"}),
    ("particle", particle, {"V40"}),
    ("not in the document", not_in_document, {"V03", "V18", "V78"}),
    ("negative stem", negative, {"V76"}),
    ("all of the above", all_of_the_above, {"V25"}),
    ("longest option is right", longest_is_key, {"V21"}),
    ("context fits twice", context_fits_twice, {"V14"}),
    ("joint actor split", joint_actor_split, {"V11"}),
    ("part fits the whole", part_fits_whole, {"V54"}),
    ("spare response fits", spare_response_fits, {"V54"}),
    ("several predicates", several_predicates, {"V12"}),
    ("opinion", opinion, {"V77"}),
    ("outside knowledge", outside_knowledge, {"V78"}),
    ("mixed columns", mixed_columns, {"V53"}),
    ("key in the stem", key_in_stem, {"V33"}),
    ("page chrome", chrome, {"V01", "V02"}),
    ("open list counted", open_list_counted, {"V16"}),
    ("unordered list ordered", unordered_ordered, {"V17"}),
    ("said twice", said_twice, {"V71"}),
    ("one character apart", one_character_apart, {"V27"}),
    ("overlapping options", overlapping_options, {"V27"}),
    ("blank counts characters", blank_counts_characters, {"V37"}),
    ("true elsewhere in scope", true_elsewhere, {"V11"}),
)


def test_nothing_is_wrong_with_the_clean_bank() -> None:
    report = check_bank(clean_bank(), course(), is_whole=False)
    assert [finding.to_dict() for finding in report.errors] == []
    assert len(report.contents) >= 20
    assert len(report.counts()["kind"]) == 6


def planted(name: str, make: Callable[[], Content]) -> Content:
    """A flawed question under a name of its own, so that no two share an id."""
    content = replace(make(), rule=f"bad {name}")
    return replace(content, id=stable_id(content))


@cache
def all_planted() -> Report:
    """The clean bank with every flaw of the catalogue in it at once."""
    return examined(*(planted(name, make) for name, make, _ in CATALOGUE))


@pytest.mark.parametrize(("name", "make", "rules"), CATALOGUE, ids=[row[0] for row in CATALOGUE])
def test_a_planted_flaw_is_found_by_its_rule(name: str, make: Callable[[], Content], rules: set[str]) -> None:
    assert rules <= rules_against(all_planted(), planted(name, make))


def test_a_planted_flaw_is_not_blamed_on_its_neighbours() -> None:
    assert all_planted().faulty == {planted(name, make).id for name, make, _ in CATALOGUE}


MUTATIONS: tuple[tuple[str, Callable[[Content], Content], str], ...] = (
    ("offsets", lambda c: replace(c, evidence=(replace(c.evidence[0], start=c.evidence[0].start + 1),)), "V01"),
    ("quotation", lambda c: replace(c, evidence=(replace(c.evidence[0], quote=c.evidence[0].quote + "嗎"),)), "V01"),
    ("no evidence", lambda c: replace(c, evidence=()), "V05"),
    ("unknown fact", lambda c: replace(c, facts=(*c.facts, "F999")), "V05"),
    ("half-width mark", lambda c: replace(c, stem=c.stem.replace("，", ",").replace("：", ":")), "V04"),
    ("negation", lambda c: replace(c, stem=c.stem + "下列何者不正確？"), "V76"),
    ("opinion", lambda c: replace(c, stem=c.stem + "你認為呢？"), "V77"),
    ("strange words", lambda c: replace(c, stem=c.stem + "股票"), "V78"),
    ("identity", lambda c: replace(c, id="0" * 12), "V80"),
)


@pytest.mark.parametrize(("mutate", "rule"), [row[1:] for row in MUTATIONS], ids=[row[0] for row in MUTATIONS])
@pytest.mark.parametrize("at", [0, 5, 13, 29])
def test_a_spoilt_question_is_found(at: int, mutate: Callable[[Content], Content], rule: str) -> None:
    good = clean_bank()[at]
    if rule == "V04" and not set(good.stem) & set("，："):
        pytest.skip("no mark to spoil")
    spoilt = mutate(good)
    report = check_bank([spoilt], course(), is_whole=False)
    assert rule in rules_against(report, spoilt)


def test_every_wrong_option_as_key_is_found() -> None:
    for good in clean_bank():
        for row in good.distractors if good.kind == "choice" else ():
            spoilt = replace(good, key=row.text)
            found = rules_against(check_bank([spoilt], course(), is_whole=False), spoilt)
            assert found & {"V03", "V11", "V12", "V18"}, (good.stem, row.text)


def test_swapped_pairs_are_found() -> None:
    for good in clean_bank():
        if good.kind == "matching":
            key = [list(pair) for pair in good.key]
            key[0][1], key[1][1] = key[1][1], key[0][1]
            spoilt = replace(good, key=key)
            found = rules_against(check_bank([spoilt], course(), is_whole=False), spoilt)
            assert found & {"V18", "V52"}, good.stem


def test_unused_response_that_nobody_announced_is_found() -> None:
    good = next(content for content in clean_bank() if content.kind == "matching")
    spoilt = replace(good, stem=good.stem.replace(ONCE, ""))
    assert "V56" in rules_against(check_bank([spoilt], course(), is_whole=False), spoilt)


def test_distractor_without_a_record_is_found() -> None:
    good = next(content for content in clean_bank() if content.kind == "choice")
    assert "V26" in rules_against(check_bank([replace(good, distractors=())], course(), is_whole=False), good)
    odd = tuple(Distractor(row.text, "F004") for row in good.distractors)
    assert "V26" in rules_against(check_bank([replace(good, distractors=odd)], course(), is_whole=False), good)


def test_made_up_distractor_is_found() -> None:
    spoilt = choice(
        "bad",
        "依「尊重網絡主權」一項，網絡主權是國家主權在網絡空間的＿＿＿＿。",
        "具體體現/延年益壽/自然延伸/必然選擇",
        "自然延伸",
        "F073",
        "L3-03",
        "F012 F091 F206",
    )
    assert "V26" in rules_against(check_bank([spoilt], course(), is_whole=False), spoilt)


def test_repeated_question_is_found() -> None:
    again = replace(clean_bank()[0], rule="other")
    again = replace(again, id=stable_id(again))
    found = {finding.rule for finding in examined(again).findings if finding.severity == ERROR}
    assert {"V70", "V71"} <= found


def test_blank_is_always_the_same_mark() -> None:
    good = next(content for content in clean_bank() if content.kind == "cloze")
    spoilt = replace(good, stem=good.stem.replace(BLANK, "＿＿"))
    assert "V37" in rules_against(check_bank([spoilt], course(), is_whole=False), spoilt)
