"""A populated site is brought to this version while people use it: migrations, new code, reload. P22, P8.

    .venv/bin/python -m benchmarks.faults.migrating [--postgres] [--learners 300] [--answers 9000]

The version before is that of the commit before the newest migration was added (BEFORE names another): its own code
makes the data and serves it. In mid-load `manage.py upgrade` of this version runs on the data, as docs/deployment.md
has it; meanwhile the old code goes on with the new tables; then the server's folder is this version's, and HUP reloads.

Demanded: something was there to migrate, a copy was made before, no visitor met an error (not even a 503), everything
acknowledged is there, and while the tables change nobody waits for two seconds. That last is of time, which a busy
machine takes from everybody: where it was longer, the whole is tried again, up to three times, and the shortest counts.
Waits for the first pages of fresh workers, at the start and after HUP, are printed and not judged.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.load import Plan, Result, drive_in_background
from benchmarks.serving import ROOT, Site, postgres

CLIENTS = 12
THINK = 0.3
READS = ("/practice/{attempt}/{position}/", "/progress/", "/reports/me/", "/courses/", "/")
LONGEST = 2.0
JUDGED = ("upgrade", "old code, new tables")
TRIES = 3
QUIET = 3.0
"""Seconds under load before and after."""
AT_MOST = 120.0
RELOAD_SECONDS = 60.0
FILL = """
import json, sys
from benchmarks import people
from benchmarks.history import History, site
with site(sys.argv[1]):
    from django.conf import settings
    from django.test import Client
    from quizzes.models import Attempt
    history = History({learners})
    history.grow_to({answers})
    crowd = people.main({clients}, {items})[0]
    for person, learner in zip(crowd["people"], history.people):
        Attempt.objects.filter(pk__in=person["attempts"]).update(learner=learner)
        client = Client()
        client.force_login(learner)
        person |= dict(learner=learner.pk, session=client.cookies[settings.SESSION_COOKIE_NAME].value)
    print(json.dumps(crowd))
"""
"""A class with a history, and open runs of some of its learners, who remember already what they will be asked."""


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def commit_before() -> str:
    """The parent of the commit that added the newest migration, or BEFORE; "" where that is not known here."""
    wanted = os.environ.get("BEFORE")
    try:
        added = git("log", "-n", "1", "--diff-filter=A", "--format=%H", "--", ":(glob)*/migrations/[0-9]*.py")
        return git("rev-parse", "--verify", "--quiet", f"{wanted or f'{added}^'}^{{commit}}")
    except (OSError, subprocess.CalledProcessError):
        return ""


@contextmanager
def before(commit: str) -> Iterator[Path]:
    """A folder with the program of that commit; static files of this one, which are collected anew if they differ."""
    with TemporaryDirectory() as folder:
        old = Path(folder)
        packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "--extract", "--directory", folder], input=packed, check=True)
        if (ROOT / "staticfiles").is_dir():
            shutil.copytree(ROOT / "staticfiles", old / "staticfiles", dirs_exist_ok=True)
        yield old


def point(link: Path, folder: Path) -> None:
    """Let the link lead to this folder from now on, with no moment without."""
    fresh = link.with_suffix(".next")
    fresh.symlink_to(folder)
    fresh.replace(link)


def reload(base: Site) -> None:
    """HUP, and wait until every worker is a new one."""
    old = base.processes
    os.kill(old[0], signal.SIGHUP)
    end = time.monotonic() + RELOAD_SECONDS
    while set(base.processes[1:]) & set(old[1:]) or len(base.processes) != len(old):
        if time.monotonic() > end:
            raise SystemExit("the old workers did not end")
        time.sleep(0.05)


class Waits:
    """The longest wait of each part of the trial, in seconds."""

    def __init__(self, found: Result) -> None:
        self.found = found
        self.marks = {"": (0, 0)}

    def note(self, part: str) -> None:
        """Until now it was this part."""
        self.marks[part] = len(self.found.reads), len(self.found.writes)

    @property
    def longest(self) -> dict[str, float]:
        parts = pairwise(self.marks.items())
        return {
            part: round(max([0.0, *self.found.reads[since[0] : to[0]], *self.found.writes[since[1] : to[1]]]), 2)
            for (_before, since), (part, to) in parts
        }


def trial(database: str, old: Path, learners: int, answers: int) -> dict[str, Any]:
    """One upgrade; what visitors saw of it."""
    with TemporaryDirectory() as folder:
        program = Path(folder) / "program"
        point(program, old)
        base, new = (Site(Path(folder), database, program=code) for code in (program, ROOT))
        fill = FILL.format(learners=learners, answers=answers, clients=CLIENTS, items=300)
        crowd = json.loads(base.python("-c", fill, folder).splitlines()[-1])
        waiting = new.manage("showmigrations", "--plan").count("[ ]")
        base.start()
        try:
            seen = upgrade(base, new, crowd)
        finally:
            base.kill()
        if database:
            new.python("-c", EMPTY)
    return {"migrations": waiting} | seen | {"ok": bool(waiting) and seen["ok"]}


def upgrade(base: Site, new: Site, crowd: dict[str, Any]) -> dict[str, Any]:
    plan = Plan(AT_MOST, think=THINK, reads=0.5, read_paths=READS, timeout=30, warm_up=0)
    load, found = drive_in_background(base.port, crowd, plan)
    waits = Waits(found)
    try:
        time.sleep(QUIET)
        waits.note("before")
        began = time.monotonic()
        told = new.manage("upgrade")
        spent = time.monotonic() - began
        waits.note("upgrade")
        time.sleep(QUIET)
        waits.note("old code, new tables")
        point(base.program, new.program)
        reload(base)
        waits.note("reload")
        time.sleep(QUIET)
        waits.note("after")
        longest = waits.longest
    finally:
        plan.ended.set()
        load.join()
    seen = new.audit(found.acknowledged)
    errors = {name: count for name, count in found.statuses.items() if not name.startswith(("2", "3"))}
    fine = bool(seen["ok"]) and not errors and "The way back: manage.py restore" in told
    measured = {"upgrade_seconds": round(spent, 2), "longest": longest, "requests": found.requests, "errors": errors}
    return measured | seen | {"ok": fine}


EMPTY = """
import django; django.setup()
from django.db import connection
from config.backups.postgresql import EMPTY
connection.cursor().execute(EMPTY)
"""
"""For another try on the same cluster."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--answers", type=int, default=9000)
    options = parser.parse_args()
    commit = commit_before()
    if not commit:
        print("NOT TRIED: the commit before the newest migration is not here (a shallow clone?)")
        return
    print(f"from {git('rev-parse', '--short', commit)}")
    with postgres() if options.postgres else nullcontext() as cluster, before(commit) as old:
        for _try in range(TRIES):
            seen = trial(cluster.url if cluster else "", old, options.learners, options.answers)
            is_quick = max(seen["longest"][part] for part in JUDGED) < LONGEST
            print(json.dumps(seen), flush=True)
            if is_quick or not seen["ok"]:
                break
    raise SystemExit(not (is_quick and seen["ok"]))


if __name__ == "__main__":
    main()
