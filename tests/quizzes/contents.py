"""Small question contents from a real document, and a few in English, for the tests of the kinds."""

from __future__ import annotations

from typing import Any

from quizzes.content import Confusion, Content, Distractor, Evidence


def make_content(kind: str, stem: str, key: Any, /, **fields: Any) -> Content:
    """A content with everything that the test does not care about filled in."""
    values: dict[str, Any] = {
        "id": "c0ffee123456",
        "kind": kind,
        "stem": stem,
        "key": key,
        "lesson": "L3",
        "rule": "test",
        "direction": "subject>object",
        "seed": "7",
        "facts": ("F1",),
        "evidence": (Evidence("L3-03", 0, 4, "網絡主權是國家主權在網絡空間的自然延伸。"),),
    }
    return Content(**(values | fields))


def confusion(text: str, subject: str = "構建網絡空間命運共同體", sentence: str = "L0-02") -> Confusion:
    return Confusion(text, subject, sentence)


def year(**fields: Any) -> Content:
    """A year, typed."""
    return make_content(
        "short_answer",
        "依序言，「構建網絡空間命運共同體」理念是在哪一年首次提出的？（填西元年份）",
        "2015年",
        **{
            "facts": ("F001",),
            "suffixes": ("年",),
            "confusions": (confusion("2019年", "本文件"), confusion("2030年", "可持續發展議程")),
            "hints": ("first_character", "choices"),
            "evidence": (Evidence("L0-01", 0, 5, "2015年,中國國家主席習近平在第二屆世界互聯網大會首次提出"),),
            **fields,
        },
    )


def ordinal(**fields: Any) -> Content:
    """A Chinese numeral in a gap."""
    return make_content(
        "cloze", "依序言：「……在第＿＿＿＿屆世界互聯網大會首次提出……理念」。", "二", **{"facts": ("F002",), **fields}
    )


def extension(**fields: Any) -> Content:
    """Four characters in a gap, with other predicates of the pool."""
    return make_content(
        "cloze",
        "依「尊重網絡主權」一項，網絡主權是國家主權在網絡空間的＿＿＿＿。",
        "自然延伸",
        **{
            "confusions": (
                confusion("具體體現"),
                confusion("重要條件", "開放", "L3-11"),
                confusion("必然選擇", sentence="L6-01"),
                confusion("基本準則", "主權平等原則", "L3-02"),
            ),
            "hints": ("first_character", "choices"),
            "pool": "predicate4",
            **fields,
        },
    )


def role(**fields: Any) -> Content:
    """A role with a declared suffix, a variant and another role of the pool."""
    return make_content(
        "short_answer",
        "依第三章第五項，聯合國在網絡空間國際治理中發揮什麼作用？",
        "主渠道作用",
        **{
            "facts": ("F162",),
            "accepted": ("主要渠道作用",),
            "suffixes": ("作用", "的"),
            "confusions": (confusion("橋梁作用", "互聯網", "L4-07"), confusion("引擎作用", "數字經濟", "L4-10")),
            "evidence": (Evidence("L4-18", 0, 9, "發揮聯合國在網絡空間國際治理中的主渠道作用"),),
            **fields,
        },
    )


def agenda(**fields: Any) -> Content:
    """A long key that begins with a year."""
    return make_content(
        "short_answer",
        "依第三章第三項，共享互聯網發展成果等舉措，為聯合國哪一項議程的落實提供助力？",
        "2030年可持續發展議程",
        **{
            "accepted": ("可持續發展議程",),
            "prefixes": ("聯合國",),
            "confusions": (confusion("網絡空間國際規則進程", "各國", "L5-05"),),
            **fields,
        },
    )


def charter(**fields: Any) -> Content:
    return make_content(
        "short_answer", "依「尊重網絡主權」一項，主權平等原則由哪一份文件確立？", "《聯合國憲章》", **fields
    )


def openness(**fields: Any) -> Content:
    return make_content("short_answer", "依第二章第三項，什麼是「開展網絡空間合作的前提」？", "開放", **fields)


