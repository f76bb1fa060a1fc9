"""The secret key: made on the first run and kept beside the data, never in the repository."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path


def kept_secret(path: Path) -> str:
    """Read the key at `path`, or make one there, readable by its owner only. Two processes starting at once agree."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    try:
        return path.read_text().strip()
    except OSError as error:
        sys.exit(f"{path} cannot be read ({error.strerror}): give it to the user who runs the site, mode 0600.")
