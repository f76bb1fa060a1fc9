"""What holds for every request: preferences, guests as strangers at the log-in, 422 for forms with errors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone, translation

from accounts.models import User
from accounts.preferences import read

GetResponse = Callable[[HttpRequest], HttpResponse]

NOTED_EVERY = timedelta(days=1)
DOORS = ("account_", "mfa_", "accounts:logout")


def preferences(get_response: GetResponse) -> GetResponse:
    """Set `request.preferences`; LocaleMiddleware before this one has already chosen the browser's language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        note_visit(request)
        chosen = read(request)
        request.preferences = chosen  # type: ignore[attr-defined]
        if chosen.language:
            translation.activate(chosen.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(chosen.zone):
            return get_response(request)

    return middleware


def note_visit(request: HttpRequest) -> None:
    """Once a day, put off the day on which a guest's session ends and `manage.py sweep` deletes the guest."""
    guest = request.user
    if not (isinstance(guest, User) and guest.is_guest):
        return
    if timezone.now() - (guest.last_login or guest.date_joined) > NOTED_EVERY:
        guest.last_login = timezone.now()
        User.objects.filter(pk=guest.pk).update(last_login=guest.last_login)
        request.session.modified = True


class GuestsOutside:
    """Show allauth a guest as nobody: it would turn a guest away from log-in, and give a guest a password page.

    The guest stays logged in and stands in `request.guest`, from where `accounts.adapter` takes the history along.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        user, match = request.user, request.resolver_match
        if match and match.view_name.startswith(DOORS) and isinstance(user, User) and user.is_guest:
            request.guest = user  # type: ignore[attr-defined]
            request.user = AnonymousUser()


class InvalidForms:
    """Answer 422 where a class-based view, allauth's for instance, shows a form again with its errors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and getattr(form, "errors", None):
            response.status_code = 422
        return response
