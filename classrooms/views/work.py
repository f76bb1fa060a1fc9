"""What is set: the list, the page of one assignment, its start page for learners, a look at it as a learner."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from classrooms import publishing, sittings
from classrooms.access import learning, membership, teaching
from classrooms.answering import sheet
from classrooms.models import Assignment, Classroom, Member
from classrooms.work import note_completions, standing, tasks
from curriculum.reading import display
from quizzes import papers
from quizzes.forms import row_id
from quizzes.kinds import KINDS
from quizzes.models import QuestionVersion

View = Callable[..., HttpResponse]


def taught(view: View) -> View:
    """Fetch an assignment of a class that the person teaches. A class put away is read only."""

    @wraps(view)
    def fetched(request: HttpRequest, classroom_id: int, assignment_id: int, **more: Any) -> HttpResponse:
        classroom = teaching(request.user, classroom_id).classroom
        found = _assignment(classroom, assignment_id)
        if request.method == "POST" and classroom.is_archived:
            messages.warning(request, _("This class is archived. Restore it to change its work."))
            return to(found)
        return view(request, found, **more)

    return fetched


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
        **shown(request, assignment.classroom),
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
        **shown(request, member.classroom),
    }
    return render(request, "classrooms/assignment_start.html", context, status=status)


def _begin(request: HttpRequest, member: Member, assignment: Assignment) -> HttpResponse:
    """Begin or go on with an attempt; pressed twice is once."""
    if not assignment.is_quiz:
        return to(assignment)
    try:
        begun = sittings.start(assignment, member, now=timezone.now())
    except sittings.StartError as refusal:
        return _start_page(request, member, assignment, str(refusal.message), status=422)
    url = reverse("classrooms:sitting_item", args=[assignment.classroom_id, begun.pk, sheet(begun).first])
    return HttpResponseRedirect(url, status=303)


# A look at it as a learner.


@require_safe
@taught
def assignment_preview(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """As a learner sees it; nothing is recorded."""
    versions = _preview_questions(assignment)
    number = row_id(request.GET.get("question", ""))
    context = {"classroom": assignment.classroom, "assignment": assignment, "total": len(versions), "is_preview": True}
    context |= _rules(assignment, None) | shown(request, assignment.classroom)
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


def shown(request: HttpRequest, classroom: Classroom) -> dict[str, Any]:
    course = classroom.course
    return {"course": course, "display": display(course, request.preferences.script)}  # type: ignore[attr-defined]


def to(assignment: Assignment, name: str = "assignment") -> HttpResponse:
    url = reverse(f"classrooms:{name}", args=[assignment.classroom_id, assignment.pk])
    return HttpResponseRedirect(url, status=303)
