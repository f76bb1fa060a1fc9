"""The page of a class: for those who teach it the class as it is now, for its learners their work. Live while seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from classrooms import presenting, wall
from classrooms.access import membership
from classrooms.activity import activity
from classrooms.heat import Cell, Column, cells, columns
from classrooms.look import Look, script_of
from classrooms.models import Classroom, Member, ShownAnswer
from classrooms.presence import note_seen
from classrooms.stamps import class_stamp, learners_stamp, page_stamp
from classrooms.templatetags.classes import step_word
from classrooms.today import Learner, Today, recent, today
from classrooms.work import tasks
from curriculum.reading import display
from quizzes.feedback import places, verdict
from quizzes.forms import filled

ROWS = 40
"""Learners on one page of the map; of those who are working, so many rows are live."""
HELPED = 5
"""So many of those who need help are listed with their reasons; the map begins with all of them."""


class MapCell(NamedTuple):
    """One cell as it is written: `step` 0 to 5, an address ("" where nothing was begun), the figure and the word."""

    step: int
    address: str
    figure: str
    word: str


class MapRow(NamedTuple):
    learner: Learner
    address: str
    cells: list[MapCell]


@require_safe
def classroom(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The class at a glance, or the learner's own page of it."""
    member = membership(request.user, classroom_id)
    if not member.teaches:
        return learners_page(request, member)
    now, found = timezone.now(), member.classroom
    state, lessons = today(found, now), columns(found.course)
    look = _within(Look.read(request.GET), state)
    shown = state.learners[(look.page - 1) * ROWS : look.page * ROWS] if look.has_names else ()
    context = {
        "tab": "today",
        "heat": _heat(found, shown, lessons, now),
        "columns": lessons,
        "pages": _pages(state),
        "events": activity(found, now) if look.has_names else (),
    }
    return render(request, "classrooms/classroom.html", _live(request, found, state, lessons, look) | context)


@require_safe
def live(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The part that changes, asked for every ten seconds: 304 in one query of ours where nothing has changed."""
    member = membership(request.user, classroom_id)
    if not member.teaches:
        return _learners_part(request, member)
    now, found, look = timezone.now(), member.classroom, Look.read(request.GET)
    chosen = look.query, request.LANGUAGE_CODE, script_of(request)
    stamp = class_stamp(found, now)
    unchanged = get_conditional_response(request, etag=quote_etag(page_stamp(stamp, *chosen)))
    if unchanged is not None:
        return unchanged
    made_at, state = recent(found, now, stamp)
    etag = page_stamp(made_at, *chosen)
    context = _live(request, found, state, columns(found.course), look) | {"etag": etag}
    response = render(request, "classrooms/_live.html", context)
    response.headers["ETag"] = quote_etag(etag)
    return response


def _live(
    request: HttpRequest, found: Classroom, state: Today, lessons: Sequence[Column], look: Look
) -> dict[str, Any]:
    """What the live part needs."""
    helped = [row for row in state.learners if row.needs or row.is_stuck]
    return {
        "classroom": found,
        "today": state,
        "look": look,
        "helped": helped[:HELPED],
        "helped_more": max(0, len(helped) - HELPED),
        "lessons": {column.lesson.pk: column.lesson for column in lessons},
        "lesson_addresses": {column.lesson.pk: column.lesson.get_absolute_url() for column in lessons},
        "work": {row.assignment.pk: row.assignment for row in state.work},
        "working": [row for row in state.learners if row.is_here or row.now.answers][:ROWS],
        "display": display(found.course, script_of(request)),
    }


def _within(look: Look, state: Today) -> Look:
    return replace(look, page=min(look.page, _pages(state)))


def _pages(state: Today) -> int:
    return max(1, -(-state.n // ROWS))


def _heat(found: Classroom, shown: Sequence[Learner], lessons: Sequence[Column], now: datetime) -> list[MapRow]:
    """Each learner with a cell for each lesson."""
    begun = cells(lessons, [row.user for row in shown], now)
    words = [step_word(step) for step in range(6)]
    nothing = Cell(0.0, 0, 0)
    rows = []
    for row in shown:
        address = reverse("reports:class_learner", args=[found.pk, row.member])
        own = begun.get(row.user, {})
        made = [(column, own.get(column.lesson.pk, nothing)) for column in lessons]
        rows.append(MapRow(row, address, [_map_cell(column, cell, address, words) for column, cell in made]))
    return rows


def _map_cell(column: Column, cell: Cell, address: str, words: Sequence[str]) -> MapCell:
    figure = "" if cell.recall is None else f"{cell.recall:.0%} "
    return MapCell(cell.step, f"{address}#{column.lesson.key}" if cell.met else "", figure, words[cell.step])


def learners_page(
    request: HttpRequest,
    member: Member,
    *,
    problem: str = "",
    fields: Mapping[str, Sequence[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The class for one of its learners: what is asked now, then their work. `problem`: with what they just answered,
    `fields`."""
    now = timezone.now()
    note_seen(member, now)
    context = {"tasks": tasks(member.user, now, classroom=member.classroom)}
    asked = _asked(request, member, _running(member, now), now, fields)
    return render(request, "classrooms/class_page.html", context | asked | {"problem": problem}, status=status)


def _learners_part(request: HttpRequest, member: Member) -> HttpResponse:
    """What is asked now: two queries of ours where nothing has changed."""
    now = timezone.now()
    note_seen(member, now)
    running = _running(member, now)
    etag = _learners_stamp(request, running)
    unchanged = get_conditional_response(request, etag=quote_etag(etag))
    if unchanged is not None:
        return unchanged
    response = render(request, "classrooms/_asked.html", _asked(request, member, running, now))
    response.headers["ETag"] = quote_etag(etag)
    return response


def _running(member: Member, now: datetime) -> Any:
    """The question that the class is at, with `has_answered`: whether this learner did; None without one. One query."""
    mine = ShownAnswer.objects.filter(showing=OuterRef("pk"), member=member)
    return presenting.current(member.classroom, now).annotate(has_answered=Exists(mine)).first()


def _learners_stamp(request: HttpRequest, running: Any) -> str:
    has_answered = running is not None and running.has_answered
    return learners_stamp(running, has_answered, request.LANGUAGE_CODE, script_of(request))


def _asked(
    request: HttpRequest,
    member: Member,
    running: Any,
    now: datetime,
    fields: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """What the part with the shown question needs; what was right only once it is revealed."""
    found = member.classroom
    context: dict[str, Any] = {
        "classroom": found,
        "display": display(found.course, script_of(request)),
        "etag": _learners_stamp(request, running),
        "showing": running,
    }
    if running is None:
        return context
    content = running.version.content
    context["content"] = {"kind": content.kind, "stem": content.stem}
    context["shown"] = filled(wall.presented(running), fields or {})
    context["kind_template"] = f"quizzes/kinds/{content.kind}.html"
    if running.revealed_at is not None:
        response = presenting.answer_of(running, member)
        context["verdict"] = response and verdict(content, response)
        context["key"] = content.key
        context["paragraphs"] = places(found.course, content)
    return context
