"""Two servers behind nginx on one PostgreSQL; one is killed in the middle of answers.

    .venv/bin/python -m benchmarks.faults.two_servers [--seconds 12]

Demanded: nothing acknowledged is lost or counted twice, and nobody gives up: what the dead server had taken is sent
again and answered by the other.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from pathlib import Path

from benchmarks.load import Plan, drive_in_background
from benchmarks.serving import Site, free_port, postgres, site

CLIENTS = 32

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log crit; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream jingdu {{
    server 127.0.0.1:{first} max_fails=1 fail_timeout=2s;
    server 127.0.0.1:{second} max_fails=1 fail_timeout=2s;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://jingdu; proxy_set_header Host $http_host; proxy_next_upstream error timeout; }}
  }}
}}
"""


def trial(first: Site, seconds: float) -> dict[str, object]:
    second = Site(first.data, first.database)
    crowd = first.people(CLIENTS, items=1200)
    first.start(workers=1)
    second.start(workers=1)
    port, config = free_port(), Path(first.data) / "nginx.conf"
    config.write_text(NGINX.format(folder=first.data, port=port, first=first.port, second=second.port))
    proxy = subprocess.Popen(["nginx", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    load, found = drive_in_background(port, crowd, Plan(seconds, tries=9, timeout=10, warm_up=0))
    time.sleep(seconds / 2)
    before = len(found.acknowledged)
    second.kill()
    load.join()
    proxy.terminate()
    proxy.wait(10)
    first.stop()
    seen = first.audit(found.acknowledged)
    after = len(found.acknowledged) - before
    row = {"before": before, "after": after, "gave_up": found.gave_up, "statuses": dict(found.statuses)} | seen
    return row | {"ok": bool(seen["ok"]) and not found.gave_up and after > 0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=12)
    options = parser.parse_args()
    with postgres() as cluster, site(database=cluster.url) as base:
        seen = trial(base, options.seconds)
    print(json.dumps(seen))
    raise SystemExit(not seen["ok"])


if __name__ == "__main__":
    main()
