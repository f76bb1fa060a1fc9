"""Settings from the environment, each checked: a wrong value is told in one line with its name and what would be right.

Values of names that may hold a password are not repeated.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ

YES = {"1", "true", "yes", "on", "y"}
NO = {"0", "false", "no", "off", "n", ""}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
KEY_LENGTH = 50
SILENT = ("SECRET_KEY", "_URL")


class Environment:
    """Reads named values; `refuse` ends the process with one line for each that was wrong."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.problems: list[str] = []
        self._reader = environ.Env()
        self._reader.ENVIRON = values

    def __call__(self, name: str, default: str = "", check: Callable[[str], str] | None = None) -> str:
        """Text. `check` says what is wrong with a value, or ""; a value found wrong gives the default."""
        value = self.values.get(name, "").strip()
        if value and check and (wrong := check(value)):
            self.report(name, wrong)
            return default
        return value or default

    def bool(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name, "").strip().lower()
        if value not in YES | NO:
            self.report(name, "write 1 or 0")
        return value in YES if value else default

    def int(self, name: str, default: int = 0, least: int = 0) -> int:
        value = self.values.get(name, "").strip()
        if value and not (value.isdecimal() and int(value) >= least):
            self.report(name, f"write a whole number from {least} on")
            return default
        return int(value) if value else default

    def list(self, name: str, default: list[str], check: Callable[[str], str] | None = None) -> list[str]:
        """Texts separated by commas."""
        parts = [part.strip() for part in self.values.get(name, "").split(",") if part.strip()]
        for part in parts:
            if check and (wrong := check(part)):
                self.report(name, f"{part!r}: {wrong}")
        return parts or default

    def folder(self, name: str, default: Path) -> Path:
        """A folder that can be written to; it is made for its owner alone if it is not there."""
        path = Path(self(name, str(default)))
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            self.report(name, f"the folder cannot be made ({error.strerror})")
        else:
            if not os.access(path, os.W_OK | os.X_OK):
                self.report(name, "this process may not write there; give the folder to the user who runs the site")
        return path

    def db_url(self, name: str, default: str) -> dict[str, Any]:
        return self._url("db_url", name, default, ("sqlite", "postgres", "postgresql"))

    def cache_url(self, name: str, default: str) -> dict[str, Any]:
        return self._url(
            "cache_url", name, default, ("dbcache", "filecache", "rediscache", "rediss", "redis", "locmemcache")
        )

    def email_url(self, name: str, default: str) -> dict[str, Any]:
        return self._url("email_url", name, default, ("smtp", "smtp+tls", "smtp+ssl", "smtps", "consolemail"))

    def _url(self, kind: str, name: str, default: str, schemes: tuple[str, ...]) -> dict[str, Any]:
        value = self.values.get(name, "").strip() or default
        try:
            if urlsplit(value).scheme not in schemes:
                raise ValueError(f"begin with one of {', '.join(f'{scheme}://' for scheme in schemes)}")
            if urlsplit(value).port == 0:
                raise ValueError("the port is not a number")
            return dict(getattr(environ.Env, f"{kind}_config")(value))
        except (ValueError, environ.ImproperlyConfigured) as error:
            self.report(name, str(error) if isinstance(error, ValueError) else "this is not such an address")
            return dict(getattr(environ.Env, f"{kind}_config")(default))

    def report(self, name: str, wrong: str) -> None:
        shown = "" if name.endswith(SILENT) else f"={self.values.get(name, '')}"
        self.problems.append(f"{name}{shown}: {wrong}.")

    def refuse(self) -> None:
        """Leave the process with what was wrong, if anything was."""
        if self.problems:
            sys.exit("\n".join(["The configuration is wrong (see config.example.env):", *self.problems]))


def read_file(path: Path, into: dict[str, str]) -> None:
    """Read NAME=value lines where the environment does not say otherwise. No file, no change."""
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, equals, value = line.strip().partition("=")
            if equals and not name.startswith("#"):
                into.setdefault(name.strip(), value.strip().strip("\"'"))


# What is wrong with a value, or "".


def key(value: str) -> str:
    return "" if len(value) >= KEY_LENGTH else f"write at least {KEY_LENGTH} random characters, or leave it empty"


def host(value: str) -> str:
    if "*" in value:
        return "name the site; a star would let anybody choose the address that mails link to"
    bare = value.strip("[]") if value.startswith("[") else value
    if "/" in value or "://" in value or (":" in value and not value.startswith("[")):
        return "write the bare name, without https:// and port"
    return "" if bare else "write a name"


def origin(value: str) -> str:
    parts = urlsplit(value)
    fine = parts.scheme in ("http", "https") and parts.netloc and not parts.path.strip("/")
    return "" if fine else "write scheme and name, such as https://jingdu.example.org"


def zone(value: str) -> str:
    return "" if value in available_timezones() else "no such time zone; Asia/Taipei and Europe/Budapest are two"


def level(value: str) -> str:
    return "" if value in LEVELS else f"write one of {', '.join(LEVELS)}"


def network(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError:
        return "write an address or a network such as 172.16.0.0/12"
    return ""
