"""Starting on a new machine: the key, the port."""

import socket
import stat
from pathlib import Path

import pytest

from config.ports import reason_unusable, refuse_unusable
from config.secret import kept_secret


def test_the_secret_key_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    first = kept_secret(path)
    assert len(first) >= 50
    assert kept_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret-key"]


@pytest.mark.parametrize("port", ["", "0", "65536", "http", "-1", "80 00"])
def test_a_port_that_is_no_number_is_refused_in_one_line(port: str) -> None:
    assert reason_unusable("127.0.0.1", port) == f"PORT={port} is not a port number (1 to 65535)."


def test_a_port_in_use_is_refused_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(SystemExit, match=f"Port {port} on 127.0.0.1 cannot be used"):
            refuse_unusable("127.0.0.1", port)
    assert reason_unusable("127.0.0.1", port) == ""
