"""Puts the person's preferences on the request and makes them hold: language and time zone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.preferences import read

GetResponse = Callable[[HttpRequest], HttpResponse]


def preferences(get_response: GetResponse) -> GetResponse:
    """Set `request.preferences`; LocaleMiddleware before this one has already chosen the browser's language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = read(request)
        request.preferences = chosen  # type: ignore[attr-defined]
        if chosen.language:
            translation.activate(chosen.language)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        with timezone.override(chosen.zone):
            return get_response(request)

    return middleware
