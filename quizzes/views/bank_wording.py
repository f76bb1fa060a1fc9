"""Wording a question: edit one that is there or write a new one, with a preview and what the rules say, then save."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from curriculum.knowledge import Knowledge
from curriculum.models import Course
from quizzes import editing
from quizzes.bank_forms import OverruleForm, StartNewForm
from quizzes.content import Content
from quizzes.models import Question, QuestionVersion
from quizzes.validity import ERROR
from quizzes.views.bank import actor, as_asked, editable_course, editable_question, frame, in_words
from quizzes.wording import SEPARATOR, differences, facts_in
from quizzes.wording_forms import EditForm, NewForm, WordingForm


@require_http_methods(["GET", "HEAD", "POST"])
def bank_edit(request: HttpRequest, course: str, question_id: int) -> HttpResponse:
    """Another wording for a question: shown first on "Preview", kept on "Save"; 409 where somebody else was first."""
    question = editable_question(request, course, question_id)
    assert question.current is not None
    before, knowledge = question.current.content, question.course.knowledge()
    if request.method != "POST":
        form = EditForm(kind=question.kind, knowledge=knowledge, before=before)
        form.initial["version"] = question.current.number
        return _page(request, question.course, form, question=question)
    form = EditForm(request.POST, kind=question.kind, knowledge=knowledge, before=before)
    if not form.is_valid() or form.content is None:
        return _page(request, question.course, form, question=question, status=422)
    if "preview" in request.POST:
        return _preview(request, question.course, form, question=question)
    try:
        given = _given(request, form) | {"expected": form.cleaned_data["version"]}
        editing.save_wording(question, form.content, actor=actor(request), **given)
    except editing.FlawedQuestionError as flawed:
        return _flawed(request, question.course, form, flawed, question=question)
    except editing.ChangedMeanwhileError as meanwhile:
        return _conflict(request, question, form, meanwhile.current)
    messages.success(request, _("Saved. New runs ask it so; runs that have begun keep the wording they began with."))
    return redirect("quizzes:bank_question", course, question_id)


@require_http_methods(["GET", "HEAD", "POST"])
def bank_new(request: HttpRequest, course: str) -> HttpResponse:
    """Write a question: first its kind and sentences, then the form for that kind."""
    found = editable_course(request, course)
    knowledge = found.knowledge()
    start = StartNewForm(request.GET if request.GET else None, knowledge=knowledge)
    if not start.is_valid():
        context = frame(request, found) | {"form": start, "units": knowledge.units}
        return render(request, "quizzes/bank/start.html", context, status=422 if start.errors else 200)
    kind, sentences = start.cleaned_data["kind"], start.cleaned_data["sentence"]
    more = {"facts": facts_in(knowledge, sentences), "kind": kind}
    if request.method != "POST":
        initial = _initial(knowledge, kind, sentences)
        return _page(request, found, NewForm(kind=kind, knowledge=knowledge, initial=initial), **more)
    form = NewForm(request.POST, kind=kind, knowledge=knowledge)
    if not form.is_valid() or form.content is None:
        return _page(request, found, form, status=422, **more)
    if "preview" in request.POST:
        return _preview(request, found, form, **more)
    try:
        question = editing.write(found, form.content, actor=actor(request), **_given(request, form))
    except editing.FlawedQuestionError as flawed:
        return _flawed(request, found, form, flawed, **more)
    messages.success(request, _("The question is in the bank."))
    return redirect("quizzes:bank_question", course, question.pk)


def _initial(knowledge: Knowledge, kind: str, sentences: list[str]) -> dict[str, str]:
    """The chosen sentences as evidence, and the fact where they hold only one."""
    units = (knowledge.unit_by_id[key] for key in sentences)
    facts = facts_in(knowledge, sentences)
    return {
        "evidence": "\n".join(SEPARATOR.join((unit.id, unit.text)) for unit in units),
        "facts": facts[0].id if len(facts) == 1 else "",
    }


def _given(request: HttpRequest, form: WordingForm) -> dict[str, Any]:
    return {"reason": form.cleaned_data["reason"], "overrule": "overrule" in request.POST}


def _preview(request: HttpRequest, course: Course, form: WordingForm, **more: Any) -> HttpResponse:
    """The question as learners would see it, with what the rules say; nothing is kept."""
    assert form.content is not None
    findings = editing.findings_for(course, form.content)
    return _page(request, course, form, preview=form.content, faults=in_words(findings), **more)


def _flawed(
    request: HttpRequest, course: Course, form: WordingForm, flawed: editing.FlawedQuestionError, **more: Any
) -> HttpResponse:
    """The form as it was typed, under the words of the rules; warnings alone may be overruled with a reason."""
    is_final = any(finding.severity == ERROR for finding in flawed.findings)
    overrule = None if is_final else OverruleForm(request.POST)
    if overrule is not None and "overrule" in request.POST:
        form.add_error("reason", _("Say why it should be saved in spite of the warnings."))
    state: dict[str, Any] = {
        "preview": form.content,
        "faults": in_words(flawed.findings),
        "overrule": overrule,
        "is_refused": True,
    }
    return _page(request, course, form, status=422, **state, **more)


def _conflict(request: HttpRequest, question: Question, form: WordingForm, theirs: QuestionVersion) -> HttpResponse:
    """Both texts side by side; saving again from here puts this one over the other."""
    assert form.content is not None
    data = request.POST.copy()
    data["version"] = str(theirs.number)
    again = EditForm(data, kind=question.kind, knowledge=form.knowledge, before=theirs.content)
    again.is_valid()
    context: dict[str, Any] = {"theirs": theirs, "conflicts": differences(theirs.content, form.content)}
    return _page(request, question.course, again, question=question, status=409, **context)


def _page(
    request: HttpRequest,
    course: Course,
    form: WordingForm,
    *,
    question: Question | None = None,
    preview: Content | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = frame(request, course) | {"form": form, "question": question, "has_preview": preview is not None}
    context |= {"action": request.get_full_path()}
    if preview is not None:
        context |= as_asked(preview)
    return render(request, "quizzes/bank/edit.html", context | more, status=status)
