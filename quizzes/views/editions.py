"""Which older edition a course replaces: looked at first, then confirmed, and undone. For who may change both."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.models import Course
from quizzes import editions
from quizzes.views.bank import editable_course, frame
from quizzes.widgets import SpokenSelect


class EditionForm(forms.Form):
    """Which course of those that the person may change is the older edition."""

    older = forms.ModelChoiceField(
        Course.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Older edition that this document replaces"),
        widget=SpokenSelect,
    )

    def __init__(self, *args: Any, request: HttpRequest, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Course.objects.editable_by(request.user).exclude(pk=course.pk).defer("text")
        self.fields["older"].queryset = offered  # type: ignore[attr-defined]
        self.fields["older"].widget.spoken = dict(offered.values_list("slug", "language"))


@require_http_methods(["GET", "HEAD", "POST"])
def edition(request: HttpRequest, course: str) -> HttpResponse:
    """Choose the older edition and see what would become of the facts (GET), then confirm (POST)."""
    found = editable_course(request, course)
    data = request.POST if request.method == "POST" else request.GET if "older" in request.GET else None
    form = EditionForm(data, request=request, course=found)
    counts = None
    if form.is_bound and form.is_valid():
        try:
            older = form.cleaned_data["older"]
            counts = (editions.replace if request.method == "POST" else editions.preview)(older, found)
        except editions.EditionError as error:
            form.add_error("older", str(error.message))
        else:
            if request.method == "POST":
                messages.success(request, _("This document replaces its older edition now."))
                return redirect("curriculum:changes", found.slug)
    context = frame(request, found) | {"form": form, "counts": counts}
    return render(request, "quizzes/bank/edition.html", context, status=422 if form.errors else 200)


@require_POST
def edition_undo(request: HttpRequest, course: str) -> HttpResponse:
    """Let the course stand for itself again."""
    found = editable_course(request, course)
    try:
        editions.undo(found)
    except editions.EditionError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("This document stands for itself again."))
    return redirect("quizzes:edition", found.slug)
