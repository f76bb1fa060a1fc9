#!/usr/bin/env bash
# Every fault trial: a line each, and how many failed. Kills, power cuts and crashes of the database come 20 times each,
# as is promised; ROUNDS=5 for another number, QUICK=1 for one of each, the bounded form that CI runs.
#   benchmarks/faults/run.sh
set -uo pipefail
cd "$(dirname "$0")/../.."
python=.venv/bin/python
rounds=${ROUNDS:-${QUICK:+1}}; rounds=${rounds:-20}
failed=0
step() { # name, then the command
  local name=$1 out; shift
  if out=$("$@" 2>&1); then echo "ok      $name"; else echo "FAILED  $name"; failed=$((failed + 1)); fi
  printf '%s\n' "$out" | tail -n 3 | cut -c 1-400 | sed 's/^/        /'
}
trial() { local name=$1; shift; step "$name $*" "$python" -m "benchmarks.faults.$name" "$@"; }

trial races --rounds 50
trial races --rounds 50 --postgres
trial kill --rounds "$rounds"
trial kill --rounds "$rounds" --victim worker
trial kill --rounds "$rounds" --postgres
trial clock --rounds "$((rounds < 3 ? rounds : 3))"
trial clock --rounds 1 --postgres
trial graceful
trial migrating ${QUICK:+--answers 3000}
trial migrating ${QUICK:+--answers 3000} --postgres
trial reports_meanwhile ${QUICK:+--rounds 1}
trial database_gone --rounds "$rounds"
if command -v nginx >/dev/null; then
  trial slow_clients --nginx
  trial two_servers
else
  echo "skipped slow_clients, two_servers: nginx is not installed"
fi
can_mount() { # whether this machine lets us mount a file system of our own
  local folder; folder=$(mktemp -d)
  truncate --size 8M "$folder/image" && mkdir "$folder/disk" && mkfs.ext4 -q -F "$folder/image" 2>/dev/null \
    && mount -o loop "$folder/image" "$folder/disk" 2>/dev/null && umount "$folder/disk"
  local status=$?; rm -rf "$folder"; return $status
}
if [ "$(id -u)" = 0 ] && can_mount; then
  trial powercut --rounds "$rounds"
  trial diskfull
else
  echo "skipped powercut, diskfull: nothing can be mounted here (root and loop devices are needed)"
fi
echo "$failed failed"
exit "$((failed > 0))"
