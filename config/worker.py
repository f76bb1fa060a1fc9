"""The gunicorn worker: takes the next connection only while one of its threads is free.

gthread takes every connection that comes, and keeps one open with the worker that took it, so that one worker had a
queue of fifty while the other stood idle: of two cores one was used. Here whoever waits, waits in the system's queue,
from which the next free thread of any worker takes the one that came first. That needs connections of one request each;
keep-alive belongs in front, in the proxy.
"""

from __future__ import annotations

from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class FairWorker(ThreadWorker):  # type: ignore[misc]
    in_hand = 0
    """Connections whose request is being answered or waits for a thread of this worker."""

    def enqueue_req(self, conn: Any) -> None:
        self.in_hand += 1
        super().enqueue_req(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        self.in_hand -= 1
        super().finish_request(conn, fs)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """The one place where connections are taken; gthread has just decided that it may."""
        if self.in_hand >= self.cfg.threads:
            self.set_accept_enabled(False)
        super().wait_for_and_dispatch_events(timeout)
