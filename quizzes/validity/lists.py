"""Rule V60: what is listed can be typed and told apart. (Rules V16 and V17 on lists are in `one_answer`.)"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from quizzes.generation.measures import text_length
from quizzes.validity.findings import ERROR, Problem, item_rule
from quizzes.validity.item import Item
from quizzes.validity.texts import normal

FEWEST_MEMBERS, MOST_MEMBERS = 3, 6
"""Fewer is a pair; more than six typed members are a memory feat, not knowledge."""
HINTED_MEMBERS = 6
"""As many members are recalled by few without help."""
LONGEST_MEMBER = 14
"""Characters of one member that is typed in a list."""


def member_forms(item: Item) -> list[set[str]]:
    """For each member of an enumeration the normal forms in which it may be given."""
    accepted = list(item.content.accepted)
    forms = []
    for i, key in enumerate(item.keys):
        others = accepted[i] if i < len(accepted) else ()
        forms.append({normal(form) for form in (key, *others)})
    return forms


@item_rule("V60", ERROR, _("A list to be typed has three to six short members, and no form is ambiguous between two."))
def members_are_distinct(item: Item) -> Iterator[Problem]:
    if item.content.kind != "enumeration":
        return
    if not FEWEST_MEMBERS <= len(item.keys) <= MOST_MEMBERS:
        yield Problem(ngettext("%(n)s member", "%(n)s members", len(item.keys)) % {"n": len(item.keys)})
    if len(item.keys) >= HINTED_MEMBERS and not item.content.hints:
        yield Problem(gettext("%(n)s members are asked for without a hint") % {"n": len(item.keys)})
    for key in item.keys:
        if text_length(key) > LONGEST_MEMBER:
            yield Problem(gettext("a member of %(length)s characters has to be typed") % {"length": text_length(key)})
    forms = member_forms(item)
    for left, right in combinations(range(len(forms)), 2):
        for form in sorted(forms[left] & forms[right]):
            yield Problem(gettext("「%(form)s」 stands for two members") % {"form": form})
    yield from missing_members(item)


def missing_members(item: Item) -> Iterator[Problem]:
    """A problem when the key is not exactly the list that the fact gives."""
    fact = item.facts[0] if len(item.facts) == 1 else None
    if fact is not None and fact.members:
        listed = [normal(member.text) for member in fact.members]
        if sorted(listed) != sorted(map(normal, item.keys)):
            yield Problem(gettext("the key is not the list of %(id)s") % {"id": fact.id})
