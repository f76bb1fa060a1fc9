"""Stems in Traditional Chinese: what a question says around the quotations of the document.

The wording is neutral and positive, names the part of the document it asks about, and never judges. `TEMPLATE_WORDS`
lists every run of characters used here, so that a check can tell template from quotation.
"""

from __future__ import annotations

from quizzes.generation.language import Ask, Language, Order, Pairing


def words(text: str) -> tuple[str, ...]:
    """The words of a text, as a tuple."""
    return tuple(text.split())


ROLES = ("ROLE.role_primary", "ROLE.role_secondary")
TASKS = ("NORM.actor_task", "FUNCTION.actor_task", "MEASURE.actor_measure", "NORM.duty", "NORM.right", "NORM.gov_task")
OWN_TASKS = ("NORM.actor_task", "FUNCTION.actor_task", "MEASURE.actor_measure", "FUNCTION.contributes")
PRINCIPLES = ("PRINCIPLE.principle_content", "PRINCIPLE.principle_clause")
UNDER_HEADING = ("NORM.*", "MEASURE.*", "GOAL.aim", "GOAL.purpose", "CONDITION.basis", "PAIR.verb_object")
NORMS = words("NORM.duty NORM.right NORM.prohibition NORM.power")
CLAIMS = words("NORM.* GOAL.* QUANTITY.* EVENT.date IDENTITY.* CONDITION.requirement")
FILLABLE = words("IDENTITY.* ROLE.* FUNCTION.* NORM.* GOAL.* MEASURE.* STATE.* CONDITION.* TARGET.* EVENT.* ENUM.*")
ONCE = "（右欄每項至多用一次，有{unused}項用不到）"


def typed(rule: str, target: str, relations: tuple[str, ...], stem: str, *, of: tuple[str, ...] = ()) -> Ask:
    return Ask(f"{rule}.typed", "short_answer", target, relations, stem, of=of)


def choice(rule: str, target: str, relations: tuple[str, ...], stem: str, *, texts: tuple[str, ...] = ()) -> Ask:
    return Ask(f"{rule}.choice", "choice", target, relations, stem, texts=texts)


def plain(rule: str, kind: str, target: str, relations: tuple[str, ...], stem: str) -> Ask:
    """A question about what a rule proposed: its subject is named by the text and not described any further."""
    ending = "typed" if kind == "short_answer" else "choice"
    return Ask(f"{rule}.{ending}", kind, target, relations, stem, plain=True)


def named(
    rule: str,
    target: str,
    relations: tuple[str, ...],
    stem: str,
    pools: tuple[str, ...],
    *,
    of: tuple[str, ...] = (),
    always: bool = False,
) -> Ask:
    """A choice among proper names, whose lengths say nothing."""
    return Ask(f"{rule}.choice", "choice", target, relations, stem, pools=pools, of=of, always=always, closed=True)


