"""The answer loop: start a run, ask, take the answer, show what was right, sum up. Without script it is the same."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import IntegerField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guests import person
from accounts.limits import allow
from accounts.models import User
from accounts.preferences import Preferences
from accounts.statements import Slot, Statement
from curriculum.reading import display
from quizzes import drafts, practice, progress, runs
from quizzes.feedback import feedback, verdict
from quizzes.forms import MAX_FACTS, FlagForm, StartForm, filled, typed_fields
from quizzes.kinds import KINDS, InvalidAnswer
from quizzes.models import MAX_TRIES, Attempt, AttemptItem, Response
from quizzes.recap import answered, next_lesson
from quizzes.runs import Place
from quizzes.standings import Day, lesson_mastery


@login_not_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin a run, or go on with today's. A visitor becomes a guest here, with the preferences chosen so far."""
    form = StartForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "quizzes/nothing_due.html", {"form": form}, status=422)
    learner = person(request)
    if learner is None:
        return render(request, "quizzes/nothing_due.html", {"is_limited": True}, status=429)
    wanted = form.cleaned_data
    scope: dict[str, Any] = {"scope": wanted["scope"], "lesson": wanted["lesson"], "fact_ids": wanted["fact"] or None}
    try:
        attempt = practice.start(learner, wanted["course"], **scope, now=timezone.now())
    except practice.NothingToAskError:
        return render(request, "quizzes/nothing_due.html", wanted | {"due": _left_due(request, wanted)})
    return redirect(attempt)


@require_safe
def attempt(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """The way into a run from anywhere: to the question that is next, or to the summary."""
    found = _attempt(request, attempt_id)
    item = runs.next_item(found, now=timezone.now())
    return redirect(item) if item is not None else redirect("quizzes:summary", found.pk)


@login_not_required  # sends to log-in itself, with what was typed
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, attempt_id: int, position: int) -> HttpResponse:
    """Ask, take the answer, or show what was recorded: the same address at each stage."""
    if not request.user.is_authenticated:
        return _to_log_in(request, attempt_id, position)
    item, place = _found(request, attempt_id, position)
    if request.method == "POST":
        return _take(request, item, place)
    if item.is_answered:
        return _page(request, item, place, _answered(item))
    if item.attempt.is_finished or not item.version.question.is_active:
        return _page(request, item, place, {"shown": _shown(item), "is_closed": True})
    runs.show(item, now=timezone.now())
    return _page(request, item, place, _asking(request, item, place))


@login_not_required
@require_POST
def hint(request: HttpRequest, attempt_id: int, position: int) -> HttpResponse:
    """Take the next hint; what was typed so far is kept for the page that follows."""
    if not request.user.is_authenticated:
        return _to_log_in(request, attempt_id, position)
    item, place = _found(request, attempt_id, position)
    level = request.POST.get("hint", "")
    practice.take_hint(item, level=int(level) if level in ("1", "2", "3") else None)
    drafts.keep(request, item.get_absolute_url(), try_number=place.tries + 1)
    return _see_other(item)


@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, attempt_id: int, position: int) -> HttpResponse:
    """Say that a question seems wrong: a page of its own, of which htmx puts only the region under the question."""
    item, place = _found(request, attempt_id, position)
    form = FlagForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        practice.flag(item, item.attempt.learner, **form.cleaned_data)
    is_flagged = place.is_flagged or form.is_valid()
    context = {"item": item, "flag_form": form, "is_flagged": is_flagged, "is_new": True}
    status = 422 if form.errors else 200
    if request.headers.get("HX-Request"):
        return render(request, "quizzes/_flag.html", context, status=status)
    if is_flagged:
        if form.is_valid():
            messages.success(request, _("Thank you. Somebody will look at this question."))
        return _see_other(item)
    context |= {"content": item.version.content, "display": display(item.attempt.course, _script(request))}
    return render(request, "quizzes/flag.html", context, status=status)


