#!/usr/bin/env bash
# How long the two commands take on this machine, from a fresh clone with an empty home folder.
#   benchmarks/fresh.sh [PORT]
set -euo pipefail
port=${1:-8765}
source=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=
finish() { if [ -n "$server" ]; then kill -- "-$server" 2>/dev/null || true; fi; rm -rf "$work"; }
trap finish EXIT
git clone --quiet "$source" "$work/jingdu"
cd "$work/jingdu"
export HOME="$work/home"
mkdir "$HOME"

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f s\n", b - a }'; }
serve() { # start `make run`, wait for the first page, print how long that took
  local began; began=$(now)
  setsid make run PORT="$port" >"$work/log" 2>&1 &
  server=$!
  for _ in $(seq 3000); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    kill -0 "$server" 2>/dev/null || { cat "$work/log"; exit 1; }
    sleep 0.1
  done
  since "$began"
  kill -- "-$server"; wait "$server" 2>/dev/null || true; server=
}
printf 'make run, first time, until it serves: '; serve
printf 'make run, again, until it serves:      '; serve
began=$(now)
make test >"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
printf 'make test, first time:                 '; since "$began"
tail -n 1 "$work/log"
