"""Answers that did not count: look through them, accept one; and the learner who is told puts the notice away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.views import back
from curriculum.models import Course
from quizzes.bank_forms import AcceptForm
from quizzes.contested import accept, groups
from quizzes.editing import ChangedMeanwhileError, FlawedQuestionError
from quizzes.models import Notice
from quizzes.validity import ERROR
from quizzes.views.bank import actor, editable_course, frame, in_words


@require_safe
def bank_contested(request: HttpRequest, course: str) -> HttpResponse:
    """Typed answers that do not count, contested ones first, then the most frequent."""
    return _page(request, editable_course(request, course))


@require_POST
def bank_accept(request: HttpRequest, course: str) -> HttpResponse:
    """Let an answer count, from now on and for everybody who gave it before; then back to where it was shown."""
    found = editable_course(request, course)
    form = AcceptForm(request.POST, course=found)
    if not form.is_valid():
        return _page(request, found, status=422, form=form)
    wanted = form.cleaned_data
    given = {
        "now": timezone.now(),
        "member": wanted["member"],
        "reason": wanted["reason"],
        "overrule": "overrule" in request.POST,
    }
    try:
        changed = accept(wanted["question"], wanted["answer"], actor=actor(request), **given)
    except FlawedQuestionError as flawed:
        may_overrule = all(finding.severity != ERROR for finding in flawed.findings)
        return _page(request, found, status=422, form=form, faults=in_words(flawed.findings), may_overrule=may_overrule)
    except ChangedMeanwhileError:
        return _page(request, found, status=409, form=form, is_stale=True)
    words = ngettext("It counts now; %(n)s earlier answer too.", "It counts now; %(n)s earlier answers too.", changed)
    messages.success(request, words % {"n": changed})
    return back(request, otherwise=reverse("quizzes:bank_contested", args=[course]))


@require_POST
def notice_dismiss(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Put away a notice of one's own."""
    notice = get_object_or_404(Notice.objects.filter(learner=actor(request)), pk=notice_id)
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
        messages.info(request, _("The notice is put away."))
    return redirect("quizzes:home")


def _page(request: HttpRequest, course: Course, *, status: int = 200, **more: Any) -> HttpResponse:
    context = frame(request, course) | {"groups": groups(course)} | more
    return render(request, "quizzes/bank/contested.html", context, status=status)
