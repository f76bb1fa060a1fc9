"""Settings of the test run: the real ones, with what would only be slow there replaced."""

import os

os.environ["JINGDU_CONFIG"] = os.devnull  # the configuration of this machine's own site is not the tests'

from config.settings import *  # noqa: F403

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the tests
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"] == "config.queued_sqlite3":  # noqa: F405
    # In memory there are no turns to take, and only with this engine has each process of a test run its own database.
    DATABASES["default"]["ENGINE"] = "django.db.backends.sqlite3"  # noqa: F405
WHITENOISE_AUTOREFRESH = True
