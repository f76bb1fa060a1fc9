"""Settings, read from the environment; the defaults serve one machine on the loopback address.

`config.example.env` lists and explains every variable. JINGDU_DATA holds everything that is kept: the database, the
secret key, the backups.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment
from config.databases import roomy, tuned
from config.environment import Environment
from config.secret import kept_secret
from config.sqlite import SQLITE_VERSION

BASE_DIR = Path(__file__).resolve().parent.parent
values = dict(os.environ)
environment.read_file(Path(values.get("JINGDU_CONFIG") or BASE_DIR / ".env"), into=values)
env = Environment(values)

DATA_DIR = env.folder("JINGDU_DATA", default=BASE_DIR / "data")
env.refuse()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", check=environment.key) or kept_secret(DATA_DIR / "secret-key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[], check=environment.key)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"], check=environment.host)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[], check=environment.origin)
SITE_NAME = "Jingdu 精讀"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "config",
    "accounts",
    "curriculum",
    "quizzes",
    "classrooms",
    "reports",
]

MIDDLEWARE = [
    "config.journal.request_ids",
    "config.middleware.headers",
    "csp.middleware.CSPMiddleware",
    "config.health.probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.private_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.wellformed.Wellformed",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.preferences",
    "config.middleware.words_for_405",
    "config.middleware.whole_page_login",
    "accounts.middleware.GuestsOutside",
    "accounts.middleware.InvalidForms",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    },
]

# Database and cache: rate limits live in the cache, so it is shared between worker processes.
DATABASES = {
    "default": tuned(env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'jingdu.sqlite3'}"), SQLITE_VERSION)
}
CACHES = {"default": roomy(env.cache_url("CACHE_URL", default="dbcache://cache"))}
BACKUP_DIR = Path(env("BACKUP_DIR", default=str(DATA_DIR / "backups")))
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "accounts.backends.NameOrAddress",
]
PASSWORD_HASHERS = [
    "accounts.hashers.SmallArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.TokensEnd"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "quizzes:home"
LOGOUT_REDIRECT_URL = "quizzes:home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Jingdu: "
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
# Sign-up does not say whether an address is known; only one account can confirm it.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# Five tries in five minutes on one account. allauth counts under a lock that it gives up after a second, which a class
# of 40 behind one address would meet; so log-ins and sign-ups of one address are counted by accounts.limits instead.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",
    "signup": None,
    "reset_password": "100/m/ip,5/m/key",
    "reset_password_from_key": "100/m/ip",
}
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "add_email": "accounts.forms.AddEmailForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Jingdu"
MFA_ADAPTER = "accounts.adapter.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateCodeForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
}
# How long things are kept (accounts.retention.Rule); `manage.py sweep` deletes what is older.
RETENTION = ["accounts.retention", "quizzes.retention", "classrooms.retention"]
KEEP_GUESTS_DAYS = env.int("KEEP_GUESTS_DAYS", default=30, least=1)
KEEP_UPLOADS_DAYS = env.int("KEEP_UPLOADS_DAYS", default=1, least=1)
KEEP_ARCHIVED_CLASSES_DAYS = env.int("KEEP_ARCHIVED_CLASSES_DAYS", default=0)
KEEP_ADMIN_LOG_DAYS = env.int("KEEP_ADMIN_LOG_DAYS", default=365, least=1)
# One module per app that keeps things about a person: count, export, merge, erase (accounts.personal_data.Keeper).
PERSONAL_DATA = ["quizzes.personal_data", "classrooms.personal_data"]
# Who may read an unpublished course besides its owner: functions user -> Q (CourseQuerySet.visible_to).
COURSE_ACCESS = ["classrooms.courses.readable"]
# What follows from gradings: a module per app, called when answers are graded again (quizzes.regrading.Follower).
REGRADING = ["classrooms.regrade"]
# Modules that set work: which lessons go first, and who hears that a run is over (quizzes.setters.Setter).
PRACTICE_SETTERS = ["classrooms.setting"]

# Where people reach the site, for links in mail that no request leads to.
SITE_URL = env("SITE_URL", default="", check=environment.origin)
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Jingdu <jingdu@localhost>")

# Languages and time.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hant", _("Traditional Chinese")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="UTC", check=environment.zone)

# Static files: hashed, compressed, served by WhiteNoise.
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.StaticFiles"},
}

# Security. HTTPS=1 behind TLS; without it only for one machine or a school's own network.
HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.bool("TRUST_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5
UPLOAD_MAX_BYTES = 11_000_000  # a document of 10 MB in its form; more is refused unread
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "config.logs.JsonLines"},
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line" if DEBUG else "json"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO", check=environment.level)},
}
# Who may ask /readyz, besides Unix sockets: addresses and networks of this machine.
READYZ_FROM = env.list("READYZ_FROM", default=["127.0.0.0/8", "::1/128"], check=environment.network)

env.refuse()
