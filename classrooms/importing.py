"""What would become of each row of a roster, and doing it: nothing is written until an instructor has confirmed.

Whose account is it? A row makes an account, or finds somebody who is in the class already, or reuses an account that a
class of the same instructor made. It never pulls in an account that somebody made for themselves: knowing a user name
must not make anybody a learner of a class whose instructor then sees what they know. Those people join with the code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.names import normal_name, validate_username, validate_visible
from classrooms.cards import Card, new_password
from classrooms.models import Classroom, Member, RosterImport
from classrooms.roster import COLUMNS, LENGTHS, Roster, Row

MADE, REUSED, BACK, CHANGED, UNCHANGED, REFUSED = "made", "reused", "back", "changed", "unchanged", "refused"
VERDICTS = (MADE, REUSED, BACK, CHANGED, UNCHANGED, REFUSED)
KEPT = ("name", "email", "number")
STEMS_AT_ONCE = 100


class ChangedMeanwhileError(Exception):
    """Somebody changed the class between looking and confirming. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one row: one of VERDICTS, and why.

    `member` or `user` is whom it found, `username` that of a new account, `changes` what would change in the class.
    """

    row: Row
    verdict: str
    reasons: tuple[str, ...] = ()
    member: Member | None = None
    user: User | None = None
    username: str = ""
    changes: dict[str, str] = field(default_factory=dict)

    @property
    def is_written(self) -> bool:
        return self.verdict not in (UNCHANGED, REFUSED)


def keep(classroom: Classroom, actor: User, roster: Roster) -> RosterImport:
    """Put what was read aside until it is confirmed; what the same person left unconfirmed before goes."""
    RosterImport.objects.filter(classroom=classroom, actor=actor, confirmed_at=None).delete()
    return RosterImport.objects.create(classroom=classroom, actor=actor, rows=[row.as_data() for row in roster.rows])


def fates(arrival: RosterImport) -> list[Fate]:
    """What would become of each row, in the order of the list; in a constant number of queries."""
    rows = [_normal(Row(**row)) for row in arrival.rows]
    world = _World(arrival.classroom, arrival.actor, rows)
    return [world.fate(row) for row in rows]


def _normal(row: Row) -> Row:
    return Row(row.line, *(normal_name(getattr(row, column)) for column in COLUMNS))


class _World:
    """Who is there, and what the rows before have taken already."""

    def __init__(self, classroom: Classroom, actor: User, rows: list[Row]) -> None:
        self.classroom = classroom
        members = list(classroom.members.select_related("user", "group").order_by("pk"))
        self.by_username = {member.user.username.casefold(): member for member in members}
        self.by_number = {member.number: member for member in members if member.number}
        self.by_email = {member.email.casefold(): member for member in members if member.email}
        self.by_name: dict[str, list[Member]] = {}
        for member in members:
            self.by_name.setdefault(member.shown_name, []).append(member)
        self.taken = self._taken(rows)
        self.reusable = self._reusable(actor, rows)
        self.seen: set[int] = set()
        self.lines: dict[tuple[str, str], int] = {}

    @staticmethod
    def _taken(rows: list[Row]) -> set[str]:
        """User names that somebody has, among those asked for and those that would be made of names."""
        asked = {row.username.casefold() for row in rows if row.username}
        stems = Counter(_username(row.name) for row in rows if not row.username)
        users = User.objects.annotate(folded=Lower("username")).values_list("folded", flat=True)
        taken = set(users.filter(folded__in=asked | stems.keys()))
        crowded = sorted(stem for stem, times in stems.items() if times > 1 or stem in taken)
        for start in range(0, len(crowded), STEMS_AT_ONCE):
            begins = [Q(folded__startswith=stem) for stem in crowded[start : start + STEMS_AT_ONCE]]
            taken |= set(users.filter(reduce(or_, begins)))
        return taken

    def _reusable(self, actor: User, rows: list[Row]) -> dict[str, User]:
        """Accounts that classes of `actor` made, by user name."""
        wanted = {row.username.casefold() for row in rows if row.username}
        taught = Member.objects.active().teachers().filter(user=actor).values("classroom")
        made = Member.objects.filter(classroom__in=taught, is_managed=True).values("user")
        users = User.objects.filter(pk__in=made, is_guest=False).annotate(folded=Lower("username"))
        return {user.username.casefold(): user for user in users.filter(folded__in=wanted)}

    def fate(self, row: Row) -> Fate:
        faults = [*_faults(row), *self._repeats(row)]
        if faults:
            return Fate(row, REFUSED, tuple(faults))
        member = self._member(row)
        if member is not None:
            return self._known(row, member)
        if row.number in self.by_number:
            other = self.by_number[row.number].shown_name
            return Fate(row, REFUSED, (_("%(name)s has this student number.") % {"name": other},))
        user = self.reusable.get(row.username.casefold()) if row.username else None
        if user is not None:
            return Fate(row, REUSED, user=user)
        if row.username and row.username.casefold() in self.taken:
            words = _("Somebody outside the class has this user name. If it is this learner, they join with the code.")
            return Fate(row, REFUSED, (words,))
        if faults := list(_username_faults(row)):
            return Fate(row, REFUSED, tuple(faults))
        return Fate(row, MADE, username=self._new_username(row))

    def _repeats(self, row: Row) -> Iterable[str]:
        """What a line before had already."""
        for column, words in (
            ("username", _("Line %(line)s has the same user name.")),
            ("number", _("Line %(line)s has the same student number.")),
        ):
            value = getattr(row, column).casefold()
            if value and (before := self.lines.setdefault((column, value), row.line)) != row.line:
                yield words % {"line": before}

    def _member(self, row: Row) -> Member | None:
        """Whom of the class the row means: by user name, by number, by e-mail, and if it says none of these by name."""
        if row.username:
            found = self.by_username.get(row.username.casefold())
        else:
            found = self.by_number.get(row.number) or self.by_email.get(row.email.casefold())
            if found is None:
                same = [member for member in self.by_name.get(row.name, []) if member.pk not in self.seen]
                found = next((member for member in same if _fits(member, row)), None)
        if found is not None:
            if found.pk in self.seen:
                return None
            self.seen.add(found.pk)
        return found

    def _known(self, row: Row, member: Member) -> Fate:
        if member.teaches and member.is_active:
            return Fate(row, REFUSED, (_("This person teaches the class."),), member=member)
        holder = self.by_number.get(row.number)
        if holder is not None and holder.pk != member.pk:
            words = _("%(name)s has this student number.") % {"name": holder.shown_name}
            return Fate(row, REFUSED, (words,), member=member)
        if member.status == Member.Status.LEFT and not member.is_managed:
            words = _("This person has left the class. They come back with the code.")
            return Fate(row, REFUSED, (words,), member=member)
        changes = _changes(row, member)
        if not member.is_active:
            return Fate(row, BACK, member=member, changes=changes)
        return Fate(row, CHANGED if changes else UNCHANGED, member=member, changes=changes)

    def _new_username(self, row: Row) -> str:
        """The one asked for, or one made of the name, with a number where somebody has it."""
        stem = row.username or _username(row.name)
        name, number = stem, 2
        while not row.username and (name.casefold() in self.taken or ("username", name.casefold()) in self.lines):
            name, number = f"{stem}{number}", number + 1
        self.taken.add(name.casefold())
        return name


def _fits(member: Member, row: Row) -> bool:
    """Whether nothing that the row says speaks against it being this member of the same name."""
    return all(getattr(member, key) in ("", getattr(row, key)) or not getattr(row, key) for key in ("number", "email"))


def _changes(row: Row, member: Member) -> dict[str, str]:
    """What the row says otherwise. An empty cell says nothing, and a name that is only the account's is not copied."""
    found = {name: getattr(row, name) for name in KEPT if getattr(row, name) != getattr(member, name)}
    found = {name: value for name, value in found.items() if value}
    if found.get("name") == member.shown_name:
        del found["name"]
    if row.group and row.group.casefold() != (member.group.name.casefold() if member.group else ""):
        found["group"] = row.group
    return found


