"""What the processes of the claim benchmark do; imported once Django is set up."""

import threading
import time
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


def fill(pipe: Pipe, waiting: int, held: int, people: int) -> None:
    """Make a project with open tasks, as many in work and kept for others, and people for it.

    Args:
        pipe: Gets True at the end.
        waiting: Open label tasks, and as many open reviews.
        held: Tasks in work by others, half of it; the other half is open and kept for others.
        people: Who may label and review.
    """
    project = _project()
    stages = {stage.kind: stage for stage in project.stages.all()}
    for number in range(people + 1):
        person = User.objects.create_user(f"person{number}@example.org")
        for role, kind in ((Role.ANNOTATOR, "label"), (Role.REVIEWER, "review")):
            grant(person, role, project=project)
            qualify(person, modalities=project.modalities, kind=kind)
    busy = User.objects.get(email=f"person{people}@example.org")
    scenes = _scenes(project, waiting + held)
    later = timezone.now() + timedelta(days=30)
    for kind, stage in stages.items():
        _tasks(scenes[:waiting], stage, kind=kind, author=busy if kind == "review" else None)
    # What others hold has the highest priority, so that it stands in the way if anything does.
    half = waiting + held // 2
    _tasks(
        scenes[waiting:half],
        stages["label"],
        kind="label",
        priority=9,
        state="leased",
        assignee=busy,
        lease_expires_at=later,
        lease_token=1,
    )
    _tasks(scenes[half:], stages["label"], kind="label", priority=9, reserved_for=busy)
    Contribution.objects.bulk_create(
        [Contribution(scene=scene, person=busy) for scene in scenes[:waiting]], batch_size=BATCH
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pipe.send(True)


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


def _project() -> Project:
    project = order_project(create_client("Bench"), order=Order(name="Bench"))
    return activate_project(project)


def _scenes(project: Project, number: int) -> list[Scene]:
    return Scene.objects.bulk_create(
        [
            Scene(project=project, name=f"s{n}", source_key=f"s{n}", source_format="made", t0_ns=0)
            for n in range(number)
        ],
        batch_size=BATCH,
    )


def _tasks(scenes: list[Scene], stage: Stage, *, kind: str, **values: Any) -> None:
    Task.objects.bulk_create(
        [
            Task(project_id=scene.project_id, scene=scene, stage=stage, kind=kind, **values)
            for scene in scenes
        ],
        batch_size=BATCH,
    )
