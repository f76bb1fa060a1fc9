"""Log-in cards for accounts that a class made. A password is readable, made by the dice of the machine, and never kept:
it is on the card or nowhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from classrooms.models import Member

CONSONANTS, VOWELS = "bdfghjkmnprstvz", "aeiou"
SYLLABLES = 6


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card."""

    name: str
    username: str
    password: str


def new_password() -> str:
    """Two words of three syllables and two digits, as gadupo-retizu-47: 75^6 · 64 are 44 bits."""
    syllables = [secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(SYLLABLES)]
    digits = "".join(secrets.choice("23456789") for _ in range(2))
    return f"{''.join(syllables[:3])}-{''.join(syllables[3:])}-{digits}"


def renewable(members: QuerySet[Member]) -> QuerySet[Member]:
    """Those whose password an instructor may renew: the class made the account, and nothing but the card opens it yet.

    Not once the person has confirmed an e-mail address or set up a second step, and never where the account could do
    more than learn: then the instructor would get in where they have no business.
    """
    owner = OuterRef("user")
    return members.filter(
        is_managed=True, user__is_staff=False, user__is_superuser=False, user__is_guest=False
    ).exclude(
        Exists(EmailAddress.objects.filter(user=owner, verified=True))
        | Exists(Authenticator.objects.filter(user=owner))
        | Exists(Member.objects.active().teachers().filter(user=owner))
        | Exists(User.objects.filter(pk=owner, owned_courses__isnull=False))
    )


def renew(members: Iterable[Member]) -> list[Card]:
    """A new password for each, and the cards. The old passwords, every open session and every token end with it."""
    cards = []
    for member in members:
        password = new_password()
        member.user.set_password(password)
        member.user.save(update_fields=["password"])
        cards.append(Card(member.shown_name, member.user.username, password))
    return cards
