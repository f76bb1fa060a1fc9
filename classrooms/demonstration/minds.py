"""Simulated learners: what they remember, when they practise, how long they take. Pure; the dice are seeded.

Their forgetting is exponential, R = exp(-t/S) with t and S in days, which is not the power law that the site predicts
with: so the calibration shown for the demonstration is not perfect by construction.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

FIRST_STABILITY = 9.0
LAPSED_STABILITY = 4.0
LONGEST_STABILITY = 300.0
READING_DAYS, UNREAD = 5.0, 0.35
KEPT = 0.7


@dataclass(frozen=True, slots=True)
class Character:
    """What kind of learner somebody is.

    `knows`: share of a lesson known after reading it, 0 to 1; `growth`: factor of stability for a good recall; `days`:
    chance of practising on a day; `first_week`, `last_week`: when they come and go, of eight; `rapid`: share of
    answers given without reading; `slip`: share of wrong answers on what is known; `seconds`: time for a question.
    """

    knows: float = 0.5
    growth: float = 2.3
    days: float = 0.28
    first_week: int = 1
    last_week: int = 8
    rapid: float = 0.0
    slip: float = 0.04
    seconds: float = 16.0


STEADY = Character(knows=0.6, days=0.4, growth=2.8)
QUICK = Character(knows=0.8, growth=3.2, days=0.4, slip=0.02, seconds=10.0)
SLOW = Character(knows=0.4, growth=1.7, days=0.35, slip=0.1, seconds=28.0)
SPORADIC = Character(knows=0.5, days=0.13)
ABSENT = Character(days=0.3, last_week=4)
LATECOMER = Character(days=0.4, first_week=4)
GUESSER = Character(days=0.25, rapid=0.45, slip=0.15, seconds=5.0)
STRUGGLING = Character(knows=0.15, growth=1.3, days=0.3, slip=0.25, seconds=32.0)

CHARACTERS = (
    *(STEADY,) * 9,
    *(QUICK,) * 5,
    *(SLOW,) * 5,
    *(SPORADIC,) * 4,
    *(ABSENT,) * 2,
    LATECOMER,
    *(GUESSER,) * 2,
    *(STRUGGLING,) * 2,
)
"""Of thirty learners."""


@dataclass(slots=True)
class Mind:
    """One simulated learner. Times are days as floats on any one scale."""

    character: Character
    dice: random.Random
    _memories: dict[str, tuple[float, float]] = field(default_factory=dict)

    def knows(self, fact: str, *, at: float, guess: float) -> bool:
        """Whether the answer about `fact` comes out right at a time; `guess`: the chance of a blind guess."""
        chance = guess + (1 - guess) * self._recall(fact, at)
        return self.dice.random() < chance * (1 - self.character.slip)

    def learn(self, fact: str, *, at: float, was_right: bool) -> None:
        """Feedback was read: a recall strengthens, a miss begins anew."""
        if fact not in self._memories:
            known = FIRST_STABILITY * (1.6 if was_right else 1.0)
            self._memories[fact] = (known * self.dice.uniform(0.7, 1.4), at)
            return
        stability, seen = self._memories[fact]
        spacing = min(1.0, max(0.0, at - seen) / stability)
        grown = stability * (1 + (self.character.growth - 1) * spacing)
        self._memories[fact] = (
            min(grown, LONGEST_STABILITY) if was_right else max(LAPSED_STABILITY, stability / 3),
            at,
        )

    def practises(self, *, week: int, is_weekend: bool) -> bool:
        """Whether today is a day for it."""
        if not self.character.first_week <= week <= self.character.last_week:
            return False
        return self.dice.random() < self.character.days * (0.5 if is_weekend else 1.15)

    def reads(self) -> bool:
        """Whether the question is read at all before it is answered."""
        return self.dice.random() >= self.character.rapid

    def seconds(self, *, length: int) -> float:
        """How long an answer takes that was read; `length`: characters shown."""
        usual = self.character.seconds + 0.08 * length
        return usual * math.exp(self.dice.gauss(0, 0.35))

    def _recall(self, fact: str, at: float) -> float:
        """What was practised fades, but not below what somebody who reads along keeps anyway."""
        read = self.character.knows * (UNREAD if at < READING_DAYS else 1.0)
        if fact not in self._memories:
            return read
        stability, seen = self._memories[fact]
        return max(KEPT * read, math.exp(-max(0.0, at - seen) / stability))
