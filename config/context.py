"""What every template may use."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

NAVIGATION = {
    "home": "quizzes:home",
    "courses": "curriculum:courses",
    "progress": "quizzes:progress",
    "classes": "classrooms:classes",
    "settings": "accounts:settings",
    "help": "quizzes:help",
    "language": "accounts:language",
}


@cache
def navigation() -> dict[str, str]:
    """The addresses that the frame of every page names, worked out once."""
    return {name: reverse(view) for name, view in NAVIGATION.items()}


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, the addresses of its frame, and the person's preferences (see `accounts.preferences`)."""
    return {
        "site_name": settings.SITE_NAME,
        "nav": navigation(),
        "preferences": getattr(request, "preferences", None),
    }
