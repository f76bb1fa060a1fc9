"""Stable names and private dice: what keeps a question the same question when its neighbours change."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable


def question_id(kind: str, direction: str, facts: Iterable[str], rule: str) -> str:
    """Twelve hex digits from what is asked of which facts in which way; wording and options are not part of it."""
    name = f"{kind}:{direction}:{','.join(sorted(facts))}:{rule}"
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:12]


def dice(seed: str, question: str) -> random.Random:
    """A generator of its own for every question, so that adding a fact does not reshuffle the others."""
    digest = hashlib.sha256(f"{seed}:{question}".encode()).hexdigest()[:16]
    return random.Random(int(digest, 16))
