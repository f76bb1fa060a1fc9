"""Reading: which courses there are, what a course contains, and the text of a lesson. Open to everybody."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.changes import compared
from curriculum.models import Course, Lesson
from curriculum.reading import contents, display, reading

MOST_LESSONS = 200
"""On one page of the contents; no course that is read from beginning to end has so many."""
SETTINGS = {"tint": ("1",)}


@login_not_required
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """All courses this person may read: the published ones and their own drafts; of each the newest edition."""
    found = (
        Course.objects.visible_to(request.user)
        .newest()
        .defer("text", "source_note")
        .annotate(lesson_count=Count("lessons"))
    )
    rows = [(course, display(course, _script(request))) for course in found]
    return render(request, "curriculum/courses.html", {"rows": rows})


@login_not_required
@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """The contents of one course; `?page=2` goes on where it has very many lessons."""
    visible = Course.objects.visible_to(request.user).select_related("replaces", "replaced_by")
    found = get_object_or_404(visible.defer("text", "replaces__text", "replaced_by__text"), slug=course)
    entries = contents(found)
    context = {
        "course": found,
        "display": display(found, _script(request)),
        "entries": entries,
        "page": Paginator(entries, MOST_LESSONS).get_page(request.GET.get("page")),
        "minutes": sum(entry.minutes for entry in entries),
    }
    return render(request, "curriculum/course.html", context)


@login_not_required
@require_safe
def lesson(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    """The text of one lesson; `?tint=1` shades each sentence by what the reader remembers."""
    visible = Course.objects.visible_to(request.user)
    lessons = Lesson.objects.filter(course__in=visible).select_related("course__replaces", "course__replaced_by")
    unread = ("course__replaces__text", "course__replaced_by__text")
    found = get_object_or_404(lessons.defer(*unread), course__slug=course, slug=lesson)
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


@login_not_required
@require_safe
def changes(request: HttpRequest, course: str) -> HttpResponse:
    """What this edition says otherwise than the one it replaces; `?all=1` shows every sentence."""
    visible = Course.objects.visible_to(request.user).defer("text")
    found = get_object_or_404(visible.filter(replaces__in=visible).select_related("replaces"), slug=course)
    shown = display(found, _script(request))
    context = {
        "course": found,
        "display": shown,
        "comparison": compared(found.replaces, found, shown.script),  # type: ignore[arg-type]  # filtered above
        "is_whole": request.GET.get("all") == "1",
    }
    return render(request, "curriculum/changes.html", context)


def _script(request: HttpRequest) -> str:
    return str(request.preferences.script)  # type: ignore[attr-defined]


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The reader's settings in the address; what is not on offer is left out."""
    return {name: request.GET[name] for name, offered in SETTINGS.items() if request.GET.get(name) in offered}
