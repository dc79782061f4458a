"""What would mend a finding, as operations that one key applies."""

from typing import Any

from apps.quality.checks.context import Context
from apps.quality.checks.track import WORLD, Track
from numerics.checks.draft import Draft, Fix, sentence
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.rigid import Rigid, quaternion_of

Op = dict[str, Any]
MOST_OPS = 200
DIGITS = 6


def fix_json(fix: Fix, ops: list[Op]) -> dict[str, Any]:
    """A fix as the wire has it."""
    label = sentence(fix.words, fix.parts)
    return {"label": f"{label[:1].upper()}{label[1:]}", "ops": ops}


def cuboid_fixes(draft: Draft | None, track: Track, at_ns: int) -> list[dict[str, Any]]:
    """The draft's changes of a cuboid in the world, at the time of its keyframe."""
    if draft is None:
        return []
    return [
        fix_json(fix, [put_cuboid(track, at_ns, fix.cuboid)])
        for fix in draft.fixes
        if fix.cuboid is not None
    ]


def put_cuboid(track: Track, at_ns: int, cuboid_world: Cuboid) -> Op:
    """Set the object's cuboid at a time."""
    geometry = {
        "center_m": [round(x, DIGITS) for x in cuboid_world.center_m.tolist()],
        "quaternion_xyzw": cuboid_world.quaternion_xyzw.tolist(),
        "size_m": [round(x, DIGITS) for x in cuboid_world.size_m.tolist()],
    }
    return put_key(track, WORLD, at_ns, state="keyed", geometry=geometry)


def put_key(track: Track, stream: str, at_ns: int, **said: Any) -> Op:
    """Make a keyframe say something else, or make one; its answers stay."""
    here = track.record.key_at(stream, at_ns)
    prev = None if here is None else here.value
    value = {
        "geometry": None,
        "origin": "fit" if stream == WORLD else "project",
        "confirmed": True,
        "absent": False,
        "reason": "",
        "attributes": {} if prev is None else prev["attributes"],
        **said,
    }
    return {**_place(track, stream, at_ns), "k": "key.put", "prev": prev, "next": value}


def derive_box(track: Track, sensor_key: str, at_ns: int) -> Op:
    """Let the cuboid say where the box is."""
    return put_key(track, f"{sensor_key}/box", at_ns, state="derived")


def set_class(track: Track, class_key: str) -> Op:
    """Call the object something else."""
    return {
        "k": "obj.set",
        "obj": str(track.id),
        "prev": {"class": track.record.class_key},
        "next": {"class": class_key},
    }


def merge(gone: Track, into: Track) -> list[Op]:
    """Give an object's boxes to another and delete it; nothing where that is too much for one gesture."""
    ops = [
        {
            **_place(into, stream, key.at_ns),
            "k": "key.put",
            "prev": None,
            "next": _linked(key.value),
        }
        for stream, keys in gone.record.streams.items()
        for key in keys
        if stream != WORLD and into.record.key_at(stream, key.at_ns) is None
    ]
    ops.append({"k": "obj.del", "obj": str(gone.id), "prev": gone.record.whole()})
    return ops if len(ops) <= MOST_OPS else []


def moved_to_key(
    context: Context, track: Track, change: Cuboid, *, at_ns: int
) -> tuple[int, Cuboid] | None:
    """Carry a change that was found at a camera's time over to the keyframe of that frame.

    Args:
        context: The run.
        track: The object.
        change: Its cuboid after the change, in the world, at the camera's time.
        at_ns: The camera's time.

    Returns:
        The keyframe's time and the cuboid there, or None if the object is not there then.
    """
    here = track.cuboid_at(at_ns)
    key_ns = key_time(context, track, at_ns)
    there = track.cuboid_at(key_ns)
    if here is None or there is None:
        return None
    turn = change.rotation @ here.rotation.T
    return key_ns, Cuboid(
        there.center_m + change.center_m - here.center_m,
        quaternion_of(turn @ there.rotation),
        there.size_m + change.size_m - here.size_m,
    )


def key_time(context: Context, track: Track, at_ns: int) -> int:
    """Where a keyframe of the object goes in the frame around a time: on the one there, if any."""
    times = context.view.key_ns
    frame = context.view.frame_at_one(at_ns)
    own = track.key_ns[context.view.frame_at(track.key_ns) == frame]
    return int(own[0] if len(own) else times[frame])


def in_world(fix: Fix, world_from_here: Rigid) -> Cuboid | None:
    """The fix's cuboid, taken to the world."""
    return None if fix.cuboid is None else fix.cuboid.transform(world_from_here)


def _place(track: Track, stream: str, at_ns: int) -> Op:
    return {"obj": str(track.id), "stream": stream, "at_ns": at_ns}


def _linked(value: Any) -> dict[str, Any]:
    """A box that stood alone, as a box beside a cuboid."""
    if value["state"] != "independent":
        return dict(value)
    return {**value, "state": "adjusted", "reason": value["reason"] or "linked by a fix"}
