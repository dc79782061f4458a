"""The machine-readable part of a guideline."""

import copy

import pytest

from apps.core.errors import Invalid
from apps.guidelines.document import GuidelineDocument, dumped, parse

SMALL = {
    "taxonomy": {
        "classes": [
            {
                "key": "vehicle",
                "label": "Vehicle",
                "color": "#888888",
                "shapes": [],
                "default_size_m": [4, 2, 1.5],
            },
            {
                "key": "car",
                "label": "Car",
                "color": "#56b4e9",
                "parent": "vehicle",
                "default_size_m": [4.5, 1.9, 1.6],
                "confusable_with": ["truck"],
                "limits": {"length_m": [3.2, 5.6], "speed_max_m_s": 55},
            },
            {
                "key": "truck",
                "label": "Truck",
                "color": "#e69f00",
                "parent": "vehicle",
                "default_size_m": [8, 2.5, 3.2],
            },
            {
                "key": "cone",
                "label": "Cone",
                "color": "#d55e00",
                "default_size_m": [0.4, 0.4, 0.7],
            },
        ],
        "attributes": [
            {
                "key": "parked",
                "label": "Parked",
                "scope": "object",
                "type": "bool",
                "classes": ["vehicle"],
            },
            {
                "key": "occlusion",
                "label": "Occlusion",
                "scope": "sensor",
                "type": "enum",
                "options": [{"key": "none", "label": "None"}, {"key": "part", "label": "Partly"}],
                "default": "none",
            },
        ],
    },
    "checks": {"proj.iou": {"blocks": ["error"], "clause": "4.2", "params": {}}},
    "policy": {"import_aliases": {"kitti": {"Car": {"class_key": "car"}}}},
}


def changed(path: str, value: object) -> dict[str, object]:
    document = copy.deepcopy(SMALL)
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    at = document
    for part in way:
        at = at[part]
    at[last] = value
    return document


def test_a_document_survives_a_round_trip():
    parsed = parse(SMALL)

    assert parse(dumped(parsed)) == parsed
    assert isinstance(parsed, GuidelineDocument)


def test_attributes_come_down_the_hierarchy():
    document = parse(SMALL)

    assert [a.key for a in document.attributes_for("car", "object")] == ["parked"]
    assert [a.key for a in document.attributes_for("car")] == ["parked", "occlusion"]
    assert [a.key for a in document.attributes_for("cone", "object")] == []
    assert [a.key for a in document.attributes_for("cone", "sensor")] == ["occlusion"]


def test_classes_are_found_by_key_and_by_ancestry():
    document = parse(SMALL)

    assert document.class_named("car").label == "Car"
    assert document.class_named("tank") is None
    assert document.is_a("car", "vehicle")
    assert not document.is_a("vehicle", "car")


def test_a_classs_limits_are_its_own_over_the_defaults():
    limits = parse(SMALL).limits_for("car")

    assert (limits.length_m, limits.speed_max_m_s, limits.points_min) == ((3.2, 5.6), 55, 5)


def test_names_of_other_formats_are_known():
    document = parse(SMALL)

    assert document.named_by("kitti", "Car").class_key == "car"
    assert document.named_by("kitti", "cone").class_key == "cone"
    assert document.named_by("kitti", "Tram") is None


@pytest.mark.parametrize(
    ("path", "value", "place", "said"),
    [
        ("taxonomy/classes/1/color", "blue", "taxonomy.classes[1].color", "a colour such as"),
        ("taxonomy/classes/1/key", "Big Car", "taxonomy.classes[1].key", "lower-case"),
        ("taxonomy/classes/2/key", "car", "taxonomy", "“car” stands twice among the classes"),
        ("taxonomy/classes/1/parent", "thing", "taxonomy", "names “thing”, which is no class"),
        ("taxonomy/classes/0/parent", "car", "taxonomy", "its own ancestor"),
        ("taxonomy/classes/1/confusable_with", ["bus"], "taxonomy", "names “bus”"),
        ("taxonomy/classes/1/default_size_m", [4, 0, 1], "taxonomy.classes[1].default_size_m", "above zero"),
        ("taxonomy/classes/1/default_size_m", [4, float("nan"), 1], "taxonomy.classes[1].default_size_m[1]", "finite"),
        ("taxonomy/classes/1/colour", "#000000", "taxonomy.classes[1].colour", "not a member known"),
        ("taxonomy/attributes/0/classes", ["tank"], "taxonomy", "the attribute “parked” names “tank”"),
        ("taxonomy/attributes/1/default", "all", "taxonomy.attributes[1]", "the default of “occlusion”"),
        ("taxonomy/attributes/1/options", [], "taxonomy.attributes[1]", "needs options"),
        ("checks", {"iou": {}}, "document", "The check 'iou' is not known"),
        ("checks", {"proj.iou": {"params": {"speed": 1}}}, "document", "has no setting 'speed'"),
        ("taxonomy/classes/1/limits", {"speed_max": 3}, "document", "no field 'speed_max'"),
        ("taxonomy/classes/1/limits", {"length_m": [5, 3]}, "document", "least and most"),
        ("policy/import_aliases/kitti", {"Tram": {"class_key": "tram"}}, "document", "“tram”, which is no class"),
        (
            "policy/import_aliases/kitti",
            {"Car": {"class_key": "car", "attributes": {"parked": "yes"}}},
            "document",
            "sets “parked” to 'yes'",
        ),
        ("taxonomy", {"classes": []}, "taxonomy.classes", "at least 1 item"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(path, value, place, said):
    with pytest.raises(Invalid) as refusal:
        parse(changed(path, value))

    assert list(refusal.value.fields) == [place]
    assert said in refusal.value.fields[place][0]
    assert refusal.value.detail.startswith(f"The guideline is not valid: {place}: ")
