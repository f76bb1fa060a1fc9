"""People change the bank: word a question, write one, suspend, restore. Each change is checked and written down.

What the rules say is asked before anything is locked, because it takes a second or two; the row is then locked and its
version compared with the one that the person saw, so that nobody overwrites what somebody else did meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from curriculum.knowledge import Knowledge
from curriculum.models import Course
from quizzes import generation
from quizzes.bank import add_versions, digest, stored_contents
from quizzes.content import Content
from quizzes.declared import eased, with_declared
from quizzes.kinds import KINDS
from quizzes.models import Question, QuestionChange, QuestionVersion
from quizzes.validity import ERROR, RULES, Finding
from quizzes.validity.findings import Rule
from quizzes.validity.item import Bank
from quizzes.wording import edited, written

__all__ = [
    "ChangedMeanwhileError",
    "FlawedQuestionError",
    "edited",
    "findings_for",
    "restore",
    "save_wording",
    "suspend",
    "write",
    "written",
]

REASON_LENGTH = 500
Action = QuestionChange.Action


class FlawedQuestionError(ValueError):
    """A rule is broken: `findings` say which. Warnings alone may be overruled with a reason."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(f"{finding.rule}: {finding.message}" for finding in findings))
        self.findings = list(findings)


class ChangedMeanwhileError(Exception):
    """Somebody else saved a version since the page was opened; `current` is that version."""

    def __init__(self, current: QuestionVersion) -> None:
        super().__init__(str(current))
        self.current = current


def findings_for(course: Course, *contents: Content) -> list[Finding]:
    """What every rule says of these questions in the bank as it would be with them, errors first.

    Of the faults of the bank as a whole only those that the change brings.
    """
    before = {content.id: content for content in stored_contents(course)}
    after = before | {content.id: content for content in contents}
    own = {content.id for content in contents}
    knowledge = _known(course, after, own)
    bank = _examined(after.values(), knowledge)
    former = _examined(before.values(), knowledge)
    found: list[Finding] = []
    for rule in sorted(RULES, key=lambda rule: rule.id):
        if rule.of_item is not None:
            items = [item for item in bank.items if item.content.id in own]
            found += [rule.finding(problem, item.content.id) for item in items for problem in rule.of_item(item)]
        if rule.of_bank is not None:
            found += _caused(rule, bank, former, own)
    return eased(found, own)


def _known(course: Course, contents: Mapping[str, Content], own: set[str]) -> Knowledge:
    """What the course knows, with what people accepted, in these questions too."""
    generated = set(Question.objects.for_course(course).generated().values_list("key", flat=True)) - own
    by_people = [content for id, content in sorted(contents.items()) if id not in generated]
    return with_declared(course.knowledge(), by_people)


def _examined(contents: Iterable[Content], knowledge: Knowledge) -> Bank:
    ordered = sorted(contents, key=lambda content: content.id)
    return Bank(ordered, knowledge, words=generation.template_words(knowledge.language), kinds=KINDS)


def _caused(rule: Rule, after: Bank, before: Bank, own: set[str]) -> list[Finding]:
    """Faults that a rule about banks finds in these questions, and others that were not there before."""
    assert rule.of_bank is not None
    found = [rule.finding(problem, problem.question) for problem in rule.of_bank(after)]
    elsewhere = [finding for finding in found if finding.question not in own]
    mine = [finding for finding in found if finding.question in own]
    if not elsewhere:
        return mine
    earlier = Counter(_name(rule.finding(problem, problem.question)) for problem in rule.of_bank(before))
    fresh = []
    for finding in elsewhere:
        earlier[_name(finding)] -= 1
        if earlier[_name(finding)] < 0:
            fresh.append(finding)
    return mine + fresh


def _name(finding: Finding) -> tuple[str, str, str]:
    """A fault without its figures, which change with every question."""
    return finding.rule, finding.severity, finding.question


def demand(findings: Sequence[Finding], *, overrule: bool, reason: str) -> None:
    """Raise FlawedQuestionError on an error, and on a warning unless it is overruled with a reason."""
    if any(finding.severity == ERROR for finding in findings):
        raise FlawedQuestionError(findings)
    if findings and not (overrule and reason.strip()):
        raise FlawedQuestionError(findings)


