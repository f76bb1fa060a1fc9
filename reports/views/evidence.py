"""A learner's history out of the app: the bundle of evidence, and xAPI statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.models import User
from classrooms.access import learner_in, teaching
from curriculum.models import Course
from curriculum.reading import display
from reports import xapi
from reports.bundle import pack
from reports.evidence import event, evidence, files
from reports.views.sheets import chosen_course, own_courses


@require_safe
def learner_evidence(request: HttpRequest) -> HttpResponse:
    """The own bundle."""
    person = cast(User, request.user)
    return _bundle(request, person, _own_course(request), person.shown_name, for_learner=True)


@require_safe
def class_evidence(request: HttpRequest, classroom_id: int, member_id: int) -> HttpResponse:
    """The bundle of a learner who is in the class, of the class's course only."""
    classroom = teaching(request.user, classroom_id).classroom
    member = learner_in(classroom, member_id)
    return _bundle(request, member.user, classroom.course, member.shown_name, for_learner=False)


def _bundle(request: HttpRequest, learner: User, course: Course, name: str, *, for_learner: bool) -> HttpResponse:
    now = timezone.now()
    found = evidence(learner, course, now=now, for_learner=for_learner)
    how = display(course, request.preferences.script)  # type: ignore[attr-defined]
    context = {"found": found, "course": course, "display": how, "name": name}
    page = render_to_string("reports/evidence.html", context, request)
    about = {
        "made_at": now.isoformat(),
        "site": _home(request),
        "learner": name,
        "course": {"slug": course.slug, "title": course.title, "sha256": course.sha256},
    }
    data = pack(files(found) | {"report.html": page.encode()}, map(event, found.answers), about)
    return _download(data, "application/zip", f"{course.slug}-{slugify(name) or 'learner'}-{now.date()}.zip")


@require_safe
def learner_xapi(request: HttpRequest) -> HttpResponse:
    """The own history as xAPI statements."""
    person, course, now = cast(User, request.user), _own_course(request), timezone.now()
    runs = xapi.runs([person.pk], course, now=now, is_told=True)
    actors = {person.pk: xapi.actor(_home(request), person.pk, person.shown_name)}
    return _statements(xapi.statements(runs, course, actors, home=_home(request)), f"{course.slug}-xapi.json")


@require_safe
def class_xapi(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The history of a class's learners in its course as xAPI statements."""
    classroom = teaching(request.user, classroom_id).classroom
    members = list(classroom.members.active().learners().select_related("user"))
    actors = {row.user_id: xapi.actor(_home(request), row.user_id, row.shown_name) for row in members}
    runs = xapi.runs(list(actors), classroom.course, now=timezone.now(), is_told=False)
    found = xapi.statements(runs, classroom.course, actors, home=_home(request))
    return _statements(found, f"{slugify(classroom.name) or 'class'}-xapi.json")


def _statements(found: Iterable[dict[str, Any]], name: str) -> HttpResponse:
    """A JSON array, written while it is read: a class may have a million answers."""

    def parts() -> Iterator[str]:
        yield "["
        for at, statement in enumerate(found):
            yield (",\n" if at else "\n") + json.dumps(statement, ensure_ascii=False)
        yield "\n]\n"

    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return cast(HttpResponse, StreamingHttpResponse(parts(), content_type="application/json", headers=headers))


def _download(data: bytes, type: str, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _own_course(request: HttpRequest) -> Course:
    """The course that is named, else that of the newest run, with its text. Raises Http404."""
    person = cast(User, request.user)
    course = chosen_course(person, own_courses(person), request.GET.get("course"))
    if course is None:
        raise Http404
    return get_object_or_404(Course, pk=course.pk)


def _home(request: HttpRequest) -> str:
    """The site as the person reaches it, for identifiers that stay."""
    return request.build_absolute_uri("/")
