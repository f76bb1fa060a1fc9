"""How allauth meets Jingdu's guests."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up turns the guest into a member in place; log-in moves the guest's history to the member."""
