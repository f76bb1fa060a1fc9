"""How a person wants the pages: kept on the row of whoever has one, otherwise in the session."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from accounts.models import DEFAULT_ITEMS_PER_DAY

SESSION_KEY = "preferences"


@dataclass(frozen=True, slots=True)
class Preferences:
    """`language` "" means the browser's; `script` is "hant" or "hans"; `theme` "" means the device's."""

    language: str = ""
    script: str = "hant"
    theme: str = ""
    time_zone: str = "UTC"
    items_per_day: int = DEFAULT_ITEMS_PER_DAY
    has_single_keys: bool = True

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


NAMES = tuple(field.name for field in fields(Preferences))


def read(request: HttpRequest) -> Preferences:
    """The preferences of whoever sent this request."""
    if request.user.is_authenticated:
        return Preferences(**{name: getattr(request.user, name) for name in NAMES})
    kept = request.session.get(SESSION_KEY, {})
    return Preferences(**{name: value for name, value in kept.items() if name in NAMES})


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
    """The same as fields of a user row, for a guest that is about to be made."""
    return asdict(preferences)
