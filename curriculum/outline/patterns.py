"""The forms that lines of documents have, as tables. A new genre of document should need a new row and little else.

Every pattern is matched against one line and is written so that no input makes it try twice: no nested repetition, no
two neighbouring parts that can take the same character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFACE, CHAPTER, CLOSING, ANNEX = "preface", "chapter", "closing", "annex"

_D = "[〇零一二三四五六七八九十百千兩两廿卅0-9０-９]"
_ZH = "[〇零一二三四五六七八九十百廿卅]{1,6}"
_NUM = rf"(?P<n>{_D}(?:\s?{_D}){{0,9}})"
_EN_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_ZH_DATE = (
    rf"(?:(?:中華|中华)?民[國国]\s?|公元|西元)?{_D}(?:\s?{_D}){{1,4}}\s?年\s?{_D}(?:\s?{_D}){{0,2}}\s?月"
    rf"(?:\s?{_D}(?:\s?{_D}){{0,2}}\s?[日號号])?"
)
_EN_DATE = (
    rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)?(?: day of| of)? {_EN_MONTH},? \d{{4}}\b"
    rf"|\b{_EN_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b|\b{_EN_MONTH} \d{{4}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b)"
)
DATE = re.compile(f"{_ZH_DATE}|{_EN_DATE}")

ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("site", re.compile(r"(維基文庫|维基文库|維基百科|维基百科|Wikisource)[,，].*")),
    ("licence", re.compile(r"本作品.*(著作權|著作权|版權|版权|公有領域|公有领域).*|Public ?domain.*|This work is .*")),
    (
        "chrome",
        re.compile(
            r"(?i:(copyright )?(©|\(c\) ?\d{4}).{0,80}|.{0,60}all rights reserved\.?)"
            r"|(?i:back to top|print( this page)?|share)|返回[^。]{0,8}"
            r"|(【?(打印|列印|字体|關閉|关闭)[^。]{0,12})"
            r"|(責任編輯|责任编辑|来源|來源)[：:].{0,20}|分享到.{0,20}"
        ),
    ),
    (
        "page number",
        re.compile(r"[-–—·\s]*\d{1,4}[-–—·\s]*|第\s*\d{1,4}\s*[頁页](\s*[,，/／]?\s*共\s*\d{1,4}\s*[頁页])?"),
    ),
    (
        "page number",
        re.compile(r"(?i:page\s+\d{1,4}(\s+of\s+\d{1,4})?)|\d{1,4}\s*/\s*\d{1,4}|[-–—]\s*[ivxl]{1,6}\s*[-–—]"),
    ),
    ("contents", re.compile(r"目\s*[錄录次]|(?i:(table of )?contents:?)")),
    (PREFACE, re.compile(r"[序前導导引弁]\s*言|緒\s*[言論]|绪\s*[言论]|序")),
    (PREFACE, re.compile(r"(?i:preamble|foreword|preface|introduction|recitals)[.:]?")),
    (CLOSING, re.compile(r"結\s*[語論]|结\s*[语论]|結束語|结束语|後記|后记")),
    (
        CLOSING,
        re.compile(r"(?i:conclusions?|closing( remarks)?|concluding (remarks|observations)|afterword|epilogue)[.:]?"),
    ),
    (CHAPTER, re.compile(r"[總总附罰罚通分]\s*[則则]|[總总]\s*[綱纲]")),
    (ANNEX, re.compile(rf"(?P<number>附\s*[件錄录表]\s*(?:{_D}{{1,4}})?)\s*[：:]?\s*(?P<title>[^。；;]{{0,60}})")),
    (
        ANNEX,
        re.compile(
            r"(?P<number>(?i:annex|appendix|schedule|exhibit|addendum|attachment)(?: (?:[IVXLC]{1,6}|\d{1,3}|[A-Z]))?"
            r"|(?i:amendment) (?:[IVXLC]{1,6}|\d{1,3}))"
            r"(?:\s*[.:—–-]\s*|\s+|$)(?P<title>[A-Z(\"“][^.;]{0,90})?"
        ),
    ),
    ("date", re.compile(rf"{_ZH_DATE}|{_EN_DATE}\.?|\[(?:{_ZH_DATE}|{_EN_DATE})\]")),
    ("signature", re.compile(r"—{1,4}\s*(?P<title>[^。!?！？；;：:，,]{1,60})")),
)
"""What a whole line is, by the first pattern that fits it."""

RECITAL = re.compile(
    r"(?i:we,? the (people|undersigned|member))|鑒於|鉴于|鑑於|有鑒於|考慮到|考虑到|回顧|回顾|重申|確認|确认|念及"
    r"|銘記|铭记|深信|認識到|认识到|注意到"
    r"|(?i:(also |further |deeply |fully )?(whereas|recogni[sz]ing|considering|recalling|reaffirming|affirming|noting"
    r"|bearing in mind|convinced|conscious|desiring|desirous|having|believing|determined|mindful|acknowledging|aware"
    r"|concerned|emphasi[sz]ing|guided by|welcoming|taking note|stressing|observing|expressing))\b"
)
OPERATIVE = re.compile(
    r"(?i:now,? therefore\b|therefore,? be it\b|be it (further )?resolved\b|resolved\b"
    r"|(hereby )?(proclaims?|declares?|resolves?|decides?)\b)"
    r"|[^，。；]{0,10}(決議|决议|議決|议决|宣告|宣佈|宣布|宣言|決定|决定|作出)[^。]{0,20}[：:]|[茲兹特][^。]{0,20}如下[：:]"
)
TESTIMONY = re.compile(
    r"(?i:in (witness|faith) whereof\b|done (at|in|on)\b|signed( and sealed)? (at|in|on|by|this)\b|signed:"
    r"|(passed and )?adopted\b|passed (this|on|by)\b|approved (this|on|by)\b|for the "
    r"(government|republic|kingdom|state|people|council|association)\b|_{3,}|/s/)"
    r"|立.{0,6}[書书]?人$|[甲乙丙]方(（.{0,6}）)?[：:].{1,30}$|(訂|签|簽)(訂|署|订)?[於于][^。]{2,40}|(簽署|签署|簽名|签名|签字|簽字)(人|代表)?[：:].{0,60}"
)
SIGNER = re.compile(
    r"(?i:\b(chair(man|woman|person)?|president|secretary|director|mayor|minister|governor|treasurer|clerk|registrar)\b)"
    r"|(主席|主任|秘書長|秘书长|會長|会长|理事長|理事长|市長|市长|總統|总统|總理|总理|部長|部长|局長|局长|署長|董事長|董事长)"
)
ORGANISATION = re.compile(
    r".*(會|会|部|局|院|署|廳|厅|處|处|室|政府|公司|大學|大学|中心|聯盟|联盟|組織|组织|集團|集团|法院|社|團|团|黨|党|校)"
    r"|(?i:(city|county|town|state|republic|kingdom|province) of .*)"
    r"|.*\b(?i:assembly|council|committee|ministry|department|government|parliament|congress|association|society|inc"
    r"|ltd|llc|corporation|company|commission|board|union|nations|university|office|agency|authority|club|foundation"
    r"|organi[sz]ation|institute|secretariat|conference|bureau|league|cooperative|library|school)\b\.?.*"
)
GENRE = re.compile(
    r".*([法律]|條例|条例|章程|宣言|規則|规则|規定|规定|辦法|办法|憲章|宪章|憲法|宪法|公約|公约|條約|条约|協定|协定|協議|协议|決議|决议"
    r"|白皮書|白皮书|意見|意见|通知|規程|规程|細則|细则|準則|准则|要點|要点|綱要|纲要|方案|公約|守則|守则|決定|决定|政策|報告|报告)"
    r"([（(].{0,20}[)）])?"
    r"|.*\b(?i:convention|treaty|charter|declaration|act|policy|rules|regulations?|by-?laws|constitution|resolution"
    r"|agreement|covenant|statute|protocol|code|ordinance|terms|guidelines|principles|white paper|report)\b.*"
)
NOTE = re.compile(
    r"[（(]?[^。]{0,80}(通過|通过|公布|公佈|發布|发布|發佈|施行|修訂|修订|修正|制定|訂定|訂立|批准|核准|核定|核備|通知|公告|生效)"
    r"[^。]{0,80}[。]?[)）]?"
    r"|[（(\[]?(?i:adopted|proclaimed|approved|opened|signed|done|entry into force|entered into force|effective|enacted"
    r"|last (updated|revised|modified|amended)|issued|amended|as amended|ratified|revised|dated|made|published|version"
    r"|passed|in force)\b.{0,200}"
)
DOCUMENT_NUMBER = re.compile(
    r"[^。，,]{0,20}[〔\[（(]\s?\d{4}\s?[〕\])）]\s?第?\s?\d{1,5}\s?[號号]|第\s?[〇零一二三四五六七八九十百千\d]{1,8}\s?[號号]"
    r"|[ASE]/[A-Z0-9/.() -]{3,40}|(?i:(resolution|document|decision|act|law|bill|no\.|chapter|cap\.?) ?(no\.? ?)?)"
    r"[A-Z]{0,4}[-/.]?\d[\w/().-]{0,20}( \([A-Z]+\))?"
)
LABELLED = re.compile(
    r"(?P<what>法規名稱|法规名称|名稱|名称|標題|标题|修正日期|公布日期|發布日期|发布日期|施行日期|生效日期|成文日期|日期"
    r"|發文機關|发文机关"
    r"|制定機關|制定机关|發布機關|发布机关|公布機關|主管機關|主管机关"
    r"|(?i:title|effective date|effective|date|last updated|last revised|issued by|issuer|author|published by"
    r"|adopted by))\s*[：:]\s*(?P<value>\S.{0,120})"
)
CONCLUDING = re.compile(r"綜上所述|综上所述|總之|总之|(?i:in conclusion|to conclude)\b")
BRACKETED = re.compile(r"[（(【\[〔](?P<title>[^）)】\]〕。；;]{1,40})[）)】\]〕]\s*[：:]?\s*")
LEADER = re.compile(r"(?:[.．…·・]\s?){3,200}\s*\d{0,4}\s*$|[\s\u3000]{2,40}\d{1,4}\s*$|\t\s*\d{1,4}\s*$")


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way of numbering lines. `group` is what such a line can be; `is_guarded` series must count 1, 2, 3 ..."""

    name: str
    group: str
    pattern: re.Pattern[str]
    is_guarded: bool = False


