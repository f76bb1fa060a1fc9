"""What would become of each question of a file, and taking them: nothing is written until a person has confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from curriculum.knowledge import Knowledge
from curriculum.models import Course
from quizzes.arrivals import RefusedError, changed, is_sound, new
from quizzes.content import Content
from quizzes.editing import findings_for, save_wording, write
from quizzes.interchange import Parsed, Portable
from quizzes.interchange.portable import Refusal
from quizzes.models import Question, QuestionChange, QuestionImport
from quizzes.validity import ERROR, Finding

TAKEN, CHANGED, UNCHANGED, REFUSED = "taken", "changed", "unchanged", "refused"
OVERRULED = "imported"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one question of a file: TAKEN, CHANGED, UNCHANGED or REFUSED, with reasons or warnings.

    `content` is what would be stored, `question` the row that it changes.
    """

    name: str
    stem: str
    verdict: str
    reasons: tuple[str | Promise, ...] = ()
    content: Content | None = None
    question: Question | None = None
    findings: tuple[Finding, ...] = ()


def keep(course: Course, actor: User, format: str, parsed: Parsed) -> QuestionImport:
    """Put what was read aside until it is confirmed; what the same person left unconfirmed before goes."""
    sound = [question for question in parsed.questions if is_sound(question)]
    unsound = [
        Refusal(str(number), _("A field is missing or of the wrong type."))
        for number, question in enumerate(parsed.questions, start=1)
        if question not in sound
    ]
    QuestionImport.objects.filter(course=course, actor=actor, confirmed_at=None).delete()
    return QuestionImport.objects.create(
        course=course,
        actor=actor,
        format=format,
        questions=[asdict(question) for question in sound],
        refused=[
            {"question": refusal.question, "reason": str(refusal.reason)} for refusal in (*unsound, *parsed.refused)
        ],
    )


def fates(arrival: QuestionImport) -> list[Fate]:
    """What would become of each question, in the order of the file; what the rules say of them together counts."""
    course = arrival.course
    knowledge = course.knowledge()
    known = {q.key: q for q in Question.objects.for_course(course).select_related("current", "course")}
    found = [_fate(_portable(row), known, knowledge, arrival.format) for row in arrival.questions]
    found = list(_without_repeats(found))
    return [*_judged(course, found), *_unread(arrival)]


def _portable(row: dict[str, Any]) -> Portable:
    tuples = {name: tuple(row[name]) for name in ("responses", "accepted", "facts")}
    return Portable(**row | tuples | {"options": None if row["options"] is None else tuple(row["options"])})


def _unread(arrival: QuestionImport) -> Iterator[Fate]:
    return (Fate(row["question"], "", REFUSED, (row["reason"],)) for row in arrival.refused)


def _fate(question: Portable, known: dict[str, Question], knowledge: Knowledge, format: str) -> Fate:
    name = question.id or question.stem
    row = known.get(question.id)
    try:
        if row is None or row.current is None:
            return Fate(name, question.stem, TAKEN, content=new(question, knowledge))
        content = changed(row.current.content, question, knowledge, format)
    except RefusedError as refusal:
        return Fate(name, question.stem, REFUSED, (refusal.reason,), question=row)
    if content == row.current.content:
        return Fate(name, question.stem, UNCHANGED, question=row)
    return Fate(name, question.stem, CHANGED, content=content, question=row)


def _without_repeats(found: Iterable[Fate]) -> Iterator[Fate]:
    """The same question a second time is refused."""
    seen: set[str] = set()
    for fate in found:
        if fate.content is not None and fate.content.id in seen:
            yield replace(fate, verdict=REFUSED, reasons=(_("This question is in the file twice."),), content=None)
        else:
            yield fate
        if fate.content is not None:
            seen.add(fate.content.id)


def _judged(course: Course, found: Sequence[Fate]) -> list[Fate]:
    """Refuse what breaks a rule; asked again without those, until what is left may stand together."""
    contents = [fate.content for fate in found if fate.content is not None]
    if not contents:
        return list(found)
    said: dict[str, list[Finding]] = {}
    for finding in findings_for(course, *contents):
        said.setdefault(finding.question, []).append(finding)
    ids = {content.id for content in contents}
    together = [finding for id, rows in said.items() if id not in ids for finding in rows if finding.severity == ERROR]
    judged = [_with(fate, said) for fate in found]
    faulty = {fate.content.id for fate in judged if fate.verdict == REFUSED and fate.content is not None}
    if faulty:
        return _judged(course, [replace(fate, content=None) if _is(fate, faulty) else fate for fate in judged])
    if together:
        reasons = tuple(f"{finding.rule}: {finding.message}" for finding in together)
        return [replace(f, verdict=REFUSED, reasons=reasons, content=None) if f.content else f for f in judged]
    return judged


def _is(fate: Fate, ids: set[str]) -> bool:
    return fate.content is not None and fate.content.id in ids


def _with(fate: Fate, said: dict[str, list[Finding]]) -> Fate:
    """The fate with what the rules say of the question; an error refuses it."""
    if fate.content is None:
        return fate
    own = said.get(fate.content.id, [])
    reasons = tuple(f"{finding.rule}: {finding.message}" for finding in own)
    is_refused = any(finding.severity == ERROR for finding in own)
    verdict = REFUSED if is_refused else fate.verdict
    return replace(fate, verdict=verdict, reasons=reasons, findings=tuple(own))


# Confirming.


def confirm(arrival: QuestionImport, *, actor: User) -> list[Fate] | None:
    """Write what may be taken, all or nothing; None where it was written before. Warnings stay in the history."""
    found = fates(arrival)
    with transaction.atomic():
        locked = QuestionImport.objects.select_for_update().get(pk=arrival.pk)
        if locked.confirmed_at is not None:
            return None
        for fate in found:
            if fate.content is None or fate.verdict not in (TAKEN, CHANGED):
                continue
            kept: dict[str, Any] = {"actor": actor, "action": QuestionChange.Action.IMPORT, "reason": OVERRULED}
            kept |= {"overrule": True, "findings": list(fate.findings)}
            if fate.question is None:
                write(arrival.course, fate.content, **kept)
            else:
                seen = fate.question.current
                save_wording(fate.question, fate.content, expected=seen.number if seen else None, **kept)
        locked.confirmed_at = timezone.now()
        locked.save(update_fields=["confirmed_at"])
    return found
