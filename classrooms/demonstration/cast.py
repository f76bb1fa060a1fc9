"""The people of the demonstration: an instructor and thirty learners, none of them real."""

from __future__ import annotations

import random
from datetime import datetime
from itertools import cycle, islice

from django.contrib.auth.hashers import make_password

from accounts.models import User
from classrooms.demonstration.minds import CHARACTERS, Mind
from classrooms.demonstration.term import Learner
from classrooms.models import Classroom, Member
from curriculum.models import Course

PREFIX = "demo-"
INSTRUCTOR = f"{PREFIX}instructor"
ZONE = "Asia/Taipei"
CLASS_NAME = "示範班 Demonstration class"
GROUPS = ("甲組", "乙組", "丙組")
FAMILY = "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周葉蘇莊呂江何蕭羅高潘"
GIVEN = (
    "怡君 志豪 雅婷 俊宏 淑芬 家豪 佩珊 建宏 美玲 冠宇 欣怡 宗翰 雅雯 柏翰 惠婷 承恩 詩涵 彥廷 佳穎 品睿 "
    "思妤 宇軒 郁婷 哲瑋 曉雯 明哲 靜宜 子翔 婉婷 信宏"
).split()
NAMES = tuple(family + given for family, given in zip(FAMILY, GIVEN, strict=True))


def remove() -> int:
    """Delete the demonstration with its people and all they did; returns how many people that were."""
    demos = Classroom.objects.filter(is_demo=True)
    people = User.objects.filter(username__startswith=PREFIX, memberships__classroom__in=demos)
    ids = list(people.values_list("pk", flat=True).distinct())
    demos.delete()
    User.objects.filter(pk__in=ids).delete()
    return len(ids)


def gather(course: Course, *, password: str, count: int, began: datetime, seed: int) -> tuple[Classroom, list[Learner]]:
    """A class with its owner, three groups and `count` learners, who all joined when it began."""
    secret = make_password(password)
    owner = _person(INSTRUCTOR, "示範教師", secret, began)
    classroom = Classroom.objects.create(name=CLASS_NAME, course=course, time_zone=ZONE, is_demo=True)
    Classroom.objects.filter(pk=classroom.pk).update(created_at=began)
    classroom.members.create(user=owner, role=Member.Role.OWNER, name="示範教師", joined_at=began)
    groups = [classroom.groups.create(name=name) for name in GROUPS]
    learners = []
    for number, name in enumerate(islice(cycle(NAMES), count), start=1):
        user = _person(f"{PREFIX}{number:02}", name, secret, began)
        place = {"name": name, "number": f"D{number:03}", "group": groups[number % len(groups)], "is_managed": True}
        classroom.members.create(user=user, joined_at=began, **place)
        character = CHARACTERS[(number * 7) % len(CHARACTERS)]
        learners.append(Learner(user, Mind(character, random.Random(f"{seed}:{number}"))))
    return classroom, learners


def _person(username: str, name: str, secret: str, began: datetime) -> User:
    plain = {"time_zone": ZONE, "items_per_day": 12, "date_joined": began}
    person: User = User.objects.create(username=username, display_name=name, password=secret, **plain)
    return person
