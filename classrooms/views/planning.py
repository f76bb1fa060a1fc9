"""Setting work: made, changed, given out and taken back by those who teach, its questions, and who has other terms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from classrooms import publishing, sittings
from classrooms.access import teaching
from classrooms.assignment_forms import FORMS, AssignmentForm, ExtensionForm, SearchForm
from classrooms.models import Assignment
from classrooms.publishing import PublishError
from classrooms.views.work import shown, taught, to
from quizzes.forms import row_id

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_new(request: HttpRequest, classroom_id: int, sort: str) -> HttpResponse:
    """A draft of one of the three sorts."""
    member = teaching(request.user, classroom_id)
    if sort not in FORMS:
        raise Http404
    blank = Assignment(classroom=member.classroom, sort=sort, author=member.user)
    form = FORMS[sort](request.POST if request.method == "POST" else None, classroom=member.classroom, instance=blank)
    if request.method == "POST" and form.is_valid() and not member.classroom.is_archived:
        made = form.save()
        if "publish" in request.POST and _published(request, made):
            return to(made)
        messages.success(request, _("Saved as a draft. Learners do not see it yet."))
        return to(made)
    context = {"classroom": member.classroom, "form": form, "sort": sort, "assignment": blank}
    return render(request, "classrooms/assignment_edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@taught
def assignment_edit(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Change it. Whoever saves second is shown what the first changed, and loses nothing."""
    kind = FORMS[assignment.sort]
    if request.method != "POST":
        return _edit_page(request, assignment, kind(classroom=assignment.classroom, instance=assignment))
    form = kind(request.POST, classroom=assignment.classroom, instance=assignment)
    if not form.is_valid():
        return _edit_page(request, assignment, form, status=422)
    theirs = _kept(form)
    if theirs is not None:
        return _edit_page(request, assignment, form, theirs=theirs, status=422)
    if form.errors:
        return _edit_page(request, assignment, form, status=422)
    messages.success(request, _("Saved."))
    return to(assignment)


def _kept(form: AssignmentForm) -> list[tuple[str, str]] | None:
    """Save unless somebody else did meanwhile: then what they have otherwise, as (label, value). What is wrong with the
    questions goes to the form."""
    work, expected = form.instance, form.cleaned_data["expected"]
    questions = [*publishing.DRAWN_BY, "lessons"]
    with transaction.atomic():
        mine = Assignment.objects.filter(pk=work.pk, revision=expected)
        if not mine.update(revision=expected or 0):
            return form.differences()
        work.revision = (expected or 0) + 1
        form.save()
        try:
            if set(form.changed_data) & set(questions):
                publishing.redraw(work)
        except PublishError as problem:
            form.add_error(None, str(problem.message))
            transaction.set_rollback(True)
            return None
        sittings.postpone_results(work, now=timezone.now())
    return None


def _edit_page(
    request: HttpRequest, assignment: Assignment, form: AssignmentForm, *, theirs: Any = None, status: int = 200
) -> HttpResponse:
    context = {
        "classroom": assignment.classroom,
        "assignment": assignment,
        "form": form,
        "sort": assignment.sort,
        "begun": publishing.begun(assignment),
        "theirs": theirs,
    }
    return render(request, "classrooms/assignment_edit.html", context, status=status)


@require_POST
@taught
def assignment_publish(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Give it out."""
    _published(request, assignment)
    return to(assignment)


def _published(request: HttpRequest, assignment: Assignment) -> bool:
    try:
        publishing.publish(assignment, now=timezone.now())
    except PublishError as problem:
        messages.warning(request, str(problem.message))
        return False
    n = len(publishing.set_for(assignment))
    words = ngettext("Set for %(n)s learner.", "Set for %(n)s learners.", n) % {"n": n}
    messages.success(request, words)
    return True


@require_POST
@taught
def assignment_withdraw(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Take it back before anybody has begun."""
    try:
        publishing.withdraw(assignment)
        messages.success(request, _("It is a draft again. Learners do not see it."))
    except PublishError as problem:
        messages.warning(request, str(problem.message))
    return to(assignment)


@require_http_methods(["GET", "HEAD", "POST"])
@taught
def assignment_delete(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """What goes with it, said first; then gone."""
    if request.method == "POST":
        publishing.delete(assignment, now=timezone.now())
        messages.success(request, _("Deleted."))
        url = reverse("classrooms:assignments", args=[assignment.classroom_id])
        return HttpResponseRedirect(url, status=303)
    context = {
        "classroom": assignment.classroom,
        "assignment": assignment,
        "begun": publishing.begun(assignment),
        "attempts": assignment.sittings.count(),
        "decisions": assignment.mark_changes.count(),
    }
    return render(request, "classrooms/assignment_delete.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@taught
def assignment_questions(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Pick questions by hand: those on the page that are ticked are picked, the others of the page are not."""
    if not assignment.is_quiz:
        raise Http404
    if request.method == "POST":
        return _picked(request, assignment)
    form = SearchForm(request.GET, classroom=assignment.classroom)
    page = Paginator(form.found(assignment), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "classroom": assignment.classroom,
        "assignment": assignment,
        "form": form,
        "page": page,
        "picked": set(assignment.questions.values_list("pk", flat=True)),
        "begun": publishing.begun(assignment),
        **shown(request, assignment.classroom),
    }
    return render(request, "classrooms/assignment_questions.html", context)


def _picked(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    shown, ticked = ({row_id(text) for text in request.POST.getlist(name)[:PER_PAGE]} for name in ("shown", "question"))
    offered = SearchForm({}, classroom=assignment.classroom).found(assignment).filter(pk__in=shown)
    known = set(offered.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            assignment.questions.remove(*(known - ticked))
            assignment.questions.add(*(known & ticked))
            publishing.redraw(assignment)
    except PublishError as problem:
        messages.warning(request, str(problem.message))
    n = assignment.questions.count()
    words = ngettext("%(n)s question is picked.", "%(n)s questions are picked.", n) % {"n": n}
    messages.success(request, words)
    return HttpResponseRedirect(request.get_full_path(), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@taught
def extensions(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Another due time or further attempts for single learners."""
    now = timezone.now()
    if request.method == "POST" and "remove" in request.POST:
        if assignment.extensions.filter(pk=row_id(request.POST["remove"])).delete()[0]:
            messages.success(request, _("Removed. What was begun with it stays as it is."))
        return to(assignment, "extensions")
    form = ExtensionForm(request.POST if request.method == "POST" else None, assignment=assignment)
    if request.method == "POST" and form.is_valid():
        kept: dict[str, Any] = {
            name: form.cleaned_data[name] for name in ("due_at", "extra_attempts") if name in form.fields
        }
        member = form.cleaned_data["member"]
        assignment.extensions.update_or_create(member=member, defaults=kept)
        sittings.prolong(assignment, member, now=now)
        messages.success(request, _("Saved."))
        return to(assignment, "extensions")
    rows = assignment.extensions.select_related("member__user").order_by("member__name", "pk")
    context = {"classroom": assignment.classroom, "assignment": assignment, "form": form, "rows": rows}
    return render(request, "classrooms/extensions.html", context, status=422 if form.is_bound else 200)
