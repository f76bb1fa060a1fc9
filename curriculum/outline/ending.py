"""The end of a document: testimony, signatures, seals and dates; and the list of what is attached."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from curriculum.outline.lines import Line, ends_sentence
from curriculum.outline.patterns import ANNEX, DATE, ORGANISATION, SIGNER, TESTIMONY
from curriculum.outline.sentences import ends_with_abbreviation

MAX_LINES = 40
_ATTACHED = re.compile(r"附件\s*[：:]\s*\S.*")
_NAMED_SIGNER = re.compile(r"[,，:：\s]")


def mark_ending(lines: Sequence[Line]) -> list[Line]:
    """The same lines, with the role "signature" where a signature block stands, also before an annex."""
    found = list(lines)
    _mark_attachments(found)
    edges = [i for i, line in enumerate(found) if line.role == ANNEX] + [len(found)]
    start = 0
    for edge in edges:
        for i in range(_signed_from(found, start, edge), edge):
            if found[i].role not in ("date", "attachments"):
                found[i] = replace(found[i], role="signature", number=None)
        start = edge
    return found


def _mark_attachments(lines: list[Line]) -> None:
    """附件：1.申請表 2.清單, before the signature: a list of titles, not a part of the text."""
    start = next((i for i, line in enumerate(lines) if line.role == ANNEX and _ATTACHED.fullmatch(line.text)), None)
    if start is None:
        return
    end = start + 1
    while end < len(lines) and lines[end].number and not ends_sentence(lines[end].text):
        end += 1
    tail = lines[end : end + 3]
    if not tail or any(line.role == "date" for line in tail):
        for i in range(start, end):
            lines[i] = replace(lines[i], role="attachments", number=None)


def _signed_from(lines: Sequence[Line], start: int, end: int) -> int:
    """Where the signature block of `lines[start:end]` begins; `end` when there is none."""
    evidence: int | None = None
    place = end
    while place > max(start, end - MAX_LINES):
        line = lines[place - 1]
        if _is_evidence(line):
            evidence = place - 1
        elif line.role != "attachments" and not _may_be_signature(line):
            break
        place -= 1
    if evidence is None or not any(ends_sentence(line.text) for line in lines[:place]):
        return end
    return max(place, evidence - 2)


def _is_evidence(line: Line) -> bool:
    if line.role in ("date", "signature") or TESTIMONY.match(line.text):
        return True
    if not _may_be_signature(line):
        return False
    is_named = SIGNER.search(line.text) is not None and _NAMED_SIGNER.search(line.text) is not None
    return is_named or (len(line.text) <= 40 and DATE.search(line.text) is not None)


def _may_be_signature(line: Line) -> bool:
    is_plain = not line.is_numbered and line.role == "body" and not line.mark.startswith("h")
    is_open = line.text[-1:] not in "。．.！!？?；;：:" or (
        ends_with_abbreviation(line.text) and ORGANISATION.fullmatch(line.text) is not None
    )
    return is_plain and len(line.text) <= 80 and is_open
