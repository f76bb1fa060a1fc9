"""Which questions should be looked at, and why, in words. Pure: no database, no clock.

From 50 answers a flag stands; from 20 it is shown as preliminary, so that a class of thirty hears of it at all. Only
what learners say themselves needs no number of answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.item_figures import Asked, Summary
from reports.psychometrics import EASY, FEWEST_FOR_RANKING, FUNCTIONING_SHARE, FUNCTIONING_SHARE_OF_WRONG

_MARK = "\0"
FEWEST_FOR_FLAGS = 20
FEWEST_APPEALS = 3
TOO_EASY = 0.95
SUSPECT_BELOW = 0.1
SLOW_FACTOR = 2
KEY, STRONG_MISS, CONTESTED = "key", "strong", "contested"
GUESS, DEAD, EASY_ITEM, SLOW = "guess", "dead", "easy", "slow"
ORDER = (KEY, STRONG_MISS, CONTESTED, GUESS, DEAD, EASY_ITEM, SLOW)
"""The gravest first."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason to look at a question; `text`: an option that it is about; `value`: a share, or seconds."""

    code: str
    n: int
    text: str = ""
    value: float = 0.0

    @property
    def is_preliminary(self) -> bool:
        return self.code != CONTESTED and self.n < FEWEST_FOR_RANKING

    @property
    def rank(self) -> tuple[bool, int]:
        return self.is_preliminary, ORDER.index(self.code)

    @property
    def words(self) -> str:
        """The reason as a sentence, in the language of the page."""
        return "".join(self.parts)

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence in three: what stands before the option that it names, the option, and what stands after."""
        before, _mark, after = self._sentence().partition(_MARK)
        return before, self.text, after

    def _sentence(self) -> str:
        percent = f"{self.value:.0%}"
        sentences = {
            KEY: lambda: _("The key may be wrong: of the strongest third, %(share)s chose “%(text)s”."),
            STRONG_MISS: lambda: _("The key may be wrong: strong learners miss it rather than weak ones."),
            GUESS: lambda: _("It is answered no better than by guessing."),
            DEAD: lambda: _("Hardly anybody chooses “%(text)s” (%(share)s)."),
            EASY_ITEM: lambda: _("Nearly everybody knows it before practising: it may give its answer away."),
            SLOW: lambda: _("It takes more than twice as long as others of its kind."),
        }
        if self.code == CONTESTED:
            n = int(self.value)
            return ngettext("%(n)d learner contests it.", "%(n)d learners contest it.", n) % {"n": n}
        return sentences[self.code]() % {"share": percent, "text": _MARK}


def flags(found: Summary, asked: Asked, *, appeals: int, usual_seconds: float | None) -> tuple[Flag, ...]:
    """The reasons to look at a version, the gravest first.

    `appeals`: learners who said that something is wrong with it; `usual_seconds`: the median of its kind.
    """
    texts = {str(at): text for at, text in enumerate(asked.options)}
    raised = []
    if appeals >= FEWEST_APPEALS:
        raised.append(Flag(CONTESTED, found.n, value=appeals))
    if found.n >= FEWEST_FOR_FLAGS:
        raised += [*_key(found, asked, texts), *_level(found, asked), *_dead(found, asked, texts)]
        if found.seconds.value and usual_seconds and found.seconds.value > SLOW_FACTOR * usual_seconds:
            raised.append(Flag(SLOW, found.n, value=found.seconds.value))
    return tuple(sorted(raised, key=lambda flag: flag.rank))


def _key(found: Summary, asked: Asked, texts: Mapping[str, str]) -> list[Flag]:
    """A distractor that the top third prefers to the key, or a correlation surely not positive."""
    if found.strong:
        code = max(found.strong, key=lambda code: (found.strong or {})[code])
        if code != asked.key and found.strong[code] > found.strong.get(asked.key, 0.0):
            return [Flag(KEY, found.n, texts[code], found.strong[code])]
    r = found.r
    if r.value is not None and r.value < 0 and (r.high or 0.0) < SUSPECT_BELOW:
        return [Flag(STRONG_MISS, found.n)]
    return []


def _level(found: Summary, asked: Asked) -> list[Flag]:
    low, high = found.p.low, found.p.high
    if low is None or high is None:
        return []
    if low > TOO_EASY:
        return [Flag(EASY_ITEM, found.n)]
    return [Flag(GUESS, found.n)] if asked.guess and low <= asked.guess <= high else []


def _dead(found: Summary, asked: Asked, texts: Mapping[str, str]) -> list[Flag]:
    """Distractors that fewer than 5 % choose; of an easy item, fewer than 15 % of those who miss it.

    From 50 answers on: among twenty, one in three distractors that 5 % would choose is chosen by nobody.
    """
    if found.n < FEWEST_FOR_RANKING or found.p.value is None:
        return []
    wrong = found.n - dict(found.options).get(asked.key, 0)
    is_easy = found.p.value >= EASY
    base, least = (wrong, FUNCTIONING_SHARE_OF_WRONG) if is_easy else (found.n, FUNCTIONING_SHARE)
    if is_easy and wrong < FEWEST_FOR_FLAGS:
        return []
    dead = [(count, code) for code, count in found.options if code != asked.key and count < least * base]
    return [Flag(DEAD, found.n, texts[code], count / found.n) for count, code in sorted(dead)]
