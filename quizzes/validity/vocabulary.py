"""Word lists that depend on the language of a course, keyed by language tag.

Rules never name a word of a language or of a document; they look here. A language without a table gets the empty one,
which switches the word-based checks off and leaves all others on.
"""

from __future__ import annotations

from dataclasses import dataclass

from quizzes.generation.simplified import in_simplified


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The closed word lists of one language that checks need.

    `number`, `unused` and `ordinal_scope` are regular expressions with the unit, the count and the ordinal as group 1.
    `labels_name_scope`: the label of a passage (Article 3) names it wherever a stem has it. `has_wide_marks`: texts are
    shown with full-width punctuation. `edge_particles` are characters, or words where texts are written in words.
    `verbs` and `class_endings` describe frames: how an option starts and which endings mark a class of nouns;
    `modifier` is a word that may turn a phrase that starts with a verb into a noun.
    """

    attribution: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()
    absolutes: tuple[str, ...] = ()
    all_or_none: tuple[str, ...] = ()
    evaluative: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    open_list: tuple[str, ...] = ()
    use_once: tuple[str, ...] = ()
    unused: str = ""
    numerals: str = ""
    number: str = ""
    ordinal_scope: str = ""
    scope_markers: tuple[str, ...] = ()
    labels_name_scope: bool = False
    has_wide_marks: bool = True
    edge_particles: str | tuple[str, ...] = ""
    connectors: tuple[str, ...] = ()
    quantifiers: tuple[str, ...] = ()
    universal: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    class_endings: tuple[str, ...] = ()
    modifier: str = ""
    template_words: tuple[str, ...] = ()
    function_words: str = ""


EMPTY = Vocabulary()


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ZH_HANT = Vocabulary(
    attribution=_words(
        "依 根據 按照 文件 文中 本文 序言 引言 前言 結語 寫在 寫明 一項 標題 所說 所述 列在 列舉 指出 提出 原文"
    ),
    negatives=_words(
        "不屬於 不包括 不包含 不在其中 不符合 不正確 錯誤的 有誤 何者非 何者不 哪項不 哪一項不 哪個不 "
        "哪些不 者不是 未列入 未提及 沒有提到 除了 除此之外 以外皆 例外"
    ),
    absolutes=_words("一切 所有 絕對 從不 必定 一定 完全 永不 唯一 只有 總是 任何情況"),
    all_or_none=_words(
        "以上皆是 以上皆非 以上都是 以上都不是 以上全部 以上均 都對 都不對 皆可 皆是 皆非 全部皆 上述各項 "
        "不一定 無法判斷"
    ),
    evaluative=_words(
        "正確 偉大 先進 最好 最佳 優越 英明 卓越 應該支持 你認為 你覺得 為什麼好 為何好 為何 為什麼 "
        "合理嗎 值得 顯然 當然 令人 錯誤 落後 優秀 先進性 重大意義 深遠意義"
    ),
    totals=_words("全部 一共 共有 總共 共計 幾種 幾個 幾項 幾類 多少 所有 每一個 完整列出"),
    open_list=("等",),
    use_once=("至多用一次", "最多用一次", "只能用一次", "只用一次", "至多使用一次", "最多使用一次"),
    unused=r"有([一二兩三四1-4])(?:項|個|條)用不到",
    numerals="零〇一二兩三四五六七八九十百千",
    number=r"第?(?:[0-9]+|[零〇一二兩三四五六七八九十百千]+)(年|月|日|屆|項|點|章|條|款|名|個|萬|億|%|％)",
    ordinal_scope=r"第([0-9]+|[一二三四五六七八九十]+)(?:項|款|節|段)",
    scope_markers=_words("一項 項下 這一項 這項 所說 之下 部分 一節 原則 路徑 標題"),
    edge_particles="的了和與及等是在為對將把應要着之也而以",
    connectors=("和", "與", "及", "以及", "、", "或"),
    universal=("各", "任何", "所有", "每", "全體", "一切"),
    quantifiers=("廣大", "各", "所有", "全體", "不斷", "其他"),
    verbs=_words(
        "加強 加快 加大 推動 推進 促進 提升 提高 維護 保障 構建 建立 打造 打擊 發揮 實現 完善 "
        "增強 增進 擴大 深化 堅持 尊重 遵守 反對 防止 防範 摒棄 採取 利用 探索 研究 制定 實施 參與 支持 "
        "消除 打破 共享 倡導 注重 培育 應對 承擔 凝聚 分享 搭建 遏制 管控 處置 豐富 奉行 秉持 "
        "順應 把握 謀求 營造 弘揚 落實 鼓勵 引導"
    ),
    modifier="的",
    class_endings=_words("作用 機制 主義 原則 責任 職能 者 化 年"),
    template_words=_words(
        "依 根據 按照 文件 文中 下列 何者 哪一 哪 項 個 條 章 節 段 類 第 一項 各項 標題 之下 之中 寫在 "
        "列在 所說 所述 稱 說 主張 是 的 在 中 把 為 由 對 將 與 和 或 也 並 即 分別 配對 左欄 右欄 每項 "
        "至多用一次 有 用不到 一項用不到 兩項用不到 什麼 誰 何 哪些 哪一年 填 西元 年份 首次 發揮 起 要求 "
        "填入 空格 請 寫出 列出 全部 不限 順序 排成 排列 編號 次序 先後 目標 作用 主體 措施 內容 對象 "
        "定位 路徑 原則 方面 名稱 成員 份文件 所指 它 怎樣 說明 狀態 前後詞 末段 舉措 所寫 四個 列舉 "
        "序言 引言 結語 屬於 見於 出自"
    ),
    function_words="的是在與和之及其以為於由對把將各有者所等個項條章節段類份種場一二三四五六七八九十兩",
)

EN = Vocabulary(
    attribution=(
        "according to",
        "the document",
        "the text",
        "in the preface",
        "chapter",
        "section",
        "article",
        "states",
        "these words of",
    ),
    negatives=(" not ", "except", "incorrect", "false", "least likely", "n't ", " never "),
    absolutes=("always", "never", "all ", "every", "only", "none", "completely", "absolutely", "must always"),
    all_or_none=("all of the above", "none of the above", "both a and b", "any of these", "cannot be determined"),
    evaluative=("correct", "great", "best", "advanced", "you think", "in your opinion", "should support", "why is"),
    totals=("how many", "in total", "all the", "complete list", "every one of"),
    open_list=("etc", "and so on", "such as", "among others", "including"),
    use_once=("at most once", "only once", "no more than once"),
    unused=r"(one|two|1|2)\s+(?:\w+\s+){0,3}(?:stay|stays|remain|remains|is|are|will be|left)\s*(?:left\s+)?unused",
    number=r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty)"
    r"\s*(percent|per cent|%|years?|days?|weeks?|hours?|months?|times|members?|articles?|euros?|dollars?|million"
    r"|billion)?",
    ordinal_scope=r"(?:item|section|article|principle)\s+(\d+)",
    scope_markers=("section", "item", "principle", "article", "heading"),
    labels_name_scope=True,
    has_wide_marks=False,
    edge_particles=_words(
        "a an the of to in on at by for from with and or nor as is are be been his their its this that"
    ),
    connectors=(" and ", " or ", ", "),
    universal=("all ", "every ", "each ", "any "),
    quantifiers=("all ", "other ", "various "),
    verbs=("to ", "a ", "an ", "the ", "his ", "their "),
    template_words=_words(
        "according to the of in on by with as from for against a an and or not this these those each them it "
        "what which who whom whose where when how kind kinds document article articles word words thing things "
        "following blank list lists listed name names named complete completes stand stands call called say says "
        "is are was be been being do does did has have had shall should may must can give gives given match matches "
        "item right left side most at once used use stays stay unused one two three four five six any order put into "
        "take takes up deal deals subject subjects matter matters right rights serve serves body bodies act acts "
        "result resulted basis group enjoy enjoys"
    ),
)

VOCABULARIES = {"zh-Hant": ZH_HANT, "zh-Hans": in_simplified(ZH_HANT), "en": EN}


def vocabulary(language: str) -> Vocabulary:
    """The table of a language tag: the tag itself, else its primary language, else the empty table."""
    if language in VOCABULARIES:
        return VOCABULARIES[language]
    primary = language.split("-")[0].lower()
    return next((words for tag, words in VOCABULARIES.items() if tag.split("-")[0] == primary), EMPTY)
