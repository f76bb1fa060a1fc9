"""Due times as a calendar file: RFC 5545, written by hand since it is thirty lines. Pure: no database, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LINE_OCTETS = 75
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is due at a moment. `uid` stays the same when it changes; `revision` then grows."""

    uid: str
    at: datetime
    summary: str
    description: str = ""
    url: str = ""
    revision: int = 0


def calendar(events: Iterable[Event], *, name: str, now: datetime) -> str:
    """The whole file, with CRLF after each line and no line over 75 octets."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Jingdu//Due//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"]
    for event in events:
        lines += _lines(event, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _lines(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{stamp(now)}"
    yield f"DTSTART:{stamp(event.at)}"
    yield f"SEQUENCE:{event.revision}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def stamp(at: datetime) -> str:
    """A moment (aware) as UTC: 20260310T225900Z."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text value (RFC 5545, 3.3.11): backslash, semicolon and comma escaped, line ends as \\n, no other controls."""
    plain = re.sub(r"([\\;,])", r"\\\1", re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", text))
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", plain).replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, each but the first beginning with a space; no character is cut."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LINE_OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece
