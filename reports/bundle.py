"""A bundle of evidence: a zip whose files somebody else can check, here or with `sha256sum -c SHA256SUMS`.

Pure, with the standard library alone. The hashes say that nothing was changed after the bundle was made: manifest.json
has the SHA-256 of every file, SHA256SUMS the same and that of the manifest. Each line of events.jsonl names the SHA-256
of the line before it, so that no event can be taken out, put in or moved without changing every line that follows; the
manifest names the last. They do not say who made it: for that, its maker tells the hash of manifest.json.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

FORMAT = "jingdu-evidence/1"
MANIFEST, SUMS, EVENTS, DOCUMENT = "manifest.json", "SHA256SUMS", "events.jsonl", "document.txt"
BEFORE_ALL = "0" * 64
"""What the first event names as the line before it."""
LARGEST = 500_000_000
"""Bytes that a bundle may unpack to."""
MADE = (1980, 1, 1, 0, 0, 0)


def sha256(data: bytes) -> str:
    """In hex."""
    return hashlib.sha256(data).hexdigest()


def canonical(value: Any) -> bytes:
    """One line of JSON: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def chained(events: Iterable[Mapping[str, Any]]) -> tuple[bytes, int, str]:
    """The events as JSON lines, each with its number and the hash of the line before it; how many; the last hash."""
    lines, before = [], BEFORE_ALL
    for number, event in enumerate(events, start=1):
        line = canonical({**event, "number": number, "previous": before})
        before = sha256(line)
        lines.append(line + b"\n")
    return b"".join(lines), len(lines), before


def pack(files: Mapping[str, bytes], events: Iterable[Mapping[str, Any]], about: Mapping[str, Any]) -> bytes:
    """The zip: `files`, the events, the manifest (with `about`) and the sums. The same input gives the same bytes."""
    lines, count, head = chained(events)
    whole = {**files, EVENTS: lines}
    manifest = {
        **about,
        "format": FORMAT,
        "files": {name: sha256(data) for name, data in sorted(whole.items())},
        "events": {"file": EVENTS, "count": count, "last": head},
    }
    whole[MANIFEST] = json.dumps(manifest, sort_keys=True, ensure_ascii=False, indent=2).encode()
    sums = "".join(f"{sha256(data)}  {name}\n" for name, data in sorted(whole.items()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in [*sorted(whole.items()), (SUMS, sums.encode())]:
            info = zipfile.ZipInfo(name, MADE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            bundle.writestr(info, data)
    return out.getvalue()


def faults(data: bytes) -> list[str]:
    """What is wrong with a bundle, a line each; none for one that is as it was made."""
    try:
        files = _unpacked(data)
        manifest = json.loads(files[MANIFEST])
        listed = {str(name): str(found) for name, found in manifest["files"].items()}
        course, chain = manifest["course"], manifest["events"]
        expected = int(chain["count"]), str(chain["last"])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError) as broken:
        return [f"not a whole bundle: {broken}"]
    except (TypeError, AttributeError):
        return ["not a whole bundle: the manifest is of another form"]
    found = [f"{name}: missing" for name in sorted(listed.keys() - files.keys())]
    found += [f"{name}: not in the manifest" for name in sorted(files.keys() - listed.keys() - {MANIFEST, SUMS})]
    found += [
        f"{name}: changed" for name in sorted(listed.keys() & files.keys()) if sha256(files[name]) != listed[name]
    ]
    sums = {name: sha256(data) for name, data in files.items() if name != SUMS}
    if files.get(SUMS) != "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode():
        found.append(f"{SUMS}: does not fit the files")
    if sha256(files.get(DOCUMENT, b"")) != course.get("sha256"):
        found.append(f"{DOCUMENT}: not the edition that the manifest names")
    return found + _faults_of_chain(files.get(EVENTS, b""), *expected)


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The files by name. Raises ValueError for what is too large or names a file twice."""
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        infos = bundle.infolist()
        if sum(info.file_size for info in infos) > LARGEST:
            raise ValueError("too large")
        if len({info.filename for info in infos}) != len(infos):
            raise ValueError("a name stands twice")
        return {info.filename: bundle.read(info) for info in infos}


def _faults_of_chain(lines: bytes, count: int, last: str) -> list[str]:
    before, number = BEFORE_ALL, 0
    for number, line in enumerate(lines.splitlines(), start=1):
        try:
            event = json.loads(line)
            is_next = (event["number"], event["previous"]) == (number, before)
        except (ValueError, KeyError, TypeError):
            is_next = False
        if not is_next:
            return [f"{EVENTS}: the chain is broken at line {number}"]
        before = sha256(line)
    return [] if (number, before) == (count, last) else [f"{EVENTS}: events are missing at the end"]


def manifest_hash(data: bytes) -> str:
    """SHA-256 of the manifest, which stands for the whole bundle."""
    return sha256(_unpacked(data)[MANIFEST])
