"""What was typed into a question but not taken as an answer, kept in the session until its page is shown again.

Nothing of it reaches the browser's own storage, and log-out drops it with the session. Before log-in it is kept in the
session of nobody, so that an answer sent after the session had ended is there again once its owner has signed in.
"""

from __future__ import annotations

from typing import TypedDict

from django.http import HttpRequest

from quizzes.forms import typed_fields

KEY = "draft"
LONGEST = 4_000
"""Characters in all; no question asks for as many."""


class Draft(TypedDict):
    """`at`: the question's address; `try_number`: which try it was meant for; `is_unsent`: the session had ended."""

    at: str
    try_number: int
    fields: dict[str, list[str]]
    is_unsent: bool


def keep(request: HttpRequest, at: str, *, try_number: int, is_unsent: bool = False) -> bool:
    """Keep the answer's fields of a posted form, in place of what was kept before; False without any, or too long."""
    fields = typed_fields(request.POST)
    length = sum(len(value) for values in fields.values() for value in values)
    if not 0 < length <= LONGEST:
        return False
    request.session[KEY] = Draft(at=at, try_number=try_number, fields=fields, is_unsent=is_unsent)
    return True


def kept(request: HttpRequest, at: str, *, try_number: int) -> Draft | None:
    """What was typed for this try of the question at this address, if anything."""
    draft: Draft | None = request.session.get(KEY)
    is_for_this = draft is not None and (draft["at"], draft["try_number"]) == (at, try_number)
    return draft if is_for_this else None