@require_safe
def summary(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """What came of a run; for one that is still open, so far."""
    found = _attempt(request, attempt_id)
    rows = answered(found)
    context = {
        "attempt": found,
        "course": found.course,
        "display": display(found.course, _script(request)),
        "summary": progress.summary(found),
        "rows": rows,
        "missed": list(dict.fromkeys(fact for row in rows for fact in row.facts))[:MAX_FACTS],
        "next_lesson": next_lesson(found),
    }
    return render(request, "quizzes/summary.html", context)


def _left_due(request: HttpRequest, wanted: dict[str, Any]) -> int:
    """How many facts are due although today's number of questions is used up; 0 where something else was wanted."""
    if wanted["scope"] != Attempt.Scope.DUE:
        return 0
    day = Day(timezone.now(), _preferences(request).zone)
    return sum(row.due for row in lesson_mastery(_learner(request), wanted["course"], day).values())


# Fetching through the person.


def _attempt(request: HttpRequest, attempt_id: int) -> Attempt:
    mine = (
        Attempt.objects.practice()
        .filter(learner=_learner(request))
        .select_related("course", "lesson", "learner")
        .defer("course__text")
    )
    return get_object_or_404(mine, pk=attempt_id)


def _found(request: HttpRequest, attempt_id: int, position: int) -> tuple[AttemptItem, Place]:
    try:
        return runs.find(_learner(request), attempt_id, position)
    except AttemptItem.DoesNotExist:
        raise Http404 from None


def _to_log_in(request: HttpRequest, attempt_id: int, position: int) -> HttpResponse:
    """Log in first, then come back to the question, with what was typed if the session ended meanwhile."""
    here = reverse("quizzes:question", args=[attempt_id, position])
    may_keep = request.method == "POST" and allow(request, "draft")
    if may_keep and drafts.keep(request, here, try_number=_try_number(request), is_unsent=True):
        messages.warning(request, _("You were signed out meanwhile. Sign in, and what you wrote is there again."))
    return redirect_to_login(here)


# Asking and answering.


def _take(request: HttpRequest, item: AttemptItem, place: Place) -> HttpResponse:
    """Record what was posted and lead to the page that shows it; 422 with the form as typed if it is no answer yet."""
    now = timezone.now()
    try_number = _try_number(request)
    is_open = not item.is_answered and try_number > place.tries
    gave_up = "give_up" in request.POST
    try:
        answer = None if gave_up else _read(item, request)
    except InvalidAnswer as problem:
        if is_open:
            return _page(request, item, place, _asking(request, item, place, problem), status=422)
        return _see_other(item)
    elapsed = practice.elapsed_ms(item, try_number=try_number, now=now)
    given: dict[str, Any] = {"answer": answer, "gave_up": gave_up, "try_number": try_number, "elapsed_ms": elapsed}
    try:
        response = practice.submit(item, **given, now=now, place=place)
    except practice.RefusedError as refusal:
        messages.warning(request, str(refusal.message))
        return _see_other(item)
    if response.answered_at != now and not _is_same(response, answer):
        messages.info(request, _("This was answered before. The answer recorded first stands."))
    return _see_other(item)


def _try_number(request: HttpRequest) -> int:
    return 2 if request.POST.get("try") == "2" else 1


def _read(item: AttemptItem, request: HttpRequest) -> Any:
    """The answer in the posted form. Raises InvalidAnswer also when there is none."""
    content = item.version.content
    kind = KINDS[content.kind]
    answer = kind.read(content, request.POST)
    if kind.grade(content, answer).verdict == "blank":
        raise InvalidAnswer(_("Answer the question, or press “I don’t know”."), code="blank")
    return answer


def _is_same(response: Response, answer: Any) -> bool:
    return bool(response.answer == ("" if answer is None else answer))


def _asking(
    request: HttpRequest, item: AttemptItem, place: Place, problem: InvalidAnswer | None = None
) -> dict[str, Any]:
    """The form: what the kind presents, with what was typed put back, and what the first try was like."""
    before = item.responses.filter(try_number=place.tries).first() if place.tries else None
    draft = None if problem else drafts.kept(request, item.get_absolute_url(), try_number=place.tries + 1)
    fields = draft["fields"] if draft else typed_fields(request.POST)
    if not fields and before is not None:
        fields = {"text": [str(before.answer)]}
    return {
        "shown": filled(_shown(item), fields),
        "problem": problem and problem.message,
        "notice": before and verdict(item.version.content, before),
        "draft": draft,
        "next_hint_level": item.hints_taken + 1,
        "try_number": min(place.tries + 1, MAX_TRIES),
    }


def _answered(item: AttemptItem) -> dict[str, Any]:
    """The feedback on what was recorded last, and the question as it was asked."""
    response = LAST_RESPONSE.rows(item=item.pk)[0]
    return {"shown": _shown(item), "feedback": feedback(item, response, now=timezone.now())}


LAST_RESPONSE = Statement(
    lambda: Response.objects.filter(item=Slot("item", IntegerField())).order_by("-try_number")[:1]
)


def _shown(item: AttemptItem) -> dict[str, Any]:
    """What the question's template needs, in the frozen order."""
    content = item.version.content
    return KINDS[content.kind].present(content, order=item.order, hints=item.hints_taken)


def _page(
    request: HttpRequest, item: AttemptItem, place: Place, state: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    course = item.attempt.course
    context = {
        "item": item,
        "attempt": item.attempt,
        "course": course,
        "lesson": item.version.question.lesson,
        "content": item.version.content,
        "display": display(course, _script(request)),
        "place": place,
        "done": place.total - place.others_open - (not item.is_answered),
        "to_repeat": place.repeats_open + (item.is_repeat and not item.is_answered),
        "kind_template": f"quizzes/kinds/{item.version.content.kind}.html",
        "feedback_template": f"quizzes/feedback/{item.version.content.kind}.html",
        "is_flagged": place.is_flagged,
    }
    return render(request, "quizzes/question.html", context | state, status=status)


def _see_other(item: AttemptItem) -> HttpResponse:
    """Back to the question's own address by GET, so that reload and Back repeat nothing."""
    return HttpResponseRedirect(item.get_absolute_url(), status=303)


def _learner(request: HttpRequest) -> User:
    """Whoever is logged in, a guest included."""
    return cast(User, request.user)


def _preferences(request: HttpRequest) -> Preferences:
    return cast(Preferences, request.preferences)  # type: ignore[attr-defined]


def _script(request: HttpRequest) -> str:
    return _preferences(request).script
