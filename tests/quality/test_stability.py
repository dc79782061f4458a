"""Findings stay what they are: one living finding a cause, waivers that hold, edits that equal the whole."""

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.annotation.models import LabelledObject
from apps.annotation.selectors import document_of, scene_state
from apps.core.errors import Conflict, Invalid, Refused
from apps.quality.clouds import StoredClouds
from apps.quality.models import Finding, FindingEvent, Residual
from apps.quality.recordings import scene_view
from apps.quality.selectors import (
    blocking_findings,
    counts_by_project,
    counts_by_scene,
    finding_counts,
    flagged_waivers,
)
from apps.quality.services.checking import check_scene
from apps.quality.services.judging import comment, reopen, resolve, waive
from apps.scenes.models import Asset
from tests.factories.annotation import (
    LabelScene,
    add,
    box,
    cuboid,
    fields,
    give_points,
    make_author,
    new_id,
    put,
)
from tests.quality.conftest import Check, Open

OBJ = new_id()
CAM = "CAM_FRONT/box"
LONG = cuboid(20, size_m=[9, 1.8, 1.5])


def resized(length_m: float, prev: dict[str, Any]) -> dict[str, Any]:
    return put(OBJ, 0, cuboid(20, size_m=[length_m, 1.8, 1.5]), prev=prev)


def test_a_finding_that_is_mended_closes_and_one_that_comes_back_is_new(
    street: LabelScene, edit: Check, living: Open
) -> None:
    edit(street, add(OBJ), put(OBJ, 0, LONG))
    first = living()["size.prior"]

    mended = edit(street, resized(4.4, LONG))
    again = edit(street, put(OBJ, 0, LONG, prev=cuboid(20)))

    first.refresh_from_db()
    assert (first.state, first.closed_in_version) == ("closed", 2)
    assert first.pk in mended.closed
    assert [row.check_id for row in again.opened if row.check_id == "size.prior"] == ["size.prior"]


def test_a_finding_is_raised_above_its_threshold_and_cleared_well_below(
    street: LabelScene, edit: Check, living: Open
) -> None:
    give_points(street, 0)
    heights = {"just below": 0.75 + 0.14, "above": 0.75 + 0.16, "cleared": 0.75 + 0.12}
    values = {name: cuboid(20, z_m=z_m) for name, z_m in heights.items()}

    edit(street, add(OBJ), put(OBJ, 0, values["just below"]))
    assert "ground.gap" not in living()
    edit(street, put(OBJ, 0, values["above"], prev=values["just below"]))
    raised = living()["ground.gap"]
    edit(street, put(OBJ, 0, values["just below"], prev=values["above"]))
    assert living()["ground.gap"].pk == raised.pk
    edit(street, put(OBJ, 0, values["cleared"], prev=values["just below"]))
    assert "ground.gap" not in living()


def test_a_waiver_holds_until_the_number_moves_by_a_fifth(
    street: LabelScene, edit: Check, living: Open
) -> None:
    edit(street, add(OBJ), put(OBJ, 0, LONG))
    by = make_author("bob")
    waive(living()["size.prior"], by=by, reason="a limousine")

    near = cuboid(20, size_m=[9.9, 1.8, 1.5])
    edit(street, put(OBJ, 0, near, prev=LONG))
    assert living()["size.prior"].state == "waived"
    edit(street, put(OBJ, 0, cuboid(20, size_m=[12, 1.8, 1.5]), prev=near))

    reopened = living()["size.prior"]
    assert (reopened.state, reopened.waiver_reason) == ("open", "")
    kinds = list(FindingEvent.objects.order_by("pk").values_list("kind", "reason", "person"))
    assert kinds == [("waived", "a limousine", by.pk), ("reopened", "", None)]


