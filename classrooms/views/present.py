"""Present mode: a question on the wall for the whole class, answered from phones. No names, counts only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classrooms import presenting, wall
from classrooms.access import LARGEST_ID, learning, teaching
from classrooms.look import script_of
from classrooms.models import Classroom, Showing
from classrooms.present_forms import ChooseForm
from classrooms.stamps import showing_stamp
from classrooms.views.today import learners_page
from curriculum.reading import display
from quizzes.feedback import places
from quizzes.forms import row_id, typed_fields
from quizzes.kinds.base import InvalidAnswer
from quizzes.practice import RefusedError

LISTED = 20
VERBS: dict[str, Callable[..., None]] = {
    "close": presenting.close,
    "reveal": presenting.reveal,
    "end": presenting.end,
}


@require_http_methods(["GET", "HEAD", "POST"])
def present(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The question on the wall, or the list from which to choose one."""
    classroom, now = teaching(request.user, classroom_id).classroom, timezone.now()
    if request.method == "POST":
        return _do(request, classroom, now)
    showing = presenting.current(classroom, now).first()
    if showing is not None:
        return render(request, "classrooms/present.html", _wall(request, classroom, showing))
    form = ChooseForm(request.GET, lessons=classroom.course.lessons.order_by("order"))
    questions = list(form.narrow(presenting.choosable(classroom))[: LISTED + 1])
    context = {
        "classroom": classroom,
        "form": form,
        "questions": questions[:LISTED],
        "has_more": len(questions) > LISTED,
        "display": display(classroom.course, script_of(request)),
    }
    return render(request, "classrooms/choose.html", context)


@require_safe
def present_live(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The part of the wall that changes: 304 while no answer came in. Ended meanwhile: 204, and the page again."""
    classroom, now = teaching(request.user, classroom_id).classroom, timezone.now()
    showing = presenting.current(classroom, now).first()
    if showing is None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = _wall(request, classroom, showing, with_result=False)
    unchanged = get_conditional_response(request, etag=quote_etag(context["etag"]))
    if unchanged is not None:
        return unchanged
    response = render(request, "classrooms/_wall.html", context | _result(classroom, showing))
    response.headers["ETag"] = quote_etag(context["etag"])
    return response


@require_POST
def shown_answer(request: HttpRequest, classroom_id: int, showing_id: int) -> HttpResponse:
    """Take a learner's one answer to the question that is shown."""
    member, now = learning(request.user, classroom_id), timezone.now()
    showing = get_object_or_404(presenting.current(member.classroom, now), pk=min(showing_id, LARGEST_ID))
    fields = typed_fields(request.POST)
    try:
        presenting.answer(showing, member, fields, now=now)
    except InvalidAnswer as problem:
        return learners_page(request, member, problem=str(problem.message), fields=fields, status=422)
    except RefusedError as refusal:
        messages.warning(request, str(refusal.message))
    response = redirect("classrooms:classroom", classroom_id)
    response.status_code = 303
    return response


def _do(request: HttpRequest, classroom: Classroom, now: datetime) -> HttpResponse:
    """What an instructor pressed; a button of a page that is out of date says so and changes nothing."""
    wanted = request.POST.get("do", "")
    try:
        if wanted in VERBS:
            _end_or_so(request, classroom, wanted, now)
        else:
            presenting.show(classroom, _chosen(request, classroom, wanted, now), now=now)
    except RefusedError as refusal:
        messages.warning(request, str(refusal.message))
    response = redirect("classrooms:present", classroom.pk)
    response.status_code = 303
    return response


def _end_or_so(request: HttpRequest, classroom: Classroom, wanted: str, now: datetime) -> None:
    showing = presenting.current(classroom, now).filter(pk=row_id(request.POST.get("showing", ""))).first()
    if showing is None:
        raise RefusedError(_("That question is over already."))
    VERBS[wanted](showing, now=now)


def _chosen(request: HttpRequest, classroom: Classroom, wanted: str, now: datetime) -> Any:
    """The version to show: the question that was chosen, or the next hardest."""
    if wanted == "hardest":
        question = presenting.next_hardest(classroom, now)
        if question is None:
            raise RefusedError(_("Every question has been shown."))
    else:
        question = get_object_or_404(presenting.choosable(classroom), pk=row_id(request.POST.get("question", "")))
    version = question.current
    assert version is not None
    version.question = question
    return version


def _wall(request: HttpRequest, classroom: Classroom, showing: Showing, *, with_result: bool = True) -> dict[str, Any]:
    """What the wall needs; the key only once it is revealed."""
    context = {
        "classroom": classroom,
        "showing": showing,
        "answered": showing.n,  # type: ignore[attr-defined]
        "content": _without_key(showing),
        "shown": wall.presented(showing),
        "display": display(classroom.course, script_of(request)),
        "etag": showing_stamp(showing, request.LANGUAGE_CODE, script_of(request)),
    }
    return context | (_result(classroom, showing) if with_result else {})


def _result(classroom: Classroom, showing: Showing) -> dict[str, Any]:
    """How many there are to answer, and, once revealed, what came of it."""
    learners = classroom.members.active().learners().count()
    if showing.revealed_at is None:
        return {"learners": learners}
    content = showing.version.content
    return {
        "learners": learners,
        "result": wall.result(showing),
        "key": content.key,
        "paragraphs": places(classroom.course, content),
    }


def _without_key(showing: Showing) -> dict[str, Any]:
    """What `_stem.html` asks of a question's content."""
    content = showing.version.content
    return {"kind": content.kind, "stem": content.stem}
