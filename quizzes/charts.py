"""Sizes for drawings made of plain SVG attributes. Pure; the figures themselves always stand beside them in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

HEIGHT = 32
GAP = 0.2
SHADES = (1, 5, 10, 20, 40)


class Column(NamedTuple):
    """One column: `x` and `y` of its upper left corner, `width` and `height`, in units of the view box."""

    x: float
    y: float
    width: float
    height: float
    value: int


def columns(values: Sequence[int]) -> tuple[Column, ...]:
    """Columns of one unit each in a view box `len(values)` wide and HEIGHT high; they begin at zero."""
    most = max(values, default=0) or 1
    heights = [round(HEIGHT * value / most, 2) for value in values]
    return tuple(
        Column(at + GAP / 2, round(HEIGHT - height, 2), 1 - GAP, height, value)
        for at, (height, value) in enumerate(zip(heights, values, strict=True))
    )


def shade(value: int) -> int:
    """0 for nothing, then 1 to 5: from 1, 5, 10, 20 and 40 on."""
    return sum(value >= step for step in SHADES)


def curve(shares: Sequence[float], *, width: float, height: float) -> str:
    """The `d` of an SVG path through shares 0 to 1 at equal distances, 1 at the top."""
    step = width / max(1, len(shares) - 1)
    points = (f"{at * step:.1f} {height * (1 - share):.1f}" for at, share in enumerate(shares))
    return "M" + " L".join(points)
