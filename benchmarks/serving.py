"""A site of its own for measuring: data folder, learners with open runs, server processes, and what they left behind.

Everything lies in a temporary folder and listens on the loopback address only; only processes started here are ended.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
START_SECONDS = 60
PORTS = range(20_000, 32_768)
"""Below those that Linux gives to whoever connects: else one client could hold the port of a server that is down."""


def free_port() -> int:
    for port in random.sample(PORTS, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise SystemExit("no port is free")


@dataclass
class Site:
    """One installation. `database`: a DATABASE_URL, or "" for SQLite in `data`; `program`: the folder of its code."""

    data: Path
    database: str = ""
    program: Path = ROOT
    port: int = field(default_factory=free_port)
    settings: str = "config.settings"
    wsgi: str = "config.wsgi"
    server: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "JINGDU_DATA": str(self.data),
            "DJANGO_SETTINGS_MODULE": self.settings,
            "LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(self.program),
        }
        return os.environ | own | ({"DATABASE_URL": self.database} if self.database else {})

    def manage(self, *arguments: str) -> str:
        """Run a management command; returns what it printed. Raises CalledProcessError."""
        return self.python(str(self.program / "manage.py"), *arguments)

    def python(self, *arguments: str) -> str:
        """Run Python with the program and its environment; returns what it printed. Raises CalledProcessError."""
        command = [str(BIN / "python"), *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=self.program, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def people(self, count: int, *, items: int = 200) -> dict[str, Any]:
        """Learners, each with a session and an open run of so many questions; see `benchmarks.people`."""
        told = self.python("-m", "benchmarks.people", str(count), str(items))
        found: dict[str, Any] = json.loads(told.splitlines()[-1])
        return found

    def audit(self, acknowledged: Iterable[tuple[int, int]]) -> dict[str, Any]:
        """What became of acknowledged answers; see `benchmarks.ledger`."""
        lines = "".join(f"{attempt} {position}\n" for attempt, position in acknowledged)
        command = [str(BIN / "python"), "-m", "benchmarks.ledger"]
        done = subprocess.run(
            command, env=self.environment, cwd=self.program, check=True, input=lines, stdout=subprocess.PIPE, text=True
        )
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def start(self, *, workers: int = 2, threads: int = 4) -> float:
        """Serve as `make run` does; returns the seconds until the first page came."""
        began = time.monotonic()
        command = [str(BIN / "gunicorn"), "--config", str(self.program / "config/gunicorn.py")]
        command += ["--chdir", str(self.program), "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", str(workers), "--threads", str(threads), "--log-level", "critical", self.wsgi]
        log = (self.data / "server.log").open("ab")
        self.server = subprocess.Popen(
            command, env=self.environment, cwd=self.program, stdout=log, stderr=log, start_new_session=True
        )
        while time.monotonic() - began < START_SECONDS:
            if self.get("/healthz") == 200:
                return time.monotonic() - began
            time.sleep(0.02)
        raise SystemExit(f"the server did not start: {(self.data / 'server.log').read_text()[-2000:]}")

    def get(self, path: str, *, timeout: float = 15) -> int | str:
        """The status that a page answers with, or the name of what went wrong."""
        try:
            with urllib.request.urlopen(self.base + path, timeout=timeout) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError as error:
            return type(error).__name__

    @property
    def processes(self) -> list[int]:
        """The server's process ids, master first."""
        assert self.server is not None
        return [self.server.pid, *descendants(self.server.pid)]

    def kill(self) -> None:
        """SIGKILL to the master and every worker, and wait until they are gone."""
        pids = self.processes
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.server is not None
        self.server.wait()
        end = time.monotonic() + 5
        while any(is_alive(pid) for pid in pids[1:]) and time.monotonic() < end:
            time.sleep(0.02)

    def stop(self) -> int:
        """SIGTERM; returns the exit status. Killed after 40 seconds."""
        assert self.server is not None
        self.server.terminate()
        try:
            return self.server.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    @property
    def memory_megabytes(self) -> float:
        """Resident memory of master and workers, pages shared between them counted once (PSS)."""
        return sum(proportional_kilobytes(pid) for pid in self.processes) / 1024


def descendants(pid: int) -> list[int]:
    """Child processes and theirs, from the process table of Linux."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        own = children.get(waiting.pop(), [])
        found += own
        waiting += own
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def proportional_kilobytes(pid: int) -> int:
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))


@contextmanager
def site(*, database: str = "", folder: Path | None = None, **fields: Any) -> Iterator[Site]:
    """A site that is set up, in a folder that is removed afterwards; its server is ended if it still runs."""
    with TemporaryDirectory(dir=folder) as data:
        made = Site(Path(data), database=database, **fields)
        made.manage("setup")
        try:
            yield made
        finally:
            if made.server is not None and made.server.poll() is None:
                made.kill()


NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log crit; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  client_header_timeout 10s; client_body_timeout 10s;
  upstream jingdu {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://jingdu; proxy_set_header Host $http_host; proxy_next_upstream error timeout; }}
  }}
}}
"""


@contextmanager
def nginx(*sites: Site) -> Iterator[int]:
    """nginx before these sites, which share the load; gives its port. It collects a request before it passes it on."""
    port, folder = free_port(), sites[0].data
    servers = " ".join(f"server 127.0.0.1:{one.port} max_fails=1 fail_timeout=2s;" for one in sites)
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, servers=servers))
    process = subprocess.Popen(["nginx", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int) -> None:
    """Until something listens there."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL cluster of one's own, on a free port, as a user who is not root."""
    with TemporaryDirectory() as folder:
        made = Postgres(Path(folder))
        made.create()
        try:
            yield made
        finally:
            with suppress(subprocess.CalledProcessError):
                made.control("stop", "-m", "immediate")


@dataclass
class Postgres:
    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"postgres://jingdu@127.0.0.1:{self.port}/postgres"

    @property
    def programs(self) -> Path:
        return sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]

    def create(self) -> None:
        """initdb with durable settings, and start."""
        if os.getuid() == 0:
            subprocess.run(["chown", "nobody", str(self.folder)], check=True)
        initdb = ["initdb", "-D", f"{self.folder}/data", "-U", "jingdu", "--auth", "trust", "--encoding", "UTF8"]
        self.run([*initdb, "--no-sync"])
        self.control("start")

    def control(self, action: str, *arguments: str) -> None:
        """pg_ctl: start, stop, restart; `-m immediate` is a crash."""
        options = ["-o", f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60"]
        extra = [*options, "-l", f"{self.folder}/log"] if action in ("start", "restart") else []
        self.run(["pg_ctl", "-D", f"{self.folder}/data", "-w", *extra, *arguments, action])

    def run(self, command: Sequence[str]) -> None:
        as_owner = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"] if os.getuid() == 0 else []
        whole = [*as_owner, str(self.programs / command[0]), *command[1:]]
        subprocess.run(whole, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
