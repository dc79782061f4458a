"""Uploads speak tus 1.0: begun, broken off, gone on with, thrown away; nobody reaches another's."""

from base64 import b64encode
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.core.models import JobRun
from apps.projects.access import Role, grant
from apps.scenes.models import RecordingImport, Scene, Upload
from apps.scenes.selectors.uploads import KEPT_FOR, batch_folder, upload_path
from apps.scenes.services.uploading import expire_uploads
from tests.factories.clients import make_customer
from tests.factories.projects import make_project
from tests.factories.workforce import make_annotator, make_manager
from tests.scenes import recordings

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


@pytest.fixture
def customer(project):
    return make_customer(project.client, "cara")


@pytest.fixture
def browser(api, customer):
    return api(customer)


def encoded(**values):
    return ",".join(
        f"{name} {b64encode(str(text).encode()).decode()}" for name, text in values.items()
    )


def announce(browser, project, *, path="a.bin", size=10, batch=None, **headers):
    said = encoded(project=project.pk, batch=batch or uuid4(), relativePath=path)
    return browser.post(
        "/api/v1/uploads/",
        headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": said, **headers},
    )


def send(browser, address, offset, content, **headers):
    return browser.generic(
        "PATCH",
        address,
        content,
        content_type=PIECE,
        headers={**TUS, "Upload-Offset": str(offset), **headers},
    )


def upload_folder(browser, project, folder):
    batch = uuid4()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            name = path.relative_to(folder).as_posix()
            begun = announce(browser, project, path=name, size=len(content), batch=batch)
            assert send(browser, begun["Location"], 0, content).status_code == 204
    return batch


def test_the_server_says_what_it_can(browser):
    answer = browser.options("/api/v1/uploads/")

    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,expiration,termination"


def test_a_file_comes_in_pieces(browser, project):
    begun = announce(browser, project, path="deep/down/a.bin", size=10)
    first = send(browser, begun["Location"], 0, b"01234")
    told = browser.head(begun["Location"], headers=TUS)
    second = send(browser, begun["Location"], 5, b"56789")

    assert begun.status_code == 201
    assert (first.status_code, first["Upload-Offset"]) == (204, "5")
    assert (told["Upload-Offset"], told["Upload-Length"]) == ("5", "10")
    assert told["Cache-Control"] == "no-store"
    assert second["Upload-Offset"] == "10"
    assert "Upload-Expires" in second
    assert upload_path(Upload.objects.get()).read_bytes() == b"0123456789"


def test_a_piece_that_does_not_follow_is_refused(browser, project):
    begun = announce(browser, project)

    answer = send(browser, begun["Location"], 4, b"x")

    assert answer.status_code == 409
    assert "begins at byte 4; 0 bytes are here" in answer.json()["detail"]


def test_more_than_announced_is_refused(browser, project):
    begun = announce(browser, project, size=3)

    assert send(browser, begun["Location"], 0, b"0123").status_code == 413
    assert Upload.objects.get().received_bytes == 0


def test_bytes_that_were_written_but_not_counted_are_written_again(browser, project):
    begun = announce(browser, project)
    send(browser, begun["Location"], 0, b"01234")
    path = upload_path(Upload.objects.get())
    path.write_bytes(b"01234xx")

    send(browser, begun["Location"], 5, b"56789")

    assert path.read_bytes() == b"0123456789"


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "/etc/passwd",
        "a/../../b",
        "a\\b",
        "a//b",
        "",
        "a/./b",
        "a\nb",
        "x" * 501,
        "y" * 256,
    ],
)
def test_odd_paths_are_refused(browser, project, path):
    answer = announce(browser, project, path=path)

    assert answer.status_code == 422
    assert answer.json()["fields"] == {
        "relative_path": "must be relative, without .. and odd characters"
    }


def test_a_file_cannot_be_a_folder_too(browser, project):
    batch = uuid4()
    announce(browser, project, path="a", batch=batch)

    assert announce(browser, project, path="a/b", batch=batch).status_code == 422


