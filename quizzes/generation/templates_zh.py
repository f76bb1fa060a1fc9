"""Stems in Traditional Chinese: what a question says around the quotations of the document.

The wording is neutral and positive, names the part of the document it asks about, and never judges. `TEMPLATE_WORDS`
lists every run of characters used here, so that a check can tell template from quotation.
"""

from __future__ import annotations

from quizzes.generation.language import Ask, Language, Order, Pairing

MEASURES = ("MEASURE.path_measure", "MEASURE.measure", "GOAL.purpose", "NORM.oppose", "MEASURE.advocates", "GOAL.aim")
ROLES = ("ROLE.role_primary", "ROLE.role_secondary")
TASKS = ("NORM.actor_task", "FUNCTION.actor_task", "MEASURE.actor_measure", "NORM.duty", "NORM.right")
TASKS_SHOWN = (*TASKS, "FUNCTION.contributes", "ROLE.position", "FUNCTION.function")
ONCE = "（右欄每項至多用一次，有{unused}項用不到）"

ASKS = (
    # typed answers
    Ask("author.typed", "short_answer", "object", ("META.doc_author",), "文件標題之下署名的是哪一個機構？"),
    Ask("date.typed", "short_answer", "object", ("META.doc_date",), "文件序言末尾所署的日期是哪一年哪一月？"),
    Ask(
        "event_when.typed",
        "short_answer",
        "object",
        ("EVENT.proposed_when",),
        "依{scope}，{subject}是在哪一年首次提出的？（填西元年份）",
    ),
    Ask("event_by.typed", "short_answer", "object", ("EVENT.proposed_by",), "依{scope}，首次提出{subject}的是誰？"),
    Ask(
        "event_where.typed",
        "short_answer",
        "object",
        ("EVENT.proposed_where",),
        "依{scope}，{subject}是在哪一場會議上首次提出的？",
    ),
    Ask(
        "established_by.typed",
        "short_answer",
        "object",
        ("CONDITION.established_by",),
        "依{scope}，{subject}由哪一份文件確立？",
    ),
    Ask("is_not.typed", "short_answer", "object", ("IDENTITY.is_not",), "依{scope}，文件說{subject}不是什麼？"),
    Ask("position.typed", "short_answer", "object", ("ROLE.position",), "依{scope}，{subject}「處於」什麼位置？"),
    Ask("supports.typed", "short_answer", "object", ("TARGET.supports",), "依{scope}，文件說為哪一項議程提供助力？"),
    Ask(
        "function.typed",
        "short_answer",
        "object",
        ("FUNCTION.function",),
        "依{scope}，{subject}發揮什麼樣的作用？",
    ),
    Ask(
        "path_goal.typed",
        "short_answer",
        "object",
        ("GOAL.path_goal",),
        "依第三章各項標題，「{subject}」一項以促進什麼為目標？",
    ),
    Ask("principle_no.typed", "short_answer", "object", ("META.principle_no",), "依第二章各項標題，{subject}是什麼？"),
    Ask("section_title.typed", "short_answer", "object", ("META.section_title",), "文件{subject}的標題是什麼？"),
    Ask(
        "condition.typed",
        "short_answer",
        "subject",
        ("CONDITION.condition",),
        "依{scope}，文件說什麼是「{object}」？",
    ),
    Ask("role.typed", "short_answer", "subject", ROLES, "依{lesson}，文件稱哪一主體為「{object}」？"),
    Ask("task.typed", "short_answer", "subject", TASKS, "依{lesson}，「{object}」說的是哪一主體？"),
    # choices
    Ask(
        "principle.section",
        "choice",
        "section",
        ("PRINCIPLE.principle_clause", "PRINCIPLE.principle_content"),
        "「{object}」寫在文件的哪一項基本原則之下？",
        pools=("principle",),
        closed=True,
    ),
    Ask(
        "path.section",
        "choice",
        "section",
        MEASURES,
        "「{object}」寫在文件的哪一條實踐路徑之下？",
        pools=("path",),
        closed=True,
    ),
    Ask("role.actor", "choice", "subject", ROLES, "依{lesson}，文件稱下列何者為「{object}」？", pools=("actor",), closed=True),
    Ask("task.actor", "choice", "subject", TASKS_SHOWN, "依{lesson}，「{object}」說的是下列何者？", pools=("actor",), closed=True),
    Ask(
        "goal.path",
        "choice",
        "subject",
        ("GOAL.path_goal",),
        "第三章中，標題以促進「{object}」為目標的是哪一條實踐路徑？",
        pools=("path",),
        closed=True,
    ),
    Ask("path_no.choice", "choice", "object", ("META.path_no",), "依第三章各項標題，{subject}是下列何者？", closed=True),
    Ask(
        "became.object",
        "choice",
        "object",
        ("EVENT.became", "IDENTITY.becomes"),
        "依{scope}，{subject}「{lead}」下列何者？",
    ),
    Ask("identity.object", "choice", "object", ("IDENTITY.is", "CONDITION.condition"), "依{scope}，{subject}是下列何者？"),
    Ask("role.object", "choice", "object", ("ROLE.role", *ROLES), "依{lesson}，文件稱{subject}為下列何者？"),
    Ask(
        "claim.subject",
        "choice",
        "subject",
        ("IDENTITY.*", "STATE.*", "CONDITION.*", "EVENT.became", "EVENT.received", "NORM.must", "NORM.adhere", "FUNCTION.*"),
        "依{scope}，「{claim}」說的是下列何者？",
    ),
    Ask("blank.choice", "choice", "blank", ("*",), "依{scope}，「{quote}」，空格處是下列何者？"),
    Ask("member.choice", "choice", "member", ("ENUM.enum",), "依{scope}，「{quote}」，空格處所列的包括下列哪一項？"),
)