def test_a_waiver_is_remembered_when_its_cause_goes_and_comes_back(
    street: LabelScene, edit: Check, living: Open
) -> None:
    edit(street, add(OBJ), put(OBJ, 0, LONG))
    waived = waive(living()["size.prior"], by=make_author("bob"), reason="a limousine")
    edit(street, resized(4.4, LONG))
    assert "size.prior" not in living()

    delta = edit(street, put(OBJ, 0, LONG, prev=cuboid(20)))

    back = living()["size.prior"]
    assert (back.pk, back.state, back.waiver_reason) == (waived.pk, "waived", "a limousine")
    assert waived.pk in {row.pk for row in delta.updated}


def test_an_annotators_waiver_of_a_blocking_finding_is_flagged_for_the_reviewer(
    street: LabelScene, edit: Check, living: Open
) -> None:
    edit(street, add(OBJ), put(OBJ, 0, LONG))
    finding = living()["size.prior"]
    assert (finding.blocking, finding.clause) == (True, "4.2")
    assert list(blocking_findings(street.scene)) == [finding]

    waive(finding, by=make_author("bob"), reason="a limousine")

    assert list(blocking_findings(street.scene)) == []
    assert list(flagged_waivers(street.scene)) == [finding]
    waive(finding, by=make_author("rita"), reason="seen", as_reviewer=True)
    assert list(flagged_waivers(street.scene)) == []
    reopen(finding, by=make_author("roy"))
    assert list(blocking_findings(street.scene)) == [finding]


def test_answers_that_make_no_sense_are_refused(
    street: LabelScene, edit: Check, living: Open
) -> None:
    edit(street, add(OBJ), put(OBJ, 0, LONG))
    finding, by = living()["size.prior"], make_author("bob")

    with pytest.raises(Invalid, match="needs a reason"):
        waive(finding, by=by, reason="   ")
    with pytest.raises(Conflict, match="open already"):
        reopen(finding, by=by)
    with pytest.raises(Conflict, match="closes by itself"):
        resolve(finding, by=by, version=1)
    edit(street, resized(4.4, LONG))
    with pytest.raises(Conflict, match="is closed"):
        waive(finding, by=by, reason="late")
    with pytest.raises(Conflict, match="Its cause is gone"):
        reopen(finding, by=by)


def test_what_a_person_says_stays_until_a_person_resolves_it(
    street: LabelScene, edit: Check
) -> None:
    edit(street, add(OBJ), put(OBJ, 0, LONG))
    reviewer, annotator = make_author("rita"), make_author("bob")
    said = comment(
        street.scene,
        by=reviewer,
        version=1,
        message="Heading is wrong.",
        about={"object_id": uuid.UUID(OBJ), "blocking": True},
    )
    edit(street, resized(4.4, LONG))
    check_scene(street.scene)
    assert list(blocking_findings(street.scene)) == [said]

    with pytest.raises(Refused):
        waive(said, by=annotator, reason="no")
    resolve(said, by=annotator, version=2, reason="turned")

    assert list(blocking_findings(street.scene)) == []
    assert reopen(said, by=reviewer).state == "open"
    with pytest.raises(Invalid, match="no such object"):
        comment(
            street.scene, by=reviewer, version=2, message="?", about={"object_id": uuid.uuid4()}
        )
    with pytest.raises(Invalid, match="Say what is wrong"):
        comment(street.scene, by=reviewer, version=2, message=" ", about={})


def test_a_deleted_object_takes_its_findings_with_it(
    street: LabelScene, edit: Check, living: Open
) -> None:
    other = new_id()
    edit(street, add(OBJ), put(OBJ, 0, LONG))
    edit(street, add(other), put(other, 0, cuboid(20)))
    assert {"size.prior", "dup.overlap"} <= set(living())
    record = scene_state(document_of(street.scene)).objects[uuid.UUID(OBJ)]

    edit(street, {"k": "obj.del", "obj": OBJ, "prev": record.whole()})

    assert set(living()) == {"link.missing"}
    assert not Residual.objects.filter(labelled_object=OBJ).exists()
    assert Finding.objects.filter(object_id=OBJ, state="closed").exists()


