"""Reports on the work that was set, and comparisons for those who teach more than one class."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from classrooms.access import teaching
from reports import work_tables
from reports.classes import class_overview
from reports.forms import CompareForm
from reports.views.files import links
from reports.work import class_work, difference, gains, work_row


@require_safe
def work(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Each assignment: completion, marks, time; and what was gained between two tests."""
    classroom = teaching(request.user, classroom_id).classroom
    rows, both = class_work(classroom, timezone.now()), gains(classroom)
    context = {
        "classroom": classroom,
        "rows": rows,
        "work": work_tables.work(rows, classroom.pk),
        "gains": work_tables.gains(both) if both else None,
        "files": links(request),
    }
    return render(request, "reports/class_work.html", context)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two assignments, or two classes, side by side: of those that the person teaches."""
    form = CompareForm(request.GET, user=request.user)
    context: dict[str, Any] = {"form": form, "files": links(request)}
    now = timezone.now()
    if form.is_valid():
        first, second = form.works
        if first and second:
            pair = [work_row(row, now) for row in (first, second)]
            context |= {"pair": pair, "difference": difference(*pair)}
            context["work"] = work_tables.compared_work(tuple(pair))
        one, other = form.classes
        if one and other:
            overviews = [class_overview(row, now) for row in (one, other)]
            context["classes"] = work_tables.compared_classes(overviews)
    return render(request, "reports/compare.html", context)
