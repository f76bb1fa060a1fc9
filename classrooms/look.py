"""How somebody looks at a class page: with names or not, on a projector, standing still. It stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest

from accounts.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Look:
    """`names`: "shown", "hidden", or "" for what fits the place; `page` of the learners, from 1."""

    names: str = ""
    is_projector: bool = False
    is_paused: bool = False
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Look:
        """From the query of an address; anything unknown is as if it were not there."""
        page = query.get("page", "")
        return cls(
            names=query.get("names", "") if query.get("names") in ("shown", "hidden") else "",
            is_projector=query.get("projector") == "1",
            is_paused=query.get("updates") == "off",
            page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 and int(page) else 1,
        )

    @property
    def has_names(self) -> bool:
        """Names and single results do not belong on the wall."""
        return self.names == "shown" or (self.names != "hidden" and not self.is_projector)

    @property
    def query(self) -> str:
        """This look as the query of an address, with its question mark; "?" for the plain one."""
        chosen = {
            "names": self.names,
            "projector": "1" if self.is_projector else "",
            "updates": "off" if self.is_paused else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in chosen.items() if value})

    # Where the links of the page lead.

    @property
    def paused(self) -> str:
        return replace(self, is_paused=True).query

    @property
    def running(self) -> str:
        return replace(self, is_paused=False).query

    @property
    def with_names(self) -> str:
        return replace(self, names="shown").query

    @property
    def without_names(self) -> str:
        return replace(self, names="hidden").query

    @property
    def on_wall(self) -> str:
        return replace(self, is_projector=True, names="").query

    @property
    def off_wall(self) -> str:
        return replace(self, is_projector=False, names="").query

    @property
    def before(self) -> str:
        return replace(self, page=self.page - 1).query

    @property
    def after(self) -> str:
        return replace(self, page=self.page + 1).query


def script_of(request: HttpRequest) -> str:
    """The script in which the person reads the document."""
    preferences: Preferences = request.preferences  # type: ignore[attr-defined]
    return preferences.script
