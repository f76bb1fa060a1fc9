"""What a new password ends. Django ends the other sessions; tokens for programs are ended here."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken


class TokensEnd:
    """A password validator that finds nothing wrong: Django tells validators of each new password, wherever it is set
    (changed, reset, by an administrator or on the command line), and not when only its hash is renewed."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Any password will do."""

    def get_help_text(self) -> Promise:
        return _("A new password deletes the tokens for programs.")

    def password_changed(self, password: str, user: AbstractBaseUser) -> None:
        """Whoever knew the old password may have made one."""
        ApiToken.objects.filter(user=user.pk).delete()
