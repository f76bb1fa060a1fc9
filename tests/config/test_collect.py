"""Static files are collected when one has other contents, and not because a copy has other times."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import call_command

from config.management.commands.setup import STAMP


@pytest.fixture
def sources(settings: object, tmp_path: Path) -> Path:
    """A site with one static file of its own, not collected yet."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").write_text("p { margin: 0 }")
    (tmp_path / "collected").mkdir()
    settings.STATICFILES_DIRS = [tmp_path / "static"]  # type: ignore[attr-defined]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # type: ignore[attr-defined]
    settings.STATIC_ROOT = tmp_path / "collected"  # type: ignore[attr-defined]
    return tmp_path


def collected(sources: Path) -> int:
    """When the stamp was written, in nanoseconds."""
    call_command("collect")
    return (sources / "collected" / STAMP).stat().st_mtime_ns


def test_nothing_is_collected_again_because_of_other_times(sources: Path) -> None:
    first = collected(sources)
    os.utime(sources / "static" / "a.css", (1, 1))
    assert collected(sources) == first


def test_other_contents_are_collected(sources: Path) -> None:
    first = collected(sources)
    (sources / "static" / "a.css").write_text("p { margin: 1 }")
    os.utime(sources / "static" / "a.css", (2_000_000_000, 2_000_000_000))
    assert collected(sources) > first
    assert (sources / "collected" / "a.css").read_text() == "p { margin: 1 }"