def tenure(**fields: Any) -> Content:
    """English, typed."""
    return make_content(
        "short_answer",
        "According to article II, who holds the executive power?",
        "the President",
        **{
            "confusions": (confusion("the Congress", "legislative power", "A1-01"),),
            "evidence": (Evidence("A2-01", 0, 9, "The executive Power shall be vested in a President."),),
            **fields,
        },
    )


def became(**fields: Any) -> Content:
    """One of four."""
    options = ("人類共同的新家園", "世界互聯網大會永久主題", "當代國際關係的基本準則", "國家主權在網絡空間的自然延伸")
    return make_content(
        "choice",
        "依序言，「構建網絡空間命運共同體」理念「已經成為」下列何者？",
        options[1],
        **{
            "options": options,
            "distractors": tuple(
                Distractor(text, fact)
                for text, fact in zip(options[::2] + options[3:], ("F9", "F51", "F53"), strict=True)
            ),
            "hints": ("fifty_fifty",),
            **fields,
        },
    )


def picked_cloze(**fields: Any) -> Content:
    """A gap with options, because the key is too long to type."""
    options = ("網絡空間國際對話交流", "網絡空間國際規則進程", "互聯網治理體系變革")
    return make_content(
        "cloze",
        "各國應支持並推動聯合國等政府間國際組織的＿＿＿＿。",
        options[1],
        **{"options": options, "hints": ("fifty_fifty",), **fields},
    )


def communities(**fields: Any) -> Content:
    """Four members with a common suffix."""
    return make_content(
        "enumeration",
        "文件提出把網絡空間建設成造福全人類的哪四個共同體？（不限順序）",
        ["發展共同體", "安全共同體", "責任共同體", "利益共同體"],
        **{
            "suffixes": ("共同體",),
            "accepted": ((), (), (), ()),
            "hints": ("first_characters", "one_member"),
            **fields,
        },
    )


def actors(**fields: Any) -> Content:
    """Six members, two with a variant."""
    return make_content(
        "enumeration",
        "依第四章，治理架構的各主體有哪些？文件列舉六個。",
        ["政府", "國際組織", "互聯網企業", "技術社群", "社會組織", "公民個人"],
        **{
            "accepted": ((), (), ("企業",), (), (), ("個人",)),
            "confusions": (confusion("聯合國", "主渠道作用", "L4-18"),),
            "hints": ("first_characters", "one_member"),
            **fields,
        },
    )


def branches(**fields: Any) -> Content:
    """An English list; one member holds the word that joins members."""
    return make_content(
        "enumeration",
        "Which three fields does the programme fund?",
        ["research and development", "education", "public health"],
        **{"accepted": (("R&D",), (), ("health",)), **fields},
    )


def principles(**fields: Any) -> Content:
    """Four items to be ordered."""
    key = ["尊重網絡主權", "維護和平安全", "促進開放合作", "構建良好秩序"]
    return make_content(
        "ordering",
        "把四項基本原則排成文件的編號順序。",
        key,
        **{"items": (key[2], key[0], key[3], key[1]), **fields},
    )


def roles(**fields: Any) -> Content:
    """Four pairs and an unused response."""
    key = [
        ["政府", "國家治理與國際合作的主要行為體"],
        ["國際組織", "網絡空間國際規則制定的重要主體"],
        ["互聯網企業", "數字經濟建設的關鍵主體"],
        ["個人", "網絡行為的主體"],
    ]
    extra = "對網絡空間技術發展和公共決策起着不可替代的作用"
    return make_content(
        "matching",
        "依第四章，把左欄主體與文件對它的定位配對（右欄每項至多用一次，有一項用不到）。",
        key,
        **{
            "facts": ("F183", "F185", "F190", "F197"),
            "premises": tuple(premise for premise, _ in key),
            "responses": (key[2][1], extra, key[0][1], key[3][1], key[1][1]),
            "distractors": (Distractor(extra, "F194"),),
            **fields,
        },
    )


TYPED = (year, ordinal, extension, role, agenda, charter, openness, tenure)
LISTS = (communities, actors, branches)
EVERY = (*TYPED, became, picked_cloze, *LISTS, principles, roles)
