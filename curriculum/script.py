"""How the pinned text is shown: full-width punctuation, and the script that the reader prefers.

Both maps keep the length, so an offset into the source is the same offset into what is shown. They are for display
only: nothing converted is ever stored, because Simplified to Traditional cannot be undone reliably.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from opencc import OpenCC

LANGUAGE_TAGS = {"hant": "zh-Hant", "hans": "zh-Hans"}
# Corrections after OpenCC's `tw2s`, phrase to phrase of the same length.
CORRECTIONS = {"土着": "土著", "祇是": "只是"}

_HAN = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff65“”‘’…—"
_QUOTES = str.maketrans("「」『』", "“”‘’")  # as a Simplified text is printed
_WIDE = str.maketrans(",:;!?", "，：；！？")
_MARKS = re.compile(rf"(?<=[{_HAN}])[,:;!?]+|[,:;!?]+(?=[{_HAN}])")
_BRACKETS = re.compile(rf"(?<=[{_HAN}])\(([^()\n]*)\)|\((?=[{_HAN}])([^()\n]*)\)")


def with_wide_marks(text: str) -> str:
    """Show half-width `, : ; ! ? ( )` beside Chinese at full width; leave numbers and English as they are."""
    before = ""
    while text != before:  # a mark beside one that was made wide is beside Chinese too
        before = text
        text = _BRACKETS.sub(lambda found: f"（{found[1] or found[2] or ''}）", text)
        text = _MARKS.sub(lambda found: found[0].translate(_WIDE), text)
    return text


@cache
def _converter() -> OpenCC:
    return OpenCC("tw2s")


def simplified(text: str) -> str:
    """Traditional to Simplified, character for character; the words stay those of the source (網絡, not 网路)."""
    text = _converter().convert(text)
    for wrong, right in CORRECTIONS.items():
        text = text.replace(wrong, right)
    return text


@lru_cache(maxsize=8192)
def shown(text: str, script: str) -> str:
    """The source text as a reader of `script` ("hant" or "hans") sees it; the same number of characters."""
    wide = with_wide_marks(text)
    return simplified(wide).translate(_QUOTES) if script == "hans" else wide
