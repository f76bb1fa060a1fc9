"""/healthz: the process answers. /readyz: it can do its work, said only to this machine and to the proxy itself."""

from __future__ import annotations

import ipaddress
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

GetResponse = Callable[[HttpRequest], HttpResponse]

ENOUGH_BYTES = 200 * 1024 * 1024
log = logging.getLogger("jingdu.health")


def probes(get_response: GetResponse) -> GetResponse:
    """Answer the two addresses before sessions, hosts and redirects: a probe comes by number and without TLS."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        if request.path_info == "/healthz":
            return _plain(HttpResponse("ok\n", content_type="text/plain"))
        if request.path_info == "/readyz" and is_near(request):
            found = state()
            return _plain(JsonResponse(found, status=200 if set(found.values()) == {"ok"} else 503))
        return get_response(request)

    return middleware


def _plain(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def is_near(request: HttpRequest) -> bool:
    """From loopback, a Unix socket or one of settings.READYZ_FROM, and not handed on by a proxy for somebody else."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        came_from = ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    except ValueError:
        return False
    return any(came_from in ipaddress.ip_network(network) for network in settings.READYZ_FROM)


def state() -> dict[str, str]:
    """`{"database": "ok", "space": "ok", "migrations": "ok"}`, or for each what is wrong with it."""
    try:
        found = {"database": _written(), "migrations": _migrated()}
    except (DatabaseError, InterfaceError) as error:
        log.warning("not ready", exc_info=error)
        found = {"database": "cannot be written", "migrations": "unknown"}
    return found | {"space": _space()}


def _written() -> str:
    """Write a row and take it back: a SELECT would say ok on a full disk."""
    with transaction.atomic():
        Session.objects.update_or_create(session_key="readyz", defaults={"expire_date": timezone.now()})
        transaction.set_rollback(True)
    return "ok"


def _migrated() -> str:
    executor = MigrationExecutor(connection)
    return "not applied" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _space() -> str:
    return "ok" if free_bytes(Path(settings.DATA_DIR)) >= ENOUGH_BYTES else "less than 200 MB free"