def test_counts_take_one_query_for_many_scenes_and_projects(
    street: LabelScene, edit: Check, django_assert_num_queries: Any
) -> None:
    edit(street, add(OBJ), put(OBJ, 0, LONG))
    opened, blocking = finding_counts(street.scene)
    expected = {"open": opened, "blocking": blocking, "waived": 0}

    with django_assert_num_queries(1):
        assert counts_by_scene([street.scene]) == {street.scene.pk: expected}
    with django_assert_num_queries(1):
        assert counts_by_project([street.scene.project]) == {street.scene.project_id: expected}
    assert blocking == 1


NAMES = [new_id() for _ in range(3)]
moves = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["move", "move", "move", "box", "unkey", "class", "motion", "delete"]),
        st.integers(0, 4),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=8,
)


def one_move(made: LabelScene, move: tuple[int, str, int, float]) -> list[dict[str, Any]]:
    which, kind, frame, share = move
    obj, at_ns = NAMES[which], made.frame_times[frame]
    record = scene_state(document_of(made.scene)).objects.get(uuid.UUID(obj))
    value = cuboid(12 + 9 * which + share, 6 * share - 3, 0.75 + share / 2)
    if record is None:
        return [add(obj), put(obj, at_ns, value)]
    stream = CAM if kind == "box" else "world/cuboid"
    here = record.key_at(stream, at_ns)
    prev = None if here is None else here.value
    place = {"obj": obj, "stream": stream, "at_ns": at_ns, "prev": prev}
    drawn = box(500 + 300 * share, 400, 900, 600, state="adjusted", reason="seen")
    said = fields("van" if share > 0.5 else "pedestrian")
    motion = {"motion": "static" if share > 0.5 else "dynamic"}
    ops: dict[str, dict[str, Any] | None] = {
        "move": {"k": "key.put", **place, "next": value},
        "box": {"k": "key.put", **place, "next": drawn},
        "unkey": {"k": "key.del", **place} if here else None,
        "class": {
            "k": "obj.set",
            "obj": obj,
            "prev": {"class": record.class_key},
            "next": {"class": said["class"]},
        },
        "motion": {
            "k": "obj.set",
            "obj": obj,
            "prev": {"motion": record.fields["motion"]},
            "next": motion,
        },
        "delete": {"k": "obj.del", "obj": obj, "prev": record.whole()},
    }
    op = ops[kind]
    return [] if op is None else [op]


def measured_of(made: LabelScene) -> list[tuple[Any, ...]]:
    names = ("labelled_object", "sensor", "at_ns", "iou", "points_inside", "ground_gap_m")
    rows = Residual.objects.filter(labelled_object__scene=made.scene)
    return sorted(rows.values_list(*names), key=str)


@given(moves)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_checking_edit_by_edit_finds_what_checking_the_whole_scene_finds(
    street: LabelScene, edit: Check, steps: list[tuple[int, str, int, float]]
) -> None:
    for obj in LabelledObject.objects.all():
        record = scene_state(document_of(street.scene)).objects[obj.pk]
        edit(street, {"k": "obj.del", "obj": str(obj.pk), "prev": record.whole()})
    if not Asset.objects.filter(extension="ground").exists():
        for frame in range(5):
            give_points(street, frame, ((20, 0, 0.75), (4.4, 1.8, 1.5)))
    (lidar,) = scene_view(street.scene).lidars
    clouds = StoredClouds(may_load=lambda _: True)
    assert all(clouds.points(lidar, row) and clouds.ground(lidar, row) for row in range(5))
    for step in steps:
        ops = one_move(street, step)
        if ops:
            edit(street, *ops)
    measured = measured_of(street)

    delta = check_scene(street.scene)

    changed = [*delta.opened, *delta.updated, *Finding.objects.filter(pk__in=delta.closed)]
    # What hides another object, or no longer does, is seen when that one is looked at again.
    assert [row.message for row in changed if row.check_id != "link.missing"] == []
    assert measured == measured_of(street)
