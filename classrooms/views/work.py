"""What is set: listed, made, changed, given out and taken back by those who teach; its start page for learners."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classrooms import publishing, sittings
from classrooms.access import learning, membership, teaching
from classrooms.answering import sheet
from classrooms.assignment_forms import FORMS, AssignmentForm, ExtensionForm, SearchForm
from classrooms.models import Assignment, Classroom, Member
from classrooms.publishing import PublishError
from classrooms.work import note_completions, standing, tasks
from curriculum.reading import display
from quizzes import papers
from quizzes.forms import row_id
from quizzes.kinds import KINDS
from quizzes.models import QuestionVersion

PER_PAGE = 50
View = Callable[..., HttpResponse]


def taught(view: View) -> View:
    """Fetch an assignment of a class that the person teaches. A class put away is read only."""

    @wraps(view)
    def fetched(request: HttpRequest, classroom_id: int, assignment_id: int, **more: Any) -> HttpResponse:
        classroom = teaching(request.user, classroom_id).classroom
        found = _assignment(classroom, assignment_id)
        if request.method == "POST" and classroom.is_archived:
            messages.warning(request, _("This class is archived. Restore it to change its work."))
            return _to(found)
        return view(request, found, **more)

    return fetched


# Those who teach, and what there is.


@require_safe
def assignments(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Everything that is set in a class; for a learner, what is set for them."""
    member = membership(request.user, classroom_id)
    now = timezone.now()
    if not member.teaches:
        note_completions(member.classroom, now, members=[member])
        found: Any = tasks(member.user, now, classroom=member.classroom)
        return render(request, "classrooms/tasks.html", {"classroom": member.classroom, "tasks": found})
    rows = member.classroom.assignments.order_by("-created_at", "-pk").prefetch_related("lessons", "groups", "members")
    context = {"classroom": member.classroom, "rows": rows, "now": now, "sorts": Assignment.Sort}
    return render(request, "classrooms/assignments.html", context)


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
            return _to(made)
        messages.success(request, _("Saved as a draft. Learners do not see it yet."))
        return _to(made)
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
    return _to(assignment)


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
    return _to(assignment)


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
    return _to(assignment)


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
        **_shown(request, assignment.classroom),
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
        return _to(assignment, "extensions")
    form = ExtensionForm(request.POST if request.method == "POST" else None, assignment=assignment)
    if request.method == "POST" and form.is_valid():
        kept: dict[str, Any] = {
            name: form.cleaned_data[name] for name in ("due_at", "extra_attempts") if name in form.fields
        }
        member = form.cleaned_data["member"]
        assignment.extensions.update_or_create(member=member, defaults=kept)
        sittings.prolong(assignment, member, now=now)
        messages.success(request, _("Saved."))
        return _to(assignment, "extensions")
    rows = assignment.extensions.select_related("member__user").order_by("member__name", "pk")
    context = {"classroom": assignment.classroom, "assignment": assignment, "form": form, "rows": rows}
    return render(request, "classrooms/extensions.html", context, status=422 if form.is_bound else 200)


@require_safe
@taught
def assignment_preview(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """As a learner sees it; nothing is recorded."""
    versions = _preview_questions(assignment)
    number = row_id(request.GET.get("question", ""))
    context = {"classroom": assignment.classroom, "assignment": assignment, "total": len(versions), "is_preview": True}
    context |= _rules(assignment, None) | _shown(request, assignment.classroom)
    if 1 <= number <= len(versions):
        context |= _asked(versions[number - 1], number, len(versions))
    return render(request, "classrooms/assignment_preview.html", context)


def _preview_questions(assignment: Assignment) -> list[QuestionVersion]:
    if not assignment.is_quiz:
        return []
    forms = assignment.paper or publishing.drawn(assignment).forms
    return papers.on_paper(next(iter(forms.values()), []))


def _asked(version: QuestionVersion, position: int, total: int) -> dict[str, Any]:
    content = version.content
    kind = KINDS[content.kind]
    return {
        "position": position,
        "content": content,
        "shown": kind.present(content, order=kind.shuffle(content, "preview"), hints=0),
        "kind_template": f"quizzes/kinds/{content.kind}.html",
        "previous": position - 1,
        "next": position + 1 if position < total else 0,
    }


# The page of one assignment.


@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request: HttpRequest, classroom_id: int, assignment_id: int) -> HttpResponse:
    """Learners: what it asks and the way in; a POST begins a quiz. Those who teach: how it stands."""
    if request.method == "POST":
        member = learning(request.user, classroom_id)
        return _begin(request, member, _own(member, assignment_id))
    member = membership(request.user, classroom_id)
    if member.teaches:
        return _stand(request, _assignment(member.classroom, assignment_id))
    return _start_page(request, member, _own(member, assignment_id))


