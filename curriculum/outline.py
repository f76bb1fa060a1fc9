"""Plain text of a structured document -> title, lessons, passages and sentences with their offsets.

A line of the text is one passage. What a line is (heading, numbered item, signature, licence ...) is told by the first
pattern of `ROLES` that matches; a new genre of document should need a new row there and little else. Offsets are code
points into the text as given, half open, so `text[span.start:span.end] == span.text` for every span.

What cannot be known from the text alone is marked as supplied: a preface that ends with a signature is followed by an
introduction without a heading, and a conclusion may stand under the last chapter without a heading. The second is a
guess (`_concludes` says how it is made), to be confirmed by a person or decided by `Overrides`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

ORDINAL = "[一二三四五六七八九十百]+"
PREFACE, CHAPTER, CLOSING = "preface", "chapter", "closing"
HEADINGS = (PREFACE, CHAPTER, CLOSING)

ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("site", re.compile(r"(維基文庫|维基文库|維基百科|维基百科|Wikisource)[,，].*")),
    ("licence", re.compile(r"本作品.*(著作權|著作权|版權|版权|公有領域|公有领域).*|Public ?domain.*|This work is .*")),
    (PREFACE, re.compile(r"[序前導导引]\s*言|序")),
    (CLOSING, re.compile(r"結\s*[語論]|结\s*[语论]|結束語|结束语|後記|后记")),
    (CHAPTER, re.compile(rf"(?P<number>{ORDINAL})、(?P<title>[^。!?！？;；]+)")),
    (CHAPTER, re.compile(rf"第(?P<number>{ORDINAL})(?P<unit>章|編|编|部分)\s*(?P<title>[^。!?！？;；]*)")),
    (
        "date",
        re.compile(
            r"[0-9〇零一二三四五六七八九十]{4}\s*年[0-9一二三四五六七八九十]{1,2}月([0-9一二三四五六七八九十]{1,3}日)?"
        ),
    ),
    ("signature", re.compile(r"—+(?P<title>[^。!?！？]+)")),
    ("item", re.compile(r"(?P<number>\d+)[.．、](?P<title>[^。]+)。.*")),
)
RUN_IN = re.compile(r"(?P<number>\d+)[.．、](?P<title>[^。]+)。")
SENTENCE = re.compile(r"[^。!?！？]*[。!?！？]+[」』”’)）]*|[^。!?！？]+$")
SHARED_WITH_TITLE = 6
"""How many characters of the document's title must open the last paragraph for it to be taken for a conclusion."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text. `kind` is "sentence", "heading" (run-in), "chapter", "meta" or, excluded, the role."""

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One line: `kind` is "body", "heading", "title" or "signature"; a numbered item has `number` and `label`."""

    kind: str
    spans: tuple[Span, ...]
    number: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A chapter with its passages. `heading` is verbatim unless supplied; `title` has neither number nor spaces."""

    kind: str
    heading: str
    title: str
    scope: str
    passages: tuple[Passage, ...]
    heading_supplied: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document. `front` is the title block, `excluded` everything that is not part of the document."""

    title: str
    issuer: str
    date: str
    front: tuple[Passage, ...]
    lessons: tuple[Lesson, ...]
    excluded: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Overrides:
    """Decisions of a person about one document. `has_conclusion` None lets the text decide."""

    introduction: str = "引言"
    conclusion: str = "結語"
    has_conclusion: bool | None = None


def read_outline(text: str, overrides: Overrides | None = None) -> Outline:
    """Read the structure of a document. Raises ValueError when there is no line left between chrome and licence."""
    chosen = overrides or Overrides()
    lines, excluded = _trim([_span(text, match.span()) for match in re.finditer(r"\S.*\S|\S", text)])
    if not lines:
        raise ValueError("nothing but page chrome and licence: there is no document in this text")
    front, body = _split_front(lines)
    title = front[0].text if front else ""
    lessons = _lessons(body, chosen)
    if lessons and (_concludes(lessons[-1], title) if chosen.has_conclusion is None else chosen.has_conclusion):
        lessons = [*lessons[:-1], *_split_conclusion(lessons[-1], chosen.conclusion)]
    signed = [line for line in (*front[1:], *body) if line.kind in ("signature", "date")]
    issuers = [line.text for line in front[1:] if line.kind == "body"]
    issuers += [line.text.lstrip("—") for line in signed if line.kind == "signature"]
    return Outline(
        title=title,
        issuer=issuers[0] if issuers else "",
        date=next((line.text for line in signed if line.kind == "date"), ""),
        front=tuple(Passage("title", (replace(line, kind="meta"),)) for line in front),
        lessons=tuple(lessons),
        excluded=tuple(excluded),
    )


def role(line: str) -> str:
    """Tell what a stripped line is by the first pattern of `ROLES` that fits it whole; otherwise it is "body"."""
    return next((name for name, pattern in ROLES if pattern.fullmatch(line)), "body")


def split_sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences of `text[start:end]`: they end after 。 ! ? and closing quotes, never after a semicolon."""
    for match in SENTENCE.finditer(text, start, end):
        piece = match.group()
        if piece.strip():
            first = match.start() + len(piece) - len(piece.lstrip())
            yield Span("sentence", first, match.start() + len(piece.rstrip()), piece.strip())


