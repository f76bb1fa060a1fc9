"""How gunicorn serves the site: `gunicorn --config config/gunicorn.py config.wsgi`, in each kind of installation.

Behind a proxy that buffers: 40 slow clients would otherwise hold every thread. HUP loads new code without breaking a
request; TERM finishes what was accepted.

The master keeps no module of the site or of its packages: workers are forked from it, and after HUP they would have
those of the version before.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
sys.path[:] = [str(HERE), *(folder for folder in sys.path if folder != str(HERE))]
known = set(sys.modules)
environment = import_module("config.environment")

values = dict(os.environ)
environment.read_file(Path(values.get("JINGDU_CONFIG") or HERE / ".env"), into=values)
env = environment.Environment(values)

bind = env("BIND", default="127.0.0.1:8000")
workers = env.int("WORKERS", default=2, least=1)
threads = env.int("THREADS", default=4, least=1)
env.refuse()
for name in set(sys.modules) - known:
    if name.partition(".")[0] not in sys.stdlib_module_names:
        del sys.modules[name]

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
    """Read the settings once before any worker, in a process of its own: a wrong one ends here with its line instead of
    in every worker.
    """
    reads = get_context("fork").Process(target=import_module, args=("config.settings",))
    reads.start()
    reads.join()
    if reads.exitcode:
        sys.exit(reads.exitcode)
