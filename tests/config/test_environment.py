"""The configuration: every variable is explained, and a wrong value says which and why instead of a traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import Environment, host, key, network, origin, read_file, zone

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "config.example.env"
SET = re.compile(r"^#([A-Z_]+)=(.*)$", re.MULTILINE)


def read_by_the_settings() -> set[str]:
    read = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "gunicorn.py"))
    return set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', read))


def test_the_example_explains_exactly_what_the_settings_read() -> None:
    listed = [name for name, _ in SET.findall(EXAMPLE.read_text())]
    assert len(listed) == len(set(listed))
    assert set(listed) == read_by_the_settings()
    assert len(listed) > 15


def start(tmp_path: Path, **values: str) -> subprocess.CompletedProcess[str]:
    """Start the site's commands in a process of their own with these variables and no others of ours."""
    plain = {name: value for name, value in os.environ.items() if name not in read_by_the_settings()}
    environment = plain | {"JINGDU_DATA": str(tmp_path / "data"), "JINGDU_CONFIG": os.devnull} | values
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    program = (
        "import django; django.setup(); from django.conf import settings; print(settings.TIME_ZONE, settings.HTTPS)"
    )
    return subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True)


def test_the_whole_example_is_a_right_configuration(tmp_path: Path) -> None:
    file = tmp_path / "site.env"
    lines = [f"{name}={value}" for name, value in SET.findall(EXAMPLE.read_text()) if name not in ("JINGDU_DATA",)]
    file.write_text("\n".join(line.replace("TIME_ZONE=UTC", "TIME_ZONE=Asia/Taipei") for line in lines))
    done = start(tmp_path, JINGDU_CONFIG=str(file))
    assert (done.stderr, done.stdout, done.returncode) == ("", "Asia/Taipei False\n", 0)


def test_what_is_left_empty_has_its_default(tmp_path: Path) -> None:
    """compose.yaml passes every variable on, most of them empty."""
    empty = dict.fromkeys(read_by_the_settings() - {"JINGDU_DATA", "JINGDU_CONFIG"}, "")
    done = start(tmp_path, **empty)
    assert (done.stderr, done.stdout, done.returncode) == ("", "UTC False\n", 0)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "site.env"
    file.write_text("# mine\nTIME_ZONE=Asia/Taipei\nHTTPS=1\n")
    assert start(tmp_path, JINGDU_CONFIG=str(file), TIME_ZONE="Europe/Budapest").stdout == "Europe/Budapest True\n"


def test_every_wrong_value_is_told_at_once_in_a_line_of_its_own(tmp_path: Path) -> None:
    wrong = {
        "SECRET_KEY": "too short to keep",
        "ALLOWED_HOSTS": "https://jingdu.example.org",
        "CSRF_TRUSTED_ORIGINS": "jingdu.example.org",
        "HTTPS": "maybe",
        "TRUSTED_PROXY_COUNT": "-1",
        "DATABASE_URL": "mysql://jingdu:hidden@db/jingdu",
        "EMAIL_URL": "mail.example.org",
        "TIME_ZONE": "Taipei",
        "LOG_LEVEL": "loud",
        "READYZ_FROM": "everywhere",
    }
    done = start(tmp_path, **wrong)
    first, *told = done.stderr.splitlines()
    assert done.returncode == 1
    assert first == "The configuration is wrong (see config.example.env):"
    assert sorted(line.partition(":")[0].partition("=")[0] for line in told) == sorted(wrong)
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr
    assert "too short to keep" not in done.stderr
    assert "HTTPS=maybe: write 1 or 0." in told


def test_a_data_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = start(tmp_path, JINGDU_DATA=str(tmp_path / "file" / "data"))
    assert done.stderr.splitlines()[1:] == [
        f"JINGDU_DATA={tmp_path}/file/data: the folder cannot be made (Not a directory)."
    ]


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (key, "x" * 50, "x" * 49),
        (host, "jingdu.example.org", "*"),
        (host, ".example.org", "jingdu.example.org:8000"),
        (host, "[::1]", "jingdu.example.org/"),
        (origin, "https://jingdu.example.org:8443", "https://jingdu.example.org/page"),
        (zone, "Asia/Taipei", "CST+8"),
        (network, "172.16.0.0/12", "172.16.0.1/12"),
    ],
)
def test_what_is_right_and_what_is_wrong(check: object, right: str, wrong: str) -> None:
    assert check(right) == ""  # type: ignore[operator]
    assert check(wrong)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgres://u:p@host:port/db", "DATABASE_URL"),
        ("sqlite:////tmp/x.sqlite3", ""),
        ("postgres://u:p%2F@host:5432/db", ""),
    ],
)
def test_an_address_of_a_database(url: str, told: str) -> None:
    env = Environment({"DATABASE_URL": url})
    env.db_url("DATABASE_URL", default="sqlite://:memory:")
    assert [problem.partition(":")[0] for problem in env.problems] == [told] * bool(told)


def test_a_file_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    values = {"A": "1"}
    read_file(tmp_path / "none", into=values)
    assert values == {"A": "1"}
