"""SECURITY.md and docs/promises.md name, behind each promise, a file or a setting that exists."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from config.backups import DAYS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "SECURITY.md").read_text()
TABLE = [line for line in TEXT.splitlines() if line.startswith("| V")]
PROMISES = [line for line in (ROOT / "docs/promises.md").read_text().splitlines() if line.startswith("| P")]


def test_there_is_a_line_for_each_promise() -> None:
    assert [line.split()[1] for line in PROMISES] == [f"P{number}" for number in range(1, 24)]


def test_every_line_of_a_table_names_what_holds_it() -> None:
    assert len(TABLE) > 30
    for line in [*TABLE, *PROMISES]:
        named = re.findall(r"`([^`]+)`", line.rsplit("|", 2)[1])
        assert named, line
        for name in named:
            is_there = (ROOT / name).exists() if "/" in name or "." in name else is_set(name)
            assert is_there, f"{name} in: {line}"


def is_set(name: str) -> bool:
    return hasattr(settings, name) or f'"{name}"' in (ROOT / "config/settings.py").read_text()


def test_the_days_of_the_privacy_table_are_those_of_the_program() -> None:
    days = dict(re.findall(r"(\d+) days?[^|]*\(`(KEEP_[A-Z_]+)`\)", TEXT)[::1])
    assert {name: int(number) for number, name in days.items()} == {
        name: getattr(settings, name) for name in ("KEEP_GUESTS_DAYS", "KEEP_UPLOADS_DAYS", "KEEP_ADMIN_LOG_DAYS")
    }
    assert f"| backups | a broken disk | {DAYS} days at most" in TEXT
