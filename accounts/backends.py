"""How a name and a password are looked at: as often for a name nobody has as for one that somebody has."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser


class NameOrAddress(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which takes a user name or an e-mail address, but looks at one person's password only once.

    It tries an address twice, as user name and as address, so that a known one took a hash longer to refuse than an
    unknown one: a fifth of a second on a slow machine, and enough to tell who has an account.
    """

    def _check_password(self, user: AbstractBaseUser | None, password: str) -> AbstractBaseUser | None:
        looked_at: set[int] = self.__dict__.setdefault("looked_at", set())  # a backend lives for one log-in
        if user is None or user.pk in looked_at:
            return None
        looked_at.add(user.pk)
        return super()._check_password(user, password)  # type: ignore[no-any-return]
