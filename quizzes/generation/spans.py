"""Pieces of the document that can be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from curriculum.knowledge import Fact


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a fact that can be asked for, with its own pool and other accepted forms."""

    fact: Fact
    start: int
    end: int
    text: str
    pool: str
    variants: tuple[str, ...] = ()