def _stand(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    now = timezone.now()
    note_completions(assignment.classroom, now)
    sittings.hand_in_overdue([assignment], now=now)
    members = publishing.set_for(assignment)
    found = standing(assignment, members, now)
    rows = [(member, found[member.pk]) for member in members]
    context = {
        "classroom": assignment.classroom,
        "assignment": assignment,
        "rows": rows,
        "n_done": sum(row.is_finished for _member, row in rows),
        "n_begun": sum(row.state not in ("not_open", "not_started", "missing") for _member, row in rows),
        "lessons": assignment.lessons.all(),
        "picked": assignment.questions.count(),
        "available": sittings.pool(assignment).count() if assignment.is_quiz else 0,
        "paired": publishing.paired(assignment),
        "now": now,
        **_rules(assignment, None),
        **_shown(request, assignment.classroom),
    }
    return render(request, "classrooms/assignment_stand.html", context)


def _start_page(
    request: HttpRequest, member: Member, assignment: Assignment, refusal: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    sittings.hand_in_overdue([assignment], now=now)
    note_completions(member.classroom, now, members=[member])
    taken = list(assignment.sittings.filter(member=member).select_related("attempt").order_by("number"))
    rules = sittings.terms(assignment, member)
    why_not = sittings.why_not(assignment, rules, len(taken), now) if assignment.is_quiz else None
    running = next((row for row in taken if not row.is_submitted), None)
    context = {
        "classroom": member.classroom,
        "assignment": assignment,
        "standing": standing(assignment, [member], now)[member.pk],
        "taken": taken,
        "running": running,
        "why_not": refusal or (why_not if running is None else ""),
        "lessons": assignment.lessons.all(),
        "left": rules.left(len(taken)),
        "now": now,
        **_rules(assignment, rules),
        **_shown(request, member.classroom),
    }
    return render(request, "classrooms/assignment_start.html", context, status=status)


def _begin(request: HttpRequest, member: Member, assignment: Assignment) -> HttpResponse:
    """Begin or go on with an attempt; pressed twice is once."""
    if not assignment.is_quiz:
        return _to(assignment)
    try:
        begun = sittings.start(assignment, member, now=timezone.now())
    except sittings.StartError as refusal:
        return _start_page(request, member, assignment, str(refusal.message), status=422)
    url = reverse("classrooms:sitting_item", args=[assignment.classroom_id, begun.pk, sheet(begun).first])
    return HttpResponseRedirect(url, status=303)


# Fetching and framing.


def _assignment(classroom: Classroom, assignment_id: int) -> Assignment:
    found = get_object_or_404(Assignment.objects.select_related("pretest"), classroom=classroom, pk=assignment_id)
    found.classroom = classroom
    return found


def _own(member: Member, assignment_id: int) -> Assignment:
    """One that is set for this learner; a draft is nobody's."""
    found = get_object_or_404(Assignment.objects.published().for_member(member), pk=assignment_id)
    found.classroom = member.classroom
    return found


def _rules(assignment: Assignment, rules: Any) -> dict[str, Any]:
    """What the rules in words need: with the learner's own terms, or the general ones."""
    limit = rules.time_limit if rules is not None else None
    minutes = assignment.minutes if limit is None else round(limit.total_seconds() / 60)
    n = max((len(row) for row in assignment.paper.values()), default=0) or assignment.count
    return {
        "rules": rules,
        "due_at": rules.due_at if rules is not None else assignment.due_at,
        "minutes": minutes,
        "n_questions": n,
        "attempts": rules.attempts if rules is not None else assignment.attempts,
    }


def _shown(request: HttpRequest, classroom: Classroom) -> dict[str, Any]:
    course = classroom.course
    return {"course": course, "display": display(course, request.preferences.script)}  # type: ignore[attr-defined]


def _to(assignment: Assignment, name: str = "assignment") -> HttpResponse:
    url = reverse(f"classrooms:{name}", args=[assignment.classroom_id, assignment.pk])
    return HttpResponseRedirect(url, status=303)
