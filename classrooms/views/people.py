"""The people of a class: the list, one learner, letting in, removing and taking back, several at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classrooms.access import learner_of, teaching
from classrooms.cards import renewable
from classrooms.models import Member
from classrooms.people import SORTS, admit, chosen
from classrooms.people import people as everybody
from classrooms.people_forms import ChosenForm, MemberForm, SearchForm
from classrooms.views.cards import fresh, show_cards


@require_safe
def people(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Who is in the class; `?q=`, `?group=` choose, `?sort=` orders, `?removed=` offers to take a removal back."""
    member = teaching(request.user, classroom_id)
    classroom = member.classroom
    found = everybody(classroom)
    groups = classroom.groups.all()
    form = SearchForm(request.GET, groups=groups)
    sort = request.GET.get("sort", "name")
    wanted = form.wanted
    removed = request.GET.get("removed", "")
    context = {
        "classroom": classroom,
        "member": member,
        "people": found,
        "lines": chosen(found.lines, **wanted, sort=sort),
        "is_search": any(wanted.values()),
        "form": form,
        "groups": list(groups),
        "heads": _heads(request, sort),
        "invitations": [row for row in classroom.invitations.all() if row.accepted_at is None],
        "link": request.session.pop("invitation", ""),
        "removed": next((row for row in found.gone if str(row.pk) == removed), None),
        "once": fresh(),
        "now": timezone.now(),
    }
    return render(request, "classrooms/people.html", context)


def _heads(request: HttpRequest, sort: str) -> list[dict[str, str]]:
    """The heads of the table as links that sort by it, downwards when it is sorted by it already."""
    words = {"name": _("Name"), "group": _("Group"), "number": _("Student number"), "active": _("Last active")}
    heads = []
    for name in SORTS:
        down = sort == name
        query = {key: request.GET[key] for key in ("q", "group") if request.GET.get(key)}
        direction = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
        heads.append(
            {
                "name": words[name],
                "url": f"?{urlencode(query | {'sort': f'-{name}' if down else name})}",
                "sort": direction,
            }
        )
    return heads


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, classroom_id: int, member_id: int) -> HttpResponse:
    """What the class knows of one learner, and what they are granted."""
    classroom = teaching(request.user, classroom_id).classroom
    found = learner_of(classroom, member_id)
    form = MemberForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid() and _saved(form):
        messages.success(request, _("Saved."))
        return redirect("classrooms:people", classroom_id)
    if form.errors:
        found.refresh_from_db()
    may_renew = renewable(Member.objects.filter(pk=found.pk)).exists()
    context = {"classroom": classroom, "found": found, "form": form, "may_renew": may_renew, "once": fresh()}
    return render(request, "classrooms/member.html", context, status=422 if form.errors else 200)


def _saved(form: MemberForm) -> bool:
    """Save; False, with an error at the number, when another got the same number in this very moment."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("number", _("Another learner has this number."))
        return False
    return True


@require_POST
def admit_all(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Let everybody in who waits."""
    classroom = teaching(request.user, classroom_id).classroom
    count = admit(classroom.members.all())
    words = ngettext("%(n)s learner is in the class now.", "%(n)s learners are in the class now.", count)
    messages.success(request, words % {"n": count})
    return redirect("classrooms:people", classroom_id)


@require_POST
def member_admit(request: HttpRequest, classroom_id: int, member_id: int) -> HttpResponse:
    """Let one in who waits, or take a removal back."""
    classroom = teaching(request.user, classroom_id).classroom
    found = learner_of(classroom, member_id)
    if not found.is_active:
        found.come_back(Member.Status.ACTIVE)
    messages.success(request, _("%(name)s is in the class.") % {"name": found.shown_name})
    return redirect("classrooms:people", classroom_id)


@require_http_methods(["GET", "HEAD", "POST"])
def member_remove(request: HttpRequest, classroom_id: int, member_id: int) -> HttpResponse:
    """Remove somebody, after a page that says what stays. Only the owner removes an instructor; nobody the owner."""
    actor = teaching(request.user, classroom_id)
    found = get_object_or_404(actor.classroom.members.select_related("user"), pk=member_id)
    if found.teaches and (actor.role != Member.Role.OWNER or found.role == Member.Role.OWNER):
        raise PermissionDenied(_("Only the owner removes those who teach the class."))
    if request.method != "POST":
        context = {"classroom": actor.classroom, "found": found}
        return render(request, "classrooms/member_remove.html", context)
    found.go(Member.Status.REMOVED, now=timezone.now())
    messages.success(request, _("%(name)s is removed. The record is kept.") % {"name": found.shown_name})
    return redirect(f"{reverse('classrooms:people', args=[classroom_id])}?removed={found.pk}")


@require_POST
def people_many(request: HttpRequest, classroom_id: int) -> HttpResponse:
    """Do one thing with several learners: `do` is "group" or "cards"."""
    classroom = teaching(request.user, classroom_id).classroom
    form = ChosenForm(request.POST, classroom=classroom)
    if not form.is_valid():
        messages.error(request, _("Choose learners first."))
        return redirect("classrooms:people", classroom_id)
    learners: Any = form.cleaned_data["member"]
    if request.POST.get("do") == "cards":
        return show_cards(request, classroom, learners)
    count = learners.update(group=form.cleaned_data["group"])
    words = ngettext("%(n)s learner has changed the group.", "%(n)s learners have changed the group.", count)
    messages.success(request, words % {"n": count})
    return redirect("classrooms:people", classroom_id)
