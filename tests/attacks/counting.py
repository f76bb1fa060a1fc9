"""A hasher that counts: how much work a sign-up does must not depend on who is known."""

from django.contrib.auth.hashers import MD5PasswordHasher

hashed: list[str] = []


class CountingHasher(MD5PasswordHasher):
    def encode(self, password: str, salt: str) -> str:
        hashed.append(password)
        return super().encode(password, salt)
