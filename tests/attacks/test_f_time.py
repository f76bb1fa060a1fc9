"""F. Clocks and zones. The server's clock rules; nothing a browser says about time is believed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from quizzes.models import Response
from tests.attacks.conftest import Site


@pytest.mark.parametrize("header", ["Date", "X-Timezone", "Time-Zone", "X-Client-Time"])
def test_62_a_time_that_the_browser_says_is_ignored(site: Site, header: str) -> None:
    posted = {"give_up": "1", "try": "1", "now": "2000-01-01", "answered_at": "2000-01-01", "elapsed_ms": "1"}
    headers = {header: "Sat, 01 Jan 2000 00:00:00 GMT"}
    site.client(site.learner).post(f"/practice/{site.attempt.pk}/1/", posted, headers=headers)
    answered_at = Response.objects.get().answered_at
    assert abs(answered_at - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "../../etc/passwd", "UTC\n", "A" * 5000, "localtime/x", "right/UTC/.."]
)
def test_a_zone_that_does_not_exist(site: Site, zone: str) -> None:
    posted = {"time_zone": zone, "items_per_day": "20"}
    response = site.client(site.learner).post("/account/", posted)
    site.learner.refresh_from_db()
    assert response.status_code == 422
    assert site.learner.time_zone == "UTC"


def test_67_a_clock_set_back_gives_no_negative_duration(site: Site) -> None:
    client = site.client(site.learner)
    address = f"/practice/{site.attempt.pk}/1/"
    client.get(address)
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        client.force_login(site.learner)
        assert client.post(address, {"choice": "0", "try": "1"}).status_code == 303
        assert client.get(address).status_code == 200
    response = Response.objects.get()
    assert response.elapsed_ms is None


def test_67_a_run_that_ends_by_a_clock_set_back_took_no_less_than_no_time(site: Site) -> None:
    client = site.client(site.learner)
    questions = site.attempt.items.count()
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        client.force_login(site.learner)
        for position in range(1, 2 * questions + 1):
            client.post(f"/practice/{site.attempt.pk}/{position}/", {"give_up": "1", "try": "1"})
        assert client.get(f"/practice/{site.attempt.pk}/summary/").status_code == 200
    site.attempt.refresh_from_db()
    assert site.attempt.finished_at == site.attempt.started_at


@pytest.mark.parametrize("moment", ["2028-02-29T12:00:00Z", "1971-01-01T00:00:00Z", "2037-12-31T23:59:59Z"])
def test_68_far_and_leap_days(site: Site, moment: str) -> None:
    with time_machine.travel(moment):
        client = site.client(site.learner)
        client.post(f"/practice/{site.attempt.pk}/1/", {"choice": "0", "try": "1"})
        assert client.get("/progress/").status_code == 200
        assert client.get("/").status_code == 200
