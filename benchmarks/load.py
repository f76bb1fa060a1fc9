"""Clients that answer over HTTP: asyncio and the standard library. Each acknowledged answer is written down, so that it
can be demanded of the database afterwards.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from benchmarks.people import place as place_of

TOKEN = "benchmark" * 3 + "token"
"""The CSRF cookie and the form's field: Django compares the two."""
PATIENT = 60
"""`Plan.tries` of a client that sends again for about a minute: nobody gives up because a machine is slow to start."""


@dataclass
class Result:
    """What the clients saw. Times are seconds, sorted."""

    acknowledged: list[tuple[int, int]] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    gave_up: int = 0
    replays: int = 0
    seconds: float = 0.0

    @property
    def requests(self) -> int:
        return len(self.writes) + len(self.reads)

    @property
    def errors(self) -> int:
        """Answers and pages that were refused or broke."""
        return sum(count for name, count in self.statuses.items() if not name.startswith(("2", "3")))

    def row(self) -> str:
        """One line: requests a second, then the times of writing and reading in ms."""
        shown = [f"{1000 * quantile(self.writes, share):7.1f}" for share in (0.5, 0.95, 0.99, 1.0)]
        pages = [f"{1000 * quantile(self.reads, share):7.1f}" for share in (0.5, 0.95)]
        return f"{self.requests / self.seconds:8.1f}{''.join(shown)}{''.join(pages)}{self.errors:7d}"


HEAD = f"{'req/s':>8}{'w p50':>7}{'p95':>7}{'p99':>7}{'max':>7}{'r p50':>7}{'p95':>7}{'errors':>7}"


def quantile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


class Connection:
    """One keep-alive connection. Raises ConnectionError for anything that breaks."""

    def __init__(self, port: int, cookies: Mapping[str, str], *, timeout: float) -> None:
        self.port, self.timeout = port, timeout
        self.cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        is_reused = self.writer is not None
        try:
            return await asyncio.wait_for(self._ask(method, path, form, headers or {}), self.timeout)
        except asyncio.IncompleteReadError as error:
            self.close()
            if is_reused and not error.partial:  # closed by the server while idle: every browser sends again
                return await self.ask(method, path, form, headers)
            raise ConnectionError(type(error).__name__) from error
        except (OSError, ValueError, IndexError, TimeoutError) as error:
            self.close()
            raise ConnectionError(type(error).__name__) from error

    async def _ask(
        self, method: str, path: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        if self.writer is None or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.reader is not None
        body = urllib.parse.urlencode(form).encode() if form is not None else b""
        lines = {"Host": f"127.0.0.1:{self.port}", "Cookie": self.cookie, "Content-Length": str(len(body))} | dict(
            headers
        )
        if form is not None:
            lines["Content-Type"] = "application/x-www-form-urlencoded"
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.writer.write(head.encode() + b"\r\n" + body)
        await self.writer.drain()
        return await self._answer(self.reader)

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
        status, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.split(":", 1) for line in rest if ":" in line)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        if headers.get("transfer-encoding", "").lower() == "chunked":
            data = b""
            while size := int((await reader.readline()).strip(), 16):
                data += (await reader.readexactly(size + 2))[:-2]
            await reader.readexactly(2)
        else:
            data = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(status.split(" ")[1]), headers, data

    def close(self) -> None:
        if self.writer is not None:
            with suppress(OSError):
                self.writer.close()
        self.reader = self.writer = None


@dataclass
class Plan:
    """What each client does until `seconds` have passed, or until `ended` is set.

    `think`: mean seconds between two actions, 0 for none; `reads`: share of actions that only look at a page; `tries`:
    how often the same answer is sent again after an error; `path` and `answer_path` take {attempt} and {position}.
    """

    seconds: float
    think: float = 0.0
    reads: float = 0.0
    tries: int = 1
    timeout: float = 30.0
    warm_up: float = 2.0
    answer_path: str = "/practice/{attempt}/{position}/"
    read_paths: tuple[str, ...] = ("/practice/{attempt}/{position}/", "/progress/", "/")
    follows: bool = False
    ended: threading.Event = field(default_factory=threading.Event)


