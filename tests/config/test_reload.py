"""HUP, as `systemctl reload jingdu` sends it after an upgrade: everything is of the new version, the settings too."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.test_worker import ROOT, ask, free_port, is_up

WSGI = """
from django.conf import settings
from config import errors

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{settings.SITE_NAME} {errors.__name__}".encode()]
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program with the site's own `config`, and a page that says what the settings call the site."""
    shutil.copytree(ROOT / "config", tmp_path / "config", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "config/wsgi.py").write_text(WSGI)
    return tmp_path


@pytest.fixture
def server(program: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    own = {"JINGDU_DATA": str(program), "JINGDU_CONFIG": os.devnull, "PYTHONPATH": str(program)}
    own["DJANGO_SETTINGS_MODULE"] = "config.settings"
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    started = subprocess.Popen([*command, "config.wsgi"], cwd=program, env=os.environ | own, start_new_session=True)
    try:
        end = time.monotonic() + 30
        while time.monotonic() < end and not is_up(port):
            time.sleep(0.05)
        yield started, port
    finally:
        started.terminate()
        started.wait(20)


def test_a_reload_reads_the_settings_of_the_new_version(
    program: Path, server: tuple[subprocess.Popen[bytes], int]
) -> None:
    process, port = server
    assert ask(port) == "Jingdu 精讀 config.errors"
    settings = program / "config/settings.py"
    settings.write_text(settings.read_text().replace("Jingdu 精讀", "The next version"))
    process.send_signal(signal.SIGHUP)
    end = time.monotonic() + 30
    while (seen := ask(port)) != "The next version config.errors" and time.monotonic() < end:
        time.sleep(0.1)
    assert seen == "The next version config.errors"
