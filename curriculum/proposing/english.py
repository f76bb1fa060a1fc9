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
    r"\b(?P<modal>shall not|shall|must not|must|may not|may only|may|(?:has|have) the right (?:to|of)"
    r"|(?:is|are) entitled to|should not|should|(?:has|have) the duty to)\b"
)
ANNOUNCING = re.compile(
    rf"{MODAL.pattern}(?:\s+(?:not|do|have|be|take|comply with|meet|include|contain))?"
    r"(?:\s+(?:all )?(?:of )?the following(?: \w+){0,2})?\s*[—–:-]\s*$"
)
ITEM = re.compile(r"^\s*\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})[).]\s+")
ITEM_END = re.compile(r"[;:.](?:\s|$)|,?\s+(?:and|or)\s*$|[—–]")
LONGEST_ITEM = 160
MEANS = re.compile(r"[”\"’']?\s+(?:means|refers to|is defined as|shall mean)\s+")
IS = re.compile(r"\b(?:is|are)\s+(?=(?:a|an|the)\b)")
PURPOSE = re.compile(
    r"\b(?:(?:purpose|aim|object|objective|goal)s? of [^.;:]{1,60}? (?:is|are) to|in order to|with a view to|so as to"
    r"|for the purposes? of|aims? to|in order that)\s+"
)
STOP = re.compile(r"[;:.!?](?![0-9])|,\s|\n\n|\s[—–]\s|[—–]\s*$")
SENTENCE_PART = re.compile(r"[;:.!?](?:\s|$)")
GOES_ON = re.compile(
    r",\s(?:(?!.{0,30}\b(?:shall|may|must|is|are|has|have|which|who)\b)[^,;:.\n]{1,50},\s){0,12}"
    r"(?!.{0,40}\b(?:shall|may|must|is|are|has|have|which|who)\b)"
    r"(?:(?:and|or)\s[^,;:.\n]{1,50}|[^,;:.\n]{1,50}?\s(?:and|or)\s)"
)
"""Behind a comma: further members of a list, without a verb of their own."""
HANGING = re.compile(r"\s+(?:if|that|to|when|where|unless|who|which|until)$")
JOINT = re.compile(r"(?:^|\s)(?:and|or|nor)\s")
PART = re.compile(r"[;:.!?](?:\s|$)|\n\n")
COMMA = re.compile(",")
OPENING = re.compile(
    r"\b(?:of|to|the|their|his|its|by|in|as|for|from|with|include|includes|including|between|any|such|is|are|be|on|means|comprises?)\s",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"\s(?:of|to|in|by|for|with|as|that|which|who|shall|may|must|is|are|on|at|from|without|within|among|between|before"
    r"|after|under|against|through|upon|any|every|does|has|have)\s"
)
ACTION = re.compile(
    r"\b(?:right|power|duty|order|entitled|able|free|required|invited|allowed|permitted)(?: \w+ly)? (?P<action>to)\s"
)
TO = re.compile(r"\b(?P<action>to)\s")
MODAL_VERB = re.compile(r"\b(?:shall|may|must|should|can|will)(?: not| also)? (?P<verb>[a-z]+\s*)")
ARTICLE = re.compile(r"(?:an?|the)\s")
ADJECTIVE = re.compile(r"[a-z]+(?:al|ic|ive|ary|ory|ous|able|ible|ful|less|ent|ant|ian|an)")
NO_MEMBER = re.compile(
    r"(?:to|have|has|shall|may|must|is|are|be|do|does|that|which|in|at|during|through|under|by|with|from|of|for|on|into"
    r"|and|or|nor|but|whether|either|neither|not|than|as|directly|where|when|if)\b"
)
"""How a member of a list of things does not begin."""
SPACE = " \n\t"
MOST_WORDS, MOST_ACTION_WORDS = 5, 12
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
    """From a place to the next mark, or to the end of a list that goes on behind it."""
    stop = STOP.search(text, place)
    if stop and stop.group()[0] == "," and GOES_ON.match(text, stop.start()):
        return whole_object(text, place)
    start, end = trimmed(text, place, stop.start() if stop else len(text), marks=' \n“”"')
    hanging = HANGING.search(text, start, end)
    return start, hanging.start() if hanging else end


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
    words = re.sub(r"^(?:the|an?)\s+", "", re.sub('[“”"]', "", words).strip("' ,[("), flags=re.IGNORECASE)
    return words if len(words) <= LONGEST_SUBJECT else words[-LONGEST_SUBJECT:].partition(" ")[2]


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
    """A, B and C: the first member begins behind a preposition or verb, the last ends before one.

    Of lists that begin at one place the longest is meant: "race, sex, political or other opinion, birth or status".
    """
    longest: dict[int, Found] = {}
    for start, end in pieces(text, 0, len(text), PART):
        between = [trimmed(text, *piece, marks=SPACE) for piece in pieces(text, start, end, COMMA)]
        for place in range(1, len(between)):
            joint = JOINT.search(text, max(0, between[place][0] - 1), between[place][1])  # also behind ", "
            if joint and (found := _list(text, between[max(0, place - MOST_MEMBERS) : place], between[place], joint)):
                longest[found.start] = found
    yield from longest.values()