def test_an_unfinished_file_can_be_begun_again_and_a_complete_one_not(browser, project):
    batch = uuid4()
    first = announce(browser, project, size=2, batch=batch)
    send(browser, first["Location"], 0, b"0")

    again = announce(browser, project, size=2, batch=batch)
    send(browser, again["Location"], 0, b"ab")

    assert browser.head(first["Location"], headers=TUS).status_code == 404
    assert announce(browser, project, size=2, batch=batch).status_code == 409


def test_a_disk_that_is_full_says_so(browser, project):
    answer = announce(browser, project, size=1 << 39)

    assert answer.status_code == 413
    assert "room for" in answer.json()["detail"]


def test_an_upload_can_be_thrown_away(browser, project):
    begun = announce(browser, project)
    path = upload_path(Upload.objects.get())

    assert browser.delete(begun["Location"], headers=TUS).status_code == 204
    assert not path.exists()
    assert browser.head(begun["Location"], headers=TUS).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": "ten"}, 422),
        ({"Upload-Length": "²"}, 422),
        ({"Upload-Metadata": "project !!"}, 422),
        ({"Upload-Metadata": encoded(project="nowhere", relativePath="a")}, 404),
    ],
)
def test_headers_that_are_wrong_are_named(browser, project, headers, status):
    assert announce(browser, project, **headers).status_code == status


def test_only_pieces_are_taken(browser, project):
    begun = announce(browser, project)

    answer = browser.patch(begun["Location"], {"a": 1}, headers={**TUS, "Upload-Offset": "0"})

    assert answer.status_code == 415


def test_strangers_and_those_without_the_right_are_refused(api, browser, project):
    stranger = api(make_customer(make_project().client))
    begun = announce(browser, project)

    assert announce(api(), project).status_code == 401
    assert announce(stranger, project).status_code == 404
    assert announce(api(make_annotator(project)), project).status_code == 403
    for client in (stranger, api(make_manager())):
        assert client.head(begun["Location"], headers=TUS).status_code == 404
        assert send(client, begun["Location"], 0, b"0").status_code == 404
        assert client.delete(begun["Location"], headers=TUS).status_code == 404
    assert Upload.objects.get().received_bytes == 0


def test_a_manager_may_upload_too(api, project):
    assert announce(api(make_manager()), project).status_code == 201


# --- imports --------------------------------------------------------------------------------------


def start(browser, project, batch, **values):
    return browser.post(
        "/api/v1/imports/", {"project": project.pk, "upload_batch": str(batch), **values}
    )


@pytest.fixture
def uploaded(browser, project, tmp_path):
    folder = recordings.write_kitti(tmp_path / "kitti", ("000001", "000002"))
    return upload_folder(browser, project, folder)


