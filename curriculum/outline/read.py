"""From text to outline, in the order in which the questions can be answered."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from curriculum.outline.build import Builder
from curriculum.outline.doubts import question_headings, question_script, question_sentences
from curriculum.outline.drafts import Doubts, LessonDraft
from curriculum.outline.ending import mark_ending
from curriculum.outline.front import Front, date_in, issuer_of_opening, promulgation, read_front
from curriculum.outline.grouping import regroup
from curriculum.outline.language import detect
from curriculum.outline.lines import Line, read_lines, with_numbers
from curriculum.outline.model import Outline, OutlineError, Overrides, Passage, Span
from curriculum.outline.noise import clean
from curriculum.outline.patterns import DATE, ORGANISATION, SIGNER, TESTIMONY
from curriculum.outline.plan import Plan, make_plan

_MADE = re.compile(r"(?i:\b(made|dated|entered into|concluded)\b)|[簽签][訂署订]")
MAX_LINES, MAX_LESSONS, MAX_PASSAGES = 60_000, 5_000, 30_000
"""In a document; in a document; in a lesson."""


def read_outline(
    text: str,
    overrides: Overrides | None = None,
    *,
    marks: Iterable[tuple[int, str]] = (),
    most_lines: int = MAX_LINES,
) -> Outline:
    """Read the structure of a document. `marks` are (start of a line, role) from its markup: see `Mark`.

    Raises OutlineError when there are more than `most_lines`, none is left between chrome and licence, or no sentence
    stands under the headings.
    """
    lines = read_lines(text, marks)
    if len(lines) > most_lines:
        message = _("This text has more than %(most)s lines. Import it in parts.")
        raise OutlineError(message % {"most": f"{most_lines:,}"})
    kept, excluded = clean(text, lines)
    if not kept:
        raise OutlineError(_("There is nothing but page chrome and licence: no document in this text."))
    lines = with_numbers(kept)
    order = promulgation(lines)
    excluded += [lines[i].span("promulgation", text) for i in order]
    promulgated = lines[: order.stop] if order else []
    lines = lines[order.stop :] if order else lines
    front = read_front(lines)
    excluded += [lines[i].span("repeated title", text) for i in front.repeated]
    return _outline(text, lines, front, excluded, promulgated, overrides or Overrides())


def _outline(
    text: str, lines: list[Line], front: Front, excluded: list[Span], promulgated: list[Line], chosen: Overrides
) -> Outline:
    language = detect(text)
    body, plan = _planned(lines, front)
    builder = Builder(text, body, plan, language.tag)
    builder.run()
    doubts = builder.doubts
    lessons = regroup(builder.lessons, front.title, language.tag, chosen, doubts)
    _refuse_unusable(lessons)
    _question_front(lines, front, text, doubts)
    question_script(text, language, doubts)
    question_headings(body, plan, text, doubts)
    question_sentences(lessons, language.tag, doubts)
    block = [line for i, line in enumerate(lines[: front.end]) if i not in front.repeated]
    return Outline(
        title=front.title,
        issuer=front.issuer or _issuer(body),
        date=front.date or _date([*body, *promulgated]),
        language=language.tag,
        front=tuple(Passage("title", (line.span("meta", text),)) for line in block),
        lessons=tuple(lesson.as_value() for lesson in lessons),
        excluded=tuple(sorted([*excluded, *builder.left_out], key=lambda span: span.start)),
        doubts=doubts.as_values(),
    )


def _planned(lines: list[Line], front: Front) -> tuple[list[Line], Plan]:
    """The body with its plan; the last line of the title block belongs to it when it is the first of its headings."""
    if front.end - 1 in front.spare:
        body = mark_ending(lines[front.end - 1 :])
        plan = make_plan(body)
        if body[0].start in plan.bare or plan.level(body[0]):
            front.end -= 1
            return body, plan
    body = mark_ending(lines[front.end :])
    return body, make_plan(body)


def _refuse_unusable(lessons: list[LessonDraft]) -> None:
    spans = (span for lesson in lessons for passage in lesson.bodies for span in passage.spans)
    if not any(span.kind == "sentence" for span in spans):
        raise OutlineError(_("There are only headings in this text, no sentences to learn."))
    if len(lessons) > MAX_LESSONS or any(len(lesson.passages) > MAX_PASSAGES for lesson in lessons):
        raise OutlineError(_("This text falls into too many lessons or passages: it may not be a document."))


def _question_front(lines: list[Line], front: Front, text: str, doubts: Doubts) -> None:
    if not front.title:
        doubts.add((0, 0), "title missing", _("No title was found before the text."))
    elif front.is_second_line:
        why = _("The second line was taken for the title, the first for the issuer.")
        doubts.add(lines[front.title_lines[0]].span("", text), "title guessed", why)


def _issuer(body: list[Line]) -> str:
    """Who speaks in the opening line, or else who signs."""
    for line in body[:15]:
        if found := issuer_of_opening(line.text):
            return found
    signed = [line.text for line in body if line.role == "signature"]
    dashed = next((text.lstrip("—– ") for text in signed if text.startswith("—")), "")
    bodies = [text for text in signed if _is_issuer(text)]
    return dashed or (bodies[0] if len(bodies) == 1 else "")


def _is_issuer(text: str) -> bool:
    """Whether a line of the signature names a body rather than a person or a date."""
    if (
        len(text) > 60
        or DATE.search(text)
        or SIGNER.search(text)
        or TESTIMONY.match(text)
        or re.search("[:：]|^For the", text)
    ):
        return False
    return ORGANISATION.fullmatch(text) is not None or re.fullmatch("[\u3400-\u9fff（）()]{4,30}", text) is not None


def _date(lines: list[Line]) -> str:
    """The date of the signature, or the one on which an agreement says it was made."""
    dated = [line.text for line in lines if line.role in ("date", "signature")]
    made = [line.text[:200] for line in lines[:3] if _MADE.search(line.text[:200])]
    return next((found for text in (*dated, *made) if (found := date_in(text))), "")
