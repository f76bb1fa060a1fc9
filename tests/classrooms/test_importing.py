"""Adding learners from a list: what becomes of each row, once, and nobody pulled in by a user name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from classrooms import importing
from classrooms.models import Classroom, Member, RosterImport
from classrooms.roster import Roster, read_file, read_text
from tests.accounts.people import log_in
from tests.classrooms.rows import make_classroom, make_member
from tests.classrooms.test_joining import signed_in, text_of
from tests.clock import NOW
from tests.factories import make_guest, make_user


@pytest.fixture
def teacher(db: None) -> User:
    return make_user("teacher")


@pytest.fixture
def classroom(teacher: User) -> Classroom:
    return make_classroom(teacher)


@pytest.fixture
def client(teacher: User) -> Client:
    return signed_in(teacher)


def at(classroom: Classroom, rest: str) -> str:
    return f"/classes/{classroom.pk}/people/{rest}"


def kept(classroom: Classroom, roster: Roster | str) -> RosterImport:
    actor = classroom.members.get(role="owner").user
    return importing.keep(classroom, actor, read_text(roster) if isinstance(roster, str) else roster)


def verdicts(classroom: Classroom, text: str) -> list[str]:
    return [fate.verdict for fate in importing.fates(kept(classroom, text))]


def add(classroom: Classroom, text: str) -> list[importing.Card]:
    outcome = importing.confirm(kept(classroom, text), now=NOW)
    assert outcome is not None
    return outcome[1]


def learners(classroom: Classroom) -> list[tuple[str, ...]]:
    rows = classroom.members.learners().active().select_related("user", "group").order_by("pk")
    return [(m.name, m.user.username, m.email, m.group.name if m.group else "", m.number) for m in rows]


def test_a_pasted_list_of_names_and_addresses_says_which_columns_were_taken(
    client: Client, classroom: Classroom
) -> None:
    response = client.post(at(classroom, "import/"), {"text": "王小明\ts1@example.org\n李雅婷"}, follow=True)
    assert "so the columns are: name, e-mail, group, student number." in response.content.decode()
    assert [fate.verdict for fate in response.context["fates"]] == [importing.MADE, importing.MADE]


def test_a_list_of_names_becomes_accounts_with_cards(client: Client, classroom: Classroom) -> None:
    response = client.post(at(classroom, "import/"), {"text": "王小明\nAnn Lee\nAnn Lee"})
    preview = response.headers["Location"]
    page = text_of(client, preview)
    assert "Take 3 lines" in page
    assert User.objects.count() == 1
    page = client.post(preview).content.decode()
    cards = re.findall(r'<dd class="typed"[^>]*>([^<]+)</dd>', page)
    assert cards[::2] == ["王小明", "annlee", "annlee2"]
    assert log_in(Client(), cards[0], cards[1]).url == "/"
    assert learners(classroom) == [
        ("王小明", "王小明", "", "", ""),
        ("Ann Lee", "annlee", "", "", ""),
        ("Ann Lee", "annlee2", "", "", ""),
    ]
    assert all(member.is_managed for member in classroom.members.learners())
    assert not any(cards[1] in str(row) for row in RosterImport.objects.values())


def test_confirmed_twice_is_once(client: Client, classroom: Classroom) -> None:
    preview = client.post(at(classroom, "import/"), {"text": "Ann\nBen"}).headers["Location"]
    client.post(preview)
    before = dict(User.objects.values_list("username", "password"))
    for ask in (client.post, client.get):
        page = ask(preview, follow=True).content.decode()
        assert "This list was added before. Nothing was written twice." in page
    assert dict(User.objects.values_list("username", "password")) == before


FULL = "name,user name,e-mail,group,student number\n王小明,ming,m@example.org,紅,17\nAnn,,,Red,18\nBen,ben9,,red,\n"


def test_the_same_list_again_changes_nothing(classroom: Classroom) -> None:
    assert len(add(classroom, FULL)) == 3
    first = learners(classroom)
    assert first[0] == ("王小明", "ming", "m@example.org", "紅", "17")
    assert first[2][3] == "Red"
    assert verdicts(classroom, FULL) == ["unchanged"] * 3
    assert add(classroom, FULL) == []
    assert learners(classroom) == first
    assert classroom.groups.count() == 2


def test_exported_and_given_back_the_list_changes_nothing(client: Client, classroom: Classroom) -> None:
    add(classroom, FULL + '\'=1+1,,,,\n"Lee, Ann",lee,,,\n')
    make_member(classroom, make_user("own", display_name="Own Account"))
    make_member(classroom, make_guest(), name="Guest")
    make_member(classroom, name="'quoted", number="-5", email="q@example.org")
    before = learners(classroom)
    data = client.get(at(classroom, "export/")).content
    found = importing.fates(kept(classroom, read_file(data)))
    assert [(fate.verdict, fate.changes) for fate in found] == [("unchanged", {})] * 8
    assert learners(classroom) == before


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%", "＝", "＠", " ="])
def test_an_exported_cell_is_never_a_formula(start: str, client: Client, classroom: Classroom) -> None:
    make_member(classroom, name=f"{start}cmd")
    text = client.get(at(classroom, "export/")).content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith(f"'{start}cmd")


def test_the_export_holds_only_this_class(client: Client, classroom: Classroom) -> None:
    make_member(make_classroom(), name="Elsewhere")
    make_member(classroom, name="Gone", status=Member.Status.REMOVED)
    assert client.get(at(classroom, "export/")).content.decode("utf-8-sig").splitlines() == [
        "name,username,email,group,number"
    ]


def test_an_account_somebody_made_is_not_pulled_in(classroom: Classroom, stranger: User) -> None:
    """Whoever knows a user name must not see what its owner knows."""
    make_member(make_classroom(), make_user("theirs"), is_managed=True)
    (fate, other) = importing.fates(kept(classroom, "name,username\nX,STRANGER\nY,theirs"))
    assert (fate.verdict, other.verdict) == ("refused", "refused")
    assert "they join with the code" in fate.reasons[0]
    add(classroom, "name,username\nX,stranger")
    assert classroom.members.count() == 1


def test_an_account_of_another_class_of_mine_is_used_again(classroom: Classroom, teacher: User) -> None:
    add(classroom, "name,username\nAnn,ann7")
    second = make_classroom(teacher)
    assert verdicts(second, "name,username\nAnn,ann7") == ["reused"]
    assert add(second, "name,username\nAnn,ann7") == []
    assert learners(second) == [("Ann", "ann7", "", "", "")]
    assert User.objects.filter(username="ann7").count() == 1


def test_a_name_that_somebody_has_gets_a_number(classroom: Classroom) -> None:
    for taken in ("ann", "Ann2", "ANN4"):
        make_user(taken)
    assert [card.username for card in add(classroom, "Ann\nAnn\nann")] == ["ann3", "ann5", "ann6"]


def test_rows_change_what_they_say_and_leave_what_they_do_not(classroom: Classroom) -> None:
    add(classroom, FULL)
    text = "student number,name,group\n17,王大明,\n18,Ann,Blue\n"
    found = importing.fates(kept(classroom, text))
    assert [(fate.verdict, fate.changes) for fate in found] == [
        ("changed", {"name": "王大明"}),
        ("changed", {"group": "Blue"}),
    ]
    add(classroom, text)
    assert learners(classroom)[:2] == [
        ("王大明", "ming", "m@example.org", "紅", "17"),
        ("Ann", "ann", "", "Blue", "18"),
    ]


def test_who_was_removed_comes_back_with_the_record(classroom: Classroom) -> None:
    add(classroom, FULL)
    member = classroom.members.get(number="17")
    member.go(Member.Status.REMOVED, now=NOW)
    assert verdicts(classroom, FULL) == ["back", "unchanged", "unchanged"]
    add(classroom, FULL)
    assert classroom.members.get(number="17").pk == member.pk


def test_who_left_with_an_own_account_is_not_brought_back(classroom: Classroom, stranger: User) -> None:
    make_member(classroom, stranger, status=Member.Status.LEFT)
    assert verdicts(classroom, "name,username\nX,stranger") == ["refused"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,group\n,Red", "There is neither a name nor a user name."),
        ("name,username\nA,x\nB,X", "Line 2 has the same user name."),
        ("name,number\nA,1\nB,1", "Line 2 has the same student number."),
        ("name,email\nB,nonsense", "E-mail: Enter a valid email address."),
        ("name,username\nB,a b", "User name: "),
        ("name,username\nB,guest-1", "User name: Names that begin with “guest-” are taken."),
        ("name,username\nB,b@example.org", "User name: "),
        ("name\n" + "x" * 81, "Name is longer than 80 characters."),
        ("name\n\u200b\u202e", "Name: Write the name with letters that can be seen."),
        ("name,username\nB,teacher", "This person teaches the class."),
        ("name,username,number\nB,ben,taken", "Ann has this student number."),
    ],
)
def test_a_row_that_cannot_be_is_left_out_with_the_reason(text: str, words: str, classroom: Classroom) -> None:
    make_member(classroom, name="Ann", number="taken")
    make_member(classroom, make_user("ben"), name="Ben")
    last = importing.fates(kept(classroom, text))[-1]
    assert last.verdict == "refused"
    assert any(reason.startswith(words) for reason in last.reasons)


def test_good_lines_go_first_and_the_others_come_back_to_be_mended(client: Client, classroom: Classroom) -> None:
    posted = {"text": "name,email,number\nAnn,,7\nBen,nonsense,8"}
    preview = client.post(at(classroom, "import/"), posted).headers["Location"]
    page = text_of(client, preview)
    assert "The good lines can go first." in page
    assert '<td class="n">3</td>' in page
    page = client.post(preview).content.decode()
    assert "1 line was taken." in page
    assert "Ben\t\tnonsense\t\t8" in page
    assert [row[0] for row in learners(classroom)] == ["Ann"]


def test_roles_in_a_list_are_ignored(classroom: Classroom) -> None:
    add(classroom, "name,role,is_staff,status\nAnn,owner,1,removed")
    user = User.objects.get(username="ann")
    assert (user.is_staff, user.memberships.get().role) == (False, "learner")


def test_a_change_meanwhile_writes_nothing(client: Client, classroom: Classroom) -> None:
    preview = client.post(at(classroom, "import/"), {"text": "name,username\nAnn,ann7"}).headers["Location"]
    make_user("ann7")
    page = client.post(preview, follow=True).content.decode()
    assert "0 lines were taken" in page
    assert classroom.members.count() == 1


def test_a_file_in_big5_says_how_it_was_read(client: Client, classroom: Classroom) -> None:
    file = SimpleUploadedFile("班.csv", "姓名,學號\n王小明,17\n林怡君,18\n".encode("big5"))
    page = client.post(at(classroom, "import/"), {"file": file}, follow=True).content.decode()
    assert "The file was read as CP950." in page
    assert "林怡君" in page


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"text": "  \n"},
        {"text": "x" * 200_001},
        {"text": "Ann", "file": SimpleUploadedFile("a.csv", b"Ann")},
        {"file": SimpleUploadedFile("a.csv", b"\x00" * 99)},
        {"file": SimpleUploadedFile("a.csv", b"")},
        {"file": SimpleUploadedFile("a.csv", "é".encode("latin-1"), content_type="text/csv"), "encoding": "utf-8"},
        {"text": "Ann", "encoding": "rot13"},
    ],
    ids=lambda posted: "-".join(posted),
)
def test_what_is_no_list_is_explained(posted: dict[str, Any], client: Client, classroom: Classroom) -> None:
    for value in posted.values():
        if hasattr(value, "seek"):
            value.seek(0)
    response = client.post(at(classroom, "import/"), posted)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()


def test_a_colleague_does_not_confirm_my_list(classroom: Classroom) -> None:
    arrival = kept(classroom, "Ann")
    colleague = make_user()
    make_member(classroom, colleague, role=Member.Role.INSTRUCTOR)
    assert signed_in(colleague).post(at(classroom, f"import/{arrival.pk}/")).status_code == 404


@pytest.mark.parametrize("many", [2, 60])
def test_looking_asks_the_same_number_of_queries(
    many: int, classroom: Classroom, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(many):
        make_member(classroom, make_user(f"known{number}"), name=f"Known {number}")
    names = [f"Known {number}" for number in range(many)] + [f"New {number // 2}" for number in range(many)]
    arrival = RosterImport.objects.select_related("classroom", "actor").get(pk=kept(classroom, "\n".join(names)).pk)
    with django_assert_num_queries(3):
        found = importing.fates(arrival)
    assert importing.counted(found)["made"] == many