def test_an_uploaded_folder_is_imported(
    browser, project, uploaded, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        started = start(browser, project, uploaded, with_labels=True)

    shown = browser.get(f"/api/v1/imports/{started.json()['id']}/").json()
    assert started.status_code == 202
    assert (shown["state"], shown["scene_count"], shown["failed_count"]) == ("done", 2, 0)
    assert (shown["done"], shown["total"], shown["file_count"]) == (4, 4, 8)
    assert Scene.objects.filter(project=project).count() == 2
    # What is imported is not kept twice.
    assert not Upload.objects.exists()
    assert not batch_folder(project.pk, uploaded).exists()


def test_an_uploaded_zip_with_a_bad_file_tells_of_it(
    browser, project, tmp_path, django_capture_on_commit_callbacks
):
    folder = recordings.write_kitti(tmp_path / "kitti", ("000001", "000002"))
    recordings.put(folder / "velodyne/000002.bin", b"short")
    (tmp_path / "up").mkdir()
    recordings.zipped(folder, tmp_path / "up/recording.zip")
    batch = upload_folder(browser, project, tmp_path / "up")

    with django_capture_on_commit_callbacks(execute=True):
        started = start(browser, project, batch).json()

    shown = browser.get(f"/api/v1/imports/{started['id']}/").json()
    failed = browser.get(f"/api/v1/imports/{started['id']}/files/?state=failed").json()["results"]
    assert (shown["state"], shown["scene_count"]) == ("partial", 1)
    assert [(row["path"], row["field"]) for row in failed] == [
        ("velodyne/000002.bin", "size"),
        ("calib/000002.txt", "velodyne"),
    ]
    assert all(row["mend"] for row in failed)


def test_a_batch_that_is_not_here_in_full_is_not_imported(browser, project):
    batch = uuid4()
    announce(browser, project, path="a.zip", batch=batch)

    answer = start(browser, project, batch)

    assert answer.status_code == 409
    assert "“a.zip” is not here in full: 0 of 10 bytes" in answer.json()["detail"]
    assert start(browser, project, uuid4()).status_code == 422


def test_asking_twice_imports_once(browser, project, uploaded):
    first, second = (start(browser, project, uploaded).json() for _ in range(2))

    assert first["id"] == second["id"]
    assert JobRun.objects.count() == 1


def test_an_import_can_be_stopped(browser, project, uploaded):
    started = start(browser, project, uploaded).json()

    stopped = browser.post(f"/api/v1/imports/{started['id']}/cancel/")

    assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
    assert browser.post(f"/api/v1/imports/{started['id']}/cancel/").status_code == 409


def test_an_import_whose_run_was_given_up_has_failed(browser, project, uploaded):
    started = start(browser, project, uploaded).json()
    JobRun.objects.update(state="failed")

    assert browser.get(f"/api/v1/imports/{started['id']}/").json()["state"] == "failed"


def test_imports_are_for_those_who_may(api, browser, project, uploaded):
    stranger = api(make_customer(make_project().client))
    annotator = api(make_annotator(project))
    started = start(browser, project, uploaded).json()
    address = f"/api/v1/imports/{started['id']}/"

    assert start(stranger, project, uploaded).status_code == 404
    assert start(annotator, project, uploaded).status_code == 403
    assert stranger.get("/api/v1/imports/").json()["results"] == []
    assert [stranger.get(address + part).status_code for part in ("", "files/")] == [404, 404]
    assert stranger.post(f"{address}cancel/").status_code == 404
    assert annotator.post(f"{address}cancel/").status_code == 403
    assert RecordingImport.objects.get().state == "queued"


def test_the_list_of_imports_costs_the_same_for_one_and_three(
    browser, project, uploaded, bring_in, tmp_path, django_assert_num_queries
):
    def asked():
        return browser.get("/api/v1/imports/").json()["results"]

    start(browser, project, uploaded)
    asked()
    with django_assert_num_queries(4):
        asked()
    for number in range(3):
        bring_in(recordings.write_kitti(tmp_path / f"r{number}", (f"00000{number}",)))

    with django_assert_num_queries(4):
        assert len(asked()) == 4


# --- what is left behind --------------------------------------------------------------------------


def test_uploads_that_nobody_goes_on_with_are_thrown_away(browser, project):
    announce(browser, project, path="old.bin")
    path = upload_path(Upload.objects.get())

    assert expire_uploads(timezone.now() + KEPT_FOR - timedelta(minutes=1)) == 0
    assert path.exists()
    assert expire_uploads(timezone.now() + KEPT_FOR + timedelta(minutes=1)) == 1
    assert not path.parent.exists()


def test_a_batch_at_work_is_kept_whole(browser, project, uploaded):
    start(browser, project, uploaded)

    assert expire_uploads(timezone.now() + 2 * KEPT_FOR) == 0


def test_a_file_of_a_batch_that_goes_on_is_kept(browser, project):
    batch = uuid4()
    announce(browser, project, path="old.bin", batch=batch)
    Upload.objects.update(updated_at=timezone.now() - 2 * KEPT_FOR)
    announce(browser, project, path="new.bin", batch=batch)

    assert expire_uploads() == 0


def test_losing_the_right_ends_the_upload(api, project, make_person):
    person = make_person("gus")
    grant(person, Role.CUSTOMER, project=project)
    begun = announce(api(person), project)
    person.projectuserobjectpermission_set.all().delete()

    assert send(api(person), begun["Location"], 0, b"0").status_code == 404
