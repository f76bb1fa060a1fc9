"""Names that people choose: one normal form, and nothing that cannot be seen or that turns the line around."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

GUEST_PREFIX = "guest-"
JOINERS = "\u200c\u200d"  # needed inside words of some scripts and inside emoji
BLANK_LETTERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and symbols that show nothing
HIDDEN_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
STACKED_MARKS = re.compile(r"(?:[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]){4}")


def normal_name(text: str) -> str:
    """NFKC, with every run of white space as one space and none at the ends."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def validate_visible(name: str) -> None:
    """Raise ValidationError for invisible characters, for piles of accents, and for a name of which nothing shows."""
    if any(hides(character) for character in name) or STACKED_MARKS.search(unicodedata.normalize("NFD", name)):
        raise ValidationError(_("Write the name with letters that can be seen."), code="invisible")
    if name and not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        raise ValidationError(_("Write the name with letters that can be seen."), code="invisible")


def hides(character: str) -> bool:
    if character in JOINERS:
        return False
    return character in BLANK_LETTERS or unicodedata.category(character) in HIDDEN_CATEGORIES


def validate_username(name: str) -> None:
    """Raise ValidationError for a user name that could be taken for a guest's or for an e-mail address."""
    validate_visible(name)
    if name.casefold().startswith(GUEST_PREFIX):
        raise ValidationError(_("Names that begin with “guest-” are taken. Choose another."), code="reserved")
    if "@" in name:
        raise ValidationError(
            _("A user name has no @. Your e-mail address, if you give one, goes in its own field."), code="address"
        )
