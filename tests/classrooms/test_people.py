"""The people of a class: the list, one learner, letting in, removing, groups, invitations, cards."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms.cards import new_password
from classrooms.invitations import accept, invite
from classrooms.joining import JoinError
from classrooms.models import Classroom, Group, Invitation, Member
from classrooms.people import hand_over
from tests.accounts.people import log_in
from tests.classrooms.rows import make_assignment, make_classroom, make_member
from tests.classrooms.test_joining import signed_in, text_of
from tests.factories import PASSWORD, make_guest, make_user
from tests.quizzes.histories import answer


@pytest.fixture
def teacher(db: None) -> User:
    return make_user("teacher")


@pytest.fixture
def classroom(teacher: User) -> Classroom:
    return make_classroom(teacher)


@pytest.fixture
def client(teacher: User) -> Client:
    return signed_in(teacher)


def at(classroom: Classroom, rest: str = "") -> str:
    return f"/classes/{classroom.pk}/people/{rest}"


def names(page: str) -> list[str]:
    """The learners of the table, in order."""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', page)


def test_the_list_sorts_searches_and_filters(client: Client, classroom: Classroom) -> None:
    red = classroom.groups.create(name="Red")
    make_member(classroom, name="Ben", number="2", group=red)
    make_member(classroom, name="ann", number="3")
    make_member(classroom, name="Cai", number="1", email="cai@example.org")
    make_member(classroom, name="Gone", status=Member.Status.REMOVED)
    make_member(make_classroom(), name="Elsewhere")
    page = text_of(client, at(classroom))
    assert "3 learners" in page
    assert names(page) == ["ann", "Ben", "Cai"]
    assert 'aria-sort="ascending"' in page
    assert re.findall(r'class="cell-head"[^>]*>([^<]*)<', page) == ["Name", "Group", "Student number", "Last active"]
    (row,) = re.findall(r">Ben</a></th>(.*?)</tr>", page, re.DOTALL)
    assert [cell.strip() for cell in re.findall(r"<td[^>]*>([^<]*)</td>", row)][:2] == ["Red", "2"]
    assert names(text_of(client, at(classroom, "?sort=-name"))) == ["Cai", "Ben", "ann"]
    assert names(text_of(client, at(classroom, "?sort=number"))) == ["Cai", "Ben", "ann"]
    assert names(text_of(client, at(classroom, "?sort=user__password"))) == ["ann", "Ben", "Cai"]
    assert names(text_of(client, at(classroom, "?q=CAI%40example"))) == ["Cai"]
    assert names(text_of(client, at(classroom, f"?group={red.pk}"))) == ["Ben"]
    assert names(text_of(client, at(classroom, "?group=abc&q="))) == ["ann", "Ben", "Cai"]


def test_last_active_counts_only_the_document_of_the_class(client: Client, classroom: Classroom) -> None:
    other = make_classroom().course
    here, elsewhere, never = (make_member(classroom, name=name) for name in ("Here", "Elsewhere", "Never"))
    User.objects.filter(pk__in=[here.user_id, elsewhere.user_id]).update(last_login=timezone.now())
    answer(here.user, classroom.course.facts.earliest("pk"), at=timezone.now() - timedelta(days=3))
    answer(elsewhere.user, other.facts.earliest("pk"), at=timezone.now() - timedelta(days=1))
    page = text_of(client, at(classroom))
    assert "1 has not signed in yet." in page
    assert page.count("nothing learned yet") == 1
    assert page.count("not signed in yet") == 2  # the sentence and the row
    assert names(text_of(client, at(classroom, "?sort=-active")))[0] == "Here"
    assert never.seen_at is None


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_asks_the_same_number_of_queries(
    many: int, client: Client, classroom: Classroom, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(many):
        member = make_member(classroom, name=f"L{number}", group=classroom.groups.create(name=f"G{number}"))
        answer(member.user, classroom.course.facts.earliest("pk"), at=timezone.now())
        make_member(classroom, status=Member.Status.WAITING)
        make_member(classroom, status=Member.Status.REMOVED)
    client.get(at(classroom))
    with django_assert_num_queries(8):
        client.get(at(classroom))


def test_a_learner_s_page_leads_to_their_report_while_there_is_one(client: Client, classroom: Classroom) -> None:
    here, gone = make_member(classroom, name="Ann"), make_member(classroom, status=Member.Status.REMOVED)
    for member, times in [(here, 1), (gone, 0)]:
        report = reverse("reports:class_learner", args=[classroom.pk, member.pk])
        assert text_of(client, at(classroom, f"{member.pk}/")).count(f'href="{report}"') == times
        assert client.get(report).status_code == (200 if times else 404)


def test_a_learner_is_changed(client: Client, classroom: Classroom) -> None:
    member = make_member(classroom, name="Ann")
    group = classroom.groups.create(name="Red")
    posted = {"name": "Ann Lee", "number": "7", "email": "a@example.org", "group": group.pk}
    posted |= {"extra_time_factor": "1.5", "extra_attempts": "2"}
    posted |= {"role": "owner", "status": "removed", "user": 1, "is_managed": "on", "classroom": 9}
    assert client.post(at(classroom, f"{member.pk}/"), posted).status_code == 302
    kept = Member.objects.get(pk=member.pk)
    assert (kept.name, kept.number, kept.email, kept.group) == ("Ann Lee", "7", "a@example.org", group)
    assert (float(kept.extra_time_factor), kept.extra_attempts) == (1.5, 2)
    assert (kept.role, kept.status, kept.user_id, kept.is_managed) == ("learner", "active", member.user_id, False)
    assert kept.classroom_id == classroom.pk


@pytest.mark.parametrize(
    "wrong",
    [
        {"extra_time_factor": "0.5"},
        {"extra_time_factor": "NaN"},
        {"extra_time_factor": "9"},
        {"extra_attempts": "-1"},
        {"extra_attempts": "1099511627776"},
        {"email": "no address"},
        {"number": "taken"},
        {"name": "\u202e"},
        {"group": "other"},
        {"group": "abc"},
    ],
)
def test_what_cannot_be_is_explained(wrong: dict[str, str], client: Client, classroom: Classroom) -> None:
    make_member(classroom, number="taken", name="Ben")
    member = make_member(classroom, name="Ann")
    elsewhere = Group.objects.create(classroom=make_classroom(), name="Not ours")
    posted = {"name": "New", "extra_time_factor": "1", "extra_attempts": "0"} | wrong
    posted["group"] = str(elsewhere.pk) if posted.get("group") == "other" else posted.get("group", "")
    response = client.post(at(classroom, f"{member.pk}/"), posted)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert Member.objects.get(pk=member.pk).name == "Ann"


def test_removing_asks_first_and_can_be_taken_back(client: Client, classroom: Classroom) -> None:
    member = make_member(classroom, name="Ann", number="7")
    assert "Marks and answers stay with you" in text_of(client, at(classroom, f"{member.pk}/remove/"))
    member.refresh_from_db()
    assert member.is_active
    page = client.post(at(classroom, f"{member.pk}/remove/"), follow=True).content.decode()
    assert "Undo" in page
    assert names(page) == []
    assert signed_in(member.user).get(f"/classes/{classroom.pk}/leave/").status_code == 404
    page = client.post(at(classroom, f"{member.pk}/admit/"), follow=True).content.decode()
    assert names(page) == ["Ann"]
    member.refresh_from_db()
    assert (member.number, member.left_at) == ("7", None)


def test_those_who_wait_are_let_in_one_by_one_or_together(client: Client, classroom: Classroom) -> None:
    waiting = [make_member(classroom, name=f"W{n}", status=Member.Status.WAITING) for n in range(3)]
    elsewhere = make_member(make_classroom(), status=Member.Status.WAITING)
    assert "3 people wait to be let in" in text_of(client, at(classroom))
    client.post(at(classroom, f"{waiting[0].pk}/admit/"))
    assert names(text_of(client, at(classroom))) == ["W0"]
    client.post(at(classroom, "admit/"))
    assert names(text_of(client, at(classroom))) == ["W0", "W1", "W2"]
    elsewhere.refresh_from_db()
    assert elsewhere.status == "waiting"


def test_several_change_their_group_at_once(client: Client, classroom: Classroom) -> None:
    group = classroom.groups.create(name="Red")
    ann, ben = make_member(classroom, name="Ann"), make_member(classroom, name="Ben")
    stranger = make_member(make_classroom())
    client.post(at(classroom, "several/"), {"do": "group", "group": group.pk, "member": [ann.pk, ben.pk]})
    assert set(group.members.all()) == {ann, ben}
    client.post(at(classroom, "several/"), {"do": "group", "group": group.pk, "member": [ann.pk, stranger.pk]})
    client.post(at(classroom, "several/"), {"do": "group", "group": "", "member": ["x", "", str(2**70)]})
    client.post(at(classroom, "several/"), {"do": "group", "group": ""})
    assert set(group.members.all()) == {ann, ben}
    client.post(at(classroom, "several/"), {"do": "group", "group": "", "member": [ann.pk]})
    assert set(group.members.all()) == {ben}


def test_groups_are_made_renamed_and_deleted(client: Client, classroom: Classroom) -> None:
    client.post(at(classroom, "groups/"), {"name": "Red"})
    for taken in ("Red", " red "):
        assert client.post(at(classroom, "groups/"), {"name": taken}).status_code == 422
    group = classroom.groups.get()
    member = make_member(classroom, group=group)
    client.post(at(classroom, f"groups/{group.pk}/"), {"name": "Blue"})
    assert classroom.groups.get().name == "Blue"
    client.post(at(classroom, f"groups/{group.pk}/"), {"do": "delete"})
    member.refresh_from_db()
    assert (member.group, member.is_active) == (None, True)


def test_a_group_that_work_is_set_for_stays(client: Client, classroom: Classroom) -> None:
    """Otherwise the work would be for everybody."""
    group = classroom.groups.create(name="Red")
    make_assignment(classroom).groups.add(group)
    assert "Work is set for this group." in text_of(client, at(classroom, f"groups/{group.pk}/"))
    client.post(at(classroom, f"groups/{group.pk}/"), {"do": "delete"})
    assert classroom.groups.get() == group


# Those who teach.


def test_an_invitation_makes_one_person_an_instructor(client: Client, classroom: Classroom, stranger: User) -> None:
    page = client.post(at(classroom, "invitations/"), {"label": "Mr. Wu"}, follow=True).content.decode()
    (link,) = re.findall(r'value="http://testserver(/classes/invited/[^"]+)"', page)
    assert link not in text_of(client, at(classroom))
    assert Invitation.objects.get().digest not in link
    other = signed_in(stranger)
    assert "invites you to teach this class" in text_of(other, link)
    assert not classroom.members.filter(user=stranger).exists()
    other.post(link)
    assert classroom.members.get(user=stranger).role == "instructor"
    assert signed_in(make_user()).get(link).status_code == 422
    assert signed_in(make_user()).post(link).status_code == 422


def test_a_withdrawn_or_old_invitation_opens_nothing(client: Client, classroom: Classroom, stranger: User) -> None:
    secret = invite(classroom, inviter=classroom.members.get().user, label="", now=timezone.now())
    Invitation.objects.update(expires_at=timezone.now())
    assert signed_in(stranger).post(f"/classes/invited/{secret}/").status_code == 422
    secret = invite(classroom, inviter=classroom.members.get().user, label="", now=timezone.now())
    client.post(at(classroom, f"invitations/{classroom.invitations.latest('pk').pk}/withdraw/"))
    assert signed_in(stranger).post(f"/classes/invited/{secret}/").status_code == 422
    assert classroom.members.count() == 1


def test_a_learner_who_becomes_an_instructor_keeps_the_record(classroom: Classroom, learner: User) -> None:
    member = make_member(classroom, learner, number="7")
    invitation = _invitation(classroom)
    accept(invitation, learner, now=timezone.now())
    member.refresh_from_db()
    assert (member.role, member.number) == ("instructor", "7")
    with pytest.raises(JoinError):
        accept(invitation, make_user(), now=timezone.now())


def _invitation(classroom: Classroom) -> Invitation:
    invite(classroom, inviter=classroom.members.get(role="owner").user, label="", now=timezone.now())
    return classroom.invitations.latest("pk")


def test_the_owner_who_accepts_stays_the_owner(classroom: Classroom, teacher: User) -> None:
    accept(_invitation(classroom), teacher, now=timezone.now())
    assert classroom.members.get().role == "owner"


def test_an_instructor_who_is_removed_reaches_nothing(client: Client, classroom: Classroom, stranger: User) -> None:
    member = make_member(classroom, stranger, role=Member.Role.INSTRUCTOR)
    other = signed_in(stranger)
    assert other.get(at(classroom)).status_code == 200
    client.post(at(classroom, f"{member.pk}/remove/"))
    for url in (at(classroom), at(classroom, "export/"), f"/classes/{classroom.pk}/edit/"):
        assert other.get(url).status_code == 404


def test_a_class_is_handed_over_to_an_instructor_only(classroom: Classroom, teacher: User) -> None:
    owner = classroom.members.get()
    instructor = make_member(classroom, role=Member.Role.INSTRUCTOR)
    assert not hand_over(owner, make_member(classroom))
    assert not hand_over(owner, make_member(classroom, role=Member.Role.INSTRUCTOR, status=Member.Status.LEFT))
    assert hand_over(owner, instructor)
    assert not hand_over(owner, instructor)
    roles = dict(classroom.members.teachers().active().values_list("pk", "role"))
    assert roles == {owner.pk: "instructor", instructor.pk: "owner"}


# Cards.


def managed(classroom: Classroom, username: str = "ann") -> Member:
    return make_member(classroom, make_user(username), name="Ann", is_managed=True)


def card_of(page: str) -> tuple[str, str]:
    username, password = re.findall(r'<dd class="typed"[^>]*>([^<]+)</dd>', page)
    return username, password


def once(page: str) -> dict[str, str]:
    return {"once": re.findall(r'name="once" value="(\w+)"', page)[0]}


def test_a_new_card_opens_the_account_and_ends_the_old_password(client: Client, classroom: Classroom) -> None:
    member = managed(classroom)
    device = Client()
    log_in(device, "ann", PASSWORD)
    url = at(classroom, f"{member.pk}/")
    posted = once(text_of(client, url))
    response = client.post(f"{url}password/", posted)
    username, password = card_of(response.content.decode())
    assert "no-store" in response.headers["Cache-Control"]
    assert log_in(Client(), username, password).url == "/"
    assert log_in(Client(), username, PASSWORD).status_code == 422
    assert device.get("/account/export/").status_code == 302  # that session has ended
    assert password not in text_of(client, url)


def test_a_reload_after_printing_does_not_make_the_card_worthless(client: Client, classroom: Classroom) -> None:
    url = at(classroom, f"{managed(classroom).pk}/")
    posted = once(text_of(client, url))
    username, password = card_of(client.post(f"{url}password/", posted).content.decode())
    page = client.post(f"{url}password/", posted, follow=True).content.decode()
    assert "These cards were shown before." in page
    assert log_in(Client(), username, password).url == "/"


@pytest.mark.parametrize(
    "claim",
    [
        lambda member: Member.objects.filter(pk=member.pk).update(is_managed=False),
        lambda member: User.objects.filter(pk=member.user_id).update(is_staff=True),
        lambda member: make_classroom(member.user),
        lambda member: EmailAddress.objects.create(user=member.user, email="a@example.org", verified=True),
    ],
    ids=["own account", "staff", "teaches", "own address"],
)
def test_an_account_that_is_not_the_classs_alone_keeps_its_password(
    claim: Callable[[Member], Any], client: Client, classroom: Classroom
) -> None:
    member = managed(classroom)
    claim(member)
    url = at(classroom, f"{member.pk}/")
    before = User.objects.get(pk=member.user_id).password
    page = client.post(f"{url}password/", {"once": "abc"}, follow=True).content.decode()
    assert "look after their passwords themselves" in page
    assert User.objects.get(pk=member.user_id).password == before
    assert "Make a new card" not in text_of(client, url)


def test_cards_for_several_leave_out_who_has_an_own_account(client: Client, classroom: Classroom) -> None:
    ann, guest = managed(classroom), make_member(classroom, make_guest(), name="Guest")
    own = make_member(classroom, make_user("own"))
    posted: dict[str, Any] = {"do": "cards", "member": [ann.pk, guest.pk, own.pk]}
    page = client.post(at(classroom, "several/"), posted | once(text_of(client, at(classroom)))).content.decode()
    assert card_of(page)[0] == "ann"


def test_a_password_reads_aloud_and_differs() -> None:
    found = {new_password() for _ in range(50)}
    assert len(found) == 50
    assert all(
        re.fullmatch(r"([bdfghjkmnprstvz][aeiou]){3}-([bdfghjkmnprstvz][aeiou]){3}-[2-9]{2}", one) for one in found
    )
