"""Fixtures that several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.utils import translation

from accounts.models import User
from curriculum.models import Course
from tests.clock import NOW
from tests.factories import make_learner, make_stranger


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Time goes on from the same moment in every test, whatever the machine's clock says (tests/clock.py)."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    with time_machine.travel(NOW):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Rate limits live in the cache: one test's tries are not another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def _default_language() -> None:
    """A page in Chinese leaves its language to the thread: the next test does not begin with it."""
    translation.deactivate()


@pytest.fixture
def learner(db: None) -> User:
    return make_learner()


@pytest.fixture
def stranger(db: None) -> User:
    return make_stranger()


@pytest.fixture
def white_paper(db: None) -> Course:
    """The shipped course as plain `loaddata` leaves it."""
    call_command("loaddata", "cyberspace-2019", verbosity=0)
    return Course.objects.get(slug="cyberspace-2019")