def _list(text: str, before: list[tuple[int, int]], last: tuple[int, int], joint: re.Match[str]) -> Found | None:
    """A list that ends in the part `last`, at whose `joint` stands the last "and" or "or"."""
    is_of_actions = text.startswith("to ", joint.end())
    first = len(before) - 1
    while first > max(0, len(before) - MOST_MEMBERS) and _is_inner(text, before[first], is_of_actions=is_of_actions):
        first -= 1
    opening = _opening(text, before, first, joint.end())
    middle = [(last[0], joint.start())] if joint.start() > last[0] else []
    ranges = [(opening, before[first][1]), *before[first + 1 :], *middle]
    ranges.append((joint.end(), last[1] if is_of_actions else _closing(text, joint.end(), last[1])))
    members = [trimmed(text, *member, marks=SPACE) for member in ranges]
    is_open = text.startswith("other ", members[-1][0])
    members = members[:-1] if is_open else _with_shared_noun(text, members)
    texts = [text[a:b] for a, b in members]
    if len(members) < 3 or len(set(texts)) < len(texts):
        return None
    are_actions = all(text.startswith("to ", m[0]) for m in members[1:])
    most = MOST_ACTION_WORDS if are_actions else MOST_WORDS
    if not all(1 <= _words(text, m) <= most and (are_actions or not NO_MEMBER.match(text, m[0])) for m in members):
        return None
    lengths = [_words(text, member) for member in members]
    is_behind = opening > before[first][0]
    if not is_behind and lengths[0] > max(lengths[1:]) + 1:
        return None
    confidence = LIKELY if max(lengths) <= 3 and is_behind else UNSURE
    span = members[0][0], members[-1][1]
    is_open = is_open or re.search(r"such as|including|for example", text[max(0, span[0] - 60) : span[0]]) is not None
    return Found("list", "ENUM.list", *span, subject_before(text, span[0]), "", confidence,
                 members=tuple(members), is_closed=not is_open, is_core=confidence == LIKELY)  # fmt: skip


def _closing(text: str, start: int, end: int) -> int:
    """Where the last member ends: before a preposition or verb; "the security of person" is one thing."""
    for match in CLOSING.finditer(text, start, end):
        if match.group().strip() != "of" or not ARTICLE.match(text, start):
            return match.start()
    return end


def _with_shared_noun(text: str, members: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The members without a noun that belongs to all: political, jurisdictional or international status."""
    if any(_words(text, member) != 1 for member in members[:-1]) or _words(text, members[-1]) < 2:
        return members
    start, end = members[-1]
    word = text.index(" ", start, end)
    heads = [text[a:b] for a, b in (*members[:-1], (start, word))]
    adjectives = sum(ADJECTIVE.fullmatch(head) is not None for head in heads)
    return [*members[:-1], (start, word)] if adjectives > len(heads) // 2 else members


def _is_inner(text: str, part: tuple[int, int], *, is_of_actions: bool) -> bool:
    """Whether a part between commas is a whole member, so that the list begins before it."""
    if is_of_actions and text.startswith("to ", part[0]):
        return _words(text, part) <= MOST_ACTION_WORDS
    return _words(text, part) <= MOST_WORDS and not OPENING.search(text, *part)


def _opening(text: str, before: list[tuple[int, int]], first: int, last: int) -> int:
    """Where the first member begins: behind a preposition or verb; with its article where the others have one, too.

    Of actions ("the right to enter ..., to use ..., and to vote") it begins with its "to".
    """
    start, end = before[first]
    if text.startswith("to ", last):
        actions = ACTION.search(text, start, end) or TO.search(text, start, end)
        return actions.start("action") if actions else start
    found = [match.end() for match in OPENING.finditer(text, start, end) if match.end() < end]
    found += [match.end("verb") if match.end("verb") < end else match.start("verb") for match in
              MODAL_VERB.finditer(text, start, end)]  # fmt: skip
    opening = max(found, default=start)
    following = before[first + 1][0] if first + 1 < len(before) else last
    article = re.search(r"\b(?:an?|the)\s+$", text[start:opening])
    return start + article.start() if article and ARTICLE.match(text, following) else opening


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
        relation, pool = _relation(modal, subject)
        confidence = UNSURE if not own or own.lower() in PRONOUNS else LIKELY
        yield Found(
            "duty", relation, start, end, subject, pool, confidence, _short(modal), is_core=confidence == LIKELY
        )


def _relation(modal: str, subject: str) -> tuple[str, str]:
    if modal.endswith("not") or subject.lower().startswith("no "):
        return "NORM.prohibition", "prohibition"
    if "right" in modal or "entitled" in modal:
        return "NORM.right", "right"
    return ("NORM.power", "power") if modal == "may" else ("NORM.duty", "duty")


def _short(modal: str) -> str:
    """The modal in at most ten letters: "right" for "has the right to"."""
    return next((word for word in ("right", "entitled", "duty") if word in modal), modal)


def announced(text: str) -> tuple[str, str] | None:
    """(subject, modal) of a sentence that announces a list of items: "The council shall—"."""
    match = ANNOUNCING.search(text)
    subject = subject_before(text, match.start()) if match else ""
    return (subject, match["modal"]) if match and subject and subject.lower() not in PRONOUNS else None


def item(text: str, subject: str, modal: str) -> Found | None:
    """What one item of an announced list demands, allows or forbids."""
    number = ITEM.match(text)
    if number is None:
        return None
    stop = ITEM_END.search(text, number.end())
    start, end = trimmed(text, number.end(), stop.start() if stop else len(text))
    if not 8 <= end - start <= LONGEST_ITEM:
        return None
    relation, pool = _relation(modal, subject)
    return Found("item", relation, start, end, subject, pool, LIKELY, _short(modal), is_core=True)


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
    defined = {found.subject for found in definitions(text)}
    for match in QUOTED.finditer(text):
        start, end = trimmed(text, *match.span(1), marks=" ,.")
        if end - start >= 2 and text[start:end] not in defined:
            yield Found("quoted", "TERM.quoted", start, end, subject_before(text, match.start()), "term", UNSURE)
