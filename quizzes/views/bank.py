"""The bank of a course as its keepers see it: look through it, look at one question, suspend and restore, the proof."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, cast

from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from curriculum.models import Course
from curriculum.reading import Display, display
from quizzes import editing, item_statistics
from quizzes.bank_forms import FilterForm, ReasonForm
from quizzes.browse import browse, flags_of, tally
from quizzes.content import Content
from quizzes.feedback import places
from quizzes.kinds import KINDS
from quizzes.models import Kind, Question, QuestionVersion
from quizzes.regenerate import recipe, report
from quizzes.validity import ERROR, Finding, rule_table
from quizzes.wording import Difference, differences, extras

PAGE_SIZE = 50
REPORT_SECONDS = 7 * 24 * 3600


@require_safe
def bank_courses(request: HttpRequest) -> HttpResponse:
    """The courses whose questions this person may change; 404 for everybody else."""
    found = Course.objects.editable_by(request.user).defer("text").annotate(question_count=Count("questions"))
    if not found:
        raise Http404
    rows = [(course, shown_in(request, course)) for course in found]
    return render(request, "quizzes/bank/courses.html", {"rows": rows})


@require_safe
def bank(request: HttpRequest, course: str) -> HttpResponse:
    """The questions of a course, filtered, fifty a page."""
    found = editable_course(request, course)
    form = FilterForm(request.GET, course=found)
    page = Paginator(browse(found, form.wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "tally": tally(found), "query": query(form.wanted)}
    return render(request, "quizzes/bank/bank.html", frame(request, found) | context)


@require_safe
def bank_question(request: HttpRequest, course: str, question_id: int) -> HttpResponse:
    """One question with everything that is known about it."""
    question = editable_question(request, course, question_id)
    return _item_page(request, question)


@require_POST
def bank_suspend(request: HttpRequest, course: str, question_id: int) -> HttpResponse:
    """Ask a question no more until it is restored."""
    question = editable_question(request, course, question_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _item_page(request, question, status=422, form=form)
    editing.suspend(question, actor=actor(request), reason=form.cleaned_data["reason"])
    messages.success(request, _("This question is not asked any more."))
    return redirect("quizzes:bank_question", course, question_id)


@require_POST
def bank_restore(request: HttpRequest, course: str, question_id: int) -> HttpResponse:
    """Ask a suspended question again, if it still breaks no rule."""
    question = editable_question(request, course, question_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _item_page(request, question, status=422, form=form)
    try:
        editing.restore(question, actor=actor(request), **form.cleaned_data)
    except editing.FlawedQuestionError as flawed:
        return _item_page(request, question, status=422, form=form, faults=in_words(flawed.findings))
    messages.success(request, _("This question is asked again."))
    return redirect("quizzes:bank_question", course, question_id)


@require_safe
def bank_report(request: HttpRequest, course: str) -> HttpResponse:
    """What every rule says of the bank; the same as `manage.py check_questions` prints."""
    found = editable_course(request, course)
    proof = _report(found)
    counts = proof["counts"]
    rules = [
        rule
        | {
            "statement": _(rule["statement"]),
            "errors": counts["error"].get(rule["id"], 0),
            "warnings": counts["warning"].get(rule["id"], 0),
        }
        for rule in proof["rules"]
    ]
    solvers = [row | {"solver": _(row["solver"])} for row in proof["solvers"]]
    coverage = [
        (_(name), part | {"total": part["met"] + len(part["missing"])}) for name, part in proof["coverage"].items()
    ]
    keys = dict(Question.objects.for_course(found).values_list("key", "pk"))
    findings = [finding | {"pk": keys.get(finding["question"])} for finding in proof["findings"]]
    lessons = [(lesson, counts["lesson"].get(lesson.key, 0)) for lesson in found.lessons.all()]
    kinds = [(Kind(kind).label, number) for kind, number in counts["kind"].items()]
    context = {"report": proof, "rules": rules, "findings": findings, "kinds": kinds, "lessons": lessons}
    context |= {"solvers": solvers, "coverage": coverage}
    return render(request, "quizzes/bank/report.html", frame(request, found) | context)


def _report(course: Course) -> dict[str, Any]:
    """The report as plain data; worked out once for the same course, questions and rules."""
    asked = Question.objects.for_course(course).active().order_by("key").values_list("current__digest", flat=True)
    state = "".join([recipe(course.knowledge()), *map(str, asked)])
    key = f"bank-report:{course.pk}:{hashlib.sha256(state.encode()).hexdigest()}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = report(course).to_dict()
        cache.set(key, found, REPORT_SECONDS)
    return found


# Fetching through the person; what all pages of the bank show.


def editable_course(request: HttpRequest, slug: str) -> Course:
    """The course, if this person may change its questions; else 404."""
    return get_object_or_404(Course.objects.editable_by(request.user), slug=slug)


def editable_question(request: HttpRequest, slug: str, question_id: int) -> Question:
    """A question of a course that this person may change; else 404."""
    courses = Course.objects.editable_by(request.user).filter(slug=slug)
    questions = Question.objects.filter(course__in=courses).select_related("current", "course", "lesson")
    return get_object_or_404(questions, pk=question_id)


def actor(request: HttpRequest) -> User:
    return cast(User, request.user)


def shown_in(request: HttpRequest, course: Course) -> Display:
    return display(course, str(request.preferences.script))  # type: ignore[attr-defined]


def frame(request: HttpRequest, course: Course) -> dict[str, Any]:
    return {"course": course, "display": shown_in(request, course)}


def query(wanted: dict[str, str]) -> dict[str, str]:
    """The filters that are set, for links that keep them."""
    return {name: value for name, value in wanted.items() if value}


def as_asked(content: Content) -> dict[str, Any]:
    """What the templates of the kinds need to show a question as learners see it."""
    return {
        "content": content,
        "shown": KINDS[content.kind].present(content, order={}, hints=0),
        "kind_template": f"quizzes/kinds/{content.kind}.html",
    }


def in_words(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings with the words of their rules, errors first."""
    statements = {id: statement for id, _severity, statement in rule_table()}
    return [
        finding.to_dict() | {"statement": _(statements[finding.rule]), "is_error": finding.severity == ERROR}
        for finding in findings
    ]


