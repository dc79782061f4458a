"""What the processes of the claim benchmark do; imported once Django is set up."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.clients.services import create_client
from apps.operations.models import Contribution, Stage, Task, TaskEvent
from apps.operations.services.leasing import claim_next
from apps.operations.services.ordering import Order, activate_project, order_project
from apps.projects.access import Role, grant
from apps.projects.models import Project
from apps.scenes.models import Scene
from apps.workforce.services import qualify

BATCH = 2000
Pipe = Connection


def fill(pipe: Pipe, waiting: int, held: int, people: int, projects: int = 1) -> None:
    """Make projects with open tasks, as many in work and kept for others, and people for them.

    Args:
        pipe: Gets True at the end.
        waiting: Open label tasks of each project, and as many open reviews.
        held: Tasks in work by others, half of it; the other half is open and kept for others.
        people: Who may label and review.
        projects: How many.
    """
    everybody = [
        User.objects.create_user(f"person{number}@example.org") for number in range(people + 1)
    ]
    client = create_client("Bench")
    for number in range(projects):
        project = activate_project(order_project(client, order=Order(name=f"Bench {number}")))
        for person in everybody:
            for role, kind in ((Role.ANNOTATOR, "label"), (Role.REVIEWER, "review")):
                grant(person, role, project=project)
                qualify(person, modalities=project.modalities, kind=kind)
        _fill_project(project, waiting, held, busy=everybody[-1])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pipe.send(True)


def _fill_project(project: Project, waiting: int, held: int, *, busy: User) -> None:
    stages = {stage.kind: stage for stage in project.stages.all()}
    scene_ids = _scenes(project, waiting + held)
    for kind, stage in stages.items():
        author = busy if kind == "review" else None
        _tasks(scene_ids[:waiting], stage, kind=kind, author=author)
    # What others hold has the highest priority, so that it stands in the way if anything does.
    half = waiting + held // 2
    _tasks(
        scene_ids[waiting:half],
        stages["label"],
        kind="label",
        priority=9,
        state="leased",
        assignee=busy,
        lease_expires_at=timezone.now() + timedelta(days=30),
        lease_token=1,
    )
    _tasks(scene_ids[half:], stages["label"], kind="label", priority=9, reserved_for=busy)
    for ids in _batches(scene_ids[:waiting]):
        Contribution.objects.bulk_create(
            [Contribution(scene_id=scene_id, person=busy) for scene_id in ids]
        )


def measure(pipe: Pipe) -> None:
    """Claim when asked: takes `(kind, times)`, sends the seconds that each claim took; None ends."""
    person = User.objects.get(email="person0@example.org")
    while (asked := pipe.recv()) is not None:
        kind, times = asked
        took_s = []
        for _ in range(times):
            begun = time.perf_counter()
            task = claim_next(person, kind=kind)
            took_s.append(time.perf_counter() - begun)
            if task is None:
                raise SystemExit("the queue is empty")
        pipe.send(took_s)


def drain(pipe: Pipe, first: int, threads: int) -> None:
    """Claim with several threads, each as a person of its own, until nothing is left.

    Sends the ids of the tasks, and the errors.
    """
    taken: list[int] = []
    failed: list[str] = []
    begin = threading.Event()

    def claims(number: int) -> None:
        person = User.objects.get(email=f"person{number}@example.org")
        begin.wait()
        try:
            while (task := claim_next(person, kind="label")) is not None:
                taken.append(task.pk)
        except Exception as error:  # whatever it is, it is counted and shown
            failed.append(repr(error))
        finally:
            connection.close()

    workers = [threading.Thread(target=claims, args=(first + n,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    pipe.send("ready")
    pipe.recv()
    begin.set()
    for worker in workers:
        worker.join()
    pipe.send((taken, failed))


def count(pipe: Pipe) -> None:
    """Send how the tasks stand after the drain: open, leased, events of taking, wrong tokens."""
    pipe.send(
        {
            "open": Task.objects.filter(kind="label", state="open").count(),
            "leased": Task.objects.filter(kind="label", state="leased").count(),
            "events": TaskEvent.objects.filter(kind="leased").count(),
            "wrong_tokens": Task.objects.filter(kind="label").exclude(lease_token=1).count(),
        }
    )


def _scenes(project: Project, number: int) -> list[int]:
    for numbers in _batches(list(range(number))):
        Scene.objects.bulk_create(
            [
                Scene(
                    project=project,
                    name=f"s{n}",
                    source_key=f"s{n}",
                    source_format="made",
                    t0_ns=0,
                )
                for n in numbers
            ]
        )
    return list(project.scenes.order_by("pk").values_list("pk", flat=True))


def _tasks(scene_ids: list[int], stage: Stage, *, kind: str, **values: Any) -> None:
    for ids in _batches(scene_ids):
        Task.objects.bulk_create(
            [
                Task(
                    project_id=stage.project_id,
                    scene_id=scene_id,
                    stage=stage,
                    kind=kind,
                    **values,
                )
                for scene_id in ids
            ]
        )


def _batches(all_of_them: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(all_of_them), BATCH):
        yield all_of_them[begin : begin + BATCH]
