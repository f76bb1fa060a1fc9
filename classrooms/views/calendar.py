"""The calendar feed: a private address that is made, renewed and removed; whoever has it reads due times, no more."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import allow
from accounts.models import User
from classrooms import calendar as ics
from classrooms.codes import digest, new_secret
from classrooms.models import Calendar
from classrooms.work import Task, tasks

SESSION_KEY = "calendar-secret"


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Make the address, renew it, or take it away. It is shown once: only its digest is kept."""
    user = cast(User, request.user)
    if request.method == "POST":
        if "remove" in request.POST:
            Calendar.objects.filter(user=user).delete()
            messages.success(request, _("The address is gone. Calendars that used it find nothing any more."))
        else:
            secret = new_secret()
            values = {"digest": digest(secret), "created_at": timezone.now()}
            Calendar.objects.update_or_create(user=user, defaults=values)
            request.session[SESSION_KEY] = secret
        return HttpResponseRedirect(reverse("classrooms:calendar"), status=303)
    shown = request.session.pop(SESSION_KEY, "")
    address = request.build_absolute_uri(reverse("classrooms:calendar_feed", args=[shown])) if shown else ""
    kept = Calendar.objects.filter(user=user).first()
    return render(request, "classrooms/calendar.html", {"address": address, "kept": kept})


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What is due, for the calendar program that knows the address; 404 for every other, the same for a stale one."""
    found = Calendar.objects.select_related("user").filter(digest=digest(secret), user__is_active=True).first()
    if found is None:
        if not allow(request, "calendar"):
            return HttpResponse(status=429)
        raise Http404
    now = timezone.now()
    with translation.override(found.user.language or translation.get_language()):
        events = [_event(request, task) for task in tasks(found.user, now) if task.standing.due_at]
        body = ics.calendar(events, name=_("Jingdu: what is due"), now=now)
    response = HttpResponse(body, content_type=ics.CONTENT_TYPE)
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["Content-Disposition"] = 'inline; filename="jingdu.ics"'
    return response


def _event(request: HttpRequest, task: Task) -> ics.Event:
    assert task.standing.due_at is not None
    mark = "✓ " if task.standing.is_finished else ""
    return ics.Event(
        uid=f"assignment-{task.assignment.pk}@{request.get_host()}",
        at=task.standing.due_at,
        summary=f"{mark}{task.assignment.title} ({task.classroom.name})",
        description=task.assignment.instructions,
        url=request.build_absolute_uri(task.assignment.get_absolute_url()),
        revision=task.assignment.revision,
    )
