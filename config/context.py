"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name and the person's preferences (see `accounts.preferences`)."""
    return {"site_name": settings.SITE_NAME, "preferences": getattr(request, "preferences", None)}
