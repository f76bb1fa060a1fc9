"""The bank as files of other programs, and back: export with what a format cannot carry, import after a look at it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Course
from quizzes import importing
from quizzes.bank_forms import FilterForm, UploadForm
from quizzes.browse import browse
from quizzes.editing import ChangedMeanwhileError
from quizzes.interchange import FORMATS, Portable
from quizzes.interchange.portable import portable
from quizzes.models import QuestionImport
from quizzes.views.bank import actor, editable_course, frame, query


@require_safe
def bank_export(request: HttpRequest, course: str) -> HttpResponse:
    """Every format for the questions that the filter leaves, each with what it cannot carry."""
    found = editable_course(request, course)
    wanted, questions = _selected(request, found)
    rows = [(name, format, format.export(questions, found.title).refused) for name, format in FORMATS.items()]
    context = frame(request, found) | {"rows": rows, "count": len(questions), "query": query(wanted)}
    return render(request, "quizzes/bank/export.html", context)


@require_safe
def bank_download(request: HttpRequest, course: str, format: str) -> HttpResponse:
    """The file."""
    found = editable_course(request, course)
    if format not in FORMATS:
        raise Http404
    chosen = FORMATS[format]
    data = chosen.export(_selected(request, found)[1], found.title).data
    response = HttpResponse(data, content_type=chosen.media_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{found.slug}{chosen.suffix}")
    return response


def _selected(request: HttpRequest, course: Course) -> tuple[dict[str, str], list[Portable]]:
    """The filters that are set, and the questions they leave; those asked now, unless another status is wanted."""
    wanted = FilterForm(request.GET, course=course).wanted
    rows = browse(course, {"status": "active"} | wanted)
    return wanted, [portable(row.current.content, row.current.number) for row in rows if row.current]


@require_http_methods(["GET", "HEAD", "POST"])
def bank_import(request: HttpRequest, course: str) -> HttpResponse:
    """Choose a file; what it holds is put aside and shown before anything is written."""
    found = editable_course(request, course)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        arrival = importing.keep(found, actor(request), form.cleaned_data["format"], form.cleaned_data["parsed"])
        return redirect("quizzes:bank_arrival", course, arrival.pk)
    context = frame(request, found) | {"form": form}
    return render(request, "quizzes/bank/import.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def bank_arrival(request: HttpRequest, course: str, arrival_id: int) -> HttpResponse:
    """What would become of each question of a file; a POST writes what may be taken, once."""
    found = editable_course(request, course)
    mine = QuestionImport.objects.filter(course=found, actor=actor(request)).select_related("course")
    arrival = get_object_or_404(mine, pk=arrival_id)
    if request.method == "POST":
        return _confirm(request, arrival)
    if arrival.confirmed_at is not None:
        messages.info(request, _("This file was imported before. Nothing was written twice."))
        return redirect("quizzes:bank", course)
    fates = importing.fates(arrival)
    verdicts = [fate.verdict for fate in fates]
    counts = {verdict: verdicts.count(verdict) for verdict in ("taken", "changed", "unchanged", "refused")}
    context: dict[str, Any] = {"arrival": arrival, "fates": fates, "counts": counts}
    context["will_write"] = counts["taken"] + counts["changed"]
    return render(request, "quizzes/bank/arrival.html", frame(request, found) | context)


def _confirm(request: HttpRequest, arrival: QuestionImport) -> HttpResponse:
    try:
        fates = importing.confirm(arrival, actor=actor(request))
    except ChangedMeanwhileError:
        messages.warning(request, _("Somebody changed a question meanwhile. Nothing was written; look again."))
        return redirect("quizzes:bank_arrival", arrival.course.slug, arrival.pk)
    if fates is None:
        messages.info(request, _("This file was imported before. Nothing was written twice."))
    else:
        count = sum(fate.verdict in ("taken", "changed") for fate in fates)
        words = ngettext("%(n)s question was written.", "%(n)s questions were written.", count)
        messages.success(request, words % {"n": count})
    return redirect("quizzes:bank", arrival.course.slug)
