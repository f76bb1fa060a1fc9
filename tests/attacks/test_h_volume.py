"""H. Too much, too far, too often."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from accounts.limits import GUESTS, allow
from accounts.models import User
from quizzes.views.importing import IMPORTS
from tests.accounts.people import log_in, sign_up
from tests.attacks.conftest import Site
from tests.factories import make_user

FAR = ["-1", "0", str(10**9), "abc", "9" * 20, "9" * 4000, "1.5", "１", "1e3", "last", "", "1;2"]


@pytest.mark.parametrize("page", FAR)
def test_81_a_page_that_is_not_there(site: Site, page: str) -> None:
    assert site.client(site.staff).get("/bank/small/", {"page": page}).status_code in (200, 404)
    assert site.client(site.learner).get("/courses/", {"page": page, "all": page}).status_code in (200, 404)


@pytest.mark.parametrize(
    "number", ["0", str(2**31), str(2**63 - 1), str(2**63), str(10**30), "9" * 300, "00000001", "٣"]
)
@pytest.mark.parametrize(
    "address",
    [
        "/practice/{}/",
        "/practice/{}/1/",
        "/practice/1/{}/",
        "/practice/{}/summary/",
        "/bank/small/questions/{}/",
        "/import/small/facts/{}/",
    ],
)
def test_82_a_number_that_no_row_can_have(site: Site, address: str, number: str) -> None:
    status = site.client(site.staff).get(address.format(number)).status_code
    assert status in (302, 404) or number in ("00000001", "٣")
    assert status < 500


def test_83_three_hundred_thousand_keys(site: Site) -> None:
    client = site.client(site.learner)
    few = {"scope": "facts", "course": "small", "fact": [f"F{number}" for number in range(400)]}
    assert client.post("/practice/", few).status_code == 422
    many = "&".join(f"fact=F{number}" for number in range(300_000))
    response = client.generic("POST", "/practice/", many, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


def use_up(action: str, rate: str, *, but: int) -> None:
    """Count all but a few of what one address may do, as the pages count it."""
    request = RequestFactory().get("/")
    for _ in range(int(rate.partition("/")[0]) - but):
        assert allow(request, action, rate=rate)


def test_85_a_script_that_starts_as_ten_thousand_guests(site: Site) -> None:
    wanted = {"scope": "lesson", "course": "small", "lesson": "lesson-1"}
    use_up("guest", GUESTS, but=3)
    before = User.objects.guests().count()
    answers = [site.client().post("/practice/", wanted) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert User.objects.guests().count() - before == 3
    elsewhere = site.client().post("/practice/", wanted, REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 302


def test_a_class_of_forty_behind_one_address_gets_in(site: Site) -> None:
    for number in range(40):
        make_user(f"pupil{number}")
    assert {log_in(site.client(), f"pupil{number}").status_code for number in range(40)} == {302}
    assert {sign_up(site.client(), f"newcomer{number}").status_code for number in range(40)} == {302}
    wanted = {"scope": "lesson", "course": "small", "lesson": "lesson-1"}
    assert {site.client().post("/practice/", wanted).status_code for _ in range(40)} == {302}


def test_imports_are_limited_for_one_address(site: Site) -> None:
    use_up("import", IMPORTS, but=1)
    client = site.client(site.learner)
    statuses = [client.post("/import/", {"text": "規則。", "encoding": ""}).status_code for _ in range(2)]
    assert statuses == [302, 422]
