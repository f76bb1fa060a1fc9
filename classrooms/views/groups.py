"""Groups of a class, and invitations for those who shall teach it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.limits import allow, is_used_up
from accounts.models import User
from classrooms.access import owning, teaching
from classrooms.invitations import accept, find_invitation, invite
from classrooms.joining import JoinError
from classrooms.models import Member
from classrooms.people_forms import GroupForm, InvitationForm
from classrooms.views.joining import GUESSES_OF_ONE


@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """The groups, and a new one."""
    classroom = teaching(request.user, classroom_id).classroom
    form = GroupForm(request.POST if request.method == "POST" else None, classroom=classroom)
    if request.method == "POST" and form.is_valid() and _saved(form):
        messages.success(request, _("The group is there. Choose its learners in the list."))
        return redirect("classrooms:groups", classroom_id)
    active = Q(members__status=Member.Status.ACTIVE)
    rows = classroom.groups.annotate(learners=Count("members", filter=active))
    context = {"classroom": classroom, "form": form, "groups": rows}
    return render(request, "classrooms/groups.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, classroom_id: int, group_id: int) -> HttpResponse:
    """Another name for a group, or its end; its learners stay in the class."""
    classroom = teaching(request.user, classroom_id).classroom
    found = get_object_or_404(classroom.groups, pk=group_id)
    is_target = found.assignments.exists()
    if request.POST.get("do") == "delete" and not is_target:
        found.delete()
        messages.success(request, _("The group is deleted. Its learners are still in the class."))
        return redirect("classrooms:groups", classroom_id)
    form = GroupForm(request.POST if request.method == "POST" else None, instance=found, classroom=classroom)
    if request.method == "POST" and form.is_valid() and _saved(form):
        messages.success(request, _("Saved."))
        return redirect("classrooms:groups", classroom_id)
    context = {"classroom": classroom, "form": form, "group": found, "only": is_target}
    return render(request, "classrooms/group.html", context, status=422 if form.errors else 200)


def _saved(form: GroupForm) -> bool:
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("name", _("There is a group of this name."))
        return False
    return True


@require_POST
def invitation_new(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """A link that makes one person an instructor; the people page shows it once."""
    member = owning(request.user, classroom_id)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("classrooms:people", classroom_id)
    label = form.cleaned_data["label"]
    secret = invite(member.classroom, inviter=member.user, label=label, now=timezone.now())
    request.session["invitation"] = request.build_absolute_uri(reverse("classrooms:invitation", args=[secret]))
    return redirect(f"{reverse('classrooms:people', args=[classroom_id])}#teachers")


@require_POST
def invitation_withdraw(request: HttpRequest, classroom_id: int, invitation_id: int) -> HttpResponse:
    """Make a link worthless that nobody has used."""
    classroom = owning(request.user, classroom_id).classroom
    get_object_or_404(classroom.invitations, pk=invitation_id, accepted_at=None).delete()
    messages.success(request, _("The invitation does not work any more."))
    return redirect("classrooms:people", classroom_id)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What one is invited to teach; a POST accepts. Guests sign up first."""
    user = cast(User, request.user)
    if user.is_guest:
        raise PermissionDenied(_("Sign up to teach a class, then open the invitation again."))
    whose = f"person-{user.pk}"
    if is_used_up(request, "invitation", rate=GUESSES_OF_ONE, whose=whose):
        return render(request, "classrooms/invitation.html", {"problem": _("Too many tries.")}, status=429)
    try:
        found = find_invitation(secret, now=timezone.now())
        if request.method == "POST":
            accept(found, user, now=timezone.now())
    except JoinError as error:
        allow(request, "invitation", rate=GUESSES_OF_ONE, whose=whose)
        return render(request, "classrooms/invitation.html", {"problem": error.message}, status=422)
    if request.method == "POST":
        messages.success(request, _("You teach %(name)s now.") % {"name": found.classroom.name})
        return redirect("classrooms:people", found.classroom_id)
    owner = found.classroom.members.select_related("user").get(role=Member.Role.OWNER)
    context = {"classroom": found.classroom, "owner": owner, "secret": secret}
    return render(request, "classrooms/invitation.html", context)