ASKS = (
    typed("author", "object", ("META.doc_author",), "文件標題之下署名的是哪一個機構？"),
    typed("date", "object", ("META.doc_date",), "文件序言末尾署的是哪一年哪一月？"),
    typed(
        "event_when",
        "object",
        ("EVENT.proposed_when",),
        "依{scope}，{subject}是在哪一年首次提出的？（填西元年份）",
    ),
    typed("event_by", "object", ("EVENT.proposed_by",), "依{scope}，首次提出{subject}的是誰？"),
    typed("event_where", "object", ("EVENT.proposed_where",), "依{scope}，{subject}是在哪一場會議上首次提出的？"),
    typed("established_by", "object", ("CONDITION.established_by",), "依{scope}，{subject}由哪一份文件確立？"),
    typed("is_not", "object", ("IDENTITY.is_not",), "依{scope}，文件說{subject}不是什麼？"),
    typed("must", "object", ("NORM.must",), "依{scope}，文件說{subject}必須怎樣？"),
    typed("supports", "object", ("TARGET.supports",), "依{scope}，這一項的舉措為哪一項議程的落實提供助力？"),
    typed("function", "object", ("FUNCTION.function",), "依{scope}，{subject}發揮什麼樣的作用？"),
    typed("path_goal", "object", ("GOAL.path_goal",), "依第三章各項標題，「{subject}」一項以促進什麼為目標？"),
    typed("principle_no", "object", ("META.principle_no",), "依第二章各項標題，{subject}是什麼？"),
    typed("section_title", "object", ("META.section_title",), "文件{subject}的標題是什麼？"),
    typed("condition", "subject", ("CONDITION.condition",), "依{scope}，文件說什麼是「{object}」？"),
    typed("role", "subject", ("ROLE.role_primary",), "依{lesson}，文件稱哪一主體為「{object}」？", of=("role",)),
    typed("position", "subject", ("ROLE.position",), "依{lesson}，文件說「{claim}」的是哪一主體？"),
    plain("defined", "short_answer", "subject", ("IDENTITY.means",), "依{scope}，「{object}」是哪一個用語的定義？"),
    plain("called", "short_answer", "subject", ("IDENTITY.is",), "依{scope}，文件說什麼是「{object}」？"),
    plain("who", "short_answer", "subject", NORMS, "依{scope}，「{claim}」說的是誰或什麼？"),
    typed("task", "subject", TASKS, "依{lesson}，「{object}」說的是哪一主體？", of=("actor",)),
    named(
        "goal",
        "subject",
        ("GOAL.path_goal",),
        "第三章中，標題以促進「{object}」為目標的是哪一條實踐路徑？",
        ("path",),
        always=True,
    ),
    named(
        "stand",
        "section",
        PRINCIPLES,
        "「{object}」寫在文件的哪一項基本原則之下？",
        ("principle",),
    ),
    named("principle", "section", UNDER_HEADING, "「{claim}」寫在文件的哪一項基本原則之下？", ("principle",)),
    named("path", "section", UNDER_HEADING, "「{claim}」寫在文件的哪一條實踐路徑之下？", ("path",)),
    choice("path_goal", "object", ("GOAL.path_goal",), "依第三章各項標題，實踐路徑第{number}項以促進下列何者為目標？"),
    choice("became", "object", ("EVENT.became", "IDENTITY.becomes"), "依{scope}，{subject}「{lead}」下列何者？"),
    choice(
        "foundation",
        "subject",
        ("CONDITION.condition",),
        "依{lesson}，文件說「{object}」是下列何者？",
        texts=("foundation",),
    ),
    choice(
        "identity",
        "object",
        ("IDENTITY.is", "CONDITION.condition"),
        "依{scope}，文件說{subject}是下列何者？",
    ),
    choice("role", "object", ("ROLE.role_secondary",), "依{lesson}，文件稱{subject}為下列何者？"),
    named("role_actor", "subject", ROLES, "依{lesson}，文件稱下列何者為「{object}」？", ("actor",), of=("role",)),
    named("task_actor", "subject", OWN_TASKS, "依{lesson}，「{object}」說的是下列何者？", ("actor",)),
    Ask(
        "claim.choice",
        "choice",
        "subject",
        ("IDENTITY.*", "STATE.effect", "CONDITION.*", "EVENT.received"),
        "依{scope}，「{claim}」說的是下列何者？",
        pools=("thing", "concept"),
    ),
    choice(
        "cause",
        "subject",
        ("STATE.effect", "STATE.trend"),
        "依{scope}，「{claim}」的是下列何者？",
        texts=("phenomenon", "target_group"),
    ),
    choice("role_pair", "object", ("ROLE.role_pair",), "依{scope}，在{left}方面，文件稱{subject}為下列何者？"),
    choice("pair", "object", ("PAIR.pair",), "依{scope}，文件對「{left}」的說法是下列何者？"),
    plain("defined", "choice", "subject", ("IDENTITY.means",), "依{scope}，「{object}」是下列哪一個用語的定義？"),
    plain("means", "choice", "object", ("IDENTITY.means",), "依{scope}，「{subject}」是指下列何者？"),
    plain("who", "choice", "subject", NORMS, "依{scope}，「{claim}」說的是下列何者？"),
    plain("demanded", "choice", "object", ("NORM.duty",), "依{scope}，下列哪一項是文件對{subject}的規定？"),
    plain(
        "required",
        "choice",
        "object",
        ("CONDITION.requirement",),
        "依{scope}，下列哪一項是文件對「{subject}」的要求？",
    ),
    plain("allowed", "choice", "object", ("NORM.right", "NORM.power"), "依{scope}，文件准許{subject}做下列哪一件事？"),
    plain("heading", "choice", "heading", CLAIMS, "依文件，「{saying}」寫在下列哪一個標題之下？"),
    choice("member", "member", ("ENUM.enum",), "依{scope}，「{quote}」，空格處列舉的各項之中有下列哪一項？"),
    choice("blank", "blank", FILLABLE, "依{scope}，「{quote}」，空格處是下列何者？"),
)