def _username(name: str) -> str:
    """A user name made of a name: its letters and digits, small."""
    letters = "".join(character for character in name.casefold() if character.isalnum())
    return letters[: LENGTHS["username"] - 4] or "learner"


def _faults(row: Row) -> Iterable[str]:
    """What is wrong with the row by itself."""
    if not row.name and not row.username:
        yield _("There is neither a name nor a user name.")
    for column, most in LENGTHS.items():
        if len(getattr(row, column)) > most:
            yield _("%(what)s is longer than %(most)s characters.") % {"what": _said(column), "most": most}
    checks: tuple[tuple[str, Any], ...] = (
        *((column, validate_visible) for column in ("name", "group", "number")),
        ("email", validate_email),
    )
    for column, check in checks:
        yield from _told(column, getattr(row, column), check)


def _username_faults(row: Row) -> Iterable[str]:
    """What speaks against a new account of this user name."""
    for check in (UnicodeUsernameValidator(), validate_username):
        yield from _told("username", row.username, check)


def _told(column: str, value: str, check: Any) -> Iterable[str]:
    try:
        if value:
            check(value)
    except ValidationError as error:
        yield f"{_said(column)}: {' '.join(error.messages)}"


def _said(column: str) -> str:
    return {
        "name": _("Name"),
        "username": _("User name"),
        "email": _("E-mail"),
        "group": _("Group"),
        "number": _("Student number"),
    }[column]