_EN_N = (
    r"(?P<n>\d{1,4}(?:\.\d{1,3}){0,3}(?:[A-Z]{1,2}|bis|ter)?|[IVXLC]{1,8}|[A-Z]"
    r"|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|first|second|third|fourth|fifth|sixth))(?![A-Za-z0-9])"
)


def _english(names: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{names})\s?{_EN_N}(?P<sep>\s*[.:—–-]{{1,2}}\s*|\s{{2,20}}|\s|$)")


SCHEMES: tuple[Scheme, ...] = (
    Scheme(
        "編",
        "upper",
        re.compile(
            rf"第\s?{_NUM}\s?(?P<unit>分編|分编|編|编|卷|篇|部分|分部|部(?![門门份]))(?P<sep>[\s：:、．.]{{0,4}})"
        ),
    ),
    Scheme("章", "chapter", re.compile(rf"第\s?{_NUM}\s?(?P<unit>章)(?P<sep>[\s：:、．.]{{0,4}})")),
    Scheme("節", "section", re.compile(rf"第\s?{_NUM}\s?(?P<unit>[節节])(?P<sep>[\s：:、．.]{{0,4}})")),
    Scheme(
        "條",
        "article",
        re.compile(
            rf"第\s?{_NUM}(?:\s?[-－–]\s?(?P<sub>\d{{1,2}}))?\s?(?P<unit>[條条])(?:\s?之\s?(?P<sub2>{_D}{{1,3}}))?"
            r"(?P<sep>[\s：:、．.—]{0,4})"
        ),
    ),
    Scheme("Part", "upper", _english("(?i:part|book|title|division)")),
    Scheme("Chapter", "chapter", _english("(?i:chapter)")),
    Scheme("Section", "article", _english(r"(?i:section\.?|sec\.)|§")),
    Scheme("Article", "article", _english(r"(?i:article\.?|art\.)")),
    Scheme("Rule", "article", _english(r"(?i:rule|regulation|principle|clause|guideline|standard)")),
    Scheme("一、", "item", re.compile(rf"(?P<n>{_ZH})\s?[、．.]\s?(?!{_ZH}、)")),
    Scheme("（一）", "item", re.compile(rf"[（(]\s?(?P<n>{_ZH})\s?[)）]\s?[、.：:]?\s?")),
    Scheme(
        "1.1", "decimal", re.compile(r"(?P<n>\d{1,3}(?:[.．]\d{1,3}){1,4})[.．、]?(?:\s{1,8}|(?=[^\x00-\x7f])|$)"), True
    ),
    Scheme("1.", "item", re.compile(r"(?P<n>\d{1,3})\s?[.．、](?!\d)\s{0,8}")),
    Scheme("1)", "item", re.compile(r"(?P<n>\d{1,3})\s?[)）]\s{0,8}")),
    Scheme("(1)", "item", re.compile(r"[（(]\s?(?P<n>\d{1,3})\s?[)）]\s{0,8}")),
    Scheme("①", "item", re.compile(r"(?P<n>[①-⑳])\s{0,4}")),
    Scheme("(i)", "item", re.compile(r"\((?P<n>[ivxlc]{1,6}|[a-z]{1,2})\)\s{0,8}")),
    Scheme("(A)", "item", re.compile(r"\((?P<n>[A-Z])\)\s{0,8}"), True),
    Scheme("I.", "item", re.compile(r"(?P<n>[IVX]{1,6}|[Ⅰ-Ⅻ])[.、．]\s{0,8}(?=\S)"), True),
    Scheme("A.", "item", re.compile(r"(?P<n>[A-Z])[.)]\s{1,8}"), True),
    Scheme("a.", "item", re.compile(r"(?P<n>[a-z])[.)]\s{1,8}"), True),
    Scheme("甲、", "item", re.compile(r"(?P<n>[甲乙丙丁戊己庚辛壬癸])\s?、\s?"), True),
    Scheme("1", "bare", re.compile(r"(?P<n>\d{1,2})\s{1,4}(?=[A-Z\u3400-\u9fff])"), True),
    Scheme("•", "item", re.compile(r"(?P<n>[•●■◆·▪◦]|[-–*](?=\s)|—{1,2})\s{0,8}")),
)
"""How lines are numbered, in the order in which they are tried."""