def key_lines(content: Content) -> list[tuple[str, list[str]]]:
    """The answer to be read beside the question: (label, lines). Options are not in it: they stand in the question."""
    match content.kind:
        case "matching":
            pairs = [" → ".join(pair) for pair in content.key]
            rows = [(_("Pairs"), pairs), (_("Answers on the right that belong to nothing"), extras(content))]
        case "ordering":
            rows = [(_("Steps in the right order"), list(content.key))]
        case "enumeration":
            forms = [*content.accepted, *[()] * len(content.key)]
            members = [" / ".join((str(member), *more)) for member, more in zip(content.key, forms, strict=False)]
            rows = [(_("Members, each with what else is accepted for it"), members)]
        case _:
            rows = [(_("Right answer"), [str(content.key)])]
            rows += [(_("Also accepted"), list(content.accepted))] if not content.options else []
    return [(label, lines) for label, lines in rows if lines]


def _item_page(request: HttpRequest, question: Question, *, status: int = 200, **more: Any) -> HttpResponse:
    assert question.current is not None
    content = question.current.content
    context = {
        "question": question,
        "version": question.current,
        "answer": key_lines(content),
        "paragraphs": places(question.course, content),
        "facts": question.facts.select_related("sentence").order_by("key"),
        "versions": _versions(question),
        "statistics": item_statistics.statistics(question),
        "flags": flags_of(question),
        "changes": [(change, _changed(change.before, change.after)) for change in _changes(question)],
    }
    whole = frame(request, question.course) | as_asked(content) | context | more
    return render(request, "quizzes/bank/question.html", whole, status=status)


def _versions(question: Question) -> list[tuple[QuestionVersion, Sequence[Difference]]]:
    """Every version, newest first, with what it changed."""
    rows = list(question.versions.select_related("author").order_by("number"))
    later = [(new, differences(old.content, new.content)) for old, new in pairwise(rows)]
    return [*reversed(later), *((first, ()) for first in rows[:1])]


def _changes(question: Question) -> Any:
    return question.changes.select_related("actor")


def _changed(before: Any, after: Any) -> Sequence[Difference]:
    """What a change did to the wording; nothing where it only suspended or restored."""
    if not (isinstance(before, dict) and isinstance(after, dict) and "stem" in before and "stem" in after):
        return ()
    return differences(Content.from_dict(before), Content.from_dict(after))
