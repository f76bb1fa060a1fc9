"""Reports out of the app: as files for a spreadsheet, and as JSON for programs with a personal token (docs/api.md)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.limits import allow
from accounts.preferences import read
from accounts.tokens import READ_REPORTS, bearer
from reports.exports import TYPES, as_data, as_file
from reports.tables import Table
from reports.views.sheets import BUILDERS, Sheets

RATE = "120/m"
"""Requests of one token."""
GUESSES = "30/m"
"""Requests without a good token from one address."""


@require_safe
def export(request: HttpRequest, *, report: str, format: str, **ids: Any) -> HttpResponse:
    """A report as a file; `?table=` leaves all tables out but one."""
    if format not in TYPES:
        raise Http404
    found = BUILDERS[report](request, **ids)
    name = f"{slugify(found.title) or 'jingdu'}-{report.replace('_', '-')}-{timezone.localdate()}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(as_file(_wanted(request, found), format), content_type=TYPES[format], headers=headers)


@login_not_required
@require_safe
def data(request: HttpRequest, *, report: str, **ids: Any) -> HttpResponse:
    """A report as JSON, for whoever sends a personal token in the header Authorization. Cookies count for nothing."""
    token = bearer(request, READ_REPORTS, now=timezone.now())
    if token is None:
        status = 401 if allow(request, "api-guess", rate=GUESSES) else 429
        return _refused(status, {401: "token", 429: "slow_down"}[status])
    if not allow(request, "api", rate=RATE, whose=str(token.pk)):
        return _refused(429, "slow_down")
    request.user = token.user
    request.preferences = read(request)  # type: ignore[attr-defined]
    with timezone.override(request.preferences.zone):  # type: ignore[attr-defined]
        try:
            found = BUILDERS[report](request, **ids)
            tables = _wanted(request, found)
        except Http404:
            return _refused(404, "not_found")
        except PermissionDenied:
            return _refused(403, "not_allowed")
    own = found.course
    course = own and {"slug": own.slug, "title": own.title, "sha256": own.sha256}
    about = {"report": report, "title": found.title, "at": found.at, "course": course}
    return _answer(about | {"tables": [as_data(table) for table in tables]})


def _wanted(request: HttpRequest, found: Sheets) -> tuple[Table, ...]:
    """All tables, or the one that is named. Raises Http404 for a name that none has."""
    key = request.GET.get("table")
    if not key:
        return found.tables
    tables = tuple(table for table in found.tables if table.key == key)
    if not tables:
        raise Http404
    return tables


def _refused(status: int, error: str) -> HttpResponse:
    response = _answer({"error": error}, status=status)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="reports"'
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response


def _answer(content: dict[str, Any], status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store, private", "Vary": "Authorization, Accept-Language"}
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False}, headers=headers)


def links(request: HttpRequest) -> list[tuple[str, str]]:
    """For `reports/_files.html`: the page that is shown as files, whole. Each page has its files below its address."""
    query = request.GET.copy()
    query.pop("page", None)
    asked = f"?{query.urlencode()}" if query else ""
    return [(format.upper(), f"{request.path}export/{format}/{asked}") for format in TYPES]
