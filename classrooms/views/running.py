"""The life of a class: archive, restore, duplicate, hand over, delete."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from classrooms import running
from classrooms.access import owning, teaching
from classrooms.courses import teachable_by
from classrooms.people import hand_over
from classrooms.running_forms import CopyForm, EndForm, SuccessorForm


@require_POST
def classroom_archive(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Put a class away; it can be restored."""
    running.archive(teaching(request.user, classroom_id).classroom, now=timezone.now())
    messages.success(request, _("The class is archived. Everything in it is kept, and you can restore it."))
    return redirect("classrooms:classes")


@require_POST
def classroom_restore(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Take an archived class back."""
    running.restore(teaching(request.user, classroom_id).classroom)
    messages.success(request, _("The class is back."))
    return redirect("classrooms:classroom_edit", classroom_id)


@require_http_methods(["GET", "HEAD", "POST"])
def classroom_copy(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The same class for the next term, without people; whoever copies it owns the copy."""
    actor = teaching(request.user, classroom_id)
    classroom = actor.classroom
    if not teachable_by(request.user).filter(pk=classroom.course_id).exists():
        raise PermissionDenied(_("A newer edition replaces the document of this class. Make a new class for it."))
    form = CopyForm(request.POST if request.method == "POST" else None, initial={"name": classroom.name})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        made = running.duplicate(classroom, owner=actor.user, name=name, now=timezone.now())
        messages.success(request, _("The new class is ready. Its work is there as drafts, without times."))
        return redirect("classrooms:code", made.pk)
    context = {"classroom": classroom, "form": form}
    return render(request, "classrooms/classroom_copy.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def classroom_transfer(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Another instructor becomes the owner; the owner stays as an instructor."""
    owner = owning(request.user, classroom_id)
    form = SuccessorForm(request.POST if request.method == "POST" else None, classroom=owner.classroom)
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["successor"]
        if hand_over(owner, successor):
            words = _("%(name)s owns the class now. You still teach it.") % {"name": successor.shown_name}
            messages.success(request, words)
            return redirect("classrooms:people", classroom_id)
        form.add_error("successor", _("This person does not teach the class any more. Choose another."))
    has_any = form.fields["successor"].queryset.exists()  # type: ignore[attr-defined]
    context = {"classroom": owner.classroom, "form": form, "has_any": has_any}
    return render(request, "classrooms/classroom_transfer.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def classroom_delete(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Say what goes, and delete the class once its name is typed."""
    classroom = owning(request.user, classroom_id).classroom
    form = EndForm(request.POST if request.method == "POST" else None, classroom=classroom)
    if request.method == "POST" and form.is_valid():
        name = classroom.name
        running.delete(classroom, now=timezone.now())
        messages.success(request, _("The class %(name)s is deleted.") % {"name": name})
        return redirect("classrooms:classes")
    context = {"classroom": classroom, "form": form, "contents": running.contents(classroom)}
    return render(request, "classrooms/classroom_delete.html", context, status=422 if form.errors else 200)