def _span(text: str, place: tuple[int, int]) -> Span:
    line = text[slice(*place)]
    return Span(role(line), *place, line)


def _trim(lines: list[Span]) -> tuple[list[Span], list[Span]]:
    """Cut off a site's page title and name at the top and the licence with everything after it at the bottom."""
    kinds = [line.kind for line in lines]
    first = kinds.index("site") + 1 if "site" in kinds else 0
    last = kinds.index("licence", first) if "licence" in kinds[first:] else len(lines)
    return lines[first:last], [*lines[:first], *lines[last:]]


def _split_front(lines: list[Span]) -> tuple[list[Span], list[Span]]:
    """The title block is what stands before the first heading, numbered item or full sentence."""
    for index, line in enumerate(lines):
        if line.kind in (*HEADINGS, "item") or (
            line.kind == "body" and line.text.endswith(("。", "!", "！", ":", "："))
        ):
            return lines[:index], lines[index:]
    return lines, []


def _lessons(lines: list[Span], chosen: Overrides) -> list[Lesson]:
    lessons: list[Lesson] = []
    for line in lines:
        if line.kind in HEADINGS:
            lessons.append(_headed(line))
            continue
        if not lessons or (line.kind in ("body", "item") and _is_signed(lessons[-1])):
            after_chapters = any(lesson.kind == CHAPTER for lesson in lessons)
            lessons.append(_unheaded(chosen.conclusion if after_chapters else chosen.introduction))
        lessons[-1] = replace(lessons[-1], passages=(*lessons[-1].passages, _passage(line)))
    return lessons


def _headed(line: Span) -> Lesson:
    match = next(found for name, pattern in ROLES if name == line.kind and (found := pattern.fullmatch(line.text)))
    parts = match.groupdict()
    title = parts.get("title") or re.sub(r"\s", "", line.text)
    scope = f"第{parts['number']}{parts.get('unit') or '章'}" if parts.get("number") else title
    heading = Passage("heading", (replace(line, kind="chapter"),))
    return Lesson(line.kind, line.text, title, scope, (heading,))


def _unheaded(name: str) -> Lesson:
    return Lesson("supplied", name, name, name, (), heading_supplied=True)


def _is_signed(lesson: Lesson) -> bool:
    return bool(lesson.passages) and lesson.passages[-1].kind == "signature"


def _passage(line: Span) -> Passage:
    if line.kind in ("signature", "date"):
        return Passage("signature", (replace(line, kind="meta"),))
    if line.kind == "item" and (match := RUN_IN.match(line.text)):
        heading = Span("heading", line.start, line.start + match.end(), match.group())
        rest = _shifted(line, match.end())
        return Passage("body", (heading, *rest), number=match["number"], label=match["title"])
    return Passage("body", tuple(_shifted(line, 0)))


def _shifted(line: Span, skip: int) -> list[Span]:
    found = split_sentences(line.text, skip, len(line.text))
    return [replace(span, start=span.start + line.start, end=span.end + line.start) for span in found]


def _concludes(lesson: Lesson, title: str) -> bool:
    """Guess whether the last paragraph speaks of the whole document rather than of its last chapter.

    It does when the chapter has other paragraphs, this one is not numbered, and it opens with words of the document's
    title. That is a habit of declarations and white papers, not a law: a chapter about the title's subject may end so
    too, and a conclusion may begin with any other words.
    """
    last = lesson.passages[-1]
    bodies = [passage for passage in lesson.passages if passage.kind == "body"]
    opens_with_title = last.spans[0].text[:SHARED_WITH_TITLE] in title
    return lesson.kind == CHAPTER and len(bodies) > 1 and last.kind == "body" and not last.number and opens_with_title


def _split_conclusion(lesson: Lesson, name: str) -> list[Lesson]:
    chapter = replace(lesson, passages=lesson.passages[:-1])
    return [chapter, replace(_unheaded(name), passages=lesson.passages[-1:])]
