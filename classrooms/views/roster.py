"""The roster of a class from a list and as one: give, look at every row's fate, confirm; and the file back."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import allow
from classrooms import importing
from classrooms.access import teaching
from classrooms.models import Member, RosterImport
from classrooms.roster import COLUMNS
from classrooms.roster_forms import RosterForm
from classrooms.views.cards import cards_page
from quizzes.interchange.table import cell

IMPORTS = "60/h"
READ = "roster_read"


@require_http_methods(["GET", "HEAD", "POST"])
def roster_import(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Paste a list or choose a file; what it holds is put aside and shown before anything is written."""
    actor = teaching(request.user, classroom_id)
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if request.method == "POST" and form.is_valid():
        if allow(request, "roster", rate=IMPORTS, whose=f"person-{actor.user_id}"):
            roster = form.cleaned_data["roster"]
            arrival = importing.keep(actor.classroom, actor.user, roster)
            request.session[READ] = {
                "arrival": arrival.pk,
                "encoding": roster.encoding.upper(),
                "ignored": list(roster.ignored),
                "has_header": roster.has_header,
                "has_usernames": roster.has_usernames,
            }
            return redirect("classrooms:roster_preview", classroom_id, arrival.pk)
        form.add_error(None, _("Too many lists. Try again in an hour."))
    context = {"classroom": actor.classroom, "form": form}
    return render(request, "classrooms/roster_import.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def roster_preview(request: HttpRequest, classroom_id: int, import_id: int) -> HttpResponse:
    """What would become of each row; a POST does it, once, and answers with the cards of the new accounts."""
    actor = teaching(request.user, classroom_id)
    mine = RosterImport.objects.filter(classroom=actor.classroom, actor=actor.user)
    arrival = get_object_or_404(mine.select_related("classroom", "actor"), pk=import_id)
    if request.method == "POST":
        return _confirmed(request, arrival)
    if arrival.confirmed_at is not None:
        messages.info(request, _("This list was added before. Nothing was written twice."))
        return redirect("classrooms:people", classroom_id)
    found = importing.fates(arrival)
    counts = importing.counted(found)
    read = request.session.get(READ, {})
    context = {
        "classroom": actor.classroom,
        "arrival": arrival,
        "fates": found,
        "counts": counts,
        "will_write": len(found) - counts["unchanged"] - counts["refused"],
        "read": read if read.get("arrival") == arrival.pk else {},
    }
    return render(request, "classrooms/roster_preview.html", context)


@sensitive_variables("outcome", "cards")
def _confirmed(request: HttpRequest, arrival: RosterImport) -> HttpResponse:
    try:
        outcome = importing.confirm(arrival, now=timezone.now())
    except (importing.ChangedMeanwhileError, IntegrityError):
        messages.warning(request, _("Somebody changed the class meanwhile. Nothing was written; look again."))
        return redirect("classrooms:roster_preview", arrival.classroom_id, arrival.pk)
    if outcome is None:
        messages.info(request, _("This list was added before. Nothing was written twice."))
        return redirect("classrooms:people", arrival.classroom_id)
    found, cards = outcome
    count = sum(fate.is_written for fate in found)
    words = ngettext("%(n)s line was taken.", "%(n)s lines were taken.", count) % {"n": count}
    left_out = [fate.row.text for fate in found if fate.verdict == importing.REFUSED]
    if cards or left_out:
        more: dict[str, Any] = {"done": words, "left_out": left_out}
        return cards_page(request, arrival.classroom, cards, **more)
    messages.success(request, words)
    return redirect("classrooms:people", arrival.classroom_id)


@require_safe
def roster_export(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The learners as CSV in UTF-8; given back to the import it changes nothing."""
    classroom = teaching(request.user, classroom_id).classroom
    learners = classroom.members.learners().active().select_related("user", "group")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in sorted(learners, key=lambda member: (member.shown_name.casefold(), member.pk)):
        writer.writerow([f"'{value}" if value.startswith("'") else cell(value) for value in _values(row)])
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{classroom.name}.csv")
    return response


def _values(member: Member) -> list[str]:
    group = member.group.name if member.group else ""
    return [member.shown_name, member.user.username, member.email, group, member.number]
