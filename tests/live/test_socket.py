"""The one socket, from the door to the rooms."""

import pytest
from channels.db import database_sync_to_async

from apps.accounts.services import issue_token
from apps.live import consumers
from apps.live.broadcast import broadcast
from apps.live.events import FindingsChanged, ProjectChanged
from apps.live.rooms import person_room, project_room, scene_room
from apps.projects.access import revoke
from tests.sockets import LiveSocket, opened, socket_of

pytestmark = pytest.mark.django_db(transaction=True)


async def say(room, event):
    await database_sync_to_async(broadcast)(room, event)


async def test_an_event_reaches_who_joined_its_room(tenant):
    acme = await database_sync_to_async(tenant)("acme")
    room = scene_room(acme.project.pk, 12)
    browser = await opened(acme.person)

    joined = await browser.ask({"join": room})
    await say(room, FindingsChanged(scene_id=12, open_findings=3, blocking_findings=1))

    assert joined == {"joined": room}
    assert await browser.hear() == {
        "event": "findings.changed",
        "room": room,
        "scene_id": 12,
        "open_findings": 3,
        "blocking_findings": 1,
    }
    await browser.leave()


async def test_who_left_hears_nothing(tenant):
    acme = await database_sync_to_async(tenant)("acme")
    room = project_room(acme.project.pk)
    browser = await opened(acme.person)
    await browser.ask({"join": room})

    left = await browser.ask({"leave": room})
    await say(room, ProjectChanged(project_id=acme.project.pk))

    assert left == {"left": room}
    assert await browser.receive_nothing(timeout=0.2)
    await browser.leave()


async def test_foreign_and_unknown_rooms_are_refused_alike(tenant):
    acme = await database_sync_to_async(tenant)("acme")
    other = await database_sync_to_async(tenant)("other")
    browser = await opened(acme.person)

    for room in (
        project_room(other.project.pk),
        scene_room(other.project.pk, 1),
        person_room(other.person.pk),
        project_room(999_999),
        "task:1",
    ):
        assert await browser.ask({"join": room}) == {"refused": room}
        if room != "task:1":
            await say(room, ProjectChanged(project_id=other.project.pk))
    assert await browser.receive_nothing(timeout=0.2)
    await browser.leave()


async def test_a_foreign_scene_under_ones_own_project_stays_silent(tenant):
    acme = await database_sync_to_async(tenant)("acme")
    other = await database_sync_to_async(tenant)("other")
    browser = await opened(acme.person)
    await browser.ask({"join": scene_room(acme.project.pk, 77)})

    await say(
        scene_room(other.project.pk, 77),
        FindingsChanged(scene_id=77, open_findings=1, blocking_findings=0),
    )

    assert await browser.receive_nothing(timeout=0.2)
    await browser.leave()


async def test_a_right_that_was_taken_back_ends_the_hearing(tenant, monkeypatch):
    monkeypatch.setattr(consumers, "RIGHTS_HOLD_S", 0.0)
    acme = await database_sync_to_async(tenant)("acme")
    room = project_room(acme.project.pk)
    browser = await opened(acme.person)
    await browser.ask({"join": room})
    await database_sync_to_async(revoke)(acme.person, "annotator", project=acme.project)

    await say(room, ProjectChanged(project_id=acme.project.pk))

    assert await browser.hear() == {"left": room}
    assert await browser.hear() == {"refused": room}
    await browser.leave()


async def test_a_token_opens_the_socket_without_an_origin(tenant):
    acme = await database_sync_to_async(tenant)("acme")
    _, secret = await database_sync_to_async(issue_token)(acme.person, name="robot")
    program = await opened(token=secret, origin=None)

    assert await program.ask({"join": person_room(acme.person.pk)}) == {
        "joined": person_room(acme.person.pk)
    }
    await program.leave()


@pytest.mark.parametrize("origin", ["https://evil.example", "http://testserver:81", "", None])
async def test_a_foreign_page_may_not_use_ones_session(tenant, origin):
    acme = await database_sync_to_async(tenant)("acme")
    browser = await database_sync_to_async(socket_of)(acme.person, origin=origin)

    assert await browser.open() == {"type": "websocket.close", "code": 4403}


@pytest.mark.parametrize("token", [None, "cpat_wrong"])
async def test_nobody_is_told_to_sign_in(token):
    nobody = await opened(token=token)

    assert await nobody.receive_output() == {"type": "websocket.close", "code": 4401}


@pytest.mark.parametrize(
    "text", ["no json", "[]", '{"say": "x"}', '{"join": 1, "leave": 1}', "x" * 500]
)
async def test_what_is_not_understood_ends_the_socket(tenant, text):
    acme = await database_sync_to_async(tenant)("acme")
    browser = await opened(acme.person)

    await browser.say(text)

    assert await browser.receive_output() == {"type": "websocket.close", "code": 4400}


async def test_rooms_are_limited(tenant, monkeypatch):
    monkeypatch.setattr(consumers, "MOST_ROOMS", 2)
    acme = await database_sync_to_async(tenant)("acme")
    browser = await opened(acme.person)
    answers = [
        await browser.ask({"join": scene_room(acme.project.pk, number)}) for number in (1, 2, 3)
    ]

    assert [next(iter(answer)) for answer in answers] == ["joined", "joined", "refused"]
    await browser.leave()


async def test_another_address_has_no_socket():
    stray = LiveSocket(path="/ws/other/", headers=[])

    assert await stray.open() == {"type": "websocket.close", "code": 4404}
