"""A scene whose every save is checked."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.selectors import rulebook_of
from apps.annotation.services import Occasion, append, lock_document
from apps.quality.models import Finding
from apps.quality.recordings import scene_view
from apps.quality.services.checking import check_edit
from apps.quality.services.reconciling import Delta
from tests.factories.annotation import (
    LabelScene,
    make_author,
    make_document,
    make_guideline,
    make_project,
    make_scene,
    parsed,
)

Check = Callable[..., Delta]
Open = Callable[[], dict[str, Finding]]


@pytest.fixture
def author(db: None) -> User:
    return make_author()


@pytest.fixture
def street(db: None) -> LabelScene:
    project = make_project()
    blocks = {"enabled": True, "blocks": ["error"], "clause": "4.2", "params": {}}
    document = make_document(**{"size.prior": blocks})
    return make_scene(project, guideline=make_guideline(project, document))


@pytest.fixture
def edit(author: User) -> Check:
    """Saves operations as one gesture and checks what they touched."""

    def saved(made: LabelScene, *ops: dict[str, Any]) -> Delta:
        gesture = {
            "id": str(uuid.uuid4()),
            "label": "Edit",
            "ops": list(ops),
            "made_at": timezone.now().isoformat(),
        }
        with transaction.atomic():
            document = lock_document(made.scene)
            occasion = Occasion(
                author_id=author.pk,
                guideline_version_id=made.guideline.pk,
                base_version=document.version,
                saved_at=timezone.now(),
            )
            appended = append(
                document,
                parsed(gesture),
                occasion=occasion,
                rulebook=rulebook_of(made.guideline),
                recording=scene_view(made.scene).bounds,
            )
            return check_edit(made.scene, appended, version=made.guideline)

    return saved


@pytest.fixture
def living(street: LabelScene) -> Open:
    """Gives the living findings of the scene by check; of several, one."""

    def found() -> dict[str, Finding]:
        rows = Finding.objects.filter(scene=street.scene).exclude(state="closed")
        return {row.check_id: row for row in rows}

    return found
