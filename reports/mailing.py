"""Sends the weekly mail: one a week for a person, in their language and zone, with a way out that needs no log-in."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.digests import unsubscribe_path
from accounts.models import Digest, User
from accounts.preferences import Preferences
from quizzes.standings import Day
from quizzes.weeks import monday_of
from reports.digest import Mail, weekly

log = logging.getLogger("jingdu.mail")


@dataclass(slots=True)
class Count:
    """How many mails were sent, how many people had nothing to be told or had it already, how many mails failed."""

    sent: int = 0
    skipped: int = 0
    failed: int = 0


def send_all(connection: BaseEmailBackend, *, site: str, now: datetime) -> Count:
    """The mail of this week to everybody who wants one and has not had it. `site`: its address, without a slash."""
    done = Count()
    for person, address in recipients():
        try:
            if send_one(person, address, connection, site=site, now=now):
                done.sent += 1
            else:
                done.skipped += 1
        except (SMTPException, OSError) as problem:
            log.error("mail not sent", extra={"event": {"user": person.pk, "problem": type(problem).__name__}})
            done.failed += 1
    return done


def recipients() -> Iterator[tuple[User, str]]:
    """People with a confirmed address, each once: with the one that they call their main one, else the oldest."""
    rows = EmailAddress.objects.filter(verified=True, user__is_active=True, user__is_guest=False)
    seen: set[int] = set()
    for row in rows.select_related("user").order_by("user", "-primary", "pk").iterator():
        if row.user_id not in seen:
            seen.add(row.user_id)
            yield row.user, row.email


def send_one(person: User, address: str, connection: BaseEmailBackend, *, site: str, now: datetime) -> bool:
    """Send the mail of this week; False where there is nothing to say or it was sent. Raises what the connection
    raises: then the next run tries again."""
    wishes = Digest.objects.filter(user=person).first() or Digest(user=person)
    day = Day(now, Preferences(time_zone=person.time_zone).zone)
    monday = monday_of(day.date)
    if wishes.sent_week == monday or not (wishes.about_classes or wishes.about_learning):
        return False
    language = person.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(day.zone):
        script = person.script or ("hans" if language == "zh-hans" else "hant")
        mail = weekly(person, wishes, day, script=script)
        if mail.is_empty:
            return False
        message = written(mail, address, site=site, language=language)
    wishes, _made = Digest.objects.get_or_create(user=person)
    if not wishes.claim(monday):
        return False
    message.connection = connection
    try:
        message.send()
    except (SMTPException, OSError):
        wishes.release(monday)
        raise
    return True


def written(mail: Mail, address: str, *, site: str, language: str) -> EmailMultiAlternatives:
    """The mail as text and as HTML that loads nothing, in the language that is active."""
    way_out = f"{site}{unsubscribe_path(mail.person)}"
    context = {"mail": mail, "site": site, "way_out": way_out, "language": language, "site_name": settings.SITE_NAME}
    message = EmailMultiAlternatives(
        subject=_("Your week with Jingdu"),
        body=render_to_string("reports/mail/weekly.txt", context),
        to=[address],
        headers={
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("reports/mail/weekly.html", context), "text/html")
    return message
