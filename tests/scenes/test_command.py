"""The command: the same importer, an exit status that can be trusted, and no loss when it is shot."""

import json
import os
import signal
import sys

import pytest
from django.core.management import CommandError, call_command

from apps.projects.models import Project
from apps.scenes.models import RecordingImport, Scene
from tests.scenes import recordings
from tests.shared_data import shared
from tests.site import wait_until

FRAMES = tuple(f"{number:06d}" for number in range(16))
LOOK = """
from apps.scenes.models import Scene, Capture, ImportedFile
from apps.operations.models import Task
names = sorted(Scene.objects.values_list("name", flat=True))
print(len(names), len(set(names)), Capture.objects.count(), Task.objects.count(),
      ImportedFile.objects.filter(recording_import__state="done", state="imported").count())
"""


@pytest.fixture
def run(db, capsys):
    def call(path, *options):
        call_command("import_recording", str(path), "--project", "street", *options)
        return capsys.readouterr().out

    return call


def test_a_recording_comes_in_and_is_reported(run, tmp_path):
    folder = recordings.write_kitti(tmp_path / "kitti", ("000001", "000002"))

    said = run(folder, "--create-project", "--with-labels", "--report", str(tmp_path / "r.json"))

    report = json.loads((tmp_path / "r.json").read_text())
    assert Project.objects.get().slug == "street"
    assert Scene.objects.count() == 2
    assert "2 scenes imported. Files: 8 imported." in said
    assert report["state"] == "done"
    assert {row["state"] for row in report["files"]} == {"imported"}


def test_a_failed_file_is_an_exit_status(run, tmp_path):
    folder = recordings.write_kitti(tmp_path / "kitti", ("000001", "000002"))
    recordings.put(folder / "velodyne/000002.bin", b"short")

    with pytest.raises(CommandError, match="2 problems, listed in the report") as error:
        run(folder, "--create-project", "--report", str(tmp_path / "r.json"))

    assert error.value.returncode == 1
    assert json.loads((tmp_path / "r.json").read_text())["counts"]["failed"] == 2
    assert Scene.objects.count() == 1


def test_a_project_that_is_not_there_is_named(run, tmp_path):
    with pytest.raises(CommandError, match="no project with the slug “street”"):
        run(tmp_path)

    assert not RecordingImport.objects.exists()


def test_a_path_that_is_not_there_is_named(run, tmp_path):
    with pytest.raises(CommandError):
        run(tmp_path / "nowhere", "--create-project")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("parts", "scenes"),
    [
        (("lidar_camera", "kitti_object_shared"), 3),
        (("tracking", "kitti_tracking_0001_stereo_lidar"), 1),
        (("formats", "nuscenes_schema_t4dataset"), 1),
    ],
)
def test_real_recordings_come_in_without_a_fault(run, parts, scenes):
    run(shared(*parts), "--create-project", "--with-labels")

    assert Scene.objects.count() == scenes


def test_an_import_that_was_shot_is_gone_on_with(site, tmp_path):
    # Its progress is watched in its folder of files.
    site.environ = {k: v for k, v in site.environ.items() if not k.startswith("S3_")}
    folder = recordings.write_kitti(tmp_path / "kitti", FRAMES)
    command = [
        *(sys.executable, "manage.py", "import_recording", str(folder)),
        *("--project", "street", "--create-project"),
    ]
    shot = site.spawn(*command)
    store = site.folder / "media" / "assets"
    wait_until(lambda: len(list(store.glob("*/*.pts"))) > 3, within_s=90, what="half an import")
    os.killpg(shot.pid, signal.SIGKILL)
    shot.wait()

    between = [int(number) for number in site.python(LOOK).split()]
    done = site.run(*command)
    after = [int(number) for number in site.python(LOOK).split()]

    # Every scene that is there is whole, before and after, and none is there twice.
    assert 0 < between[0] < len(FRAMES)
    assert between[2] == 2 * between[0]
    assert after[:4] == [16, 16, 32, 16]
    assert "scenes imported" in done.stdout
