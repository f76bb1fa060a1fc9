"""How gunicorn serves the site: `gunicorn --config config/gunicorn.py config.wsgi`, in each kind of installation.

Behind a proxy that buffers: 40 slow clients would otherwise hold every thread. HUP loads new code without breaking a
request; TERM finishes what was accepted.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))
environment = import_module("config.environment")

values = dict(os.environ)
environment.read_file(Path(values.get("JINGDU_CONFIG") or HERE / ".env"), into=values)
env = environment.Environment(values)

bind = env("BIND", default="127.0.0.1:8000")
workers = env.int("WORKERS", default=2, least=1)
threads = env.int("THREADS", default=4, least=1)
env.refuse()

worker_class = "config.worker.FairWorker"
keepalive = 0  # see config.worker
timeout = 60
graceful_timeout = 30
control_socket_disable = True
loglevel = "warning"
accesslog = None  # config.journal logs each request, without addresses
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"  # the sign of life of a worker must not wait for a disk


def on_starting(server: Any) -> None:
    """Read the settings once before any worker: a wrong one ends here with its line instead of in every worker."""
    import_module("config.settings")
