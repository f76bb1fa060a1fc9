"""What no browser sends is refused before it reaches a page: NUL, bytes that are no text, and more than is taken.

SQLite would store a NUL and PostgreSQL would refuse it with an error; so neither sees one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse

from config.errors import too_large

GetResponse = Callable[[HttpRequest], HttpResponse]

LARGEST = 2**63 - 1
URLENCODED = "application/x-www-form-urlencoded"


class Wellformed:
    """Answers 413 without reading what is too large, 400 for what is no text."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > settings.UPLOAD_MAX_BYTES:
            return too_large(request)
        if "\0" in request.path_info or not is_text(request.META.get("QUERY_STRING", "")):
            raise BadRequest("not text")
        if any("\0" in value for value in request.COOKIES.values()):
            raise BadRequest("NUL in a cookie")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """The numbers of the address, then the form. No row has a number beyond LARGEST."""
        if any(isinstance(value, int) and value > LARGEST for value in kwargs.values()):
            raise Http404
        if request.method in ("GET", "HEAD"):
            return
        if request.content_type == URLENCODED and not is_text(request.body):
            raise BadRequest("not text")
        files = [(name, [str(file)]) for name, file in request.FILES.items()]  # str(file) is its name
        if has_nul(request.POST.lists()) or has_nul(files):
            raise BadRequest("NUL in a form")


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def is_text(encoded: str | bytes) -> bool:
    """Whether percent-encoded text is UTF-8 without NUL. A lone surrogate is not UTF-8."""
    return _is_utf8(unquote_to_bytes(encoded))


def _is_utf8(raw: bytes) -> bool:
    try:
        return "\0" not in raw.decode()
    except UnicodeDecodeError:
        return False


def has_nul(fields: Iterable[tuple[str, list[Any]]]) -> bool:
    return any("\0" in name or any("\0" in str(value) for value in values) for name, values in fields)
