"""The workers share what comes: nobody waits for a busy worker while another has a thread free."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SLOW = """
import os, time

def application(environ, start_response):
    time.sleep(0.2)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A server with the site's own configuration, two workers of one thread, and an application that takes 0.2 s."""
    (tmp_path / "slow.py").write_text(SLOW)
    free = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        str(ROOT / "config/gunicorn.py"),
        "--pythonpath",
        str(tmp_path),
    ]
    command += ["--bind", f"127.0.0.1:{free}", "--workers", "2", "--threads", "1", "slow:application"]
    environment = os.environ | {"JINGDU_DATA": str(tmp_path), "JINGDU_CONFIG": os.devnull}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        end = time.monotonic() + 30
        while time.monotonic() < end and not is_up(free):
            time.sleep(0.05)
        yield free
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_up(port: int) -> bool:
    try:
        return bool(ask(port))
    except OSError:
        return False


def ask(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as response:
        assert response.headers["Connection"] == "close"
        return str(response.read().decode())


def test_requests_that_come_at_once_are_shared_between_the_workers(port: int) -> None:
    time.sleep(0.5)  # both workers are up
    with ThreadPoolExecutor(12) as crowd:
        served = Counter(crowd.map(lambda _number: ask(port), range(12)))
    assert len(served) == 2
    assert min(served.values()) >= 5
