"""The choice of the weekly mail, and the way out of it from the mail itself."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.digests import of_link, unsubscribe, wishes
from accounts.forms import DigestForm
from accounts.token_views import member


@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: HttpRequest) -> HttpResponse:
    """Which parts of the weekly mail the person wants."""
    person = member(request)
    form = DigestForm(request.POST if request.method == "POST" else None, instance=wishes(person))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:digest")
    address = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk").first()
    status = 422 if form.errors else 200
    return render(request, "accounts/digest.html", {"form": form, "address": address}, status=status)


@csrf_exempt  # a mail program presses the button (RFC 8058): the signature in the address is the permission
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """No more weekly mail, without logging in. To open the link changes nothing: programs that scan mail do that."""
    person = of_link(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        unsubscribe(person)
    return render(request, "accounts/unsubscribe.html", {"token": token, "is_done": request.method == "POST"})
