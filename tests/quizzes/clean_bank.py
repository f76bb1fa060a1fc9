"""Thirty-odd questions on the first course that people wrote and read: no rule may call any of them wrong.

Offsets are written out by hand, so that they also prove the pinned text. The stems carry their attribution and the
instruction of a matching set in full; everything else is as in the worked examples they come from.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from curriculum.fixture import load_fixture
from curriculum.knowledge import Knowledge
from quizzes.content import Confusion, Content, Distractor, Evidence
from quizzes.validity.repeatability import stable_id

FIXTURE = Path(__file__).parents[2] / "fixtures" / "cyberspace-2019.json"
PLACES = {
    "L0-03": (268, 395),
    "L0-04": (399, 427),
    "L3-06": (1586, 1608),
    "L3-08": (1661, 1718),
    "L5-08": (3654, 3711),
    "L6-01": (3940, 3997),
    "L6-02": (3997, 4077),
    "L0-01": (70, 172),
    "L1-01": (504, 575),
    "L1-02": (575, 674),
    "L2-01": (688, 771),
    "L2-03": (808, 921),
    "L2-05": (971, 1020),
    "L2-06": (1020, 1196),
    "L2-07": (1200, 1253),
    "L2-08": (1253, 1336),
    "L3.1.H": (1374, 1383),
    "L3-02": (1383, 1422),
    "L3-03": (1422, 1477),
    "L3-04": (1477, 1514),
    "L3-05": (1514, 1573),
    "L3.2.H": (1577, 1586),
    "L3-09": (1718, 1731),
    "L3-10": (1731, 1809),
    "L3.3.H": (1813, 1822),
    "L3-11": (1822, 1856),
    "L3-13": (1900, 1967),
    "L3-14": (1967, 2013),
    "L3.4.H": (2017, 2026),
    "L3-15": (2026, 2064),
    "L3-17": (2106, 2189),
    "L4.1.H": (2203, 2225),
    "L4-01": (2225, 2290),
    "L4-04": (2338, 2385),
    "L4-06": (2428, 2446),
    "L4.2.H": (2450, 2472),
    "L4-07": (2472, 2554),
    "L4-09": (2596, 2650),
    "L4.3.H": (2654, 2674),
    "L4-10": (2674, 2708),
    "L4-11": (2708, 2750),
    "L4-12": (2750, 2800),
    "L4-13": (2800, 2885),
    "L4.4.H": (2889, 2905),
    "L4-15": (2937, 2985),
    "L4.5.H": (3055, 3077),
    "L4-18": (3105, 3179),
    "L4-19": (3179, 3250),
    "L5-01": (3264, 3329),
    "L5-02": (3333, 3361),
    "L5-03": (3361, 3478),
    "L5-04": (3482, 3523),
    "L5-05": (3523, 3583),
    "L5-06": (3583, 3615),
    "L5-07": (3619, 3654),
    "L5-09": (3715, 3749),
    "L5-11": (3803, 3851),
    "L5-12": (3855, 3877),
    "L5-13": (3877, 3901),
    "L5-14": (3901, 3936),
}
ONCE = "右欄每項至多用一次，有一項用不到。"


@cache
def course() -> Knowledge:
    """The first course, read from its fixture."""
    return load_fixture(FIXTURE)


def quoted(*units: str) -> tuple[Evidence, ...]:
    """Whole sentences as evidence, from the offsets above."""
    text = course().text
    return tuple(Evidence(unit, *PLACES[unit], text[slice(*PLACES[unit])]) for unit in units)


def question(kind: str, rule: str, stem: str, key: Any, facts: str, units: str, **more: Any) -> Content:
    """One question; `facts` and `units` are names with spaces between."""
    evidence = quoted(*units.split())
    lesson = more.pop("lesson", units.split()[0][:2])
    direction = more.pop("direction", "object")
    content = Content(
        id="",
        kind=kind,
        lesson=lesson,
        rule=rule,
        direction=direction,
        seed="1",
        stem=stem,
        key=key,
        facts=tuple(facts.split()),
        evidence=evidence,
        **more,
    )
    return replace(content, id=stable_id(content))


def choice(rule: str, stem: str, options: str, key: str, facts: str, units: str, wrong: str, **more: Any) -> Content:
    """A choice; `options` in stored order, `wrong` the facts of which the others are true, in that order."""
    texts = tuple(options.split("/"))
    others = [text for text in texts if text != key]
    distractors = tuple(Distractor(text, fact) for text, fact in zip(others, wrong.split(), strict=True))
    kind = more.pop("kind", "choice")
    return question(kind, rule, stem, key, facts, units, options=texts, distractors=distractors, **more)


def matching(rule: str, stem: str, pairs: str, responses: str, facts: str, units: str, **more: Any) -> Content:
    """A matching set; `pairs` as premise→response with | between, `responses` in stored order."""
    key = [pair.split("→") for pair in pairs.split("|")]
    shown = tuple(responses.split("|"))
    premises = tuple(pair[0] for pair in key)
    return question(
        "matching", rule, stem + ONCE, key, facts, units, premises=premises, responses=shown, lesson="L4", **more
    )


def typed_questions() -> list[Content]:
    return [
        question(
            "short_answer",
            "event_when.typed",
            "依序言，「構建網絡空間命運共同體」理念是在哪一年首次提出的？（填西元年份）",
            "2015年",
            "F004",
            "L0-01",
            accepted=("2015", "二〇一五年", "二零一五年"),
            suffixes=("年",),
            confusions=(Confusion("2019年", "序言署名", "L0.sig19"),),
            pool="year",
            scope="序言",
        ),
        question(
            "cloze",
            "ordinal.cloze",
            "依序言：「2015年，中國國家主席習近平在第＿＿＿＿屆世界互聯網大會首次提出……理念」。",
            "二",
            "F006",
            "L0-01",
            accepted=("2", "第二"),
            scope="序言",
        ),
        question(
            "short_answer",
            "established_by.typed",
            "依「尊重網絡主權」一項，主權平等原則由哪一份文件確立？",
            "《聯合國憲章》",
            "F070",
            "L3-02",
            accepted=("聯合國憲章",),
            pool="document",
            scope="「尊重網絡主權」一項",
        ),
        question(
            "short_answer",
            "is_not.typed",
            "依「構建良好秩序」一項，文件說網絡空間不是什麼？",
            "法外之地",
            "F100",
            "L3-15",
            pool="predicate4",
            scope="「構建良好秩序」一項",
        ),
        question(
            "short_answer",
            "function.typed",
            "依第三章第五項，聯合國在網絡空間國際治理中發揮什麼作用？",
            "主渠道作用",
            "F165",
            "L4-18",
            accepted=("主渠道", "主渠道的作用"),
            suffixes=("作用",),
            confusions=(Confusion("橋梁作用", "互聯網", "L4-07"), Confusion("引擎作用", "數字經濟", "L4-10")),
            pool="function",
            scope="第三章第五項",
        ),
        question(
            "cloze",
            "cloze",
            "依第四章：「非政府間國際組織宜加強同政府間國際組織的＿＿＿＿，實現優勢互補。」",
            "協調互動",
            "F187",
            "L5-06",
            scope="第四章",
        ),
        question(
            "cloze",
            "cloze",
            "依第三章第三項標題：「推動數字經濟創新發展，促進＿＿＿＿。」",
            "共同繁榮",
            "F111",
            "L4.3.H",
            pool="goal4",
            hide_heading=True,
            scope="第三章第三項",
        ),
        question(
            "cloze",
            "cloze",
            "依第三章第四項：「……維護信息技術中立和＿＿＿＿，共同遏制信息技術濫用。」",
            "產業全球化",
            "F158",
            "L4-15",
            scope="第三章第四項",
        ),
        question(
            "cloze",
            "cloze",
            "依第三章第三項：「……實現生產要素有序流動、資源＿＿＿＿、市場深度融合。」",
            "高效配置",
            "F150.2",
            "L4-12",
            pool="flow4",
            scope="第三章第三項",
        ),
        question(
            "cloze",
            "cloze",
            "依第二章第四項：「……實現網絡空間資源共享、責任＿＿＿＿、合作共治……」",
            "共擔",
            "F107.2",
            "L3-17",
            pool="gong2",
            scope="第二章第四項",
        ),
        question(
            "short_answer",
            "condition.typed",
            "依第二章第三項，什麼是「開展網絡空間合作的前提」？",
            "開放",
            "F090",
            "L3-11",
            direction="subject",
            hide_heading=True,
            scope="第二章第三項",
        ),
        question(
            "short_answer",
            "supports.typed",
            "依第三章第三項，共享互聯網發展成果等舉措，為聯合國哪一項議程的落實提供助力？",
            "2030年可持續發展議程",
            "F154",
            "L4-13",
            accepted=("可持續發展議程", "聯合國2030年可持續發展議程"),
            hide_heading=True,
            scope="第三章第三項",
        ),
        question(
            "short_answer",
            "basis.typed",
            "依第一章，中國依託共建什麼等，分享發展經驗、推動務實合作？",
            "「一帶一路」",
            "F054",
            "L2-06",
            accepted=("一帶一路",),
            scope="第一章",
        ),
    ]


def choices() -> list[Content]:
    return [
        choice(
            "became.object",
            "依序言，「構建網絡空間命運共同體」理念「已經成為」下列何者？",
            "人類共同的新家園/世界互聯網大會永久主題/當代國際關係的基本準則/國家主權在網絡空間的自然延伸",
            "世界互聯網大會永久主題",
            "F011",
            "L0-01",
            "F026 F071 F073",
            pool="predicate",
            scope="序言",
        ),
        choice(
            "head.object",
            "依「尊重網絡主權」一項，網絡主權是國家主權在網絡空間的＿＿＿＿。",
            "具體體現/重要條件/自然延伸/必然選擇",
            "自然延伸",
            "F073",
            "L3-03",
            "F012 F091 F206",
            pool="predicate4",
            scope="「尊重網絡主權」一項",
        ),
        choice(
            "role.actor",
            "依第四章，文件稱下列哪一主體為「數字經濟建設的關鍵主體」？",
            "互聯網企業/政府/國際組織/技術社群和社會組織",
            "互聯網企業",
            "F189",
            "L5-07",
            "F174 F183 F194",
            direction="subject",
            hide_heading=True,
            pool="actor",
            scope="第四章",
        ),
        choice(
            "role.object",
            "依第四章，國際組織「既是網絡空間國際規則制定的重要主體，也是」下列何者？",
            "國家治理與國際合作的主要行為體/網絡空間治理的重要參與者/展示各國各民族文明成果的平台/各方開展互聯網交流合作的重要平台",
            "各方開展互聯網交流合作的重要平台",
            "F184",
            "L5-04",
            "F174 F190 F134",
            pool="role",
            scope="第四章",
        ),
        choice(
            "task.actor",
            "依第四章，「積極建言獻策」說的是下列何者？",
            "技術社群/互聯網企業/國際組織/社會組織",
            "社會組織",
            "F198",
            "L5-11",
            "F196 F189 F183",
            direction="subject",
            hide_heading=True,
            pool="actor",
            scope="第四章",
        ),
        choice(
            "task.actor",
            "依第四章，「自覺規範網絡行為」是對下列哪一主體的要求？",
            "社會組織/公民個人/技術社群/互聯網企業",
            "公民個人",
            "F204.2",
            "L5-14",
            "F198 F196 F189",
            direction="subject",
            hide_heading=True,
            pool="actor",
            scope="第四章",
        ),
        choice(
            "process.object",
            "文件說，各國應支持並推動聯合國等政府間國際組織的哪一項？",
            "網絡空間國際規則進程/可持續發展議程/網絡空間國際對話交流/互聯網治理體系變革",
            "網絡空間國際規則進程",
            "F185",
            "L5-05",
            "F154 F053 F164",
        ),
        choice(
            "member.choice",
            "下列哪一項列在「維護和平安全」所說「各方應摒棄」之中？",
            "強權政治/網絡霸權/小集團主義/零和博弈",
            "零和博弈",
            "F086",
            "L3-10",
            "F253 F252 F255",
            pool="negative",
        ),
        choice(
            "principle.section",
            "「任何國家……不利用網絡干涉他國內政」寫在哪一項基本原則之下？",
            "尊重網絡主權/維護和平安全/促進開放合作/構建良好秩序",
            "尊重網絡主權",
            "F078.2",
            "L3-05",
            "F067 F068 F069",
            direction="section",
            hide_heading=True,
            pool="principle",
        ),
        choice(
            "principle.section",
            "「擴大發展中國家參與網絡空間國際治理的代表性和發言權」寫在哪一項基本原則之下？",
            "尊重網絡主權/維護和平安全/促進開放合作/構建良好秩序",
            "構建良好秩序",
            "F106",
            "L3-17",
            "F066 F067 F068",
            direction="section",
            hide_heading=True,
            pool="principle",
        ),
        choice(
            "goal.path",
            "第三章中，標題以「促進有序發展」為目標的是哪一項？",
            "加快全球網絡基礎設施建設/打造網上文化交流共享平台/保障網絡安全/構建全球網絡空間治理體系",
            "保障網絡安全",
            "F112",
            "L4.4.H",
            "F114 F115 F118",
            direction="subject",
            hide_heading=True,
            pool="path",
            scope="第三章",
        ),
        choice(
            "path.section",
            "「加強政策協調，促進網絡知識產權保護」寫在哪一條實踐路徑之下？",
            "加快全球網絡基礎設施建設/打造網上文化交流共享平台/推動數字經濟創新發展/構建全球網絡空間治理體系",
            "加快全球網絡基礎設施建設",
            "F131",
            "L4-06",
            "F115 F116 F118",
            direction="section",
            hide_heading=True,
            pool="path",
        ),
        choice(
            "member.choice",
            "依第三章第一項，文件主張採取更加積極、包容、＿＿＿＿、普惠的政策。",
            "開放/務實/協調/平衡",
            "協調",
            "F119",
            "L4-01",
            "F273 F275 F276",
            pool="quality2",
            scope="第三章第一項",
        ),
        choice(
            "claim.subject",
            "依第一章，給人類文明進步帶來「千載難逢的發展機遇」的是下列何者？",
            "新一輪科技革命和產業革命/大發展大變革大調整時期/互聯網的迅猛發展/數字化、網絡化、智能化",
            "互聯網的迅猛發展",
            "F036",
            "L2-01",
            "F034 F033 F061",
            direction="subject",
            scope="第一章",
        ),
        choice(
            "claim.subject",
            "依第四章，下列何者是構建網絡空間命運共同體的「基礎」？",
            "公認的國際法和國際關係基本準則/負責任的個人行為/各主體的溝通與合作/多邊參與、多方參與",
            "負責任的個人行為",
            "F203",
            "L5-13",
            "F101 F173 F163",
            direction="subject",
            hide_heading=True,
            scope="第四章",
        ),
        choice(
            "target.object",
            "依第三章第二項，「注重……的網絡保護」，所指對象是下列何者？",
            "不發達地區和低收入人群/婦女兒童及其他弱勢群體/廣大發展中國家和不發達國家/新興市場國家和發展中國家",
            "婦女兒童及其他弱勢群體",
            "F139",
            "L4-09",
            "F263 F152 F264",
            pool="target_group",
            scope="第三章第二項",
        ),
    ]


def sets() -> list[Content]:
    return [
        matching(
            "role.matching",
            "依第四章，把左欄主體與文件對它的定位配對。",
            "政府→國家治理與國際合作的主要行為體|國際組織→網絡空間國際規則制定的重要主體"
            "|互聯網企業→數字經濟建設的關鍵主體|個人→網絡行為的主體",
            "網絡行為的主體|國家治理與國際合作的主要行為體|對網絡空間技術發展和公共決策起着不可替代的作用"
            "|數字經濟建設的關鍵主體|網絡空間國際規則制定的重要主體",
            "F174 F183 F189 F202",
            "L5-02 L5-04 L5-07 L5-12",
            distractors=(Distractor("對網絡空間技術發展和公共決策起着不可替代的作用", "F194"),),
            scope="第四章",
        ),
        matching(
            "function.matching",
            "依文件，下列各項分別發揮什麼作用？請配對。",
            "政府→關鍵主導作用|聯合國→主渠道作用|互聯網→橋梁作用|數字經濟→引擎作用|技術社群和社會組織→不可替代的作用",
            "橋梁作用|關鍵主導作用|積極作用|不可替代的作用|主渠道作用|引擎作用",
            "F175 F165 F132 F142 F195",
            "L5-02 L4-18 L4-07 L4-10 L5-09",
            distractors=(Distractor("積極作用", "F230"),),
            pool="function",
        ),
        matching(
            "principle.matching",
            "下列主張分別寫在哪一項標題之下？",
            "各國有權根據本國國情，借鑑國際經驗，制定有關網絡空間的公共政策和法律法規→尊重網絡主權"
            "|各方應摒棄冷戰思維、零和博弈、雙重標準→維護和平安全|堅決反對狹隘的、封閉的小集團主義→促進開放合作"
            "|國際社會應共同管理和公平分配互聯網基礎資源→構建良好秩序",
            "構建良好秩序|尊重網絡主權|維護和平安全|保障網絡安全|促進開放合作",
            "F231 F232 F233 F234",
            "L3-04 L3-10 L3-14 L3-17",
            distractors=(Distractor("保障網絡安全", "F117"),),
        ),
        matching(
            "path_goal.matching",
            "依第三章各項標題，把路徑與標題所寫的目標配對。",
            "加快全球網絡基礎設施建設→互聯互通|打造網上文化……共享平台→交流互鑒|推動數字經濟創新……→共同繁榮"
            "|保障網絡安全→有序發展|構建全球網絡空間治理體系→公平正義",
            "交流互鑒|互聯互通|公平正義|優勢互補|共同繁榮|有序發展",
            "F109 F110 F111 F112 F113",
            "L4.1.H L4.2.H L4.3.H L4.4.H L4.5.H",
            distractors=(Distractor("優勢互補", "F188"),),
            pool="goal4",
            scope="第三章各項標題",
        ),
        matching(
            "path.matching",
            "下列措施分別寫在哪一項標題之下？",
            "有效利用多邊開發銀行等機制→加快全球網絡基礎設施建設"
            "|注重對婦女兒童及其他弱勢群體的網絡保護→打造網上文化交流共享平台"
            "|探索建立創業投資合作機制→推動數字經濟創新發展|維護信息技術中立和產業全球化→保障網絡安全"
            "|完善對話協商機制→構建全球網絡空間治理體系",
            "保障網絡安全|加快全球網絡基礎設施建設|促進開放合作|打造網上文化交流共享平台"
            "|構建全球網絡空間治理體系|推動數字經濟創新發展",
            "F126 F243 F148 F158 F168",
            "L4-04 L4-09 L4-12 L4-15 L4-19",
            distractors=(Distractor("促進開放合作", "F068"),),
        ),
        matching(
            "pair.matching",
            "依第一章末段「實現……」，把前後詞配對。",
            "發展→共同推進|安全→共同維護|治理→共同參與|成果→共同分享",
            "共同維護|共同遏制|共同分享|共同推進|共同參與",
            "F063.1 F063.2 F063.3 F063.4",
            "L2-08",
            distractors=(Distractor("共同遏制", "F280"),),
            pool="joint4",
            scope="第一章",
        ),
        matching(
            "country_role.matching",
            "依第一章，文件稱中國始終是國際網絡空間的什麼？請配對。",
            "和平→建設者|發展→貢獻者|秩序→維護者",
            "貢獻者|參與者|建設者|維護者",
            "F046.1 F046.2 F046.3",
            "L2-05",
            distractors=(Distractor("參與者", "F282"),),
            pool="zhe",
            scope="第一章",
        ),
        matching(
            "state.matching",
            "依第一章，文件怎樣說明下列各項的狀態？請配對。",
            "網絡空間霸權主義、強權政治→依然存在|保護主義、單邊主義→不斷抬頭"
            "|不同國家和地區之間數字鴻溝→不斷拉大|新興市場國家和發展中國家→快速崛起"
            "|新一輪科技革命和產業革命→正在孕育成長",
            "快速崛起|依然存在|日新月異|正在孕育成長|不斷抬頭|不斷拉大",
            "F038 F039 F040 F035 F034",
            "L2-03 L2-01",
            distractors=(Distractor("日新月異", "F022"),),
            pool="state4",
            scope="第一章",
        ),
    ]


def lists() -> list[Content]:
    return [
        question(
            "enumeration",
            "enum",
            "依第一章，文件提出把網絡空間建設成造福全人類的哪四個共同體？（不限順序）",
            ["發展共同體", "安全共同體", "責任共同體", "利益共同體"],
            "F059",
            "L2-07",
            accepted=(["發展"], ["安全"], ["責任"], ["利益"]),
            scope="第一章",
        ),
        question(
            "enumeration",
            "enum",
            "依第四章，治理架構的各主體有哪些？文件列舉六個。",
            ["政府", "國際組織", "互聯網企業", "技術社群", "社會組織", "公民個人"],
            "F172",
            "L5-01",
            accepted=([], [], ["企業"], [], [], ["個人"]),
            is_closed_list=False,
            hints=("first_characters", "one_member"),
            hide_heading=True,
            scope="第四章",
        ),
        question(
            "ordering",
            "principles.order",
            "依第二章，把四項基本原則排成文件的編號順序。",
            ["尊重網絡主權", "維護和平安全", "促進開放合作", "構建良好秩序"],
            "F066 F067 F068 F069",
            "L3.1.H L3.2.H L3.3.H L3.4.H",
            items=("促進開放合作", "尊重網絡主權", "構建良好秩序", "維護和平安全"),
            scope="第二章",
        ),
    ]


def clean_bank() -> list[Content]:
    """All of them: all six kinds, seven lessons less the conclusion."""
    return [*typed_questions(), *choices(), *sets(), *lists()]
