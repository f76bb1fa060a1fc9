"""Argon2id with the memory and time that OWASP's Password Storage Cheat Sheet gives as the minimum.

Django's default takes 100 MiB a password: a class of 40 that logs in at once would need more memory than a small server
has. This takes 19 MiB.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallArgon2PasswordHasher(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
