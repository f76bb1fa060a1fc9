"""Taking a quiz that is set: question by question, saved as it is answered, handed in once, and looked at again.

Nothing of a key is in any of these pages before the results are told: a page in progress is made of what a kind
presents (`Kind.present`), and the review is refused until `Attempt.is_told`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.preferences import Preferences
from classrooms import sittings
from classrooms.access import learning
from classrooms.answer_sheets import lines
from classrooms.answering import UNFINISHED, Sheet, sheet
from classrooms.models import Sitting
from curriculum.reading import display
from quizzes import papers, practice, runs
from quizzes.feedback import feedback
from quizzes.forms import FlagForm, filled, typed_fields
from quizzes.kinds import KINDS, InvalidAnswer
from quizzes.models import Attempt, AttemptItem
from quizzes.practice import RefusedError

View = Callable[..., HttpResponse]
MOMENT = re.compile("[0-9]{1,13}", re.ASCII)
"""Milliseconds since 1970."""


def own(view: View) -> View:
    """Fetch the learner's own sitting, handed in where its time was up. Who teaches the class gets 403, a stranger 404;
    who was taken out of the class is told that what they saved is kept."""

    @wraps(view)
    def fetched(request: HttpRequest, classroom_id: int, sitting_id: int, **more: Any) -> HttpResponse:
        related = "assignment__classroom__course", "member__user", "attempt__learner", "attempt__course"
        mine = Sitting.objects.filter(member__user=request.user.pk)
        texts = "assignment__classroom__course__text", "attempt__course__text"
        found = mine.select_related(*related).defer(*texts).filter(pk=sitting_id).first()
        if found is None or found.assignment.classroom_id != classroom_id:
            learning(request.user, classroom_id)
            raise Http404
        if not found.member.is_active:
            return render(request, "classrooms/removed.html", {"sitting": found}, status=403)
        return view(request, sittings.closed_if_due(found, timezone.now()), **more)

    return fetched


@require_safe
@own
def sitting(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Every question with what is answered, and the button that hands in."""
    if sitting.is_submitted:
        return _to(sitting, "sitting_review")
    context = {"sheet": sheet(sitting), **_frame(request, sitting)}
    return render(request, "classrooms/sitting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own
def sitting_item(request: HttpRequest, sitting: Sitting, position: int) -> HttpResponse:
    """Ask one question; keep its answer."""
    if sitting.is_submitted:
        return _gone(request, sitting)
    whole = sheet(sitting)
    item = _item(sitting, position)
    if not whole.may_see(position):
        messages.info(request, _("You have gone on to a later question. Earlier answers stay as they are."))
        return _to(sitting, "sitting_item", whole.turn)
    if request.method == "POST":
        return _take(request, sitting, item, whole)
    runs.show(item, now=timezone.now())
    return _page(request, sitting, item, whole)


@require_POST
@own
def hand_in(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Hand in for good; pressing twice is once."""
    if sittings.hand_in(sitting, now=timezone.now()):
        messages.success(request, _("Handed in."))
    return _to(sitting, "sitting_review")


@require_safe
@own
def sitting_review(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """What came of it, once that is told; before, that it was handed in and when there is more."""
    if not sitting.is_submitted:
        return _to(sitting, "sitting")
    is_told = sitting.attempt.is_told(timezone.now())
    found = lines(sitting) if is_told else []
    percent = round(100 * sitting.score) if is_told and sitting.score is not None else None
    context = {"is_told": is_told, "lines": found, "percent": percent, **_frame(request, sitting)}
    return render(request, "classrooms/sitting_review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own
def sitting_flag(request: HttpRequest, sitting: Sitting, position: int) -> HttpResponse:
    """Say that a question seems wrong, or that an answer should count; once what was right is told."""
    item = _item(sitting, position)
    if not (sitting.is_submitted and sitting.attempt.is_told(timezone.now())):
        return _to(sitting, "sitting")
    form = FlagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        practice.flag(item, sitting.member.user, **form.cleaned_data)
        messages.success(request, _("Thank you. Somebody will look at this question."))
        return _to(sitting, "sitting_review")
    context = {"item": item, "content": item.version.content, "form": form, **_frame(request, sitting)}
    return render(request, "classrooms/sitting_flag.html", context, status=422 if form.is_bound else 200)


# Taking an answer.


def _take(request: HttpRequest, sitting: Sitting, item: AttemptItem, whole: Sheet) -> HttpResponse:
    """Keep what was posted and go where the button says; the small request of autosave gets a line of words."""
    now = timezone.now()
    fields = typed_fields(request.POST)
    is_auto = "auto" in request.POST
    problem = papers.problem(item.version.content, fields)
    if problem is not None and problem.code not in ("blank", *UNFINISHED):
        return _saved(request, str(problem.message)) if is_auto else _page(request, sitting, item, whole, problem)
    try:
        if "check" in request.POST and sitting.attempt.feedback == Attempt.Feedback.ITEM:
            return _check(request, sitting, item, whole, fields, now)
        papers.save(item, fields, now=now, typed_at=_typed_at(request) if is_auto else None)
    except RefusedError as refusal:
        if is_auto:
            return _saved(request, str(refusal.message))
        messages.warning(request, str(refusal.message))
        return _to(sitting, "sitting")
    if is_auto:
        return _saved(request, "")
    return _go_on(request, sitting, item, whole, now)


def _typed_at(request: HttpRequest) -> datetime | None:
    """When the page had what it saves by itself, by the server's clock; None where it does not say."""
    told = request.POST.get("moment", "")
    return datetime.fromtimestamp(int(told) / 1000, tz=UTC) if MOMENT.fullmatch(told) else None


def _check(
    request: HttpRequest, sitting: Sitting, item: AttemptItem, whole: Sheet, fields: dict[str, list[str]], now: datetime
) -> HttpResponse:
    """Grade the answer for good and show what was right."""
    try:
        papers.answer(item, fields, now=now)
    except InvalidAnswer as problem:
        return _page(request, sitting, item, whole, problem)
    return _to(sitting, "sitting_item", item.position)


def _go_on(request: HttpRequest, sitting: Sitting, item: AttemptItem, whole: Sheet, now: datetime) -> HttpResponse:
    deadline = sitting.attempt.deadline_at
    if deadline is not None and now >= deadline:
        sittings.hand_in(sitting, now=now)
        messages.info(request, _("The time is up. What you had answered is handed in."))
        return _to(sitting, "sitting_review")
    to = request.POST.get("go", "next")
    if to == "previous" and not whole.turn and item.position > 1:
        return _to(sitting, "sitting_item", item.position - 1)
    if to == "overview" or item.position >= whole.total:
        return _to(sitting, "sitting")
    if whole.turn:
        runs.show(_item(sitting, item.position + 1), now=now)
    return _to(sitting, "sitting_item", item.position + 1)


def _saved(request: HttpRequest, refusal: str) -> HttpResponse:
    return render(request, "classrooms/_saved.html", {"refusal": refusal, "now": timezone.now()})


# Pages.


def _page(
    request: HttpRequest, sitting: Sitting, item: AttemptItem, whole: Sheet, problem: InvalidAnswer | None = None
) -> HttpResponse:
    content = item.version.content
    typed = typed_fields(request.POST) if problem is not None else item.saved or {}
    shown = KINDS[content.kind].present(content, order=item.order, hints=0)
    context = {
        "item": item,
        "content": content,
        "lesson": item.version.question.lesson,
        "sheet": whole,
        "shown": filled(shown, typed),
        "problem": problem and problem.message,
        "kind_template": f"quizzes/kinds/{content.kind}.html",
        "feedback_template": f"quizzes/feedback/{content.kind}.html",
        "is_last": item.position == whole.total,
        "moment_ms": round(max(filter(None, (timezone.now(), item.saved_at))).timestamp() * 1000),
        **_frame(request, sitting),
    }
    if item.is_answered:
        item.attempt = sitting.attempt
        context["feedback"] = feedback(item, item.responses.get(), now=timezone.now())
    return render(request, "classrooms/sitting_item.html", context, status=200 if problem is None else 422)


def _frame(request: HttpRequest, sitting: Sitting) -> dict[str, Any]:
    """What every page of a sitting shows: the class, the quiz, the time that is left."""
    course, now, deadline = sitting.attempt.course, timezone.now(), sitting.attempt.deadline_at
    return {
        "sitting": sitting,
        "attempt": sitting.attempt,
        "assignment": sitting.assignment,
        "classroom": sitting.assignment.classroom,
        "course": course,
        "display": display(course, _preferences(request).script),
        "deadline_at": deadline,
        "now": now,
        "left_ms": "" if deadline is None else max(0, round((deadline - now).total_seconds() * 1000)),
        "checks_each": sitting.attempt.feedback == Attempt.Feedback.ITEM,
    }


def _item(sitting: Sitting, position: int) -> AttemptItem:
    items = sitting.attempt.items.select_related("version__question__lesson")
    found = items.filter(position=position).first()
    if found is None:
        raise Http404
    return found


def _gone(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """The page of a question after the quiz was handed in, by the learner elsewhere or by the server."""
    if request.method == "POST":
        words = _("This quiz is handed in. Nothing was changed.")
        if sitting.is_automatic:
            words = _("The time is up. What was saved before stands and is handed in.")
        if "auto" in request.POST:
            return _saved(request, words)
        messages.warning(request, words)
    return _to(sitting, "sitting_review")


def _to(sitting: Sitting, name: str, position: int | None = None) -> HttpResponse:
    """See other: a page of this sitting, by GET, so that reload and Back repeat nothing."""
    place = [] if position is None else [position]
    args = [sitting.assignment.classroom_id, sitting.pk, *place]
    return HttpResponseRedirect(reverse(f"classrooms:{name}", args=args), status=303)


def _preferences(request: HttpRequest) -> Preferences:
    return cast(Preferences, request.preferences)  # type: ignore[attr-defined]
