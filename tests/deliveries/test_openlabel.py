"""OpenLABEL: valid, and it says what the labels say."""

import json
from typing import Any

import jsonschema
import pytest

from apps.deliveries.formats.openlabel import export
from apps.deliveries.snapshot import SceneSnapshot
from tests.shared_data import shared


@pytest.fixture
def written(scene: SceneSnapshot) -> dict[str, Any]:
    (file,) = export(scene).files
    content: dict[str, Any] = json.loads(file.content)
    return content


@pytest.mark.shared
def test_it_is_valid_against_the_official_schema(written):
    schema = json.loads(
        shared("formats/openlabel_asam_examples/openlabel_json_schema.json").read_text()
    )

    faults = list(jsonschema.Draft7Validator(schema).iter_errors(written))

    assert faults == []


@pytest.mark.shared
def test_the_schema_would_refuse_a_cuboid_of_eight_numbers(written):
    schema = json.loads(
        shared("formats/openlabel_asam_examples/openlabel_json_schema.json").read_text()
    )
    frame = written["openlabel"]["frames"]["0"]["objects"]
    next(iter(frame.values()))["object_data"]["cuboid"][0]["val"].pop()
    next(iter(frame.values()))["object_data"]["cuboid"][0]["val"].pop()

    assert not jsonschema.Draft7Validator(schema).is_valid(written)


def test_a_cuboid_between_keyframes_stands_half_way(written):
    frame = written["openlabel"]["frames"]["1"]["objects"]
    (cuboid,) = frame["0f7d8c1e-0000-4000-8000-000000000001"]["object_data"]["cuboid"]

    assert cuboid["val"][:3] == pytest.approx([16.0, 2.0, -0.8])
    assert cuboid["val"][7:] == pytest.approx([4.2, 1.8, 1.5])


def test_an_absent_object_is_in_no_later_frame(written):
    (interval,) = written["openlabel"]["objects"]["0f7d8c1e-0000-4000-8000-000000000002"][
        "frame_intervals"
    ]

    assert interval == {"frame_start": 0, "frame_end": 0}


def test_a_drawn_box_goes_out_as_drawn_and_a_derived_one_as_projected(written):
    key = "0f7d8c1e-0000-4000-8000-000000000001"
    frames = written["openlabel"]["frames"]
    (drawn,) = frames["0"]["objects"][key]["object_data"]["bbox"]
    (derived,) = frames["1"]["objects"][key]["object_data"]["bbox"]

    assert drawn["val"] == [515.0, 220.0, 130.0, 80.0]
    # The camera sees the rear face 13.1 m ahead, from 1.0 to 2.8 m to its left, and past it the right side to 17.3 m.
    assert derived["val"][2] == pytest.approx(721.5 * (2.8 / 13.1 - 1.0 / 17.3))
    assert derived["val"][3] == pytest.approx(721.5 * 1.5 / 13.1)
    assert "bbox" not in frames["2"]["objects"][key]["object_data"]


def test_the_same_labels_give_the_same_bytes(scene):
    assert export(scene).files == export(scene).files


def test_it_says_what_it_lost(scene):
    losses = {loss.what: loss.count for loss in export(scene).losses}

    assert losses == {"keyframe of origin and reason": 8}
