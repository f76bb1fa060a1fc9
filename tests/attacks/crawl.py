"""Everything that one person can open, page by page and file by file, as text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.test import Client

from tests.authorization import Row, World
from tests.test_authorization import MATRIX, address, taken_back

LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
LEADS_AWAY = ("/static/", "/admin/")
MOST = 1000
"""Addresses; a site of two small classes has far fewer."""


def starts(world: World, rows: Iterable[Row] = MATRIX) -> list[str]:
    """The address of every page of the matrix but those that carry the secret of a class themselves."""
    secrets = {"code", "secret"}
    return [address(row, world.objects) for row in rows if row.method == "GET" and secrets.isdisjoint(row.args)]


def opened(client: Client, addresses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every page and file that is reached from these, each once, with what it says; the files of a ZIP, and so of a
    spreadsheet, as address!name. Nothing is changed by the look."""
    waiting, seen = list(addresses), set[str]()
    while waiting:
        url = waiting.pop().replace("&amp;", "&")
        if url in seen or url.startswith(LEADS_AWAY):
            continue
        seen.add(url)
        assert len(seen) < MOST
        with taken_back():
            response = client.get(url)
            body = b"".join(response.streaming_content) if response.streaming else response.content
        if response.status_code != 200:
            continue
        yield url, head_of(response)
        for name, text in texts_of(body):
            yield url + name, text
            waiting += LINK.findall(text)


def head_of(response: Any) -> str:
    """The headers, a line each."""
    return "\n".join(f"{name}: {value}" for name, value in response.headers.items())


def texts_of(body: bytes) -> Iterator[tuple[str, str]]:
    """The body as text under the name "", or each file of a ZIP."""
    if not body.startswith(b"PK"):
        yield "", body.decode(errors="ignore")
        return
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            yield f"!{name}", archive.read(name).decode(errors="ignore")
