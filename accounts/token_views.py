"""The page of personal tokens: make, renew, delete. A secret is shown once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import TokenForm
from accounts.models import ApiToken, User
from accounts.tokens import MOST, TooManyTokensError, make, renew

SESSION_KEY = "api-secret"


def member(request: HttpRequest) -> User:
    """The person, who has an account. Raises Http404 for a guest."""
    if not isinstance(request.user, User) or request.user.is_guest:
        raise Http404
    return request.user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens that there are, and a form for another."""
    person = member(request)
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = make(person, **form.cleaned_data, now=timezone.now())
        except TooManyTokensError:
            form.add_error(
                None, _("You have %(most)s tokens already. Delete one that you do not use.") % {"most": MOST}
            )
        else:
            request.session[SESSION_KEY] = secret
            return redirect("accounts:tokens")
    context = {
        "form": form,
        "secret": request.session.pop(SESSION_KEY, "") if request.method == "GET" else "",
        "tokens": [(row, row.expires_at <= timezone.now()) for row in person.api_tokens.all()],
    }
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def token_renew(request: HttpRequest, token_id: int) -> HttpResponse:
    """Another secret in place of one that was lost, became known or is about to expire."""
    request.session[SESSION_KEY] = renew(_own(request, token_id), now=timezone.now())
    return redirect("accounts:tokens")


@require_POST
def token_delete(request: HttpRequest, token_id: int) -> HttpResponse:
    _own(request, token_id).delete()
    messages.success(request, _("The token is gone. Programs that used it can read nothing any more."))
    return redirect("accounts:tokens")


def _own(request: HttpRequest, token_id: int) -> ApiToken:
    return get_object_or_404(member(request).api_tokens, pk=token_id)
