"""GIFT, Moodle's line format: choice, typed and matching questions. It has no ordering, no lists and no unused answers.

Written from the format's public description (docs.moodle.org, "GIFT format").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.content import BLANK
from quizzes.interchange.portable import Exported, Parsed, Portable, Refusal, UnreadableBankError

_SPECIAL = re.compile(r"([~=#{}:\\])")


def export(questions: Sequence[Portable], title: str) -> Exported:
    """One question a paragraph, the evidence as its general feedback, under one category."""
    lines = ["$CATEGORY: " + title.replace("/", "//"), ""]
    refused = []
    for question in questions:
        body = _body(question)
        if not body:
            refused.append(Refusal(question.id, _("GIFT has no such kind of question.")))
            continue
        name = _escape(f"{question.lesson} {question.kind} {question.id}".strip())
        lines += [f"// id: {question.id}", f"::{name}::{_escape(question.stem_with_blank)} {{", *body]
        lines += [f"\t####{_escape(question.quote)}", "}", ""]
        if question.kind == "matching" and len(question.responses) > len(question.key):
            refused.append(Refusal(question.id, _("Exported without the responses that belong to nothing.")))
    return Exported("\n".join(lines).encode(), tuple(refused))


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))


def _body(question: Portable) -> list[str]:
    if question.options:
        return [f"\t{'=' if option == question.key else '~'}{_escape(option)}" for option in question.options]
    if question.kind in ("cloze", "short_answer"):
        return [f"\t={_escape(str(form))}" for form in [str(question.key), *question.accepted]]
    if question.kind == "matching":
        return [f"\t={_escape(premise)} -> {_escape(response)}" for premise, response in question.pairs]
    return []


def parse(data: bytes) -> Parsed:
    """Read questions with one answer block. Raises UnreadableBankError if the bytes are not UTF-8 text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableBankError(_("A GIFT file must be UTF-8 text.")) from error
    taken: list[Portable] = []
    refused: list[Refusal] = []
    blocks = [block for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")) if _lines(block)]
    for number, block in enumerate(blocks, start=1):
        question = _question(block)
        if isinstance(question, Portable):
            taken.append(question)
        else:
            refused.append(Refusal(str(number), question))
    return Parsed(tuple(taken), tuple(refused))


def _lines(block: str) -> list[str]:
    """The lines of a block that are neither comments nor a category."""
    lines = (line.strip() for line in block.split("\n"))
    return [line for line in lines if line and not line.startswith(("//", "$CATEGORY"))]


def _question(block: str) -> Portable | str:
    match = re.fullmatch(
        r"(?:::(?P<name>(?:\\.|[^\\:])*)::)?(?:\[\w+\])?(?P<stem>(?:\\.|[^\\{}])*)\{(?P<body>(?:\\.|[^\\{}])*)\}(?P<tail>.*)",
        " ".join(_lines(block)),
    )
    if match is None:
        return str(_("No answer block in braces was found."))
    stem = _unescape(match["stem"].strip())
    if match["tail"].strip():
        stem = f"{stem} {BLANK} {_unescape(match['tail'].strip())}"
    body, _separator, quote = match["body"].partition("####")
    names = _unescape(match["name"] or "").split()
    identity = re.search(r"^\s*// id: (\S+)", block, re.MULTILINE)
    fields: dict[str, Any] = {
        "stem": stem.replace("_____", BLANK),
        "id": identity[1] if identity else "",
        "lesson": names[0] if len(names) == 3 else "",
        "quote": _unescape(quote.strip()),
    }
    return _by_body(body, fields, is_cloze=len(names) == 3 and names[1] == "cloze")


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _by_body(body: str, fields: dict[str, Any], *, is_cloze: bool) -> Portable | str:
    """Tell the kind from the signs: ~ choice, -> matching, only = typed."""
    rows = [
        (sign, _unescape(answer.split("#")[0]).strip())
        for sign, answer in re.findall(r"([=~])((?:\\.|[^\\=~])*)", body)
    ]
    right = [answer for sign, answer in rows if sign == "="]
    if any("->" in answer for answer in right):
        pairs = [[half.strip() for half in answer.split("->", 1)] for answer in right]
        if len(pairs) < 3:
            return str(_("A matching question needs at least three pairs with different answers."))
        return Portable(kind="matching", key=pairs, responses=tuple(response for _, response in pairs), **fields)
    if any(sign == "~" for sign, _ in rows):
        if len(right) != 1 or any(answer.startswith("%") for _, answer in rows):
            return str(_("A choice question must have exactly one right answer."))
        options = tuple(answer for _, answer in rows)
        return Portable(kind="cloze" if is_cloze else "choice", key=right[0], options=options, **fields)
    if not right:
        return str(_("Questions without a right answer cannot be taken."))
    return Portable(kind="cloze" if is_cloze else "short_answer", key=right[0], accepted=tuple(right[1:]), **fields)
