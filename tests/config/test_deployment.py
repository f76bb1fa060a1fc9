"""The files for running a site say the same commands as the page that explains them and as CI runs."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import get_commands
from django.db.migrations.loader import MigrationLoader

from config import upgrading
from config.upgrading import notes_for

ROOT = Path(__file__).resolve().parents[2]
SERVE = "gunicorn --config config/gunicorn.py"
CI = (ROOT / ".ci/deployment").read_text()


def text(name: str) -> str:
    return (ROOT / name).read_text()


def test_the_site_is_served_by_one_command_everywhere() -> None:
    image = re.search(r"^CMD (\[.*\])$", text("deploy/Dockerfile"), re.MULTILINE)
    assert image
    unit = re.search(r"^ExecStart=/opt/jingdu/(.*)$", text("deploy/jingdu.service"), re.MULTILINE)
    assert unit
    assert " ".join(json.loads(image[1])) == unit[1] == f".venv/bin/{SERVE} config.wsgi"
    assert unit[1] in CI
    assert SERVE in text("Makefile")


@pytest.mark.parametrize(
    "name",
    [
        "deploy/compose.yaml",
        "deploy/Dockerfile",
        "deploy/jingdu-backup.service",
        "deploy/jingdu-sweep.service",
        "deploy/jingdu-hand-in.service",
        "deploy/jingdu-count.service",
        "deploy/jingdu-mail.service",
        "docs/deployment.md",
    ],
)
def test_every_command_that_is_named_exists_and_ci_runs_it(name: str) -> None:
    words = text(name).replace('", "', " ")
    named = set(re.findall(r"(?:manage\.py|\$as|^jingdu|&& jingdu) ([a-z_]+)", words, re.MULTILINE))
    assert named
    assert named <= set(get_commands())
    for command in named - {"createsuperuser"}:
        assert f"manage.py {command}" in CI


def test_nothing_runs_as_root_or_may_write_what_it_need_not() -> None:
    assert re.search(r"^USER jingdu$", text("deploy/Dockerfile"), re.MULTILINE)
    listed = text("deploy/compose.yaml").split("services:\n")[1].split("\nvolumes:")[0] + "\n"
    services = re.findall(r"^  (\w+):\n((?:    .*\n|\n|  #.*\n)+)", listed, re.MULTILINE)
    assert {name for name, _ in services} == {"upgrade", "app", "timers", "database", "proxy"}
    for name, body in services:
        assert "read_only: true" in body or "<<: *app" in body, name
        assert "no-new-privileges" in body or "<<: *app" in body, name
    for unit in (ROOT / "deploy").glob("*.service"):
        lines = unit.read_text().splitlines()
        assert {"User=jingdu", "ProtectSystem=strict", "NoNewPrivileges=true", "CapabilityBoundingSet="} <= set(lines)


def test_the_proxies_take_no_more_than_the_program_and_hide_readiness(settings: LazySettings) -> None:
    assert settings.UPLOAD_MAX_BYTES == 11_000_000
    assert "client_max_body_size 11m;" in text("deploy/nginx.conf")
    assert "max_size 11MB" in text("deploy/Caddyfile")
    assert all("/readyz" in text(name) for name in ("deploy/nginx.conf", "deploy/Caddyfile"))


def test_the_variables_of_compose_are_those_of_the_example() -> None:
    """All of them, or somebody would set one that never arrives; those left out say where the image keeps things."""
    passed = re.findall(r"^    ([A-Z_]+): ", text("deploy/compose.yaml").split("services:")[0], re.MULTILINE)
    explained = re.findall(r"^#([A-Z_]+)=", text("config.example.env"), re.MULTILINE)
    assert len(passed) > 5
    assert sorted([*passed, "BACKUP_DIR", "BIND", "DEBUG", "JINGDU_DATA"]) == sorted(explained)


def test_the_newest_version_of_the_changes_is_the_one_that_is_installed() -> None:
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert re.findall(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)[0] == version
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_notes_are_for_migrations_that_exist_and_shown_by_the_upgrade_that_applies_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = MigrationLoader(None).graph.nodes
    assert set(upgrading.NOTES) <= set(known)
    notes = {("quizzes", "0001_initial"): "Do this.", ("accounts", "0001_initial"): "And that."}
    monkeypatch.setattr(upgrading, "NOTES", notes)
    assert notes_for({("accounts", "0001_initial"), ("quizzes", "0001_initial")}) == ["Do this.", "And that."]
    assert notes_for({("accounts", "0001_initial")}) == ["And that."]
    assert notes_for(set()) == []
