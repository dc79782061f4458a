"""What tests of recordings ask for."""

import pytest

from apps.core.models import JobRun
from apps.core.services import begin_run
from apps.operations.services.intake import start_import, take_in
from apps.scenes.selectors.imports import import_report
from tests.factories.projects import make_project


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory, settings):
    """Every test has a store and an upload folder of its own."""
    folder = tmp_path_factory.mktemp("data")
    settings.MEDIA_ROOT = folder / "media"
    settings.DATA_DIR = folder
    return folder


@pytest.fixture
def project(db):
    return make_project()


@pytest.fixture
def bring_in(project):
    """Imports a recording in this process: `ordered, report = bring_in(path)`."""

    def bring(path, **options):
        ordered = start_import(options.pop("into", project), source_path=str(path), **options)
        run = begin_run(ordered.job_id)
        assert isinstance(run, JobRun)
        take_in(ordered, run=run)
        ordered.refresh_from_db()
        return ordered, import_report(ordered)

    return bring


def rows(report, state):
    """Lines of a report in one state: path, field, problem."""
    return [
        (row["path"], row["field"], row["problem"])
        for row in report["files"]
        if row["state"] == state
    ]


@pytest.fixture
def local_store(settings):
    """Files in a folder, also where the suite runs on an object store: what is served from here is asked for."""
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": local}
