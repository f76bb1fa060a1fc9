"""How a person wants the pages: kept on the row of whoever has one, otherwise in the session."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts.models import DEFAULT_ITEMS_PER_DAY, time_zones

SESSION_KEY = "preferences"
SIMPLIFIED = {"hans", "cn", "sg", "my"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """`language` "" means the browser's; `script` is "hant" or "hans"; `theme` "" means the device's; `text_size` "" is
    medium and `typeface` "" serif."""

    language: str = ""
    script: str = "hant"
    theme: str = ""
    text_size: str = ""
    typeface: str = ""
    time_zone: str = "UTC"
    items_per_day: int = DEFAULT_ITEMS_PER_DAY
    has_single_keys: bool = True
    has_chosen_script: bool = False

    @property
    def zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):  # a zone that this machine's database no longer has
            return ZoneInfo("UTC")


NAMES = tuple(field.name for field in fields(Preferences) if field.name != "has_chosen_script")


def read(request: HttpRequest) -> Preferences:
    """The preferences of whoever sent this request. A script not chosen follows the language."""
    if request.user.is_authenticated:
        kept = {name: getattr(request.user, name) for name in NAMES}
    else:
        kept = {"time_zone": settings.TIME_ZONE} | request.session.get(SESSION_KEY, {})
    found = Preferences(**{name: value for name, value in kept.items() if name in NAMES})
    if kept.get("script"):
        return replace(found, has_chosen_script=True)
    return replace(found, script=script_for(found.language or get_language() or "", request))


def script_for(language: str, request: HttpRequest) -> str:
    """The script that goes with pages in `language`; if that is not Chinese, the first Chinese the browser asks for."""
    asked = [tag for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    chinese = [subtags for tag in (language, *asked) if (subtags := tag.lower().split("-"))[0] == "zh"]
    if not chinese or "hant" in chinese[0]:
        return "hant"
    return "hans" if len(chinese[0]) == 1 or SIMPLIFIED & set(chinese[0]) else "hant"


def write(request: HttpRequest, **changes: Any) -> Preferences:
    """Keep `changes` (already validated) and return the preferences as they are now."""
    if request.user.is_authenticated:
        for name, value in changes.items():
            setattr(request.user, name, value)
        request.user.save(update_fields=list(changes))
    else:
        request.session[SESSION_KEY] = request.session.get(SESSION_KEY, {}) | changes
    return read(request)


def as_fields(preferences: Preferences) -> dict[str, Any]:
    """The same as fields of a user row, for a guest or member that is about to be made."""
    row = {name: getattr(preferences, name) for name in NAMES}
    return row if preferences.has_chosen_script else row | {"script": ""}


def for_somebody_new(request: HttpRequest) -> dict[str, Any]:
    """The fields of a user row for a guest or member that this request makes: what was chosen so far and, until a time
    zone was, the browser's own, which a script put into the form as `zone`. With UTC a day in Taipei ends at noon."""
    row = as_fields(read(request))
    zone = request.POST.get("zone", "")
    return row if has_chosen_zone(request) or zone not in time_zones() else row | {"time_zone": zone}


def has_chosen_zone(request: HttpRequest) -> bool:
    """Whether the time zone is more than the site's own, taken for a visitor of whom nothing is known."""
    return request.user.is_authenticated or "time_zone" in request.session.get(SESSION_KEY, {})
