"""Log-in cards, shown once: in the answer to the very request that made the passwords, so that they are stored nowhere.

This is why the answer is a page and no redirect. A page brings a number that is used up by the first request, so that
a reload after printing does not make the printed cards worthless.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts.limits import allow
from classrooms.access import learner_of, teaching
from classrooms.cards import Card, renew, renewable
from classrooms.models import Classroom, Member
from classrooms.qr import qr_code

DAY_SECONDS = 86_400
RENEWALS = "1000/h"


def fresh() -> str:
    """A number for a form that makes cards."""
    return secrets.token_hex(8)


@require_POST
def member_password(request: HttpRequest, classroom_id: int, member_id: int) -> HttpResponse:
    """A new password for one learner whose account the class made. The old one is never shown."""
    classroom = teaching(request.user, classroom_id).classroom
    found = learner_of(classroom, member_id)
    return show_cards(request, classroom, Member.objects.filter(pk=found.pk))


@sensitive_variables("cards")
def show_cards(request: HttpRequest, classroom: Classroom, learners: Any) -> HttpResponse:
    """New passwords for those of `learners` who may be given one, on cards."""
    found: list[Member] = list(renewable(learners).select_related("user"))
    if not found:
        messages.error(request, _("These people look after their passwords themselves."))
        return redirect("classrooms:people", classroom.pk)
    once = request.POST.get("once", "")[:40]
    if not once.isalnum() or not cache.add(f"cards:{once}", 1, DAY_SECONDS):
        messages.warning(request, _("These cards were shown before. If you have not got them, make new ones."))
        return redirect("classrooms:people", classroom.pk)
    if not allow(request, "cards", rate=RENEWALS, whose=f"person-{request.user.pk}"):
        messages.error(request, _("Too many new passwords. Try again in an hour."))
        return redirect("classrooms:people", classroom.pk)
    cards = renew(found)
    return cards_page(request, classroom, cards)


def cards_page(request: HttpRequest, classroom: Classroom, cards: list[Card], **more: Any) -> HttpResponse:
    """The cards, for printing."""
    door = request.build_absolute_uri(reverse("account_login"))
    context = {"classroom": classroom, "cards": cards, "door": door, "qr": qr_code(door)} | more
    response = render(request, "classrooms/cards.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