def drive(port: int, crowd: Mapping[str, Any], plan: Plan, *, result: Result | None = None) -> Result:
    """Let everybody in `crowd` (see `benchmarks.people`) follow `plan` at once."""
    found = result or Result()
    asyncio.run(_all(port, crowd, plan, found))
    return found


def drive_in_background(port: int, crowd: Mapping[str, Any], plan: Plan) -> tuple[threading.Thread, Result]:
    """The same in a thread; join it before reading the result."""
    found = Result()
    thread = threading.Thread(target=drive, args=(port, crowd, plan), kwargs={"result": found})
    thread.start()
    return thread, found


async def _all(port: int, crowd: Mapping[str, Any], plan: Plan, found: Result) -> None:
    began = time.monotonic()
    fields = crowd["fields"]
    await asyncio.gather(*(_one(port, crowd, person, fields, plan, found, began) for person in crowd["people"]))
    found.seconds = time.monotonic() - began - plan.warm_up
    found.writes.sort()
    found.reads.sort()


async def _one(
    port: int,
    crowd: Mapping[str, Any],
    person: dict[str, Any],
    fields: Sequence[Mapping[str, str]],
    plan: Plan,
    found: Result,
    began: float,
) -> None:
    cookies = {crowd["cookie"]: person["session"], "csrf": TOKEN}
    connection = Connection(port, cookies, timeout=plan.timeout)
    dice = random.Random(person["learner"])
    end = began + plan.seconds
    position = person.setdefault("position", 0)
    while time.monotonic() < end and position < len(fields) and not plan.ended.is_set():
        if plan.think:
            await asyncio.sleep(max(0.0, min(dice.expovariate(1 / plan.think), end - time.monotonic())))
            if time.monotonic() >= end:
                break
        place = place_of(person, min(position, len(fields) - 1))
        if dice.random() < plan.reads:
            await _read(connection, dice.choice(plan.read_paths).format(**place), found, began + plan.warm_up)
            continue
        position += 1
        person["position"] = position
        await _write(connection, plan, place, fields[position - 1], found, began + plan.warm_up, end)
    connection.close()


async def _read(connection: Connection, path: str, found: Result, counts_from: float) -> None:
    began = time.monotonic()
    try:
        status, _headers, _data = await connection.ask("GET", path)
    except ConnectionError as error:
        found.statuses[f"read {error}"] += 1
        await asyncio.sleep(0.05)
        return
    found.statuses[str(status)] += 1
    if began > counts_from:
        found.reads.append(time.monotonic() - began)


async def _write(
    connection: Connection,
    plan: Plan,
    place: Mapping[str, int],
    fields: Mapping[str, str],
    found: Result,
    counts_from: float,
    end: float,
) -> None:
    """Send one answer until it is acknowledged by a redirect, at most `plan.tries` times."""
    path = plan.answer_path.format(**place)
    form = dict(fields) | {"try": "1", "csrfmiddlewaretoken": TOKEN}
    for attempt in range(plan.tries):
        began = time.monotonic()
        try:
            status, headers, _data = await connection.ask("POST", path, form)
        except ConnectionError as error:
            found.statuses[f"write {error}"] += 1
            await asyncio.sleep(min(0.05 * 2**attempt, 1))
            continue
        found.statuses[str(status)] += 1
        if status in (200, 302, 303):
            if began > counts_from:
                found.writes.append(time.monotonic() - began)
            found.acknowledged.append((place["attempt"], place["position"]))
            found.replays += attempt > 0
            if plan.follows:
                await _read(connection, headers.get("location", path), found, counts_from)
            return
        if status < 500:
            break
        await asyncio.sleep(min(0.05 * 2**attempt, 1))
    found.gave_up += 1
