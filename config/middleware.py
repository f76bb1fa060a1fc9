"""Rules for every response: who may keep a copy, and what an expired session answers to htmx."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


def headers(get_response: GetResponse) -> GetResponse:
    """What every response carries, also a static file, an error page and a refusal of the host."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response

    return middleware


def private_pages(get_response: GetResponse) -> GetResponse:
    """Let nobody keep a person's pages, and let no cache mix a page with its htmx fragment."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code >= 500:  # to ask who this is might wait for the same lock once more
            response.headers["Cache-Control"] = "no-store"
            return response
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ["HX-Request"])
        return response

    return middleware


def words_for_405(get_response: GetResponse) -> GetResponse:
    """A page, where Django answers nothing, for whoever opens the address of a form."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or request.method != "GET":
            return response
        page = render(request, "errors/405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware


def whole_page_login(get_response: GetResponse) -> GetResponse:
    """Answer a redirect to the log-in page as 204 + HX-Redirect, so that htmx never shows a form inside a page; and
    lead back from log-in to the page that somebody saw, not to the address of one of its forms, which shows nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        if not (isinstance(response, HttpResponseRedirect) and urlsplit(response.url).path == login):
            return response
        if request.headers.get("HX-Request") == "true":
            back = _back_to(request, request.headers.get("HX-Current-URL", ""))
            away = HttpResponseClientRedirect(f"{login}?{back}")
            away.status_code = 204
            return away
        wanted = QueryDict(urlsplit(response.url).query).get("next")
        seen = request.headers.get("Referer", "")
        if request.method == "POST" and wanted == request.get_full_path() and (back := _back_to(request, seen)):
            response.headers["Location"] = f"{login}?{back}"
        return response

    return middleware


def _back_to(request: HttpRequest, seen: str) -> str:
    """A query with the page that the person is looking at as `next`, if it is one of ours; otherwise ""."""
    query = QueryDict(mutable=True)
    if seen and url_has_allowed_host_and_scheme(seen, allowed_hosts={request.get_host()}):
        query["next"] = urlsplit(seen).path
    return query.urlencode(safe="/")
