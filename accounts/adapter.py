"""How allauth meets guests: sign-up makes a member of the guest's own row, log-in moves the guest's history."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.limits import PASSWORDS, SIGN_UPS, allow
from accounts.models import User
from accounts.names import normal_name, validate_username
from accounts.personal_data import answers, merge
from accounts.preferences import for_somebody_new

NOT_RIGHT = gettext_lazy("The name or the password is not right.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """`request.guest` is the guest whose session this is, set by `accounts.middleware.GuestsOutside`."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": NOT_RIGHT,
        "email_password_mismatch": NOT_RIGHT,
        "incorrect_password": gettext_lazy("The password is not right."),
        "enter_current_password": gettext_lazy("The current password is not right."),
        "username_taken": gettext_lazy("Somebody has this user name. Choose another."),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries. Try again in five minutes, or set a new password if your account has an e-mail address."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if request.method == "POST" and not allow(request, "sign-up", rate=SIGN_UPS):
            raise ImmediateHttpResponse(respond_429(request))
        return True

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try against its address, then (in allauth) against its account, before a password is looked at."""
        if not allow(request, "password", rate=PASSWORDS):
            raise ImmediateHttpResponse(respond_429(request))
        super().pre_authenticate(request, **credentials)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        name = normal_name(username)
        validate_username(name)
        return str(super().clean_username(name, shallow))

    def new_user(self, request: HttpRequest) -> User:
        guest: User | None = getattr(request, "guest", None)
        return guest or User(**for_somebody_new(request))

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Save the new member. A guest's row changes once: whoever comes second with the same session must log in."""
        super().save_user(request, user, form, commit=False)
        with transaction.atomic():
            if user.is_guest and not User.objects.guests().filter(pk=user.pk).update(is_guest=False):
                raise ImmediateHttpResponse(redirect("account_login"))
            user.is_guest = False
            user.save()
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        """Log in, once every step is done. The history moves first, for logging in ends the guest's session."""
        guest: User | None = getattr(request, "guest", None)
        if guest is None:
            carried = 0
        elif guest.pk == user.pk:
            request.user = user
            update_session_auth_hash(request, user)  # otherwise the new password would end this very session
            carried = answers(user)
        else:
            carried = merge(guest, user)
        super().login(request, user)
        request.carried = carried  # type: ignore[attr-defined]

    def post_login(self, request: HttpRequest, user: User, *, signup: bool, **hooks: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, signup=signup, **hooks)
        carried: int = getattr(request, "carried", 0)
        if signup:
            messages.success(request, _("Your account is ready."))
        if signup and carried:
            kept = ngettext("%(count)d answer is kept.", "%(count)d answers are kept.", carried)
            messages.success(request, kept % {"count": carried})
        elif carried:
            moved = ngettext(
                "%(count)d answer moved to your account.", "%(count)d answers moved to your account.", carried
            )
            messages.success(request, moved % {"count": carried})
        return response


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("The code is not right. The app shows a new one every 30 seconds."),
    }
