"""What was erased is in no byte of the database file any more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary7431"
LIVE_AND_GO = f"""
import django
django.setup()
from django.core.management import call_command
from accounts.models import User
from accounts.personal_data import erase
call_command("migrate", verbosity=0)
for number in range(40):
    User.objects.create_user(f"stays{{number}}", email=f"stays{{number}}@example.org", display_name="x" * 60)
person = User.objects.create_user("{CANARY}", email="{CANARY}@example.org", display_name="{CANARY} shown")
person.display_name = "{CANARY} " + "y" * 60
person.save()
"""
READ = """
from pathlib import Path
files = Path("{}").rglob("*.sqlite3*")
print(sum(file.read_bytes().count(b"canary7431") for file in files))
"""


def counted(folder: Path, *steps: str) -> int:
    """How often the canary is in the database and its log after the steps, while the program still runs."""
    read = READ.format(folder)
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "JINGDU_CONFIG": os.devnull,
        "JINGDU_DATA": str(folder),
        "LOG_LEVEL": "ERROR",
    }
    program = [sys.executable, "-c", LIVE_AND_GO + "\n".join([*steps, read])]
    done = subprocess.run(program, env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def test_a_deleted_person_is_in_no_byte_of_the_file_after_the_sweep(tmp_path: Path) -> None:
    here, gone = tmp_path / "here", tmp_path / "gone"
    for folder in (here, gone):
        folder.mkdir()
    assert counted(here, 'call_command("sweep", verbosity=0)') > 0
    assert counted(gone, "erase(person)", 'call_command("sweep", verbosity=0)') == 0
