"""Files lie under their content's hash, and are served by links that say nothing and end."""

import gzip
import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from apps.scenes.links import DAY_S, asset_link, link_expiry
from apps.scenes.models import Asset
from apps.scenes.ranges import ByteRange, Unsatisfiable, asked_range
from apps.scenes.services.assets import keep_file, store_file

CONTENT = bytes(range(256)) * 40


pytestmark = pytest.mark.usefixtures("local_store")


@pytest.fixture
def stored():
    return store_file(CONTENT, extension="bin")


def link(stored, until=None):
    return asset_link(stored.sha256, stored.extension, until=until or link_expiry())


def test_a_file_is_stored_once_under_its_hash(stored):
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    path = Path(default_storage.path(f"assets/{sha256[:2]}/{sha256}.bin"))
    written_ns = path.stat().st_mtime_ns

    again = store_file(CONTENT, extension="bin")

    assert again == stored
    assert path.read_bytes() == CONTENT
    assert path.stat().st_mtime_ns == written_ns
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_many_writers_of_one_file_leave_one_whole_file():
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: store_file(CONTENT * 9, extension="bin"), range(16)))

    assert len(found) == 1
    sha256 = found.pop().sha256
    assert (
        Path(default_storage.path(f"assets/{sha256[:2]}/{sha256}.bin")).read_bytes() == CONTENT * 9
    )


def test_a_large_file_is_kept_with_its_row(db, tmp_path):
    (tmp_path / "archive.zip").write_bytes(CONTENT * 500)

    asset = keep_file(tmp_path / "archive.zip", extension="zip")

    assert asset == Asset.objects.get()
    assert (asset.media_type, asset.size_bytes) == ("application/zip", len(CONTENT) * 500)


# --- links ----------------------------------------------------------------------------------------


def test_links_are_the_same_all_day_and_last_at_least_one():
    noon = 1_700_000_000 // DAY_S * DAY_S + DAY_S // 2

    assert link_expiry(noon) == link_expiry(noon + DAY_S / 2 - 1)
    assert DAY_S <= link_expiry(noon) - noon <= 2 * DAY_S


def test_a_file_is_served_whole(client, stored):
    answer = client.get(link(stored))

    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer["Content-Length"] == str(len(CONTENT))
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["ETag"] == f'"{stored.sha256}"'
    assert answer["Accept-Ranges"] == "bytes"


def test_serving_asks_the_database_nothing(client, db, stored, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(link(stored)).status_code == 200


def test_a_browser_that_has_it_gets_it_not_again(client, stored):
    answer = client.get(link(stored), headers={"If-None-Match": f'"{stored.sha256}"'})

    assert (answer.status_code, answer.content) == (304, b"")


def test_head_tells_the_size_alone(client, stored):
    answer = client.head(link(stored))

    assert (answer.content, answer["Content-Length"]) == (b"", str(len(CONTENT)))


@pytest.mark.parametrize(
    ("header", "expected", "shown"),
    [
        ("bytes=0-99", CONTENT[:100], "bytes 0-99/10240"),
        ("bytes=10000-", CONTENT[10000:], "bytes 10000-10239/10240"),
        ("bytes=-40", CONTENT[-40:], "bytes 10200-10239/10240"),
        ("bytes=10200-99999", CONTENT[10200:], "bytes 10200-10239/10240"),
    ],
)
def test_a_part_is_served(client, stored, header, expected, shown):
    answer = client.get(link(stored), headers={"Range": header})

    assert answer.status_code == 206
    assert answer.content == expected
    assert answer["Content-Range"] == shown


def test_a_part_beyond_the_end_is_refused_and_not_cached(client, stored):
    answer = client.get(link(stored), headers={"Range": "bytes=10240-"})

    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */10240")
    assert answer["Cache-Control"] == "no-store"


def test_a_part_of_another_version_is_the_whole(client, stored):
    answer = client.get(link(stored), headers={"Range": "bytes=0-9", "If-Range": '"older"'})

    assert (answer.status_code, len(answer.content)) == (200, len(CONTENT))


def test_a_large_file_is_streamed(client):
    stored = store_file(bytes(6_000_000) + b"end", extension="bin")

    answer = client.get(link(stored))

    assert answer.streaming
    assert sum(len(chunk) for chunk in answer.streaming_content) == 6_000_003


def test_compressed_forms_say_so(client):
    stored = store_file(gzip.compress(b"points"), extension="pts")

    answer = client.get(link(stored))

    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == b"points"


def test_a_link_that_is_not_ours_says_nothing(client, stored):
    good = link(stored)
    forged = [
        good.replace("sig=", "sig=0"),
        good.partition("&")[0],
        good.partition("?")[0],
        good.replace(f"until={link_expiry()}", f"until={link_expiry() + DAY_S}"),
        good.replace(f"until={link_expiry()}", "until=²"),
        good.replace(f"until={link_expiry()}", f"until={'9' * 5000}"),
        link(stored, until=int(time.time()) - 1),
        link(stored).replace(stored.sha256, "0" * 64),
        link(stored).replace(".bin", ".pts"),
    ]

    answers = [client.get(address) for address in forged]

    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


def test_a_signed_link_to_what_is_gone_is_not_found(client):
    gone = asset_link("0" * 64, "bin", until=link_expiry())

    assert client.get(gone).status_code == 404


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=0-1,4-5", None),
        ("items=0-1", None),
        ("bytes=0-0", ByteRange(0, 0)),
        ("bytes=-500", ByteRange(0, 99)),
        ("bytes=98-", ByteRange(98, 99)),
    ],
)
def test_range_headers_are_read_as_the_rfc_has_it(header, expected):
    assert asked_range(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0", "bytes=100-200"])
def test_a_range_without_a_byte_is_unsatisfiable(header):
    with pytest.raises(Unsatisfiable):
        asked_range(header, 100)