PAIRINGS = (
    Pairing(
        "role.matching",
        ("ROLE.role_primary",),
        "object",
        "subject",
        "依{scope}，下列定位分別指哪一主體？請配對。" + ONCE,
        ("actor",),
        types=("actor",),
    ),
    Pairing(
        "second_role.matching",
        ("ROLE.role_secondary", "ROLE.position"),
        "object",
        "subject",
        "依{scope}，下列說法分別指哪一主體？請配對。" + ONCE,
        ("actor",),
        types=("actor",),
    ),
    Pairing(
        "task.matching",
        TASKS,
        "object",
        "subject",
        "依{scope}，下列內容分別說的是哪一主體？請配對。" + ONCE,
        ("actor", "norm_subject"),
        rounds=2,
        types=("actor",),
    ),
    Pairing(
        "function.matching",
        ("FUNCTION.function",),
        "subject",
        "object",
        "依{scope}，下列各項分別發揮什麼作用？請配對。" + ONCE,
        ("=",),
    ),
    Pairing(
        "principle.matching",
        ("PRINCIPLE.principle_content",),
        "object",
        "section",
        "依{scope}，下列主張分別寫在哪一項標題之下？請配對。" + ONCE,
        ("path",),
        types=("principle",),
    ),
    Pairing(
        "principle_more.matching",
        ("NORM.*", "MEASURE.*"),
        "claim",
        "section",
        "依{scope}，下列內容分別寫在哪一項標題之下？請配對。" + ONCE,
        ("path",),
        types=("principle",),
    ),
    Pairing(
        "path_goal.matching",
        ("GOAL.path_goal",),
        "subject",
        "object",
        "依{scope}，把路徑與標題所寫的目標配對。" + ONCE,
        ("=",),
    ),
    Pairing(
        "path.matching",
        ("MEASURE.path_measure",),
        "object",
        "section",
        "依{scope}，下列措施分別寫在哪一項標題之下？請配對。" + ONCE,
        ("principle",),
        types=("path",),
    ),
    Pairing(
        "path_more.matching",
        ("MEASURE.measure", "GOAL.purpose", "NORM.oppose"),
        "object",
        "section",
        "依{scope}，下列內容分別寫在哪一項標題之下？請配對。" + ONCE,
        ("principle",),
        rounds=2,
        types=("path",),
    ),
    Pairing(
        "country_role.matching",
        ("ROLE.role_pair", "PAIR.role_pair"),
        "left",
        "object",
        "依{scope}，在左欄各方面，文件把{subject}稱作右欄的哪一項？請配對。" + ONCE,
        ("=",),
        grouped=True,
    ),
    Pairing(
        "pair.matching",
        ("PAIR.pair",),
        "left",
        "object",
        "依{scope}，把左欄各詞與文件中緊接其後的說法配對。" + ONCE,
        ("=",),
        grouped=True,
    ),
    Pairing(
        "state.matching",
        ("STATE.trend",),
        "subject",
        "object",
        "依{scope}，下列各項的狀態如何？請配對。" + ONCE,
        ("=",),
    ),
    Pairing(
        "identity.matching",
        ("IDENTITY.becomes",),
        "object",
        "subject",
        "依{scope}，下列說法分別指什麼？請配對。" + ONCE,
        ("thing", "concept"),
    ),
    Pairing(
        "defined.matching",
        ("IDENTITY.means",),
        "object",
        "subject",
        "依{scope}，下列定義說的是哪一個用語？請配對。" + ONCE,
        ("subject",),
        plain=True,
    ),
    Pairing(
        "who.matching",
        NORMS,
        "claim",
        "subject",
        "依{scope}，下列規定說的是誰或什麼？請配對。" + ONCE,
        ("subject",),
        rounds=2,
        plain=True,
    ),
    Pairing(
        "heading.matching",
        CLAIMS,
        "saying",
        "heading",
        "依{scope}，下列各句分別寫在哪一個標題之下？請配對。" + ONCE,
        ("heading",),
        rounds=2,
        plain=True,
    ),
)

ORDERS = (
    Order(
        "principles.order",
        ("META.principle_no",),
        "依{scope}，把基本原則排成文件的編號順序。",
        ("META.count",),
    ),
    Order("paths.order", ("META.path_no",), "依{scope}，把實踐路徑排成文件的編號順序。"),
    Order("chapters.order", ("META.section_title",), "把文件各章的標題排成先後順序。"),
)

VERBS = words(
    "加強 加快 加大 推動 推進 促進 提升 提高 維護 保障 構建 建設 建立 打造 打擊 發揮 實現 完善 增強 增進 擴大 深化 "
    "堅持 尊重 遵守 反對 防止 防範 摒棄 採取 利用 探索 研究 制定 實施 參與 支持 消除 打破 共享 倡導 注重 培育 應對 "
    "承擔 規範 協調 凝聚 分享 搭建 遏制 管控 處置 豐富 奉行 秉持 順應 把握 謀求 落實 鼓勵 引導 發展 侵犯 侵害 推行 散布"
)

ZH_HANT = Language(
    code="zh-Hant",
    particles=frozenset("的了和與及等是在為對將把應要着之也而以"),
    numerals=tuple("零一二三四五六七八九十"),
    cloze="依{scope}填空：{quoted}",
    choice_cloze="依{scope}，{quoted}，空格處是下列何者？",
    enumeration="依{scope}：{quoted}，空格處列出哪{count}項？（不限順序）",
    open_enumeration="依{scope}：{quoted}，空格處列舉了哪{count}項？（不限順序）",
    whole_document="文件",
    numbered="{lesson}第{number}項",
    asks=ASKS,
    pairings=PAIRINGS,
    orders=ORDERS,
    natural_pools=frozenset({"year", "principle", "path", "chapter"}),
    verbs=VERBS,
    bare_leads=("都", "應", "宜", "應當"),
    endings=words("作用 機制 主義 原則 責任 職能 者 化 年"),
    affixes={"function": ((), ("作用", "的作用")), "goal4": (("促進",), ()), "year": ((), ("年",))},
)

TEMPLATE_WORDS = ZH_HANT.words()
