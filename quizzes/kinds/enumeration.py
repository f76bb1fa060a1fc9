"""A list of members typed in any order. Answers are the raw text, one or more entries.

An entry counts when it is a form of a member, or when the whole of it falls apart into forms and connecting words
(技術社群和社會組織 names two members). An entry that does not is an extra, however much of a member it holds:
非政府組織 is not 政府. Score: max(0, hits - extras / 2) / members, for an open list (…等) too: the members that the
document names are asked for.

Details of an outcome: {"hits": members, "missing": members, "extras": [{"text", "subject", "sentence"}], "members": n}.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

from quizzes.chinese import has_han, normal, normal_words, split_list
from quizzes.content import Content
from quizzes.kinds.base import MAX_LENGTH, Outcome, blank, frame, hint_code, posted, too_long, whole
from quizzes.kinds.short_answer import first_character
from quizzes.kinds.typed import affixes, loosened
from quizzes.numerals import is_same_number, quantity

CONNECTORS = ("以及", "还有", "和", "与", "及", "跟", "同", "或", "并", "and", "or", "the", "a", "an")
"""Words that may stand between members or before one (normal form)."""
ENDINGS = ("", "等", "等等", "etc")
"""What may close a list without naming anything."""
PENALTY = 0.5
"""What an entry that is no member takes off, in members."""
_ITEM_NUMBER = re.compile(r"[①-⑳]|^\s*[(（]?\d{1,2}[.．)）、](?=\D)", re.MULTILINE)


class Enumeration:
    """A text area, or several fields called `member`."""

    name = "enumeration"

    def is_productive(self, content: Content) -> bool:
        return True

    def present(self, content: Content, *, order: dict[str, Any], hints: int) -> dict[str, Any]:
        """The fields are `text` and `member`; `count` is the number of members, None for an open list."""
        count = len(content.key) if content.is_closed_list else None
        return frame(self, content, hints=hints) | {"widget": "list", "count": count, "max_length": MAX_LENGTH}

    def shuffle(self, content: Content, seed: int | str) -> dict[str, Any]:
        return {}

    def read(self, content: Content, data: Mapping[str, Any]) -> str:
        entries = [entry for name in ("text", "member") for entry in posted(data, name) if entry.strip()]
        text = "\n".join(entries)
        if len(text) > MAX_LENGTH:
            raise too_long()
        return text

    def grade(self, content: Content, answer: Any, *, is_final: bool = False) -> Outcome:
        raw = str(answer or "")
        given = entries(content, raw)
        if not given:
            return blank(content, key=whole_key(content))
        found = [(entry, members_in(content, entry)) for entry in given]
        hits = {member for _, members in found for member in members}
        extras = list({normal(entry): entry for entry, members in found if not members}.values())
        score = max(0.0, len(hits) - PENALTY * len(extras)) / len(content.key)
        verdict, rule = _verdict(len(hits), len(content.key), has_extras=bool(extras))
        details = _details(content, hits, extras)
        confused = next((row["text"] for row in details["extras"] if row["subject"]), "")
        parts = whole(
            content, is_correct=verdict == "correct", key=whole_key(content), given=raw, confused_with=confused
        )
        return Outcome(verdict, score, rule, may_retry=False, parts=parts, details=details)

    def hint(self, content: Content, level: int) -> dict[str, Any]:
        """`first_characters`: {"code", "texts"} in the order of the document; `one_member`: {"code", "text"}."""
        code, key = hint_code(content, level), [str(member) for member in content.key]
        if code == "first_characters" and all(len(normal(member)) > 1 for member in key):
            return {"code": code, "texts": [first_character(member) for member in key]}
        if code == "one_member" and len(key) > 1:
            return {"code": code, "text": random.Random(f"{content.id}:{content.seed}:one_member").choice(key)}
        return {}


def whole_key(content: Content) -> str:
    """The members in the order of the document, as one text."""
    members = [str(member) for member in content.key]
    return ("、" if any(map(has_han, members)) else ", ").join(members)


def _details(content: Content, hits: set[int], extras: list[str]) -> dict[str, Any]:
    members = [str(member) for member in content.key]
    return {
        "hits": [member for index, member in enumerate(members) if index in hits],
        "missing": [member for index, member in enumerate(members) if index not in hits],
        "extras": [_placed(content, extra) for extra in extras],
        "members": len(members),
    }


def _verdict(hits: int, members: int, *, has_extras: bool) -> tuple[str, str]:
    """Right only without extras: writing down everything one has heard is not knowing the list."""
    if hits == members:
        return ("partial", "all_with_extras") if has_extras else ("correct", "all_members")
    return ("partial", "some_members") if hits else ("wrong", "no_member")


def _placed(content: Content, extra: str) -> dict[str, str]:
    """An extra with the fact where it belongs, if it is the answer of another fact of the pool."""
    forms = loosened(extra, content)
    for other in content.confusions:
        if forms & loosened(other.text, content):
            return {"text": extra, "subject": other.subject, "sentence": other.sentence}
    return {"text": extra, "subject": "", "sentence": ""}


def member_forms(content: Content) -> list[tuple[str, ...]]:
    """For each member of the key the texts that name it: itself and its declared variants."""
    variants = [*content.accepted, *[()] * len(content.key)]
    return [(str(member), *map(str, forms)) for member, forms in zip(content.key, variants, strict=False)]


def entries(content: Content, raw: str) -> list[str]:
    """What the learner listed. Spaces separate Chinese entries, unless the entry with its spaces names members."""
    if not any(quantity(str(member)) for member in content.key):
        raw = _ITEM_NUMBER.sub("\n", raw)
    return [word for entry in split_list(raw) for word in _words(content, entry)]


def _words(content: Content, entry: str) -> list[str]:
    words = [word for word in entry.split() if normal(word)]
    is_cut = len(words) > 1 and has_han(entry) and not members_in(content, entry)
    return words if is_cut else [entry]


def members_in(content: Content, entry: str) -> frozenset[int]:
    """Indices of the members that one entry names; empty unless the whole entry is accounted for."""
    forms = loosened(entry, content)
    for index, texts in enumerate(member_forms(content)):
        if any(forms & loosened(text, content) or _is_number(content, entry, text) for text in texts):
            return frozenset({index})
    return _decomposed(entry, dict(_written(content)))


def _is_number(content: Content, entry: str, text: str) -> bool:
    return is_same_number(entry, text, context=content.stem, counters=affixes(content))


def _written(content: Content) -> Iterator[tuple[str, int]]:
    """Every way to write a member inside a longer entry, with declared affixes on or off, and its index."""
    heads, tails = ([normal(affix) for affix in group] for group in (content.prefixes, content.suffixes))
    for index, texts in enumerate(member_forms(content)):
        for form in {form for text in texts for form in loosened(text, content)}:
            for head in ("", *heads):
                yield from ((head + form + tail, index) for tail in ("", *tails))


def _decomposed(entry: str, written: dict[str, int]) -> frozenset[int]:
    """Members in `entry` if it is forms and connectors from beginning to end, the longest form first.

    Worked from the end: `rest[i]` is what the text from i on names, or absent when it does not fall apart.
    """
    text, gaps = normal_words(entry)
    longest_first = sorted(written, key=lambda form: (-len(form), form))
    rest = {len(text) - len(ending): frozenset[int]() for ending in ENDINGS if text.endswith(ending)}
    for start in sorted(gaps - {len(text)}, reverse=True):
        for form in (*longest_first, *CONNECTORS):
            end = start + len(form)
            if form and text.startswith(form, start) and end in rest and (form in written or end < len(text)):
                rest[start] = rest[end] | ({written[form]} if form in written else frozenset())
                break
    return rest.get(0, frozenset())
