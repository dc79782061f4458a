"""A scene to label, and a short way to save."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.selectors import document_of
from apps.annotation.services import Appended, Occasion, append, lock_document
from tests.factories.annotation import LabelScene, make_author, make_project, make_scene, parsed

Save = Callable[..., Appended]


@pytest.fixture
def author(db: None) -> User:
    return make_author()


@pytest.fixture
def street(db: None) -> LabelScene:
    return make_scene(make_project())


@pytest.fixture
def save(author: User) -> Save:
    """Appends gestures to a scene's journal."""

    def saved(made: LabelScene, *gestures: dict[str, Any], by: User | None = None) -> Appended:
        document = document_of(made.scene)
        if document.pk is None:
            document = lock_document(made.scene)
        occasion = Occasion(
            author_id=(by or author).pk,
            guideline_version_id=made.guideline.pk,
            base_version=document.version,
            saved_at=timezone.now(),
        )
        return append(
            document,
            parsed(*gestures),
            occasion=occasion,
            rulebook=made.rulebook,
            recording=made.recording,
        )

    return saved
