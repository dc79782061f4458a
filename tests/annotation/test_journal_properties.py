"""The journal is the truth: whatever is done, and undone, replay gives the rows that stand."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.annotation.journal import entry_ops
from apps.annotation.models import Keyframe, LabelledObject
from apps.annotation.selectors import document_of, journal_faults, journal_of, replay, stored_state
from apps.annotation.state import SceneState
from tests.annotation.conftest import Save
from tests.factories.annotation import (
    LabelScene,
    add,
    box,
    cuboid,
    gesture,
    make_scene,
    new_id,
    put,
)

NAMES = [new_id() for _ in range(3)]
TIMES = (0, 100_000_000, 200_000_000)
STREAMS = ("world/cuboid", "CAM_FRONT/box")
actions = st.lists(
    st.tuples(
        st.sampled_from(["add", "set", "del", "put", "put", "put", "unput", "undo"]),
        st.integers(0, 2),
        st.integers(0, 1),
        st.integers(0, 2),
        st.floats(-80, 80, allow_nan=False),
    ),
    min_size=1,
    max_size=30,
)


def value_of(stream: str, number: float) -> dict[str, Any]:
    if stream == "world/cuboid":
        return cuboid(number, number / 3, absent=number < -70)
    kinds = [box(1, 2, 3 + abs(number), 4), box(state="derived")]
    kinds.append(box(state="not_visible", reason="behind a truck"))
    kinds.append(box(1, 2, 3 + abs(number), 4, state="adjusted", reason="mirror"))
    return kinds[int(abs(number)) % 4]


def op_for(state: SceneState, action: tuple[str, int, int, int, float]) -> dict[str, Any] | None:
    """A valid operation, as a browser that sees this state would send it."""
    kind, which, stream_index, time_index, number = action
    obj, stream, at_ns = NAMES[which], STREAMS[stream_index], TIMES[time_index]
    record = {str(key): record for key, record in state.objects.items()}.get(obj)
    if record is None:
        return add(obj, "car" if number > 0 else "pedestrian") if kind == "add" else None
    here = record.key_at(stream, at_ns)
    prev = None if here is None else here.value
    place = {"obj": obj, "stream": stream, "at_ns": at_ns, "prev": prev}
    now = {name: record.fields[name] for name in ("motion", "attributes")}
    said = {"motion": "static" if number > 0 else "dynamic", "attributes": {"note": str(number)}}
    return {
        "add": None,
        "set": {"k": "obj.set", "obj": obj, "prev": now, "next": said},
        "del": {"k": "obj.del", "obj": obj, "prev": record.whole()},
        "put": {"k": "key.put", **place, "next": value_of(stream, number)},
        "unput": {"k": "key.del", **place} if here else None,
    }[kind]


def inverted(op: dict[str, Any]) -> list[dict[str, Any]]:
    """What takes an operation back, as the browser's undo makes it."""
    place = {name: op[name] for name in ("obj", "stream", "at_ns") if name in op}
    match op["k"]:
        case "obj.add":
            back = [{"k": "obj.del", **place, "prev": {**op["next"], "streams": {}}}]
        case "obj.del":
            back = restored(op)
        case "key.del":
            back = [{"k": "key.put", **place, "prev": None, "next": op["prev"]}]
        case "key.put" if op["prev"] is None:
            back = [{"k": "key.del", **place, "prev": op["next"]}]
        case kind:
            back = [{"k": kind, **place, "prev": op["next"], "next": op["prev"]}]
    return back


def restored(op: dict[str, Any]) -> list[dict[str, Any]]:
    whole = dict(op["prev"])
    streams = whole.pop("streams")
    back = [{"k": "obj.add", "obj": op["obj"], "next": whole}]
    for stream, keys in streams.items():
        for key in keys:
            said = {name: value for name, value in key.items() if name != "at_ns"}
            back.append(put(op["obj"], key["at_ns"], said, stream=stream))
    return back


@given(actions)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_replaying_the_journal_rebuilds_the_rows_exactly(
    street: LabelScene, save: Save, steps: list[tuple[str, int, int, int, float]]
) -> None:
    for name in NAMES:
        LabelledObject.objects.filter(pk=name).delete()
    made = make_scene(
        street.scene.project,
        name=new_id(),
        frames=3,
        guideline=street.guideline,
    )
    state = SceneState()
    for step in steps:
        if step[0] == "undo":
            last = journal_of(made.scene).last()
            ops = (
                [] if last is None else [u for o in reversed(entry_ops(last)) for u in inverted(o)]
            )
        else:
            op = op_for(state, step)
            ops = [] if op is None else [op]
        if ops:
            state = save(made, gesture(*ops)).after

    document = document_of(made.scene)
    assert replay(made.scene) == stored_state(document) == state
    assert journal_faults(document) == []
    assert document.version == journal_of(made.scene).count()


def test_undo_brings_the_labels_back_and_is_a_new_entry(street: LabelScene, save: Save) -> None:
    obj = new_id()
    first = save(street, gesture(add(obj), put(obj, 0, cuboid(20)), put(obj, 10**8, cuboid(21))))
    whole = next(iter(first.after.objects.values())).whole()
    deletion = {"k": "obj.del", "obj": obj, "prev": whole}
    save(street, gesture(deletion))

    restored = save(street, gesture(*inverted(deletion))).after

    assert next(iter(restored.objects.values())).whole() == whole
    assert restored.version == 3
    assert Keyframe.objects.filter(labelled_object=obj).count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_two_gestures_of_one_save_are_two_chained_entries(
    street: LabelScene, save: Save, count: int
) -> None:
    obj = new_id()
    gestures = [gesture(add(obj))]
    seen = None
    for x_m in range(count):
        gestures.append(gesture(put(obj, 0, cuboid(x_m), prev=seen)))
        seen = cuboid(x_m)

    save(street, *gestures)

    rows = list(journal_of(street.scene))
    assert [row.version for row in rows] == list(range(1, count + 2))
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
