"""Joining a class: by a code that is typed, by a link or QR code that carries it, and leaving again.

Guesses are counted per account, and for visitors per address: wrong ones only, so that a class of 40 behind one address
gets in, and a visitor's guesses lock nobody out who has an account.
"""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.guests import person
from accounts.limits import allow, is_used_up
from accounts.models import User
from classrooms.access import membership
from classrooms.class_forms import CodeForm, JoinForm
from classrooms.joining import JoinError
from classrooms.joining import join as join_class
from classrooms.models import Classroom, Member

GUESSES_OF_ONE = "20/10m"
GUESSES_OF_MANY = "300/10m"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """One field for the code; the page of the class follows."""
    form = CodeForm(request.POST if request.method == "POST" else None, now=timezone.now())
    if request.method != "POST":
        return render(request, "classrooms/join.html", {"form": form})
    if (refusal := _refusal(request, form)) is not None:
        return refusal
    return redirect("classrooms:join_code", form.cleaned_data["code"])


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_code(request: HttpRequest, code: str) -> HttpResponse:
    """What one joins: class, instructor, and what the instructor will see. A visitor who joins becomes a guest."""
    found = CodeForm({"code": code}, now=timezone.now())
    if (refusal := _refusal(request, found)) is not None:
        return refusal
    classroom: Classroom = found.cleaned_data["classroom"]
    if (already := _already(request, classroom)) is not None:
        return already
    user = request.user if isinstance(request.user, User) else None
    is_guest = user is None or user.is_guest
    name = user.display_name if user and not is_guest else ""
    form = JoinForm(request.POST if request.method == "POST" else None, is_guest=is_guest, initial={"name": name})
    if request.method == "POST" and form.is_valid():
        return _joined(request, classroom, form)
    owner = classroom.members.select_related("user").get(role=Member.Role.OWNER)
    context = {"classroom": classroom, "owner": owner, "form": form, "is_guest": is_guest}
    return render(request, "classrooms/join_code.html", context, status=422 if form.errors else 200)


def _refusal(request: HttpRequest, form: CodeForm) -> HttpResponse | None:
    """The answer to a code that opens nothing, or to too many of them; None for one that opens a class."""
    whose = f"person-{request.user.pk}" if request.user.pk else ""
    rate = GUESSES_OF_ONE if whose else GUESSES_OF_MANY
    if is_used_up(request, "class-code", rate=rate, whose=whose):
        return render(request, "classrooms/join.html", {"form": form, "is_limited": True}, status=429)
    if form.is_valid():
        return None
    allow(request, "class-code", rate=rate, whose=whose)
    return render(request, "classrooms/join.html", {"form": form}, status=422)


def _already(request: HttpRequest, classroom: Classroom) -> HttpResponse | None:
    """Where somebody goes who is in the class, or on its list, before."""
    member = classroom.members.filter(user=request.user.pk).first() if request.user.pk else None
    if member is None or member.status not in (Member.Status.ACTIVE, Member.Status.WAITING):
        return None
    if not member.is_active:
        messages.info(request, _("You are on the list already. You are in as soon as the instructor lets you in."))
        return redirect("classrooms:classes")
    messages.info(request, _("You teach this class.") if member.teaches else _("You are in this class already."))
    return redirect(classroom)


def _joined(request: HttpRequest, classroom: Classroom, form: JoinForm) -> HttpResponse:
    user = person(request)
    if user is None:
        return render(request, "classrooms/join.html", {"form": form, "is_limited": True}, status=429)
    try:
        member = join_class(classroom, user, name=form.cleaned_data["name"], now=timezone.now())
    except JoinError as error:
        messages.error(request, str(error.message))
        return redirect("classrooms:join")
    if user.is_guest:
        messages.warning(request, _("You are here as a guest. Sign up to keep your place when you change the browser."))
    if not member.is_active:
        messages.success(request, _("You are on the list. You are in as soon as the instructor lets you in."))
        return redirect("classrooms:classes")
    messages.success(request, _("Welcome to %(name)s.") % {"name": classroom.name})
    return redirect(classroom)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Leave a class, after a page that says what stays. The owner hands it over first."""
    member = membership(request.user, classroom_id)
    if member.role == Member.Role.OWNER:
        raise PermissionDenied(_("A class has an owner. Hand it over or delete it instead."))
    if request.method == "POST":
        member.go(Member.Status.LEFT, now=timezone.now())
        messages.success(request, _("You have left %(name)s.") % {"name": member.classroom.name})
        return redirect("classrooms:classes")
    user = cast(User, request.user)
    context = {"classroom": member.classroom, "member": member, "is_guest": user.is_guest}
    return render(request, "classrooms/leave.html", context)
