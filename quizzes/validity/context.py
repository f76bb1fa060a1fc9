"""Rule V14: what stands around a blank fits in one place of the document only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from quizzes.content import BLANK
from quizzes.generation import latin
from quizzes.generation.measures import is_latin
from quizzes.validity.findings import ERROR, WARNING, Problem, item_rule
from quizzes.validity.item import Item
from quizzes.validity.texts import BLANK_RUN, ELISION, OPENERS, normal, quotations, to_source

CONTEXT = 3
"""Symbols on each side of a blank that a learner must be able to rely on."""
LONGER = 6
"""How much longer than the key another fitting text may be and still be a rival."""
BOUNDARY = "|"
MOST_NAMED = 6
"""Rivals that a message spells out."""


_SYMBOLS: dict[str, str] = {}
_SPELLINGS: dict[str, str] = {}
FIRST_SYMBOL = 0xF0000
"""Private-use characters that stand for whole words, so that a symbol is a character in every script."""


@lru_cache(maxsize=1 << 14)
def symbols(text: str) -> str:
    """Text with every run of punctuation or sentence ends (in Chinese also spaces) as one boundary symbol.

    Where a text is written in words, each word is one symbol too.
    """
    if is_latin(text):
        return "".join(piece if piece == BOUNDARY else word_symbol(piece) for piece in latin.symbols(text))
    return re.sub(r"[^\w]+", BOUNDARY, to_source(text))


def word_symbol(word: str) -> str:
    """The one character that stands for a word in this process."""
    symbol = _SYMBOLS.setdefault(word, chr(FIRST_SYMBOL + len(_SYMBOLS)))
    _SPELLINGS[symbol] = word
    return symbol


def spelled(text: str) -> str:
    """Symbols as words again."""
    if not any(symbol in _SPELLINGS for symbol in text):
        return text
    return " ".join(_SPELLINGS.get(symbol, symbol) for symbol in text)


@item_rule("V14", ERROR, _("No other text of the document fits the context of a blank (warning if of another type)."))
def context_is_unique(item: Item) -> Iterator[Problem]:
    if BLANK not in item.content.stem:
        return
    parts = BLANK_RUN.split(quoted_part(item.content.stem))
    for before, after in pairwise(parts):
        left, right = near(before, from_end=True), near(after, from_end=False)
        close = nearest(left[::-1])[::-1], nearest(right)
        fitting = [text for text in rivals(item, *close) if may_be_given(item, text)]
        fatal = [text for text in fitting if is_fatal(item, (left, right), close, text)]
        if fitting:
            shown = "、".join((fatal or fitting)[:MOST_NAMED])
            place = f"{spelled(close[0])}＿{spelled(close[1])}"
            message = gettext("「%(place)s」 also fits %(texts)s") % {"place": place, "texts": shown}
            yield Problem(message, {"rivals": fitting}, ERROR if fatal else WARNING)


def nearest(text: str) -> str:
    """The first three symbols of a context; a boundary among them does not count when more is shown behind it."""
    taken = ""
    for symbol in text:
        if len(taken.replace(BOUNDARY, "")) == CONTEXT:
            break
        taken += symbol
    return taken


def may_be_given(item: Item, rival: str) -> bool:
    """Whether a learner could give the rival: any other text when typed, an option when chosen."""
    if normal(rival) in map(normal, item.keys):
        return False
    return not item.is_choice or normal(rival) in map(normal, item.wrong_options)


def is_fatal(item: Item, whole: tuple[str, str], close: tuple[str, str], rival: str) -> bool:
    """Whether a rival stands in the scope that the stem names and fits all that is shown, or is of the key's type."""
    here = [BOUNDARY + symbols(item.bank.unit_by_id[id].text).strip(BOUNDARY) + BOUNDARY for id in item.scope]
    given = symbols(rival)
    if not any(close[0] + given + close[1] in text for text in here):
        return False
    shown = whole[0].lstrip(BOUNDARY) + given + whole[1].rstrip(BOUNDARY)
    return is_same_type(item, rival) or any(shown in text for text in here)


def quoted_part(stem: str) -> str:
    """The quotation that holds the blanks; where the stem quotes without marks, what follows its colon or comma."""
    before, blank, after = stem.partition(BLANK)
    colon = before.rfind("：")
    is_bare = colon >= 0 and not stem[colon + 1 :].startswith(tuple(OPENERS))
    found = [] if is_bare else [quoted for quoted in quotations(stem) if BLANK in quoted]
    if found:
        return found[0]
    return before[max(colon, -1 if is_bare else before.rfind("，")) + 1 :] + blank + after


def near(text: str, *, from_end: bool) -> str:
    """The verbatim symbols beside a blank, up to the next elision, with a boundary where the quotation ends.

    Quotations are cut between clauses, so that an elision right beside the blank is a boundary too.
    """
    pieces = ELISION.split(text)
    piece = pieces[-1] if from_end else pieces[0]
    cut = len(pieces) > 1
    plain = symbols(piece)
    if cut:
        return plain or BOUNDARY
    return BOUNDARY + plain.lstrip(BOUNDARY) if from_end else plain.rstrip(BOUNDARY) + BOUNDARY


def rivals(item: Item, left: str, right: str) -> list[str]:
    """Texts without a boundary, at most six symbols longer than the key, that stand between left and right."""
    if not left.strip(BOUNDARY) and not right.strip(BOUNDARY):
        return []
    longest = max(len(symbols(key)) if is_latin(key) else len(normal(key)) for key in item.keys) + LONGER
    pattern = re.compile(f"(?<={re.escape(left)})([^{BOUNDARY}]{{1,{longest}}}?)(?={re.escape(right)})")
    likely = (text for text in unit_symbols(item) if left in text and right in text)
    found = (spelled(match.group(1)) for text in likely for match in pattern.finditer(text))
    return list(dict.fromkeys(found))


def unit_symbols(item: Item) -> list[str]:
    """The units of the document in symbols, each between boundaries."""
    kept = item.bank.unit_symbols
    if not kept:
        kept += [BOUNDARY + symbols(unit.text).strip(BOUNDARY) + BOUNDARY for unit in item.bank.knowledge.units]
    return kept


def is_same_type(item: Item, rival: str) -> bool:
    """Whether the rival is an answer of the same pool as the key."""
    pool = item.content.pool or next((fact.pool for fact in item.facts), "")
    if not pool:
        return False
    texts = (s.object for s in item.bank.world.statements if s.fact.pool == pool)
    return normal(rival) in map(normal, texts)