# Confirming.


def confirm(arrival: RosterImport, *, now: datetime) -> tuple[list[Fate], list[Card]] | None:
    """Write what may be written, all or nothing, and give the cards of new accounts; None if it was written before.

    Raises ChangedMeanwhileError when the class changed since `fates` was asked here. Passwords are hashed before the
    database is locked, for that takes long.
    """
    if arrival.confirmed_at is not None:
        return None
    new = [fate for fate in fates(arrival) if fate.verdict == MADE]
    passwords = {fate.row.line: new_password() for fate in new}
    hashes = {line: make_password(password) for line, password in passwords.items()}
    with transaction.atomic():
        classroom = Classroom.objects.select_for_update().get(pk=arrival.classroom_id)
        locked = RosterImport.objects.select_for_update().get(pk=arrival.pk)
        if locked.confirmed_at is not None:
            return None
        found = fates(arrival)
        if {fate.row.line for fate in found if fate.verdict == MADE} != passwords.keys():
            raise ChangedMeanwhileError
        _write(classroom, found, hashes, now)
        locked.confirmed_at, locked.rows = now, []
        locked.save(update_fields=["confirmed_at", "rows"])
    cards = [
        Card(fate.row.name or fate.username, fate.username, passwords[fate.row.line])
        for fate in found
        if fate.verdict == MADE
    ]
    return found, cards


def _write(classroom: Classroom, found: list[Fate], hashes: dict[int, str], now: datetime) -> None:
    groups = {group.name.casefold(): group for group in classroom.groups.all()}
    for fate in found:
        name = fate.changes.get("group", "") if fate.member else fate.row.group
        if fate.is_written and name and name.casefold() not in groups:
            groups[name.casefold()] = classroom.groups.create(name=name)
    for fate in found:
        if not fate.is_written:
            continue
        if fate.member is not None:
            _change(fate.member, fate, groups)
            continue
        user = fate.user or User.objects.create(
            username=fate.username,
            password=hashes[fate.row.line],
            display_name=fate.row.name,
            time_zone=classroom.time_zone,
        )
        classroom.members.create(
            user=user,
            name=fate.row.name,
            email=fate.row.email,
            number=fate.row.number,
            group=groups.get(fate.row.group.casefold()),
            is_managed=True,
            joined_at=now,
        )


def _change(member: Member, fate: Fate, groups: dict[str, Any]) -> None:
    for name in KEPT:
        setattr(member, name, fate.changes.get(name, getattr(member, name)))
    if "group" in fate.changes:
        member.group = groups[fate.changes["group"].casefold()]
    if fate.verdict == BACK:
        member.come_back(Member.Status.ACTIVE)
    member.save(update_fields=[*KEPT, "group"])


def counted(found: Iterable[Fate]) -> dict[str, int]:
    """How many rows meet each fate."""
    verdicts = Counter(fate.verdict for fate in found)
    return {verdict: verdicts[verdict] for verdict in VERDICTS}
