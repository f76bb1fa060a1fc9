"""Says in one line why an address cannot be served, before the server does so in thirty."""

from __future__ import annotations

import socket
import sys


def reason_unusable(host: str, port: str) -> str:
    """Why nothing can listen on host:port, or "" if something can."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"PORT={port} is not a port number (1 to 65535)."
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return f"Port {port} on {host} cannot be used ({error.strerror}). Choose another: make run PORT=8001"
    return ""


def refuse_unusable(host: str, port: str) -> None:
    """Leave the process with that one line, if there is one."""
    if reason := reason_unusable(host, port):
        sys.exit(reason)
