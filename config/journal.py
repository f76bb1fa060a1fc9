"""A number for every request, made here and never taken from the client, and one log line for every request."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from config.logs import loggable_path, request_id

GetResponse = Callable[[HttpRequest], HttpResponse]

requests = logging.getLogger("jingdu.requests")
security = logging.getLogger("jingdu.security")
DENIED = (403, 404)
PROBES = ("/healthz", "/readyz")
WAIT_SECONDS = {429: "60", 503: "2"}


def request_ids(get_response: GetResponse) -> GetResponse:
    """Number the request (`request.reference`), answer with X-Request-ID, and log what became of it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.reference = secrets.token_hex(6)  # type: ignore[attr-defined]
        kept = request_id.set(request.reference)  # type: ignore[attr-defined]
        began = time.monotonic()
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = request.reference  # type: ignore[attr-defined]
            if wait := WAIT_SECONDS.get(response.status_code):
                response.headers.setdefault("Retry-After", wait)
            note(request, response, milliseconds=round((time.monotonic() - began) * 1000))
        finally:
            request_id.reset(kept)
        return response

    return middleware


def note(request: HttpRequest, response: HttpResponse, *, milliseconds: int) -> None:
    """Log who asked for what; a signed-in person's 403 or 404 on a page that exists goes to the security log as well.

    The person is a number. Someone whose row was never read stays unnamed: reading it only to log it costs a query.
    """
    if request.path_info in PROBES and response.status_code == 200:
        return  # every few seconds, and nothing to learn from
    user = getattr(request, "_cached_user", None)
    event: dict[str, Any] = {
        "method": request.method if request.method in KNOWN_METHODS else "other",
        "path": loggable_path(request),
        "status": response.status_code,
        "ms": milliseconds,
        "user": getattr(user, "pk", None),
        "htmx": request.headers.get("HX-Request") == "true",
    }
    requests.info("request", extra={"event": event})
    if response.status_code in DENIED and event["user"] and getattr(request, "resolver_match", None):
        security.warning("denied", extra={"event": event})


KNOWN_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")


def pseudonym(name: str) -> str:
    """Twelve digits that are the same for the same name on this site, and from which the name cannot be read."""
    return hmac.new(settings.SECRET_KEY.encode(), b"log:" + name.casefold().encode(), hashlib.sha256).hexdigest()[:12]


@receiver(user_login_failed)
def note_failure(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A wrong password, by whatever door."""
    name = next((str(credentials[key]) for key in ("username", "email", "login") if credentials.get(key)), "")
    security.warning("log-in failed", extra={"event": {"account": pseudonym(name)}})


@receiver(user_logged_in)
def note_arrival(sender: Any, user: Any, **kwargs: Any) -> None:
    security.info("logged in", extra={"event": {"user": user.pk, "is_guest": user.is_guest}})


@receiver(user_logged_out)
def note_departure(sender: Any, user: Any, **kwargs: Any) -> None:
    security.info("logged out", extra={"event": {"user": getattr(user, "pk", None)}})
