"""One row of every table that an address can name, all of one tenant, all marked."""

import uuid

from apps.accounts.services import issue_token
from apps.deliveries.models import Delivery
from apps.operations.models import Draft
from apps.quality.models import Finding
from apps.scenes.models import Asset, Capture, Frame, RecordingImport, Scene, Sensor, Upload
from tests.factories.operations import World, make_world
from tests.factories.scenes import make_capture
from tests.factories.workforce import make_team

# Stands in every name of the foreign tenant; an answer that holds it has leaked.
MARK = "zq7foreign"


def make_foreign_world() -> World:
    """A tenant with everything; made first, so that its rows are each table's first."""
    world = make_world(MARK, name=f"{MARK} order", slug=f"{MARK}-order")
    Scene.objects.filter(pk=world.scene.pk).update(name=f"{MARK} scene")
    make_capture(world.scene)
    issue_token(world.customer, name=f"{MARK} token")
    make_team(f"{MARK} team", world.annotator)
    Draft.objects.create(
        task=world.task,
        author=world.annotator,
        base_version=0,
        lease_token=1,
        change_sets=[],
        reason=f"{MARK} came too late",
        idempotency_key="1",
    )
    Finding.objects.create(
        scene=world.scene,
        check_id="pts.few",
        stable_key="1",
        severity=Finding.Severity.ERROR,
        blocking=True,
        message=f"{MARK} holds 2 points",
        opened_in_version=1,
    )
    asset = Asset.objects.create(
        sha256="f0" * 32, extension="jpg", media_type="image/jpeg", size_bytes=1
    )
    Capture.objects.create(
        frame=Frame.objects.get(scene=world.scene, index=0),
        sensor=Sensor.objects.get(scene=world.scene, modality="camera"),
        at_ns=0,
        source_path=f"{MARK}/000000.jpg",
        original=asset,
        display=asset,
    )
    batch = uuid.uuid4()
    Upload.objects.create(
        project=world.project,
        uploaded_by=world.customer,
        batch=batch,
        relative_path=f"{MARK}.zip",
        size_bytes=10,
    )
    RecordingImport.objects.create(
        project=world.project,
        started_by=world.customer,
        upload_batch=batch,
        message=f"{MARK} import",
    )
    Delivery.objects.create(
        project=world.project, number=1, note=f"{MARK} delivery", created_by=world.customer
    )
    return world
