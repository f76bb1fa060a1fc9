"""Reading: which courses there are, what a course contains, and the text of a lesson. Open to everybody."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.models import Course, Lesson
from curriculum.reading import contents, display, reading

SETTINGS = {"size": ("small", "large"), "tint": ("1",)}


@login_not_required
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """All courses this person may read: the published ones and their own drafts."""
    found = Course.objects.visible_to(request.user).defer("text", "source_note").annotate(lesson_count=Count("lessons"))
    rows = [(course, display(course, _script(request))) for course in found]
    return render(request, "curriculum/courses.html", {"rows": rows})


@login_not_required
@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """The contents of one course."""
    found = get_object_or_404(Course.objects.visible_to(request.user).defer("text"), slug=course)
    entries = contents(found)
    context = {
        "course": found,
        "display": display(found, _script(request)),
        "entries": entries,
        "minutes": sum(entry.minutes for entry in entries),
    }
    return render(request, "curriculum/course.html", context)


@login_not_required
@require_safe
def lesson(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    """The text of one lesson; `?tint=1` shades each sentence by what the reader remembers, `?size=` sets the type."""
    visible = Course.objects.visible_to(request.user)
    lessons = Lesson.objects.filter(course__in=visible).select_related("course").defer("course__text")
    found = get_object_or_404(lessons, course__slug=course, slug=lesson)
    chosen = _chosen(request)
    context = {
        "course": found.course,
        "lesson": found,
        "reading": reading(found),
        "display": display(found.course, _script(request)),
        "chosen": chosen,
        "query": f"?{urlencode(chosen)}" if chosen else "",
    }
    return render(request, "curriculum/lesson.html", context)


def _script(request: HttpRequest) -> str:
    return str(request.preferences.script)  # type: ignore[attr-defined]


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The reader's settings in the address; what is not on offer is left out."""
    return {name: request.GET[name] for name, offered in SETTINGS.items() if request.GET.get(name) in offered}
