"""Join codes that read aloud well, and secrets for private addresses. Pure, but for the dice of the machine."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXYZ"
"""No 0 and O, 1 and I and L, B (8), S (5): nothing that sounds or looks like another."""
LENGTH = 8
"""29^8 is 5·10^11: with guesses limited per account and address, no script finds a class."""


def new_code() -> str:
    """A random code of LENGTH characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """The code in what was typed: case, width, spaces and hyphens do not matter. May be no code at all."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in folded if character.isalnum())


def shown_code(code: str) -> str:
    """A code as it is written and read aloud: in groups of four."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def new_secret() -> str:
    """A token of 192 random bits for a private address."""
    return secrets.token_urlsafe(24)


def digest(secret: str) -> str:
    """What is kept of a secret: its SHA-256, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()
