"""How often one address may do something: a few lines over the shared cache, for what allauth does not limit itself."""

from __future__ import annotations

import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
GUESTS = "300/10m"  # a class of 40 behind one address, several times over
PASSWORDS = "600/m"
SIGN_UPS = "300/m"


def allow(request: HttpRequest, action: str, *, rate: str = GUESTS, whose: str = "") -> bool:
    """Count one more `action` from this address; False once `rate` is used up in the current window.

    `rate` is "300/10m": at most 300 in a fixed window of 10 minutes (units s, m, h, d). Two at one instant may count as
    one, since the cache has no atomic step that every backend shares: a brake on scripts, not a quota. With `whose`,
    what is counted is that (a person's id, say) and not the address.
    """
    key, most, seconds = _counter(request, action, rate, whose)
    taken = (cache.get(key) or 0) + 1
    cache.set(key, taken, seconds)
    return bool(taken <= most)


def is_used_up(request: HttpRequest, action: str, *, rate: str = GUESTS, whose: str = "") -> bool:
    """Whether the next `allow` would be False. Counts nothing."""
    key, most, _seconds = _counter(request, action, rate, whose)
    return bool((cache.get(key) or 0) >= most)


def _counter(request: HttpRequest, action: str, rate: str, whose: str) -> tuple[str, int, int]:
    """The key of the counter of this window, the most it may reach, the window in seconds."""
    most, _, length = rate.partition("/")
    seconds = int(length[:-1] or 1) * SECONDS[length[-1]]
    window = int(time.time()) // seconds
    return f"limit:{action}:{rate}:{window}:{whose or address(request)}", int(most), seconds


def address(request: HttpRequest) -> str:
    """Where the request comes from, past as many proxies as the settings trust; for IPv6 the network (/64)."""
    found = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    if found.version == 6:
        found = ipaddress.ip_network(f"{found}/64", strict=False).network_address
    return str(found)
