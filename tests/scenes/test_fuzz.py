"""Importers on mangled text: whatever stands in a file, it is read or refused in words."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.modalities.base import Unreadable
from apps.scenes.importers.faults import SceneRefused
from apps.scenes.importers.kitti_labels import parse_line
from apps.scenes.importers.recording import open_recording
from apps.scenes.importers.registry import importer_for
from apps.scenes.importers.soundness import sound
from tests.scenes import recordings

BOUNDED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS = st.sampled_from(
    ["", "nan", "inf", "-1", "1e400", "0", "x", "{", "[]", "null", '"', "\0", "é", "9" * 40]
)


def mangled(text, draw):
    """Change some words of a text, or cut it off."""
    words = text.split(" ")
    for _ in range(draw.draw(st.integers(1, 4))):
        words[draw.draw(st.integers(0, len(words) - 1))] = draw.draw(WORDS)
    whole = " ".join(words)
    return whole[: draw.draw(st.integers(0, len(whole)))] if draw.draw(st.booleans()) else whole


def plan_or_refuse(path):
    """Plan every scene; the only errors are those that tell a person what is wrong."""
    said = []
    try:
        with open_recording(path) as recording:
            reading = importer_for(recording, "auto").begin(recording)
            for outline in reading.outlines:
                try:
                    plan = sound(reading.plan(outline, with_labels=True), path=outline.key)
                    said += plan.faults
                except SceneRefused as refused:
                    said += refused.faults
    except SceneRefused as refused:
        said += refused.faults
    assert all(fault.problem and fault.mend and fault.field for fault in said)


@BOUNDED
@given(draw=st.data())
def test_a_label_line_is_read_or_refused(draw):
    text = mangled(recordings.KITTI_LABELS.splitlines()[0], draw)

    try:
        where = f"line {parse_line(text, line=1, tracking=draw.draw(st.booleans())).line}"
    except Unreadable as refused:
        where = refused.field

    assert where == "line 1"


@BOUNDED
@given(draw=st.data())
def test_kitti_text_is_read_or_refused(draw, tmp_path):
    recordings.write_kitti(tmp_path)
    name = draw.draw(st.sampled_from(["calib/000001.txt", "label_2/000001.txt"]))
    recordings.put(tmp_path / name, mangled((tmp_path / name).read_text(), draw))

    plan_or_refuse(tmp_path)


@BOUNDED
@given(draw=st.data())
def test_tracking_text_is_read_or_refused(draw, tmp_path):
    recordings.write_tracking(tmp_path, frames=2)
    name = draw.draw(st.sampled_from(["calib/0001.txt", "label_02/0001.txt", "oxts/0001.txt"]))
    recordings.put(tmp_path / name, mangled((tmp_path / name).read_text(), draw))

    plan_or_refuse(tmp_path)


@BOUNDED
@given(draw=st.data())
def test_raw_text_is_read_or_refused(draw, tmp_path):
    recordings.write_raw(tmp_path, frames=2)
    paths = sorted(path for path in tmp_path.rglob("*") if path.suffix in {".txt", ".xml"})
    path = draw.draw(st.sampled_from(paths))
    recordings.put(path, mangled(path.read_text(), draw))

    plan_or_refuse(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def bent(value, draw):
    """Put something else somewhere into a tree of JSON."""
    if isinstance(value, dict) and value and draw.draw(st.integers(0, 3)):
        key = draw.draw(st.sampled_from(sorted(value)))
        return {**value, key: bent(value[key], draw)}
    if isinstance(value, list) and value and draw.draw(st.integers(0, 3)):
        at = draw.draw(st.integers(0, len(value) - 1))
        return [*value[:at], bent(value[at], draw), *value[at + 1 :]]
    return draw.draw(JSON)


@BOUNDED
@given(draw=st.data())
def test_a_manifest_is_read_or_refused(draw, tmp_path):
    recordings.write_concord(tmp_path)
    manifest = bent(recordings.concord_manifest(), draw)
    recordings.put(tmp_path / "manifest.json", '{"was": "concord-recording"}')
    recordings.put(tmp_path / "manifest.json", json.dumps(manifest))

    plan_or_refuse(tmp_path)


@BOUNDED
@given(draw=st.data())
def test_labels_of_a_manifest_are_read_or_refused(draw, tmp_path):
    recordings.write_concord(tmp_path, labels=bent(recordings.concord_labels(), draw))

    plan_or_refuse(tmp_path)


@BOUNDED
@given(draw=st.data())
def test_nuscenes_tables_are_read_or_refused(draw, tmp_path):
    tables = recordings.nuscenes_tables()
    recordings.write_nuscenes(tmp_path, tables)
    name = draw.draw(st.sampled_from(sorted(tables)))
    recordings.put(tmp_path / f"v1.0-mini/{name}.json", json.dumps(bent(tables[name], draw)))

    plan_or_refuse(tmp_path)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"format": "concord-recording", "scenes": ' + "[" * 9000]
)
def test_deep_nesting_is_refused(tmp_path, text):
    recordings.write_concord(tmp_path)
    recordings.put(tmp_path / "manifest.json", text)
    plan_or_refuse(tmp_path)
    recordings.write_nuscenes(tmp_path / "n")
    recordings.put(tmp_path / "n/v1.0-mini/sample.json", text)

    plan_or_refuse(tmp_path / "n")
