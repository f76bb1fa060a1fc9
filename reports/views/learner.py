"""The report on one learner: for the learner, and for those who teach the class, of the class's course."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from classrooms.access import learner_in, teaching
from curriculum.reading import display
from quizzes.standings import Day
from reports.forms import ThenForm
from reports.learner import LearnerReport, learner_report
from reports.learner_tables import tables
from reports.views.files import links
from reports.views.sheets import chosen_course, own_courses


@require_safe
def learner(request: HttpRequest) -> HttpResponse:
    """One's own report on one course: the one that is named, else the one with the newest run."""
    person = cast(User, request.user)
    courses = own_courses(person)
    if not courses:
        return redirect("quizzes:progress")
    course = chosen_course(person, courses, request.GET.get("course"))
    if course is None:
        raise Http404
    day = Day(timezone.now(), request.preferences.zone)  # type: ignore[attr-defined]
    form = ThenForm(request.GET, today=day.date)
    report = learner_report(person, course, day, then=form.chosen(), for_learner=True)
    shown = {"courses": courses, "name": person.shown_name, "is_own": True, "then_form": form}
    shown["history_files"] = [
        (_("Evidence (ZIP)"), reverse("reports:learner_evidence", query={"course": course.slug})),
        (_("xAPI (JSON)"), reverse("reports:learner_xapi", query={"course": course.slug})),
    ]
    return _page(request, report, shown)


@require_safe
def class_learner(request: HttpRequest, classroom_id: int, member_id: int) -> HttpResponse:
    """The same report for an instructor: of a learner who is in the class, on the class's course only."""
    classroom = teaching(request.user, classroom_id).classroom
    member = learner_in(classroom, member_id)
    day = Day(timezone.now(), classroom.zone)
    form = ThenForm(request.GET, today=day.date)
    report = learner_report(member.user, classroom.course, day, then=form.chosen(), for_learner=False)
    shown = {"classroom": classroom, "member": member, "name": member.shown_name, "is_own": False, "then_form": form}
    shown["history_files"] = [(_("Evidence (ZIP)"), reverse("reports:class_evidence", args=[classroom.pk, member.pk]))]
    return _page(request, report, shown)


def _page(request: HttpRequest, report: LearnerReport, shown: dict[str, Any]) -> HttpResponse:
    how = display(report.course, request.preferences.script)  # type: ignore[attr-defined]
    context = {
        "report": report,
        "course": report.course,
        "display": how,
        "tables": tables(report, how),
        "is_printed": request.GET.get("print") == "1",
        "files": links(request),
    }
    return render(request, "reports/learner.html", context | shown)
