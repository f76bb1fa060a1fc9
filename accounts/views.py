"""The account pages that allauth does not have: settings, one's own data, and leaving."""

from __future__ import annotations

from collections.abc import Collection

from allauth.account.views import logout as allauth_logout
from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import personal_data
from accounts.forms import DeleteForm, SettingsForm
from accounts.models import User
from accounts.preferences import as_fields, has_chosen_zone, write

FORGET_IN_BROWSER = '"cache", "storage"'


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """One form, one Save; a visitor's choices are kept in the session."""
    person = request.user if isinstance(request.user, User) else None
    is_member = person is not None and not person.is_guest
    name = person.display_name if person else ""
    current = User(display_name=name, **as_fields(request.preferences))  # type: ignore[attr-defined]
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=current, has_name=is_member)
    if request.method != "POST" and not has_chosen_zone(request):
        form.fields["time_zone"].widget.attrs["data-zone"] = True
    if request.method == "POST" and form.is_valid():
        write(request, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return remember_language(redirect("accounts:settings"), form.cleaned_data["language"])
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/settings.html", {"form": form, "is_member": is_member}, status=status)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    chosen = choose(request, "language", [code for code, _name in django_settings.LANGUAGES])
    return remember_language(back(request), chosen)


@login_not_required
@require_POST
def script(request: HttpRequest) -> HttpResponse:
    choose(request, "script", User.Script.values)
    return back(request)


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    choose(request, "theme", User.Theme.values)
    return back(request)


@login_not_required
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    choose(request, "text_size", User.TextSize.values)
    return back(request)


@login_not_required
@require_POST
def typeface(request: HttpRequest) -> HttpResponse:
    choose(request, "typeface", User.Typeface.values)
    return back(request)


def choose(request: HttpRequest, name: str, values: Collection[str]) -> str:
    """Keep the one preference that was pressed. Raises BadRequest for a value that no button has."""
    chosen = request.POST.get(name)
    if chosen is None or chosen not in values:
        raise BadRequest(f"no such {name}")
    write(request, **{name: chosen})
    return chosen


def back(request: HttpRequest, *, otherwise: str | None = None) -> HttpResponse:
    """To the page that the button stood on, if `next` is one of ours; else to `otherwise`, or home."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    if is_ours and target.startswith(("/", "http")):  # `redirect` takes other things for the name of a view
        return redirect(target)
    return redirect(otherwise or django_settings.LOGIN_REDIRECT_URL)


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """Keep the language beyond this session, for the log-in page of the next one."""
    name = django_settings.LANGUAGE_COOKIE_NAME
    if not language:
        response.delete_cookie(name, samesite="Lax")
        return response
    response.set_cookie(
        name,
        language,
        max_age=django_settings.LANGUAGE_COOKIE_AGE,
        secure=django_settings.LANGUAGE_COOKIE_SECURE,
        httponly=django_settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything kept about the person, as one file."""
    assert isinstance(request.user, User)
    pretty = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(personal_data.export(request.user), json_dumps_params=pretty)
    response.headers["Content-Disposition"] = f'attachment; filename="jingdu-{timezone.localdate()}.json"'
    return response


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account after the password was given once more. A guest has none, and is asked whether to clear."""
    assert isinstance(request.user, User)
    answers = personal_data.answers(request.user)
    if request.user.is_guest:
        return render(request, "accounts/forget.html", {"answers": answers})
    if hindrances := personal_data.hindrances(request.user):
        status = 422 if request.method == "POST" else 200
        return render(request, "accounts/delete_later.html", {"hindrances": hindrances}, status=status)
    form = DeleteForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            return leave(request, request.user, _("Your account and everything kept about you are deleted."))
        except personal_data.HinderedError:  # since this request began
            return redirect("accounts:delete")
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/delete.html", {"form": form, "answers": answers}, status=status)


@login_not_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Finish and clear: on a shared computer, a guest leaves nothing to whoever comes next."""
    guest = request.user
    if not isinstance(guest, User):
        return redirect(django_settings.LOGIN_REDIRECT_URL)
    if not guest.is_guest:
        raise Http404
    return leave(request, guest, _("Your answers are deleted. This browser is ready for the next person."))


def leave(request: HttpRequest, user: User, words: str) -> HttpResponse:
    """Erase `user`, end every session, and tell the browser to drop what it keeps of this site."""
    personal_data.erase(user)
    if not user.is_guest:
        personal_data.end_sessions(user)
    end_session(request)
    messages.success(request, words)
    response = redirect(django_settings.LOGOUT_REDIRECT_URL)
    response.headers["Clear-Site-Data"] = FORGET_IN_BROWSER
    return response


@login_not_required
def logout(request: HttpRequest) -> HttpResponseBase:
    """allauth's log-out. A guest who leaves cannot come back, so a guest is asked whether to clear.

    With `next`, a guest has only called off a log-in that waited for its second step.
    """
    response: HttpResponseBase = allauth_logout(request)
    if getattr(request, "guest", None) and "next" not in request.POST:
        return redirect("accounts:delete")
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = FORGET_IN_BROWSER
    return response
