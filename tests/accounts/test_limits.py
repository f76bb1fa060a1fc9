"""One address may do a thing so often and no more."""

from __future__ import annotations

import time_machine
from django.test import RequestFactory

from accounts.limits import GUESTS, address, allow


def request_from(ip: str, **headers: str) -> object:
    return RequestFactory().get("/", REMOTE_ADDR=ip, **headers)


def test_a_class_behind_one_address_starts_together() -> None:
    request = request_from("192.0.2.1")
    assert all(allow(request, "guest", rate=GUESTS) for _ in range(300))
    assert not allow(request, "guest", rate=GUESTS)


def test_each_address_and_each_action_is_counted_alone() -> None:
    for _ in range(3):
        allow(request_from("192.0.2.1"), "guest", rate="2/m")
    assert not allow(request_from("192.0.2.1"), "guest", rate="2/m")
    assert allow(request_from("192.0.2.2"), "guest", rate="2/m")
    assert allow(request_from("192.0.2.1"), "flag", rate="2/m")


def test_the_next_window_begins_anew() -> None:
    with time_machine.travel("2026-03-01T10:00:05Z", tick=False) as clock:
        assert [allow(request_from("192.0.2.1"), "guest", rate="1/m") for _ in range(2)] == [True, False]
        clock.shift(60)
        assert allow(request_from("192.0.2.1"), "guest", rate="1/m")


def test_an_invented_forwarded_address_is_ignored_without_a_trusted_proxy() -> None:
    assert address(request_from("192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.9")) == "192.0.2.1"


def test_behind_one_trusted_proxy_the_last_forwarded_address_counts(settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = request_from("127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.7, 203.0.113.9")
    assert address(request) == "203.0.113.9"


def test_one_household_of_ipv6_is_one_address() -> None:
    assert address(request_from("2001:db8:1:2::5")) == address(request_from("2001:db8:1:2:aaaa::9")) == "2001:db8:1:2::"
