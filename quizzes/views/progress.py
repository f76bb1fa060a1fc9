"""What to do next, and what is remembered: the home page and My progress."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.preferences import Preferences
from curriculum.models import Course
from curriculum.reading import Display, display
from quizzes.models import Notice
from quizzes.progress import Day, overview, report
from quizzes.standings import first_steps


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The one next thing, then the courses; a visitor sees what this is and may begin at once."""
    if not request.user.is_authenticated:
        return _invitation(request, "quizzes/welcome.html")
    found = overview(request.user, _day(request))
    shown = _displays(request, (row.course for row in found.courses))
    notices = Notice.objects.filter(learner=request.user, read_at=None)
    return render(request, "quizzes/home.html", {"overview": found, "displays": shown, "notices": notices})


@login_not_required
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Everything that the history says about the person who asks, guests included."""
    if not request.user.is_authenticated:
        return _invitation(request, "quizzes/progress_empty.html")
    found = report(request.user, _day(request))
    if not found.courses:
        return _invitation(request, "quizzes/progress_empty.html")
    shown = _displays(request, (row.standing.course for row in found.courses))
    return render(request, "quizzes/progress.html", {"report": found, "displays": shown})


def _invitation(request: HttpRequest, template: str) -> HttpResponse:
    """A page for somebody without a history: the first lesson of the first course, one press away."""
    course, lesson = first_steps()
    shown: dict[str, Any] = {"course": course, "lesson": lesson}
    if course is not None:
        shown["display"] = display(course, _preferences(request).script)
    return render(request, template, shown)


def _preferences(request: HttpRequest) -> Preferences:
    return request.preferences  # type: ignore[attr-defined, no-any-return]


def _day(request: HttpRequest) -> Day:
    return Day(timezone.now(), _preferences(request).zone)


def _displays(request: HttpRequest, courses: Iterable[Course]) -> dict[int, Display]:
    return {course.pk: display(course, _preferences(request).script) for course in courses}
