"""What Chinese sentences state in set forms, in either script: rules over clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curriculum.proposing.findings import LIKELY, SURE, UNSURE, Found, pieces, trimmed

CLAUSE = re.compile("[，,；;。：:！!？?\n]")
QUOTED = re.compile("「([^「」\n]{2,20})」|『([^『』\n]{2,20})』|“([^“”\n]{2,20})”|《([^《》\n]{2,30})》")
NUMERAL = "[0-9０-９一二三四五六七八九十百千零〇○兩两]"
DATE = re.compile(
    rf"(?:中華民國|民國)?(?:[0-9]{{4}}|[〇零○一二三四五六七八九]{{4}}|(?<=國){NUMERAL}+)年(?:{NUMERAL}{{1,3}}月(?:{NUMERAL}{{1,3}}日)?)?"
)
UNITS = (
    "個工作日|个工作日|工作日|個月|个月|小時|小时|分鐘|分钟|歲|岁|萬元|万元|億元|亿元|元|公里|公尺"
    "|米|冊|册|件|份|戶|户|人|名|年|日|天|次|倍|%|％"
)
QUANTITY = re.compile(
    rf"(?<![第0-9０-９{NUMERAL[1:-1]}年月])(?:[0-9][0-9,.]*|{NUMERAL[:-1]}萬万億亿]+)(?:{UNITS})(?!代|來|来|級|级)|百分之{NUMERAL}+|{NUMERAL}+分之{NUMERAL}+"
)
MODAL = re.compile(
    "(?P<modal>不得|可以|不應當|不应当|不應|不应|應當|应当|有權利|有权利|有權|有权|享有|(?:並|并|始|亦|均|各)?得(?=依|向|以|要求|申請|請求|視|於|就|由|命|限制|暫停|終止|拒絕|撤銷|廢止|處|委託|另)|必須|必须|不可|禁止|(?<![相供反回適适對对響响效])[應应](?![用對对急付變变邀答聲声試试])"
    "|(?<![便合適适不事])宜(?!居)|(?<![必需無无])[須须](?!知))"
)
RELATIONS = {
    "不得": ("NORM.prohibition", "prohibition"),
    "不可": ("NORM.prohibition", "prohibition"),
    "禁止": ("NORM.prohibition", "prohibition"),
    "有權": ("NORM.right", "right"),
    "享有": ("NORM.right", "right"),
    "可以": ("NORM.power", "power"),
    "得": ("NORM.power", "power"),
}
IS = re.compile("(?<![就只不還还也都即乃正便若凡於于可但總总尤別别而或要亦先無无算國国])是(?![否非不以因為为由指說说])")
MEANS = re.compile("[，,：:]?(?:是指|係指|系指|指的是|(?<=[，,：:])[指謂谓](?![出明定導导])|意為|意为)[：:]?")
TERM_BEFORE = re.compile("(?:所[稱称])(?:的)?")
PURPOSE = re.compile("(?:為了|为了|旨在|目的在於|目的在于|以期)(?P<object>[^，,；;。：:！!\n]{2,40})")
FOR_PURPOSE = re.compile(
    "以(?P<object>[^，,；;。：:、\n]{2,30}?)[為为](?P<what>目的|目標|目标|宗旨|核心|基礎|基础|原則|原则|中心|依據|依据|導向|导向|準則|准则)"
)
LAW_PURPOSE = re.compile(
    "^[為为](?!了)(?P<object>[^。；;：:\n]{4,60}?)[，,](?:特|依據|依据|根據|根据)?[^。，,]{0,20}(?:制定|訂定|制訂)"
)
AIM = re.compile(
    "(?:共同|積極|积极|不斷|不断|切實|切实|持續|持续|努力|攜手|携手|進一步|进一步|堅決|坚决)?"
    "(?:促進|促进|推動|推动|推進|推进|實現|实现|維護|维护|保障|增進|增进|提升|提高|加強|加强|完善|構建|构建|建立|深化|擴大|扩大|落實|落实|反對|反对|防止|尊重|堅持|坚持|支持|鼓勵|鼓励|打擊|打击|營造|营造|開展|开展|消除|注重|採取|采取)"
)
LIST_MARK = re.compile("、")
LAST_JOINT = re.compile("以及|及其|和|與|与|及|或")
ANNOUNCES = re.compile("下列|如下|以下")
OPEN_END = re.compile("等")
HEAD_CUT = re.compile(
    "(?:發揮|发挥|包括|[為为](?!止)|是|的|了|在|把|將|将|[對对]|由|於|于|向|從从|遵守|堅持|坚持|尊重|推動|推动|推進|推进|促進|促进|加強|加强|反對|反对|摒棄|摒弃|保護|保护|維護|维护|實現|实现|提供|開展|开展|享有|不分|通過|通过|涉及|具有|依照|依據|依据|負責|负责|不得|不應|不应|應當|应当|必須|必须|可以|有權|有权|禁止)"
)
OPENERS = "「『“《（("
ITEM = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十0-9]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[0-9]{1,2}[.、．)]|[①-⑳])\s*"
)
"""The number with which an item of a list begins."""
VERBS = (
    "提供|進行|进行|給予|给予|予以|實施|实施|造成|產生|产生|作出|做出|提出|負責|负责|採取|采取|享有|使用|處理|处理|收取|公布"
    "|建立|設立|设立|制定|訂定|辦理|办理|執行|执行|保存|通知|通報|通报|報告|报告|履行|承擔|承担|遵守|保護|保护|保障|維護|维护"
    "|加強|加强|推動|推动|促進|促进|參加|参加|參與|参与|支持|開放|开放|設置|设置|組織|组织|尊重|堅持|坚持|發揮|发挥|具備|具备"
)
PREDICATE = re.compile(VERBS)
GIVEN_TO = frozenset("為为向對对由以與与從从給给就於于")
"""Before a list, these say that a verb follows behind it: 為老年人、殘疾人和未成年人提供便利."""
LIMIT = re.compile(f"(?:少於|少于|多於|多于|超過|超过|低於|低于|高於|高于|逾)(?:{QUANTITY.pattern})")
LONGEST_MEMBER = 16
LONGEST_SUBJECT = 24
LONGEST_ITEM = 40
SET_PHRASE = 4
LEADING = (
    "都",
    "為",
    "为",
    "在",
    "對",
    "对",
    "因此",
    "同時",
    "同时",
    "但是",
    "但",
    "並且",
    "并且",
    "並",
    "并",
    "而",
    "凡",
    "其中",
    "並且",
    "所以",
    "此外",
)


def read_sentence(text: str) -> Iterator[Found]:
    """Everything the rules see in one sentence, in the order of the rules."""
    yield from definitions(text)
    yield from lists(text)
    yield from duties(text)
    yield from identities(text)
    yield from purposes(text)
    yield from dates_and_numbers(text)
    yield from quoted_terms(text)
    yield from aims(text)


def clauses(text: str) -> list[tuple[int, int]]:
    """Ranges between marks, without the empty ones."""
    found = (trimmed(text, *piece, marks=" \u3000\n\t") for piece in pieces(text, 0, len(text), CLAUSE))
    return [(start, end) for start, end in found if end > start]


def bare(subject: str) -> str:
    """A subject without its number, the word that joins its clause to the one before, and quotation marks."""
    subject = ITEM.sub("", subject.strip(" \u3000"))
    for word in LEADING:
        subject = subject.removeprefix(word)
    return subject.strip("「」『』“” ")[-LONGEST_SUBJECT:]


def definitions(text: str) -> Iterator[Found]:
    """本法所稱X，是指Y · X：指Y."""
    match = MEANS.search(text)
    if match is None:
        return
    head = text[: match.start()]
    named = TERM_BEFORE.split(head)[-1] if TERM_BEFORE.search(head) else re.split("[、，,。；;]", head)[-1]
    start, end = trimmed(text, match.end(), len(text), marks="：:，,。；; \n")
    if bare(named) and len(bare(named)) <= LONGEST_SUBJECT and end - start >= 2:
        is_marked = bool(TERM_BEFORE.search(head)) or match.group()[:1] in "：:"
        confidence = SURE if is_marked else LIKELY
        yield Found("definition", "IDENTITY.means", start, end, bare(named), "definition", confidence, is_core=True)


def lists(text: str) -> Iterator[Found]:
    """A、B和C · A、B、C等."""
    for start, end in clauses(text):
        if LIST_MARK.search(text, start, end) and (found := _list(text, start, end)):
            yield found


def _list(text: str, start: int, end: int) -> Found | None:
    ranges = list(pieces(text, start, end, LIST_MARK))
    inner = {b - a for a, b in ranges[1:-1]}
    even = inner.pop() if len(inner) == 1 else 0
    first, is_first_sure = _first(text, *ranges[0], even)
    ranges[-1] = _without_predicate(text, first[0], *ranges[-1])
    joint = LAST_JOINT.search(text, ranges[-1][0] + 1, ranges[-1][1])
    last_pieces = [(ranges[-1][0], joint.start()), (joint.end(), ranges[-1][1])] if joint else [ranges[-1]]
    tail, is_open, is_last_sure = _last(text, *last_pieces[-1], even)
    if joint and len(last_pieces) == 2 and not even and last_pieces[0][1] - last_pieces[0][0] > LONGEST_MEMBER:
        return None
    members = [trimmed(text, *m, marks=" 「」『』") for m in (first, *ranges[1:-1], *last_pieces[:-1], tail)]
    is_last_sure = is_last_sure and tail[1] - tail[0] <= max(b - a for a, b in members[:-1]) + 2
    texts = [text[a:b] for a, b in members]
    if len(members) < 3 or len(set(texts)) < len(texts):
        return None
    if not all(2 <= len(member) <= LONGEST_MEMBER and not set(member) & set("（）()") for member in texts):
        return None
    confidence = (UNSURE, LIKELY, SURE if even else LIKELY)[is_first_sure + is_last_sure]
    span = members[0][0], members[-1][1]
    return Found("list", "ENUM.enum", *span, bare(text[start : span[0]]), "", confidence,
                 members=tuple(members), is_closed=not is_open, is_core=confidence != UNSURE)  # fmt: skip


def _without_predicate(text: str, first: int, start: int, end: int) -> tuple[int, int]:
    """The last part without the verb that follows a list behind 為 or 向, and what comes after it."""
    if text[first - 1 : first] not in GIVEN_TO or first == 0:
        return start, end
    verb = PREDICATE.search(text, start + 2, end)
    return (start, verb.start()) if verb else (start, end)


def _first(text: str, start: int, end: int, even: int) -> tuple[tuple[int, int], bool]:
    """Where the first member begins: as long as the others, or behind a verb or particle.

    Two or three characters are no sign that all are as long: 教職員、學生、校友.
    """
    cut = max((match.end() for match in HEAD_CUT.finditer(text, start, end - 1)), default=0)
    if even and end - start >= even and (even >= SET_PHRASE or end - even in (start, cut)):
        return (end - even, end), True
    return ((cut, end), end - cut >= 2) if cut else ((start, end), end - start <= 6)


def _last(text: str, start: int, end: int, even: int) -> tuple[tuple[int, int], bool, bool]:
    """Where the last member ends, whether 等 leaves the list open, and whether the end is certain."""
    found = OPEN_END.search(text, start + 1, end)
    if found and found.start() - start >= 2:
        is_open = found.end() == end or text[found.end()] not in "級级同於于待"
        if is_open:
            return (start, found.start()), True, True
    if even and end - start > even:
        return (start, start + even), False, True
    possessive = text.find("的", start + 2, end)
    return ((start, possessive), False, False) if possessive > 0 else ((start, end), False, end - start <= 8)


def duties(text: str) -> Iterator[Found]:
    """各國應… · 任何人不得… · …有權…; a clause without a subject has that of the clause before."""
    subject = ""
    for start, end in clauses(text):
        match = MODAL.search(text, start, end)
        if match is None:
            subject = subject or _opening_subject(text, start, end)
            continue
        own = bare(text[start : match.start()])
        subject = own or subject
        a, b = trimmed(text, match.end(), end, marks=" 「」")
        if LIMIT.fullmatch(text, a, b):  # the number itself is proposed
            continue
        if b - a < 2 or ANNOUNCES.search(text, a, b) or (own and len(text[start : match.start()]) > LONGEST_SUBJECT):
            continue
        modal = match["modal"]
        relation, pool = _relation(modal)
        confidence = LIKELY if own else UNSURE
        yield Found("duty", relation, a, b, subject, pool, confidence, modal[:10], is_core=confidence == LIKELY)


def announced(text: str) -> tuple[str, str] | None:
    """(subject, modal) of a sentence that announces a list of items: 設立圖書館，應當具備下列條件：."""
    match = MODAL.search(text)
    if match is None or not text.rstrip().endswith(("：", ":")) or not ANNOUNCES.search(text, match.end()):
        return None
    before = text[: match.start()].rstrip("，, ")
    subject = bare(before)
    return (subject, match["modal"]) if subject and len(before) <= LONGEST_SUBJECT else None


def item(text: str, subject: str, modal: str) -> Found | None:
    """What one item of an announced list demands, allows or forbids; its own modal goes before that of the list."""
    number = ITEM.match(text)
    if number is None:
        return None
    own = MODAL.match(text, number.end())
    modal = own["modal"] if own else modal
    stop = re.search("[；;。:：]", text[number.end() :])
    end = number.end() + stop.start() if stop else len(text)
    start, end = trimmed(text, own.end() if own else number.end(), end, marks=" \u3000\n，,、")
    if not 3 <= end - start <= LONGEST_ITEM:
        return None
    relation, pool = _relation(modal)
    if PREDICATE.match(subject):  # 設立圖書館，應當具備下列條件
        relation = "CONDITION.requirement"
    return Found("item", relation, start, end, subject, pool, LIKELY, modal[:10], is_core=True)


def _relation(modal: str) -> tuple[str, str]:
    plain = modal.replace("权", "權").replace("應", "").replace("应", "").lstrip("並并始亦均各")[:2]
    return RELATIONS.get(plain, ("NORM.prohibition", "prohibition") if modal[0] == "不" else ("NORM.duty", "duty"))


def _opening_subject(text: str, start: int, end: int) -> str:
    return bare(text[start:end]) if end - start <= 10 and start == 0 else ""


def identities(text: str) -> Iterator[Found]:
    """X 是 Y, also with a comma before 是; 是…的 is told as less certain."""
    subject = ""
    for start, end in clauses(text):
        match = IS.search(text, start, end)
        own = bare(text[start : match.start()]) if match else ""
        subject = own or subject
        if match is None:
            subject = bare(text[start:end]) if end - start <= LONGEST_SUBJECT else subject
            continue
        a, b = trimmed(text, match.end(), end, marks=" 「」")
        is_frame = text[b - 1 : b] == "的"
        if not subject or b - a < 2 or match.start() - start > LONGEST_SUBJECT:
            continue
        b -= is_frame
        confidence = UNSURE if is_frame or not own else LIKELY
        yield Found("is", "IDENTITY.is", a, b, subject, "predicate", confidence, is_core=confidence == LIKELY)


def purposes(text: str) -> Iterator[Found]:
    """為了… · 以…為目的 · 為…，制定本法."""
    for pattern, confidence in ((LAW_PURPOSE, SURE), (PURPOSE, LIKELY), (FOR_PURPOSE, LIKELY)):
        for match in pattern.finditer(text):
            start, end = match.span("object")
            subject = bare(text[max(text.rfind("，", 0, match.start()) + 1, match.start() - 12) : match.start()])
            what = match.groupdict().get("what") or ""
            yield Found("goal", "GOAL.purpose", start, end, what or subject, "purpose", confidence, is_core=True)


def aims(text: str) -> Iterator[Found]:
    """Clauses that begin with what is to be promoted, strengthened, protected: the verb belongs to the object."""
    subject = ""
    for start, end in clauses(text):
        match = AIM.match(text, start, end)
        if match is None:
            modal = MODAL.search(text, start, end)
            subject = bare(text[start : modal.start()]) if modal else subject
            verb = AIM.search(text, modal.end(), end) if modal else None
            if verb is None or modal is None or verb.start() == modal.end():
                continue
            start = verb.start()
        a, b = trimmed(text, start, end)
        if 4 <= b - a <= 30:
            yield Found("aim", "GOAL.aim", a, b, subject, "aim", UNSURE)


def dates_and_numbers(text: str) -> Iterator[Found]:
    taken: set[int] = set()
    for match in DATE.finditer(text):
        taken |= set(range(*match.span()))
        pool = "year" if match.group().endswith("年") else "date"
        yield Found("date", "EVENT.date", *match.span(), _before(text, match.start()), pool, LIKELY)
    for match in QUANTITY.finditer(text):
        if match.start() not in taken:
            subject = _before(text, match.start())
            yield Found("number", "QUANTITY.number", *match.span(), subject, "quantity", LIKELY)


def quoted_terms(text: str) -> Iterator[Found]:
    defined = {found.subject for found in definitions(text)}
    for match in QUOTED.finditer(text):
        group = next(number for number in range(1, 5) if match.group(number))
        if match.group(group) in defined:
            continue
        pool = "document" if group == 4 else "term"
        yield Found("quoted", "TERM.quoted", *match.span(group), _before(text, match.start()), pool, UNSURE)


def _before(text: str, place: int) -> str:
    """The words of the clause before a place, or of the clause after it where it opens its clause."""
    start = max((text.rfind(mark, max(0, place - 60), place) for mark in "，,；;。：:、「」"), default=-1) + 1
    return bare(text[max(start, place - LONGEST_SUBJECT) : place])
