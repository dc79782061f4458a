"""What happens to tasks by itself."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from apps.operations.jobs import order_waiting_reviews, take_back_expired_leases
from apps.operations.models import Task
from apps.operations.services.leasing import claim
from apps.operations.services.staffing import open_task
from apps.quality.models import Finding
from tests.factories.scenes import make_scene

pytestmark = pytest.mark.django_db


def test_beat_runs_both():
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {take_back_expired_leases.name, order_waiting_reviews.name} <= scheduled


def test_a_lease_that_ran_out_is_taken_back(world):
    claim(world.task, by=world.annotator)
    Task.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    take_back_expired_leases()

    assert Task.objects.get().state == "open"


def test_reviews_are_put_in_order(world):
    stage = world.project.stages.get(kind="review")
    review = open_task(make_scene(world.project), stage=stage, author=world.annotator)
    Finding.objects.create(
        scene=review.scene,
        check_id="pts.few",
        stable_key="k",
        severity="error",
        message="it holds no point",
        opened_in_version=0,
    )

    order_waiting_reviews()

    assert Task.objects.get(pk=review.pk).priority == 40
