"""What the account tests do again and again: visit as a guest, answer, sign up, log in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from quizzes.models import Attempt, Response
from tests.factories import PASSWORD, make_attempt, make_bank, make_course, make_guest

GOOD = "correct horse battery"


def visit_as_guest(client: Client, **fields: Any) -> User:
    """A guest as practice makes one: a row, and a session that belongs to it."""
    guest = make_guest(**fields)
    client.force_login(guest)
    return guest


def give_answers(learner: User, count: int, *, text: str = "事項") -> Attempt:
    """`count` answers of `learner`, written by hand."""
    course = make_course(sentences=count)
    make_bank(course)
    attempt = make_attempt(learner, course)
    for item in attempt.items.all()[:count]:
        Response.objects.create(
            item=item,
            try_number=1,
            answer=text,
            verdict="correct",
            score=1,
            rule="test",
            study_day=date(2026, 3, 1),
            answered_at=timezone.now(),
        )
    return attempt


def answers_of(user: User) -> int:
    return Response.objects.filter(item__attempt__learner=user).count()


def sign_up(client: Client, username: str = "ann", **fields: Any) -> HttpResponse:
    return client.post("/account/signup/", {"username": username, "password1": GOOD} | fields)


def log_in(client: Client, username: str = "learner", password: str = PASSWORD, **fields: Any) -> HttpResponse:
    return client.post("/account/login/", {"login": username, "password": password} | fields)


def who(client: Client) -> User | None:
    """Whose session the client has."""
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


def words(response: HttpResponse) -> list[str]:
    """The messages that the next page shows."""
    return [str(message) for message in response.wsgi_request._messages]


def with_second_step(user: User) -> str:
    """Give `user` an authenticator app; returns its secret."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
    return secret


def code_of(secret: str) -> str:
    """What the app shows now: RFC 6238 with SHA-1, six digits, 30 seconds."""
    digest = hmac.digest(base64.b32decode(secret), int(time.time() // 30).to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 15
    return f"{int.from_bytes(digest[start : start + 4], 'big') % 2**31 % 10**6:06}"
