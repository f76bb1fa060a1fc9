"""What English sentences state in set forms: rules over clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curriculum.proposing.findings import LIKELY, SURE, UNSURE, Found, pieces, trimmed

QUOTED = re.compile('[“"]([^“”"\n]{2,60})[”"]')
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATE = re.compile(rf"\b(?:\d{{1,2}} {MONTH} \d{{4}}|{MONTH} \d{{1,2}}, \d{{4}}|{MONTH} \d{{4}}|(?:1[5-9]|20)\d\d)\b")
COUNT = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty(?:-one)?|thirty|forty"
    "|fifty|sixty|ninety|one hundred)"
)
QUANTITY = re.compile(
    rf"\b(?:\d[\d,.]*|{COUNT})(?: \(\d+\))? ?(?:working days?|business days?|days?|weeks?|months?|years?|hours?"
    r"|minutes?|per cent|percent|%|members?|euros?|dollars?|thirds|persons?|people|times)(?!\w)",
    re.IGNORECASE,
)
MODAL = re.compile(
    r"\b(?P<modal>shall not|shall|must not|must|may not|may only|(?:has|have) the right (?:to|of)"
    r"|(?:is|are) entitled to|should not|should|(?:has|have) the duty to)\b"
)
MEANS = re.compile(r"[”\"’']?\s+(?:means|refers to|is defined as|shall mean)\s+")
IS = re.compile(r"\b(?:is|are)\s+(?=(?:a|an|the)\b)")
PURPOSE = re.compile(r"\b(?:in order to|with a view to|so as to|for the purposes? of|aims? to|in order that)\s+")
STOP = re.compile(r"[;:.!?]|,\s|\n\n|\s[—–]\s")
SENTENCE_PART = re.compile(r"[;:.!?](?:\s|$)")
JOINT = re.compile(r"(?:^|\s)(?:and|or|nor)\s")
PART = re.compile(r"[;:.!?](?:\s|$)|\n\n")
COMMA = re.compile(",")
OPENING = re.compile(
    r"\b(?:of|to|the|their|his|its|by|in|as|for|from|with|include|includes|including|between|any|such|is|are|be|on)\s"
)
CLOSING = re.compile(r"\s(?:of|to|in|by|for|with|as|that|which|who|shall|may|must|is|are|on|at|from|without|within)\s")
VERBAL = re.compile(r"(?:to|have|has|shall|may|must|is|are|be|that|which)\s")
SPACE = " \n\t"
MOST_WORDS = 5
LONGEST_SUBJECT = 60
FARTHEST = 240
"""Characters before an object among which its subject is sought."""
LONGEST_OBJECT = 300
MOST_MEMBERS = 12
PRONOUNS = frozenset(("it", "they", "he", "she", "this", "these", "there", "which", "who", "that", "and"))


def read_sentence(text: str) -> Iterator[Found]:
    """Everything the rules see in one sentence, in the order of the rules."""
    yield from definitions(text)
    yield from lists(text)
    yield from duties(text)
    yield from identities(text)
    yield from purposes(text)
    yield from dates_and_numbers(text)
    yield from quoted_terms(text)


def object_after(text: str, place: int) -> tuple[int, int]:
    """From a place to the next mark, without space."""
    stop = STOP.search(text, place)
    return trimmed(text, place, stop.start() if stop else len(text), marks=' \n“”"')


def whole_object(text: str, place: int) -> tuple[int, int]:
    """From a place to the end of the sentence or the next semicolon or colon."""
    stop = SENTENCE_PART.search(text, place)
    return trimmed(text, place, stop.start() if stop else len(text), marks=' \n“”"')


def subject_before(text: str, place: int) -> str:
    """The words of the clause before a place, on one line, without its number."""
    start = max(0, place - FARTHEST)
    for match in STOP.finditer(text, start, place):
        start = match.end()
    words = " ".join(text[start:place].split())
    words = re.sub(r"^(?:\(?\w{1,3}[).]\s+|(?:and|but|or|that|whereas|if)\s+)+", "", words, flags=re.IGNORECASE)
    return words.strip("“”\"' ,")[-LONGEST_SUBJECT:]


def definitions(text: str) -> Iterator[Found]:
    match = MEANS.search(text)
    if match is None:
        return
    subject = subject_before(text, match.start())
    start, end = whole_object(text, match.end())
    if subject and end - start > 2:
        confidence = SURE if text[match.start()] in "”\"’'" else LIKELY
        yield Found("definition", "IDENTITY.means", start, end, subject, "definition", confidence, is_core=True)


def lists(text: str) -> Iterator[Found]:
    """A, B and C: the first member begins behind a preposition or article, the last ends before one."""
    for start, end in pieces(text, 0, len(text), PART):
        between = [trimmed(text, *piece, marks=SPACE) for piece in pieces(text, start, end, COMMA)]
        for place in range(1, len(between)):
            joint = JOINT.search(text, between[place][0], between[place][1])
            if joint and (found := _list(text, between[max(0, place - MOST_MEMBERS) : place], between[place], joint)):
                yield found


def _list(text: str, before: list[tuple[int, int]], last: tuple[int, int], joint: re.Match[str]) -> Found | None:
    """A list that ends in the part `last`, at whose `joint` stands the last "and" or "or"."""
    first = len(before) - 1
    while (
        first > max(0, len(before) - MOST_MEMBERS)
        and _words(text, before[first]) <= MOST_WORDS
        and not OPENING.search(text, *before[first])
    ):
        first -= 1
    opening = max((match.end() for match in OPENING.finditer(text, *before[first])), default=before[first][0])
    closing = CLOSING.search(text, joint.end(), last[1])
    middle = [(last[0], joint.start())] if joint.start() > last[0] else []
    ranges = [(opening, before[first][1]), *before[first + 1 :], *middle]
    ranges.append((joint.end(), closing.start() if closing else last[1]))
    members = [trimmed(text, *member, marks=SPACE) for member in ranges]
    texts = [text[a:b] for a, b in members]
    if len(members) < 3 or len(set(texts)) < len(texts):
        return None
    if not all(1 <= _words(text, m) <= MOST_WORDS and not VERBAL.match(text, m[0]) for m in members):
        return None
    is_even = max(_words(text, member) for member in members) <= 3
    confidence = LIKELY if is_even and opening > before[first][0] else UNSURE
    span = members[0][0], members[-1][1]
    is_open = re.search(r"such as|including|for example", text[max(0, span[0] - 60) : span[0]]) is not None
    return Found("list", "ENUM.list", *span, subject_before(text, span[0]), "", confidence,
                 members=tuple(members), is_closed=not is_open, is_core=confidence == LIKELY)  # fmt: skip


def _words(text: str, span: tuple[int, int]) -> int:
    return len(text[span[0] : span[1]].split())


def duties(text: str) -> Iterator[Found]:
    subject = ""
    for match in MODAL.finditer(text):
        own = subject_before(text, match.start())
        subject = own or subject
        start, end = object_after(text, match.end())
        if not subject or end - start < 3:
            continue
        modal = match["modal"]
        relation, pool = ("NORM.duty", "duty")
        if modal.endswith("not"):
            relation, pool = ("NORM.prohibition", "prohibition")
        elif "right" in modal or "entitled" in modal:
            relation, pool = ("NORM.right", "right")
        confidence = UNSURE if not own or own.lower() in PRONOUNS else LIKELY
        yield Found("duty", relation, start, end, subject, pool, confidence, modal[:10], is_core=confidence == LIKELY)


def identities(text: str) -> Iterator[Found]:
    for match in IS.finditer(text):
        subject = subject_before(text, match.start())
        start, end = object_after(text, match.end())
        if subject and subject.lower() not in PRONOUNS and end - start > 4:
            yield Found("is", "IDENTITY.is", start, end, subject, "predicate", LIKELY, is_core=True)


def purposes(text: str) -> Iterator[Found]:
    for match in PURPOSE.finditer(text):
        start, end = object_after(text, match.end())
        if end - start > 4:
            yield Found("goal", "GOAL.purpose", start, end, subject_before(text, match.start()), "purpose", LIKELY)


def dates_and_numbers(text: str) -> Iterator[Found]:
    for match in DATE.finditer(text):
        pool = "year" if match.group().isdigit() else "date"
        yield Found("date", "EVENT.date", *match.span(), subject_before(text, match.start()), pool)
    for match in QUANTITY.finditer(text):
        yield Found("number", "QUANTITY.number", *match.span(), subject_before(text, match.start()), "quantity")


def quoted_terms(text: str) -> Iterator[Found]:
    for match in QUOTED.finditer(text):
        start, end = trimmed(text, *match.span(1), marks=" ,.")
        if end - start >= 2:
            yield Found("quoted", "TERM.quoted", start, end, subject_before(text, match.start()), "term", UNSURE)
