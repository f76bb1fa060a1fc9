"""Classes: the list, making one, its settings, and the code with which others get in."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from classrooms.access import teaching
from classrooms.class_forms import ClassroomEditForm, NewClassroomForm
from classrooms.models import Classroom, Member
from classrooms.overview import overview
from classrooms.qr import qr_code


@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    """The classes that one teaches, those that one attends, and the archived ones."""
    found = overview(cast(User, request.user), now=timezone.now())
    return render(request, "classrooms/classes.html", {"overview": found})


@require_http_methods(["GET", "HEAD", "POST"])
def classroom_new(request: HttpRequest) -> HttpResponse:
    """A name and a document; everything else later. Whoever makes a class owns it."""
    user = cast(User, request.user)
    if user.is_guest:
        raise PermissionDenied(_("Sign up to make a class: a guest's class would be lost with the guest."))
    form = NewClassroomForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        classroom = _made(form, user)
        messages.success(request, _("The class is ready. Learners join with this code."))
        return redirect("classrooms:code", classroom.pk)
    return render(request, "classrooms/classroom_new.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def _made(form: NewClassroomForm, user: User) -> Classroom:
    classroom: Classroom = form.save(commit=False)
    classroom.time_zone = user.time_zone
    classroom.save()
    classroom.members.create(user=user, role=Member.Role.OWNER, joined_at=timezone.now())
    return classroom


@require_http_methods(["GET", "HEAD", "POST"])
def classroom_edit(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The settings of a class."""
    member = teaching(request.user, classroom_id)
    classroom = member.classroom
    data = request.POST if request.method == "POST" else None
    form = ClassroomEditForm(data, instance=classroom, user=member.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("classrooms:classroom_edit", classroom.pk)
    if form.errors:
        classroom.refresh_from_db(fields=["name"])
    context = {"classroom": classroom, "member": member, "form": form}
    return render(request, "classrooms/classroom_edit.html", context, status=422 if form.errors else 200)


@require_safe
def code(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The code, large enough for a projector, with its link and QR code."""
    classroom = teaching(request.user, classroom_id).classroom
    link = request.build_absolute_uri(reverse("classrooms:join_code", args=[classroom.code]))
    context = {
        "classroom": classroom,
        "link": link,
        "door": request.build_absolute_uri(reverse("classrooms:join")),
        "qr": qr_code(link),
        "is_working": classroom.takes_joins(timezone.now()),
    }
    return render(request, "classrooms/code.html", context)


@require_POST
def code_new(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """A new code; the old one is dead at once."""
    teaching(request.user, classroom_id).classroom.renew_code()
    messages.success(request, _("This is the new code. The old one does not work any more."))
    return redirect("classrooms:code", classroom_id)


@require_POST
def code_switch(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Open or close the class to new learners."""
    classroom = teaching(request.user, classroom_id).classroom
    classroom.is_open = request.POST.get("is_open") == "1"
    classroom.save(update_fields=["is_open"])
    words = _("Learners can join with the code.") if classroom.is_open else _("Nobody can join with the code now.")
    messages.success(request, words)
    return redirect("classrooms:code", classroom_id)
