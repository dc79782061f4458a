"""What a guideline or a recording does not know is refused, with the place and what is allowed."""

from typing import Any

import pytest

from apps.annotation.models import ChangeSet, LabelledObject
from apps.core.errors import Invalid
from tests.annotation.conftest import Save
from tests.factories.annotation import (
    LabelScene,
    add,
    box,
    cuboid,
    fields,
    gesture,
    make_scene,
    new_id,
    parsed,
    put,
)

OBJ = new_id()
CAM = "CAM_FRONT/box"
NAN = float("nan")


@pytest.mark.parametrize(
    ("op", "place", "said"),
    [
        (add(OBJ, "bicycle"), "next.class", "it has car, van, pedestrian, sign"),
        (add(OBJ, "vehicle"), "next.class", "is a heading, not a class to draw"),
        (add(OBJ, attributes={"colour": "red"}), "next.attributes.colour", "asked are motion_state, note"),
        (add(OBJ, attributes={"braking": True}), "next.attributes.braking", "belongs to the keyframe in the world"),
        (add(OBJ, attributes={"motion_state": "flying"}), "next.attributes.motion_state", "it takes moving, parked"),
        (add(OBJ, "sign", attributes={"motion_state": "moving"}), "next.attributes.motion_state", "is not asked about “sign”"),
    ],
)  # fmt: skip
def test_an_object_says_only_what_the_guideline_asks(
    street: LabelScene, save: Save, op: dict[str, Any], place: str, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        save(street, gesture(op))

    assert said in refused.value.fields[f"changesets[0].ops[0].{place}"][0]
    assert not ChangeSet.objects.exists()
    assert not LabelledObject.objects.exists()


@pytest.mark.parametrize(
    ("op", "place", "said"),
    [
        (put(OBJ, 0, box(1, 2, 3, 4), stream="CAM_BACK/box"), "stream", "it has LIDAR, CAM_FRONT"),
        (put(OBJ, 0, box(1, 2, 3, 4), stream="LIDAR/box"), "stream", "no box can be drawn in “LIDAR”"),
        (put(OBJ, 5, box(1, 2, 3, 4), stream=CAM), "at_ns", "has no capture at 5 ns"),
        (put(OBJ, 10**12, cuboid()), "at_ns", "lies outside the scene"),
        (put(OBJ, 0, cuboid(attributes={"hidden_share": 0.5})), "next.attributes.hidden_share", "belongs to the keyframe in a sensor"),
        (put(OBJ, 0, box(1, 2, 3, 4, attributes={"hidden_share": "half"}), stream=CAM), "next.attributes.hidden_share", "it takes a number"),
    ],
)  # fmt: skip
def test_a_keyframe_lies_where_the_recording_has_something(
    street: LabelScene, save: Save, op: dict[str, Any], place: str, said: str
) -> None:
    save(street, gesture(add(OBJ)))

    with pytest.raises(Invalid) as refused:
        save(street, gesture(op))

    assert said in refused.value.fields[f"changesets[0].ops[0].{place}"][0]


@pytest.mark.parametrize(
    ("op", "place"),
    [
        (put(OBJ, 0, cuboid(NAN)), ".next.geometry.center_m[0]"),
        (put(OBJ, 0, cuboid(1e12)), ".next.geometry.center_m[0]"),
        (put(OBJ, 0, cuboid(size_m=[4, 0, 1])), ".next.geometry.size_m[1]"),
        (put(OBJ, 0, cuboid(size_m=["4", 1, 1])), ".next.geometry.size_m[0]"),
        (put(OBJ, 0, cuboid(quaternion_xyzw=[0, 0, 0, 2])), ".next.geometry.quaternion_xyzw"),
        (put(OBJ, 0, box(5, 2, 3, 4), stream=CAM), ".next.geometry.box_px"),
        (put(OBJ, 0, box(), stream=CAM), ".next"),
        (put(OBJ, 0, box(1, 2, 3, 4, state="derived"), stream=CAM), ".next"),
        (put(OBJ, 0, box(1, 2, 3, 4, state="adjusted", reason="  "), stream=CAM), ".next"),
        (put(OBJ, 0, box(state="not_visible"), stream=CAM), ".next"),
        (put(OBJ, 0, cuboid(), stream=CAM), ""),
        (put(OBJ, 0, box(1, 2, 3, 4)), ""),
        (put(OBJ, 0, cuboid(), stream="world/box"), ""),
        (put(OBJ, 0, cuboid(), stream="CAM_FRONT/cuboid"), ""),
        (put(OBJ, 0, cuboid(), stream="no such stream"), ".stream"),
        (put(OBJ, 1.5, cuboid()), ".at_ns"),  # type: ignore[arg-type]
        (put(OBJ, 0, cuboid(confirmed="yes")), ".next.confirmed"),
        (put(OBJ, 0, cuboid(reason="a\x00b")), ".next.reason"),
        (put(OBJ, 0, cuboid(attributes={"note": "\ud800"})), ".next.attributes.note"),
        (put(OBJ, 0, cuboid(attributes={"note": [1]})), ".next.attributes.note"),
        (put(OBJ, 0, {**cuboid(), "colour": "red"}), ".next.colour"),
        (add("not-an-id"), ".obj"),
        ({"k": "obj.set", "obj": OBJ, "prev": {"class": "car"}, "next": {}}, ".next"),
        ({"k": "obj.set", "obj": OBJ, "prev": {"class": "car"}, "next": {"motion": "static"}}, ""),
        ({"k": "obj.set", "obj": OBJ, "prev": {"class": "car"}, "next": {"class": None}}, ".next"),
        ({"k": "obj.paint", "obj": OBJ}, ""),
        ({"k": "obj.add", "obj": OBJ}, ".next"),
    ],
)  # fmt: skip
def test_a_malformed_operation_is_refused_with_its_place(op: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as refused:
        parsed(gesture(op))

    assert list(refused.value.fields) == [f"changesets[0].ops[0]{place}"]


@pytest.mark.parametrize("sent", ["text", None, [], [3], [{}], [gesture()]])
def test_what_is_no_list_of_gestures_is_refused(sent: Any) -> None:
    with pytest.raises(Invalid):
        parsed(*sent) if isinstance(sent, list) else parsed(sent)


def test_at_most_200_operations_are_taken_at_once() -> None:
    with pytest.raises(Invalid, match="hold 201 operations; send at most 200"):
        parsed(
            gesture(*[add(new_id()) for _ in range(150)]),
            gesture(*[add(new_id()) for _ in range(51)]),
        )


def test_the_class_of_an_object_changes_only_to_one_that_has_its_shapes(
    street: LabelScene, save: Save
) -> None:
    save(street, gesture(add(OBJ), put(OBJ, 0, cuboid())))

    with pytest.raises(Invalid, match="“sign” has no cuboid; delete the stream world/cuboid"):
        save(
            street,
            gesture(
                {"k": "obj.set", "obj": OBJ, "prev": {"class": "car"}, "next": {"class": "sign"}}
            ),
        )


def test_an_answer_that_stood_already_does_not_stand_in_the_way_of_another_class(
    street: LabelScene, save: Save
) -> None:
    answers = {"motion_state": "parked"}
    save(street, gesture(add(OBJ, attributes=answers)))

    saved = save(
        street,
        gesture(
            {
                "k": "obj.set",
                "obj": OBJ,
                "prev": {"class": "car", "attributes": answers},
                "next": {"class": "pedestrian", "attributes": {**answers, "note": "sat down"}},
            }
        ),
    )

    assert next(iter(saved.after.objects.values())).class_key == "pedestrian"


def test_an_id_that_another_scene_uses_is_refused_without_saying_where(
    street: LabelScene, save: Save
) -> None:
    other = make_scene(street.scene.project, name="s2", guideline=street.guideline)
    save(street, gesture(add(OBJ)))

    with pytest.raises(Invalid) as refused:
        save(other, gesture(add(OBJ, "pedestrian")))

    assert refused.value.fields == {"changesets[0].ops[0].obj": ["is in use; make a new id"]}
    assert LabelledObject.objects.get(pk=OBJ).class_key == "car"


def test_an_edit_on_an_object_that_is_not_there_is_refused(street: LabelScene, save: Save) -> None:
    with pytest.raises(Invalid, match="there is no object"):
        save(street, gesture(put(OBJ, 0, cuboid())))


def test_fields_are_stored_once_for_the_whole_object(street: LabelScene, save: Save) -> None:
    save(
        street, gesture(add(OBJ), put(OBJ, 0, cuboid()), put(OBJ, 0, box(1, 2, 3, 4), stream=CAM))
    )

    row = LabelledObject.objects.get()
    assert (row.class_key, row.keyframes.count()) == ("car", 2)
    assert fields("car") == {
        "class": "car",
        "attributes": {},
        "motion": "dynamic",
        "size_locked": False,
    }
