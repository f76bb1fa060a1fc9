"""Error pages with words for the person, in the frame of the site, and with the number under which the log has it.

What went wrong on the server is told without the database, which may be what went wrong, in all three languages.
"""

from __future__ import annotations

import sys
from typing import Any

from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django_htmx.http import reswap, retarget

PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")
"""What SQLite says of a lock held too long, a full disk and a disk that does not answer; not of a missing table."""

SECRETS = ("password", "code", "secret")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or came from elsewhere: nothing was changed.

    What a page of ours sent (somebody logged in in another tab since) may be sent again by a press, and htmx shows that
    in place of the page. A browser tells truly which site a form came from, so nobody else's form is offered again.
    """
    fields = _fields(request) if request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}" else []
    if fields and request.headers.get("HX-Request") == "true":
        page = render(request, "errors/403_csrf.html", {"fields": fields}, status=422)
        return reswap(retarget(page, "#main"), "innerHTML")
    return render(request, "errors/403_csrf.html", {"fields": fields}, status=403)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of each posted field; none where there is a secret among them, or a file, which cannot be kept."""
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    if request.FILES or any(secret in name for name in names for secret in SECRETS):
        return []
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    """More was sent than is taken."""
    return render(request, "errors/413.html", status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 and when to try again where the database could not be reached or written; 500 for a fault of ours."""
    if is_passing(sys.exception()):
        return _bare(request, "errors/503.html", 503)
    return _bare(request, "500.html", 500)


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    context: dict[str, Any] = {"reference": getattr(request, "reference", "")}
    return HttpResponse(render_to_string(template, context), status=status)


def is_passing(error: BaseException | None) -> bool:
    """Whether the same request may succeed a moment later: the database is locked, full, restarting or away."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    name: str | None = getattr(error.__cause__, "sqlite_errorname", None)
    return name is None or name.startswith(PASSING)
