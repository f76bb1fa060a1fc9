"""Right answers, and the mistakes that people make, in the form in which a question's kind reads them. Pure."""

from __future__ import annotations

import random
from typing import Any

from quizzes.content import Content

GAVE_UP = object()
"""What `mistaken` returns for somebody who presses "I don't know"."""

USUAL_MISTAKE = 0.6
"""How often a wrong pick is the option that this group of people likes best, instead of any other."""


def right(content: Content) -> Any:
    """The answer that the key asks for."""
    match content.kind:
        case "ordering":
            return [content.key.index(item) + 1 for item in content.items]
        case "matching":
            return [content.responses.index(pair[1]) for pair in content.key]
        case "enumeration":
            return "\n".join(map(str, content.key))
        case _ if content.options is not None:
            return content.options.index(str(content.key))
        case _:
            return str(content.key)


def mistaken(content: Content, dice: random.Random) -> Any:
    """An answer that is not right, or GAVE_UP."""
    match content.kind:
        case "ordering" | "matching":
            return _swapped(list(right(content)), dice)
        case "enumeration":
            return _shortened([str(member) for member in content.key], content, dice)
        case _ if content.options is not None:
            return _picked(content, dice)
        case _:
            return _typed(content, dice)


def _swapped(places: list[int], dice: random.Random) -> list[int]:
    """Two of them changed about; in a list of five or more sometimes four."""
    for _again in range(2 if len(places) > 4 and dice.random() < 0.4 else 1):
        first, second = dice.sample(range(len(places)), 2)
        places[first], places[second] = places[second], places[first]
    return places


def _shortened(members: list[str], content: Content, dice: random.Random) -> Any:
    """Some members are missing; now and then one of another list stands among them."""
    missing = dice.randint(1, max(1, len(members) // 2))
    kept = sorted(dice.sample(range(len(members)), max(0, len(members) - missing)))
    given = [members[index] for index in kept]
    if content.confusions and dice.random() < 0.3:
        given.append(dice.choice(content.confusions).text)
    return "\n".join(given) or GAVE_UP


def _picked(content: Content, dice: random.Random) -> int:
    """A wrong option: mostly the same one, so that confusions have something to show."""
    options = content.options or ()
    wrong = [index for index, text in enumerate(options) if text != content.key]
    return wrong[0] if dice.random() < USUAL_MISTAKE else dice.choice(wrong)


def _typed(content: Content, dice: random.Random) -> Any:
    """The answer of another fact, a part of the key, or nothing."""
    chance = dice.random()
    others = [row.text for row in content.confusions] or [row.text for row in content.distractors]
    if others and chance < 0.5:
        return others[0] if dice.random() < USUAL_MISTAKE else dice.choice(others)
    key = str(content.key)
    return key[: len(key) // 2] if len(key) >= 4 and chance < 0.7 else GAVE_UP
