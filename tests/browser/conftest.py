"""A real browser. Where there is none these tests skip and say so; CI has one and may not skip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What Chromium says, not Jingdu: a command that met it between two pages. Such a test begins anew, twice at most.
BETWEEN_PAGES = ["Protocol error", "Execution context was destroyed", "interrupted by another navigation"]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

MakePage = Callable[..., Page]
expect.set_options(timeout=15_000)  # a slow machine is no fault of the page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the browser and a database that other threads see."""
    is_missing = shutil.which(CHROMIUM) is None and not os.environ.get("CI")
    for item in items:
        if "tests/browser/" not in item.path.as_posix():
            continue
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.django_db(transaction=True))
        item.add_marker(pytest.mark.flaky(reruns=2, only_rerun=BETWEEN_PAGES))
        if is_missing:
            item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}: set CHROMIUM or install it"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def base_url() -> str:
    """Each test has a server of its own (see `open_as`); this stands in for the plugin's fixture, which warns."""
    return ""


@pytest.fixture
def complaints() -> list[str]:
    """Console errors, uncaught exceptions and policy violations of every page of the test."""
    return []


@pytest.fixture
def open_as(live_server: LiveServer, new_context: Callable[..., BrowserContext], complaints: list[str]) -> MakePage:
    """`open_as(user, **options)`: a page of a fresh browser in which `user` (or nobody) is signed in."""

    def make(user: User | None = None, **options: Any) -> Page:
        context = new_context(base_url=live_server.url, **options)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: complaints.extend(_errors(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    return make


def follow(link: Locator) -> None:
    """Press what leads to another page, and wait until that one stands."""
    with link.page.expect_navigation():
        link.click()


def _errors(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.type == "error" else []
