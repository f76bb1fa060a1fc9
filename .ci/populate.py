"""Run by .ci/migrations with the program of the commit before: people sign up and answer, as a browser would.

Only addresses and names of form fields are relied on, which outlive the code behind them.
"""

import re
import sys

import django

django.setup()

from django.test import Client  # noqa: E402 - after the set-up

from quizzes.models import Response  # noqa: E402

PASSWORD = "correct horse battery"
WANTED = {"scope": "lesson", "course": "cyberspace-2019"}


def first_lesson() -> str:
    page = Client(SERVER_NAME="localhost").get("/courses/cyberspace-2019/").content.decode()
    return re.findall(r'href="/courses/cyberspace-2019/([^/"]+)/"', page)[0]


def answer(client: Client, count: int) -> None:
    """Start a run and answer its first questions, some by giving up, some wrongly, and report one."""
    begun = client.post("/practice/", WANTED | {"lesson": first_lesson()})
    assert begun.status_code == 302, begun.status_code
    run = begun["Location"]
    for position in range(1, count + 1):
        given = {"text": "不知道", "member": ["不知道"], "choice": "0"} if position % 2 else {"give_up": "1"}
        for tried in ("1", "2"):
            client.post(f"{run}{position}/", given | {"try": tried})
    client.post(f"{run}1/flag/", {"reason": "unclear", "comment": "…"})


for number in range(3):
    member = Client(SERVER_NAME="localhost")
    member.post("/account/signup/", {"username": f"person{number}", "password1": PASSWORD})
    answer(member, 6)
answer(Client(SERVER_NAME="localhost"), 4)
assert Response.objects.count() > 10, Response.objects.count()
sys.stdout.write(f"{Response.objects.count()} answers\n")
