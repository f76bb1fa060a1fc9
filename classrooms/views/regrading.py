"""Regrade a quiz after a key was corrected: see who would change, then confirm."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from classrooms.access import teaching
from classrooms.mark_forms import RegradeForm
from classrooms.marks import cells
from classrooms.models import Assignment, Classroom
from classrooms.regrade import Preview, RegradedMeanwhileError, preview
from classrooms.regrade import regrade as confirm
from curriculum.reading import display


@require_http_methods(["GET", "HEAD", "POST"])
def regrade(request: HttpRequest, classroom_id: int, assignment_id: int) -> HttpResponse:
    """Which attempts would earn something else by the keys of now, and the button that makes it so."""
    classroom = teaching(request.user, classroom_id).classroom
    work = classroom.assignments.published().filter(sort=Assignment.Sort.QUIZ).prefetch_related("groups", "members")
    assignment = get_object_or_404(work, pk=assignment_id)
    if request.method != "POST":
        return _page(request, classroom, assignment, RegradeForm())
    form = RegradeForm(request.POST)
    if not form.is_valid():
        return _page(request, classroom, assignment, form, status=422)
    try:
        changed = confirm(assignment, author=cast(User, request.user), now=timezone.now(), **form.cleaned_data)
    except RegradedMeanwhileError:
        return _page(request, classroom, assignment, form, status=409)
    words = ngettext("%(n)s attempt was regraded.", "%(n)s attempts were regraded.", changed) % {"n": changed}
    messages.success(request, words if changed else _("Nothing was left to regrade."))
    return redirect("classrooms:regrade", classroom.pk, assignment.pk)


def _page(
    request: HttpRequest, classroom: Classroom, assignment: Assignment, form: RegradeForm, *, status: int = 200
) -> HttpResponse:
    found: Preview = preview(assignment)
    members = {change.sitting.member_id: change.sitting.member for change in found.changes}
    marks = cells(assignment, list(members.values()), timezone.now()) if members else {}
    context: dict[str, Any] = {
        "classroom": classroom,
        "tab": "marks",
        "assignment": assignment,
        "preview": found,
        "rows": [(change, marks[change.sitting.member_id]) for change in found.changes],
        "form": form,
        "is_stale": status == 409,
        "display": display(classroom.course, str(request.preferences.script)),  # type: ignore[attr-defined]
    }
    return render(request, "classrooms/regrade.html", context, status=status)
