"""What would become of each question of a file, and taking them: nothing is written until a person has confirmed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from curriculum.knowledge import Fact, Knowledge
from curriculum.models import Course
from quizzes.chinese import normal
from quizzes.content import Content, Evidence
from quizzes.editing import edited, findings_for, save_wording, write, written
from quizzes.interchange import Parsed, Portable
from quizzes.interchange.portable import Refusal
from quizzes.models import Question, QuestionChange, QuestionImport
from quizzes.validity import ERROR, Finding
from quizzes.wording import extras, said

MOST_CHARACTERS = 2_000
BETWEEN_QUOTES = " / "
TAKEN, CHANGED, UNCHANGED, REFUSED = "taken", "changed", "unchanged", "refused"
OVERRULED = "imported"


class _RefusedError(ValueError):
    """Why a question of a file cannot be taken."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


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


def is_sound(question: Portable) -> bool:
    """Whether every field holds texts where texts belong: a file may hold anything."""
    rows = [*(question.accepted if question.kind == "enumeration" else [question.accepted])]
    if not all(isinstance(row, list | tuple) for row in rows) or len(rows) > max(len(question.key), 1):
        return False
    keys = [question.key] if isinstance(question.key, str) else question.key
    flat = [text for key in keys for text in (key if isinstance(key, list | tuple) else [key])]
    flat += [form for row in rows for form in row]
    flat += [*(question.options or ()), *question.responses, *question.facts]
    flat += [question.id, question.lesson, question.stem, question.quote]
    return all(isinstance(text, str) and len(text) <= MOST_CHARACTERS and _is_text(text) for text in flat)


def _is_text(text: str) -> bool:
    """Without what a database cannot keep: NUL and halves of surrogate pairs."""
    return not any(char == "\0" or unicodedata.category(char) == "Cs" for char in text)


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
            return Fate(name, question.stem, TAKEN, content=_new(question, knowledge))
        content = _changed(row.current.content, question, knowledge, format)
    except _RefusedError as refusal:
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


# A question that is known: what the file says differently.


def _changed(content: Content, question: Portable, knowledge: Knowledge, format: str) -> Content:
    """`content` with the wording of the file; equal to `content` where only what the format cannot carry is lacking."""
    if bool(content.options) != bool(question.options) or _shape(content.kind) != _shape(question.kind):
        raise _RefusedError(_("The question with this id is of another kind."))
    changes: dict[str, Any] = {}
    if _line(question.stem) != _line(content.stem):
        changes["stem"] = question.stem
    if _plain(question.key) != _plain(content.key):
        changes["key"] = question.key
    if content.options and _plain(question.options) != _plain(content.options):
        changes["options"] = question.options
    if not content.options and _forms(question.accepted) != _forms(content.accepted):
        changes["accepted"] = question.accepted
    if content.kind == "matching":
        changes |= _pairs(content, question, format)
    return edited(content, knowledge=knowledge, **changes) if changes else content


def _pairs(content: Content, question: Portable, format: str) -> dict[str, Any]:
    """GIFT has no place for responses to spare: those the question has stay."""
    if len(question.key) != len(content.key):
        raise _RefusedError(_("The number of pairs differs; edit the question here instead."))
    used = {str(pair[1]) for pair in question.key}
    spare = [response for response in question.responses if response not in used]
    if format == "gift" or sorted(map(_line, spare)) == sorted(map(_line, extras(content))):
        spare = extras(content)
    return {"extras": spare}


def _shape(kind: str) -> str:
    return "typed" if kind in ("cloze", "short_answer", "choice") else kind


def _line(text: object) -> str:
    return " ".join(str(text).split())


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _line(value)
    return [_plain(part) for part in value] if value is not None else None


def _forms(accepted: Sequence[Any]) -> list[Any]:
    rows = [_plain(row) for row in accepted]
    return rows if any(rows) else []


# A question that is new: where the document says so.


def _new(question: Portable, knowledge: Knowledge) -> Content:
    evidence = _evidence(question.quote, knowledge)
    facts = _facts(question, knowledge, {row.sentence for row in evidence})
    fields: dict[str, Any] = {"key": question.key}
    if question.options:
        fields["options"] = question.options
    elif question.kind in ("cloze", "short_answer", "enumeration"):
        fields["accepted"] = question.accepted
    if question.kind == "matching":
        used = {str(pair[1]) for pair in question.key}
        fields["extras"] = [response for response in question.responses if response not in used]
    return written(knowledge, question.kind, stem=question.stem, facts=facts, evidence=evidence, **fields)


def _evidence(quote: str, knowledge: Knowledge) -> list[Evidence]:
    """Each quotation where it stands in the document. Raises _RefusedError."""
    if not quote.strip():
        raise _RefusedError(_("It quotes nothing: put the sentence of the document into its general feedback."))
    return [_place(part.strip(), knowledge) for part in quote.split(BETWEEN_QUOTES) if part.strip()]


def _place(quote: str, knowledge: Knowledge) -> Evidence:
    for unit in knowledge.units:
        at = unit.text.find(quote)
        if at >= 0:
            return Evidence(unit.id, unit.start + at, unit.start + at + len(quote), quote)
    raise _RefusedError(_("“%(quote)s” does not stand in the document.") % {"quote": quote[:80]})


def _facts(question: Portable, knowledge: Knowledge, sentences: set[str]) -> list[str]:
    """The facts asked about: those named, else those of the quoted sentences that say the key. Raises _RefusedError."""
    here = [fact for fact in knowledge.facts if fact.unit in sentences]
    if not here:
        raise _RefusedError(_("No fact of the course stands in the quoted sentence."))
    if question.facts:
        known = {fact.id for fact in here}
        if not known.issuperset(question.facts):
            raise _RefusedError(_("A fact that it names does not stand in the quoted sentence."))
        return list(question.facts)
    if question.kind == "matching":
        return [_fact_of_pair(str(pair[0]), str(pair[1]), here) for pair in question.key]
    keys = [question.key] if isinstance(question.key, str) else [str(key) for key in question.key]
    saying = [fact.id for fact in here if any(_says(fact, key) for key in keys)]
    return saying[:1] if saying else [here[0].id]


def _fact_of_pair(premise: str, response: str, here: Sequence[Fact]) -> str:
    rated = [(_says(fact, response) + _says(fact, premise), fact.id) for fact in here]
    best = max(rated, key=lambda row: row[0])
    if not best[0]:
        raise _RefusedError(_("No fact of the quoted sentences says “%(text)s”.") % {"text": response})
    return best[1]


def _says(fact: Fact, text: str) -> bool:
    return normal(text) in map(normal, said(fact))


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
