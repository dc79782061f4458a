"""Questions about people, as truth tables."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.core.errors import Conflict, Invalid
from apps.workforce.models import Availability, Qualification
from apps.workforce.rules import is_away, is_qualified
from apps.workforce.selectors import available, people_qualified, qualified_modalities
from apps.workforce.services import (
    create_team,
    disqualify,
    join_team,
    leave_team,
    qualify,
    set_availability,
)
from tests.factories.accounts import make_person

DAY = date(2030, 6, 15)


@pytest.mark.parametrize(
    ("needed", "held", "qualified"),
    [
        ([], [], True),
        (["lidar"], [], False),
        (["lidar"], ["lidar"], True),
        (["lidar", "camera"], ["lidar"], False),
        (["lidar", "camera"], ["camera", "lidar", "radar"], True),
    ],
)
def test_a_person_is_qualified_who_holds_each_modality(needed, held, qualified):
    assert is_qualified(needed, held=held) is qualified


@pytest.mark.parametrize(
    ("until", "away"),
    [(None, False), (-1, False), (0, True), (5, True)],
)
def test_a_person_is_away_until_the_last_day_they_said(until, away):
    said = Availability(away_until=None if until is None else DAY + timedelta(days=until))

    assert is_away(said, on=DAY) is away
    assert not is_away(None, on=DAY)


@pytest.mark.django_db
def test_an_expired_qualification_counts_no_more():
    ann = make_person("ann")
    qualify(ann, modalities=["lidar", "camera"])
    Qualification.objects.filter(modality="camera").update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )

    assert qualified_modalities(ann, "label") == {"lidar"}
    assert qualified_modalities(ann, "review") == frozenset()
    assert list(people_qualified(["lidar"], kind="label")) == [ann]
    assert list(people_qualified(["lidar", "camera"], kind="label")) == []
    assert ann in people_qualified([], kind="label")


@pytest.mark.django_db
def test_qualifying_again_renews_and_disqualifying_ends():
    ann = make_person("ann")
    later = timezone.now() + timedelta(days=1)
    qualify(ann, modalities=["lidar"], expires_at=later)

    qualify(ann, modalities=["lidar"])
    assert Qualification.objects.get().expires_at is None
    disqualify(ann, modalities=["lidar"], kind="label")
    assert qualified_modalities(ann, "label") == frozenset()
    with pytest.raises(Invalid, match="not “drive”"):
        qualify(ann, modalities=["lidar"], kind="drive")


@pytest.mark.django_db
def test_who_is_there_has_hours_and_is_not_away():
    names = ("new", "there", "away", "idle")
    new, there, away, idle = people = [make_person(name) for name in names]
    set_availability(there, hours_per_week=10, away_until=DAY - timedelta(days=1))
    set_availability(away, away_until=DAY)
    set_availability(idle, hours_per_week=0)

    found = available(type(new).objects.filter(pk__in=[one.pk for one in people]), on=DAY)

    assert set(found) == {new, there}


@pytest.mark.django_db
def test_a_person_is_in_a_team_once():
    ann, team = make_person("ann"), create_team("North")
    join_team(ann, team=team)
    join_team(ann, team=team, lead=True)

    assert [member.role for member in team.members.all()] == ["lead"]
    leave_team(ann, team=team)
    leave_team(ann, team=team)
    assert team.members.count() == 0
    with pytest.raises(Conflict, match="named “north” already"):
        create_team("north")
    with pytest.raises(Invalid, match="internal or vendor"):
        create_team("South", kind="robot")
