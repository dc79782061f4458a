"""With an object store the same code runs: files go there, and links lead there."""

from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from moto import mock_aws

from apps.scenes.links import asset_link, link_expiry
from apps.scenes.media import asset_name
from apps.scenes.models import Capture, Scene
from apps.scenes.selectors.scenes import imported_labels
from apps.scenes.services.assets import keep_file, store_file
from tests.scenes import recordings

BUCKET = "concord"


@pytest.fixture
def bucket(settings):
    with mock_aws():
        client = boto3.client(
            "s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
        client.create_bucket(Bucket=BUCKET)
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "storages.backends.s3.S3Storage",
                "OPTIONS": {
                    "bucket_name": BUCKET,
                    "access_key": "a",
                    "secret_key": "b",
                    "region_name": "us-east-1",
                    "addressing_style": "path",
                    "signature_version": "s3v4",
                    "default_acl": None,
                    "file_overwrite": False,
                },
            },
        }
        cache.clear()
        yield client


def names(client):
    found = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return sorted(entry["Key"] for entry in found)


def test_a_file_is_stored_once(bucket):
    first, second = (store_file(b"points", extension="pts") for _ in range(2))

    assert first == second
    assert names(bucket) == [asset_name(first.sha256, "pts")]


def test_a_large_file_goes_there_too(bucket, db, tmp_path):
    (tmp_path / "a.zip").write_bytes(bytes(9_000_000))

    asset = keep_file(tmp_path / "a.zip", extension="zip")

    assert names(bucket) == [asset_name(asset.sha256, "zip")]


def test_a_link_leads_to_the_store_by_one_address_all_day(bucket, client):
    stored = store_file(b"points", extension="pts")
    link = asset_link(stored.sha256, "pts", until=link_expiry())

    first, second = client.get(link), client.get(link)

    asked = parse_qs(urlsplit(first["Location"]).query)
    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    assert asked["response-content-encoding"] == ["gzip"]
    assert "immutable" in asked["response-cache-control"][0]
    assert 0 < int(asked["X-Amz-Expires"][0]) <= 2 * 24 * 3600
    assert client.get(link.replace("sig=", "sig=0")).status_code == 403


def test_a_recording_comes_in_through_the_store(bucket, bring_in, tmp_path):
    ordered, _ = bring_in(recordings.write_kitti(tmp_path), with_labels=True)

    assert ordered.state == "done"
    assert len(imported_labels(Scene.objects.get())) == 3
    sweep = Capture.objects.select_related("original").get(sensor__modality="lidar")
    with default_storage.open(asset_name(sweep.original.sha256, "bin")) as file:
        assert file.read() == recordings.bin_bytes(seed=1)
