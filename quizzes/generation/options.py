"""Choosing wrong options: true elsewhere, of the same kind and length, and never recognisable by their looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from quizzes.content import BLANK
from quizzes.generation.latin import agrees
from quizzes.generation.lineups import KEY, Chosen, LineUp, overlaps, rank
from quizzes.generation.measures import TextMeasures, text_length
from quizzes.generation.spans import Span

MOST_CANDIDATES, FEW_CANDIDATES = 14, 8
"""Texts among which sets of wrong options are sought: few where a document gives thousands of facts."""

FEWEST = 2


def shuffled(key: str, others: Sequence[str], dice: Random) -> list[str]:
    """The options with the key at any place with equal chance."""
    options = list(others)
    dice.shuffle(options)
    options.insert(dice.randrange(len(options) + 1), key)
    return options


class Chooser:
    """Picks distractors for one key out of vetoed candidates.

    `wishes`: texts to take first where all else is equal. `verbs`, `endings`: how a key may not alone begin or end.
    `order`: where options stand when they have an order of their own; the key's place is then up to the dice.
    `shortlist`: among how many candidates, the nearest in length, the options are sought.
    """

    def __init__(
        self,
        measures: TextMeasures,
        dice: Random,
        wishes: Sequence[str] = (),
        *,
        verbs: tuple[str, ...] = (),
        endings: tuple[str, ...] = (),
        order: Callable[[str], float] | None = None,
        shortlist: int = MOST_CANDIDATES,
    ) -> None:
        self.shortlist = shortlist
        self.measures = measures
        self.order = order
        self.endings = endings
        self.verbs = verbs
        self.dice = dice
        self.wishes = frozenset(wishes)
        self.noise: dict[str, float] = {}
        self.place_rank = dice.choice((0.0, 1.0))
        self.length_rank = 0.3 + 0.5 * dice.random()
        self.centre_rank = 0.2 + 0.6 * dice.random()

    def choose(
        self, stem: str, key: str, candidates: Sequence[Span], *, closed: bool = False, most: int = 3
    ) -> list[Span] | None:
        """Three distractors, else two, that satisfy every rule; None when there are no two such."""
        before = stem.partition(BLANK)[0] if BLANK in stem else ""
        usable = [span for span in candidates if not overlaps(span.text, key) and agrees(before, span.text)]
        usable = self._shortlist(key, usable)
        if len(usable) < FEWEST:
            return None
        line_up = LineUp(key, [span.text for span in usable], verbs=self.verbs, endings=self.endings)
        cues = [self.measures.cue(stem, text) for text in line_up.texts]
        places = [self.order(text) for text in line_up.texts] if self.order and closed else []
        for count in (most, FEWEST):
            fitting = [chosen for chosen in line_up.sets(count) if self.fits(line_up, cues, chosen, closed=closed)]
            if fitting:
                best = min(fitting, key=lambda chosen: self.cost(line_up, cues, chosen, places, closed=closed))
                return [usable[at - 1] for at in best]
        return None

    def _shortlist(self, key: str, candidates: Sequence[Span]) -> list[Span]:
        """Wishes first, then the nearest in length, ties broken by this question's dice."""
        size = text_length(key)
        rated = [
            (span.text not in self.wishes, abs(text_length(span.text) - size), self.dice.random(), i)
            for i, span in enumerate(candidates)
        ]
        return [candidates[entry[-1]] for entry in sorted(rated)[: self.shortlist]]

    @staticmethod
    def fits(line_up: LineUp, cues: Sequence[float], chosen: Chosen, *, closed: bool) -> bool:
        """Whether the options are of like length and kind and the words of the stem do not single out the key."""
        if not closed and not (
            line_up.are_balanced(chosen) and line_up.are_alike(chosen) and not line_up.converge(chosen)
        ):
            return False
        return cues[KEY] == 0 or cues[KEY] <= max(cues[at] for at in chosen)

    def cost(
        self, line_up: LineUp, cues: Sequence[float], chosen: Chosen, places: Sequence[float], *, closed: bool
    ) -> float:
        """Lower is better: wide spreads, differing lists, and a key at another rank than the dice asked for."""
        others = [line_up.texts[at] for at in chosen]
        wished = sum(text in self.wishes for text in others)
        if closed:
            place = rank([places[at] for at in (KEY, *chosen)]) - self.place_rank if places else 0.0
            looks = abs(place) + self.jitter(others)
        else:
            off_rank = line_up.off_rank(chosen, length=self.length_rank, centre=self.centre_rank)
            looks = line_up.spread(chosen) + off_rank
        return looks - 2.0 * wished + (0.5 if cues[KEY] == 0 and any(cues[at] > 0 for at in chosen) else 0)

    def jitter(self, others: Sequence[str]) -> float:
        """A little noise, the same for the same options: decides between sets of proper names."""
        return sum(self.noise.setdefault(text, self.dice.random()) for text in others) / 10
