"""Guidelines to start from."""

import pytest

from apps.core.errors import Invalid
from apps.guidelines.narrowing import narrowed
from apps.guidelines.templates import template_named, templates
from numerics.checks.limits import check_ids, limits_of


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.key)
def test_every_check_is_set_and_names_a_clause_that_stands(template):
    numbers = [clause.number for clause in template.clauses]

    assert set(template.document.checks) == set(check_ids())
    assert {setting.clause for setting in template.document.checks.values()} <= set(numbers)
    assert len(set(numbers)) == len(numbers) >= 12
    assert all(len(clause.body_md) > 60 for clause in template.clauses)


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.key)
def test_a_new_cuboid_has_a_size_that_its_class_may_have(template):
    for label_class in template.document.taxonomy.classes:
        spans_m = template.document.limits_for(label_class.key).spans_m
        sizes_m = label_class.default_size_m

        assert all(low <= size <= high for size, (low, high) in zip(sizes_m, spans_m, strict=True))


def test_driving_has_the_limits_that_the_checks_have_by_default():
    document = template_named("driving").document

    for key in ("car", "van", "truck", "bus", "trailer", "motorcycle", "bicycle", "cone"):
        assert document.limits_for(key) == limits_of([key])


@pytest.mark.parametrize(
    ("format_key", "name", "class_key", "attributes"),
    [
        ("kitti", "Person_sitting", "pedestrian", {"posture": "sitting"}),
        ("kitti", "Cyclist", "bicycle", {"rider": "with"}),
        ("kitti", "Misc", "other", {}),
        ("kitti", "DontCare", "ignored_region", {}),
        ("nuscenes", "vehicle.bus.bendy", "bus", {}),
        ("nuscenes", "movable_object.trafficcone", "cone", {}),
        ("nuscenes", "vehicle.emergency.police", "car", {"emergency": True}),
    ],
)
def test_driving_knows_the_names_of_other_formats(format_key, name, class_key, attributes):
    found = template_named("driving").document.named_by(format_key, name)

    assert (found.class_key, found.attributes) == (class_key, attributes)


def test_all_eight_kitti_types_and_all_23_nuscenes_categories_are_known():
    aliases = template_named("driving").document.policy.import_aliases

    assert len(aliases["kitti"]) == 9
    assert sum("." in name or name == "animal" for name in aliases["nuscenes"]) == 23


def test_a_narrowed_guideline_speaks_of_its_classes_only():
    document = narrowed(template_named("driving").document, ["car", "child"])

    assert [one.key for one in document.taxonomy.classes] == ["car", "pedestrian", "child"]
    assert document.class_named("car").confusable_with == ()
    assert "rider" not in [one.key for one in document.taxonomy.attributes]
    assert set(document.policy.import_aliases["kitti"]) == {"Car", "Pedestrian", "Person_sitting"}


def test_an_unknown_class_or_template_is_named():
    with pytest.raises(Invalid, match="no class “tank”"):
        narrowed(template_named("driving").document, ["tank"])
    with pytest.raises(Invalid, match="choose one of: driving, warehouse"):
        template_named("sea")
