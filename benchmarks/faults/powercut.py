"""Cuts the power in the middle of answers, and demands every acknowledged answer of what the disk had. P4. Needs root.

    .venv/bin/python -m benchmarks.faults.powercut [--rounds 5]

The data folder lies on an ext4 image. In mid-load every server process is frozen and the image copied: the copy holds
what the kernel had written to the device, as after a power cut on an honest disk. It is mounted (ext4 recovers its
journal), opened (SQLite recovers its own) and audited.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load import Plan, drive_in_background
from benchmarks.serving import Site

CLIENTS = 32
SECONDS = 6.0
IMAGE_MEGABYTES = 256


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_image(path: Path, megabytes: int) -> None:
    """An empty ext4 file system in a file, with nothing kept back for root."""
    with path.open("wb") as file:
        file.truncate(megabytes << 20)
    run("mkfs.ext4", "-q", "-F", "-m", "0", str(path))


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    """The image as a folder; unmounted afterwards, if need be after a while."""
    folder.mkdir(exist_ok=True)
    run("mount", "-o", "loop", str(image), str(folder))
    try:
        yield folder
    finally:
        for _wait in range(50):
            with suppress(subprocess.CalledProcessError):
                run("umount", str(folder))
                break
            time.sleep(0.1)


def one_round(work: Path) -> dict[str, object]:
    """One cut; what was lost."""
    image, copy = work / "disk.img", work / "after.img"
    make_image(image, IMAGE_MEGABYTES)
    with mounted(image, work / "disk") as disk:
        base = Site(disk)
        base.manage("setup")
        crowd = base.people(CLIENTS, items=600)
        run("sync", "-f", str(disk))
        base.start()
        load, found = drive_in_background(base.port, crowd, Plan(SECONDS, timeout=3, warm_up=0))
        time.sleep(SECONDS * random.uniform(0.4, 0.8))
        for pid in base.processes:
            os.kill(pid, signal.SIGSTOP)
        acknowledged = list(found.acknowledged)
        shutil.copyfile(image, copy)
        base.kill()
        load.join()
    with mounted(copy, work / "after") as after:
        return Site(after).audit(acknowledged)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if os.getuid():
        raise SystemExit("A power cut needs root, to mount a file system.")
    rounds = []
    for _ in range(options.rounds):
        with TemporaryDirectory() as work:
            rounds.append(one_round(Path(work)))
            print(json.dumps(rounds[-1]), flush=True)
    raise SystemExit(not all(row["ok"] and row["acknowledged"] for row in rounds))


if __name__ == "__main__":
    main()