def _reason(findings: Sequence[Finding], reason: str) -> str:
    """The reason with the rules that it overrules, as kept."""
    rules = ", ".join(sorted({finding.rule for finding in findings}))
    return (f"[{rules}] {reason.strip()}" if rules else reason.strip())[:REASON_LENGTH]


def save_wording(
    question: Question,
    content: Content,
    *,
    actor: User | None,
    reason: str = "",
    overrule: bool = False,
    expected: int | None = None,
    action: str = Action.EDIT,
    findings: Sequence[Finding] | None = None,
) -> QuestionVersion:
    """Make `content` the question's wording; a person's from now on. The same wording again changes nothing.

    `expected`: number of the version that was seen. `findings`: what the rules said, where they were asked already.
    Raises FlawedQuestionError and ChangedMeanwhileError.
    """
    if question.current is not None and question.current.digest == digest(content):
        return question.current
    findings = findings_for(question.course, content) if findings is None else findings
    demand(findings, overrule=overrule, reason=reason)
    with transaction.atomic():
        locked = _locked(question)
        if expected is not None and locked.current.number != expected:
            raise ChangedMeanwhileError(locked.current)
        before = locked.current.body
        add_versions([(locked, content)], author=actor)
        locked.is_edited = True
        locked.save(update_fields=["is_edited"])
        _note(locked, actor, action, before, content.to_dict(), _reason(findings, reason))
    return locked.current  # type: ignore[no-any-return]


def write(
    course: Course,
    content: Content,
    *,
    actor: User | None,
    reason: str = "",
    overrule: bool = False,
    action: str = Action.WRITE,
    findings: Sequence[Finding] | None = None,
) -> Question:
    """Add a question that a person wrote; the same one twice is one. Raises FlawedQuestionError."""
    if known := Question.objects.filter(course=course, key=content.id).first():
        return known
    findings = findings_for(course, content) if findings is None else findings
    demand(findings, overrule=overrule, reason=reason)
    try:
        with transaction.atomic():
            question = Question.objects.create(
                course=course,
                lesson=course.lessons.get(key=content.lesson),
                key=content.id,
                kind=content.kind,
                rule=content.rule,
                origin=Question.Origin.HUMAN,
            )
            add_versions([(question, content)], author=actor)
            _note(question, actor, action, None, content.to_dict(), _reason(findings, reason))
    except IntegrityError:
        return Question.objects.get(course=course, key=content.id)
    return question


@transaction.atomic
def suspend(question: Question, *, actor: User | None, reason: str = "") -> None:
    """Ask it no more until it is restored, whatever the generator does. Twice is once."""
    locked = _locked(question)
    if not locked.is_suspended:
        _switch(locked, actor, Action.SUSPEND, reason, is_suspended=True, is_active=False)


def restore(question: Question, *, actor: User | None, reason: str = "", overrule: bool = False) -> None:
    """Ask a suspended question again, or one that the generator gave up: that one is a person's from now on.

    Raises FlawedQuestionError if it breaks a rule by now.
    """
    if question.is_active or question.current is None:
        return
    findings = findings_for(question.course, question.current.content)
    demand(findings, overrule=overrule, reason=reason)
    with transaction.atomic():
        locked = _locked(question)
        if not locked.is_active:
            states = {"is_suspended": False, "is_active": True}
            states |= {} if locked.is_suspended else {"is_edited": True}
            _switch(locked, actor, Action.RESTORE, _reason(findings, reason), **states)


def _switch(question: Question, actor: User | None, action: str, reason: str, **states: bool) -> None:
    before = {name: getattr(question, name) for name in states}
    for name, value in states.items():
        setattr(question, name, value)
    question.save(update_fields=list(states))
    _note(question, actor, action, before, states, reason)


def _locked(question: Question) -> Any:
    """The row, held until the transaction ends, with its current version."""
    rows = Question.objects.select_for_update(of=("self",)).select_related("current", "course")
    return rows.get(pk=question.pk)


def _note(question: Question, actor: User | None, action: str, before: Any, after: Any, reason: str) -> None:
    QuestionChange.objects.create(
        question=question, actor=actor, action=action, before=before, after=after, reason=reason[:REASON_LENGTH]
    )