PAIRINGS = (
    Pairing(
        "role.matching",
        ("ROLE.role_primary",),
        "object",
        "subject",
        "依{scope}，下列定位說的是哪一主體？請配對。" + ONCE,
        ("actor",),
    ),
    Pairing(
        "second_role.matching",
        ("ROLE.role_secondary", "ROLE.position", "FUNCTION.function"),
        "object",
        "subject",
        "依{scope}，下列說法說的是哪一主體？請配對。" + ONCE,
        ("actor",),
        response_types=("actor",),
    ),
    Pairing(
        "task.matching",
        TASKS,
        "object",
        "subject",
        "依{scope}，下列內容說的是哪一主體？請配對。" + ONCE,
        ("actor",),
        rounds=2,
        response_types=("actor", "norm_subject"),
    ),
    Pairing(
        "function.matching",
        ("FUNCTION.function",),
        "subject",
        "object",
        "依{scope}，下列各項分別發揮什麼作用？請配對。" + ONCE,
        ("function",),
    ),
    Pairing(
        "principle.matching",
        ("PRINCIPLE.principle_content",),
        "object",
        "section",
        "依{scope}，下列主張分別寫在哪一項標題之下？請配對。" + ONCE,
        ("path",),
    ),
    Pairing(
        "principle_clause.matching",
        ("PRINCIPLE.principle_clause",),
        "object",
        "section",
        "依{scope}，下列內容分別寫在哪一項標題之下？請配對。" + ONCE,
        ("path",),
    ),
    Pairing(
        "path_goal.matching",
        ("GOAL.path_goal",),
        "subject",
        "object",
        "依{scope}，把路徑與標題所寫的目標配對。" + ONCE,
        ("goal4",),
    ),
    Pairing(
        "path.matching",
        ("MEASURE.path_measure",),
        "object",
        "section",
        "依{scope}，下列措施分別寫在哪一項標題之下？請配對。" + ONCE,
        ("principle",),
    ),
    Pairing(
        "path_more.matching",
        ("MEASURE.measure", "GOAL.purpose", "NORM.oppose"),
        "object",
        "section",
        "依{scope}，下列內容分別寫在哪一項標題之下？請配對。" + ONCE,
        ("principle",),
        rounds=2,
        response_types=("path",),
    ),
    Pairing(
        "country_role.matching",
        ("PAIR.role_pair",),
        "left",
        "object",
        "依{scope}，在左欄各方面，文件稱{subject}為什麼？請配對。" + ONCE,
        ("zhe",),
        grouped=True,
    ),
    Pairing(
        "pair.matching",
        ("PAIR.pair", "PAIR.verb_object"),
        "left",
        "object",
        "依{scope}，文件在左欄各詞之後接的是什麼？請配對。" + ONCE,
        ("joint4", "gong2", "flow4", "quality2"),
        grouped=True,
    ),
    Pairing(
        "state.matching",
        ("STATE.trend",),
        "subject",
        "object",
        "依{scope}，文件怎樣說明下列各項的狀態？請配對。" + ONCE,
        ("state4",),
    ),
    Pairing(
        "identity.matching",
        ("IDENTITY.is", "CONDITION.condition", "EVENT.became", "IDENTITY.is_not"),
        "object",
        "subject",
        "依{scope}，下列說法說的是什麼？請配對。" + ONCE,
        ("subject",),
    ),
)

ORDERS = (
    Order("principles.order", ("META.principle_no",), "object", "依{scope}，把基本原則排成文件的編號順序。"),
    Order("paths.order", ("META.path_no",), "object", "依{scope}，把實踐路徑排成文件的編號順序。"),
    Order("goals.order", ("GOAL.path_goal",), "object", "依{scope}，把標題所寫的目標排成文件的編號順序。"),
    Order("chapters.order", ("META.section_title",), "object", "把文件各章的標題排成先後順序。"),
)

ZH_HANT = Language(
    code="zh-Hant",
    particles=frozenset("的了和與及等是在為對將把應要着之也而以"),
    numerals=tuple("零一二三四五六七八九十"),
    cloze="依{scope}填空：{quoted}",
    choice_cloze="依{scope}，{quoted}，空格處是下列何者？",
    enumeration="依{scope}：{quoted}，空格處是哪{count}項？（不限順序）",
    open_enumeration="依{scope}：{quoted}，空格處列舉了哪{count}項？（不限順序）",
    pair_note="",
    whole_document="文件",
    asks=ASKS,
    pairings=PAIRINGS,
    orders=ORDERS,
    natural_pools=frozenset({"year", "principle", "path", "chapter"}),
    affixes={"function": ((), ("作用", "的作用")), "goal4": (("促進",), ()), "year": ((), ("年",))},
)

TEMPLATE_WORDS = ZH_HANT.words()
