"""The settings as they are behind TLS: Django finds nothing to warn of, cookies are bound to the host, HSTS is sent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
import json, django
django.setup()
from django.conf import settings as s
from django.test import Client
answers = {}
for name, extra in (("plain", {}), ("tls", {"HTTP_X_FORWARDED_PROTO": "https"})):
    client = Client(raise_request_exception=False)
    response = client.get("/nothing/", HTTP_HOST="jingdu.example.org", **extra)
    answers[name] = [response.status_code, dict(response.headers)]
health = Client().get("/healthz", HTTP_HOST="10.0.0.7:8000")
print(json.dumps({"answers": answers, "health": health.status_code, "session": s.SESSION_COOKIE_NAME,
  "csrf": s.CSRF_COOKIE_NAME, "secure": [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE],
  "debug": s.DEBUG}))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a site behind one proxy that ends TLS."""
    of_the_tests = ("DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE")
    return {name: value for name, value in os.environ.items() if name not in of_the_tests} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "JINGDU_CONFIG": os.devnull,
        "JINGDU_DATA": str(tmp_path_factory.mktemp("data")),
        "ALLOWED_HOSTS": "jingdu.example.org",
        "HTTPS": "1",
        "TRUST_FORWARDED_PROTO": "1",
        "TRUSTED_PROXY_COUNT": "1",
    }


def run(production: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], env=production, cwd=ROOT, capture_output=True, text=True)


def test_django_finds_nothing_to_warn_of(production: dict[str, str]) -> None:
    done = run(production, "manage.py", "check", "--deploy", "--fail-level", "WARNING", "--database", "default")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_what_a_browser_gets_behind_tls_and_without(production: dict[str, str]) -> None:
    made = run(production, "manage.py", "migrate", "--verbosity", "0")
    assert made.returncode == 0, made.stderr
    done = run(production, "-c", SHOW)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["session"], found["csrf"]) == ("__Host-session", "__Host-csrf")
    assert (found["secure"], found["debug"], found["health"]) == ([True, True, True], False, 200)
    status, headers = found["answers"]["plain"]
    assert (status, headers["Location"]) == (301, "https://jingdu.example.org/nothing/")
    status, headers = found["answers"]["tls"]
    assert status in (404, 500)  # static files need not be collected for this test
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
