"""What a person has to do when an upgrade passes certain migrations. CHANGELOG.md says the same for readers."""

from __future__ import annotations

NOTES: dict[tuple[str, str], str] = {}
"""(app, migration) -> one sentence, shown once: by the upgrade that applies the migration."""


def notes_for(applied: set[tuple[str, str]]) -> list[str]:
    """The notes of these migrations, in the order of NOTES."""
    return [note for migration, note in NOTES.items() if migration in applied]
