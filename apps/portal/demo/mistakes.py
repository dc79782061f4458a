"""Labels of a made-up recording: the truth, then realistic mistakes, each listed with the check that should find it."""

import uuid
from dataclasses import dataclass, field, replace

import numpy as np

from apps.portal.demo.generate import FEWEST_POINTS, Recording
from numerics.arrays import FloatArray

_NAMESPACE = uuid.UUID("6f0f6d0a-6d0f-4f3c-9a39-0c07c0e9d1a4")


@dataclass(frozen=True, slots=True)
class WorldKey:
    """A cuboid at a time, in the world."""

    at_ns: int
    center_m: FloatArray
    yaw_rad: float
    size_m: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class SensorBox:
    """An object in a camera: a box that somebody drew, or None where it follows from the cuboid."""

    sensor_key: str
    at_ns: int
    box_px: tuple[float, float, float, float] | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled object."""

    key: str
    name: str
    class_key: str
    motion: str
    world: tuple[WorldKey, ...]
    boxes: tuple[SensorBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """What was done wrong, to which object, and which check should say so ("" where only a person can)."""

    kind: str
    object_name: str
    at_ns: int | None
    check: str
    note: str


@dataclass(slots=True)
class Labelling:
    """The labels of one scene and the list of what is wrong with them."""

    labels: dict[str, Label]
    mistakes: list[Mistake] = field(default_factory=list)


def true_labels(recording: Recording, *, seed: int) -> Labelling:
    """Exact labels of everything that the LiDAR sees well enough."""
    labels = {}
    for index in recording.labelled_actors():
        actor = recording.street.actors[index]
        moves = actor.motion(0.0)[:2] != actor.motion(1.0)[:2]
        seen = [s for s in recording.steps if s.points_on.get(index, 0) >= FEWEST_POINTS]
        steps = seen if moves else seen[:1]
        world = tuple(
            WorldKey(s.at_ns, s.poses[index][0], s.poses[index][1], actor.size_m) for s in steps
        )
        key = str(uuid.uuid5(_NAMESPACE, f"{seed}/{actor.name}"))
        seen_in = tuple(
            SensorBox(sensor_key, step.shots[sensor_key].at_ns, None)
            for step in (seen if moves else recording.steps)
            for sensor_key, boxes in step.boxes_px.items()
            if index in boxes
        )
        motion = "dynamic" if moves else "static"
        labels[actor.name] = Label(key, actor.name, actor.class_key, motion, world, seen_in)
    return Labelling(labels)


def with_mistakes(recording: Recording, *, seed: int) -> Labelling:
    """The true labels with what goes wrong in practice, and the list of it."""
    labelling = true_labels(recording, seed=seed)
    _float(labelling, "lead car", by_m=0.42)
    _resize(labelling, "oncoming car", factor=1.14)
    _shrink(labelling, "box truck", to_m=6.4)
    _jump(labelling, "crossing pedestrian", by_m=3.2)
    _spin(labelling, "cyclist")
    _duplicate(labelling, "parked car 2")
    _off_points(labelling, "second cyclist", by_m=1.5)
    _loose_box(labelling, recording, "turning car")
    _forget(labelling, "walker 2")
    return labelling


def _middle(label: Label) -> int:
    return len(label.world) // 2


def _change(labelling: Labelling, name: str, *, index: int, key: WorldKey) -> None:
    label = labelling.labels[name]
    world = (*label.world[:index], key, *label.world[index + 1 :])
    labelling.labels[name] = replace(label, world=world)


def _has(labelling: Labelling, name: str, *, keys: int = 1) -> bool:
    return name in labelling.labels and len(labelling.labels[name].world) >= keys


def _float(labelling: Labelling, name: str, *, by_m: float) -> None:
    if not _has(labelling, name, keys=2):
        return
    index = _middle(labelling.labels[name])
    key = labelling.labels[name].world[index]
    raised = replace(key, center_m=key.center_m + np.array([0, 0, by_m]))
    _change(labelling, name, index=index, key=raised)
    labelling.mistakes.append(
        Mistake("floats", name, key.at_ns, "ground.gap", f"{by_m} m above the road")
    )


def _resize(labelling: Labelling, name: str, *, factor: float) -> None:
    if not _has(labelling, name, keys=3):
        return
    index = _middle(labelling.labels[name])
    key = labelling.labels[name].world[index]
    length, width, height = key.size_m
    bigger = replace(key, size_m=(round(length * factor, 3), width, height))
    _change(labelling, name, index=index, key=bigger)
    labelling.mistakes.append(
        Mistake(
            "size changes", name, key.at_ns, "size.track", f"{factor} times as long in one frame"
        )
    )


def _shrink(labelling: Labelling, name: str, *, to_m: float) -> None:
    if not _has(labelling, name):
        return
    label = labelling.labels[name]
    shorter = tuple(
        replace(
            key,
            size_m=(to_m, key.size_m[1], key.size_m[2]),
            # Cut from the rear, where the points are.
            center_m=key.center_m
            + np.array([np.cos(key.yaw_rad), np.sin(key.yaw_rad), 0]) * (key.size_m[0] - to_m) / 2,
        )
        for key in label.world
    )
    labelling.labels[name] = replace(label, world=shorter)
    labelling.mistakes.append(
        Mistake("too short", name, None, "pts.outside", f"cut to {to_m} m, points left outside")
    )


def _jump(labelling: Labelling, name: str, *, by_m: float) -> None:
    if not _has(labelling, name, keys=3):
        return
    index = _middle(labelling.labels[name])
    key = labelling.labels[name].world[index]
    away = replace(key, center_m=key.center_m + np.array([0, by_m, 0]))
    _change(labelling, name, index=index, key=away)
    labelling.mistakes.append(
        Mistake("jumps", name, key.at_ns, "kin.speed", f"{by_m} m to the side for one frame")
    )


def _spin(labelling: Labelling, name: str) -> None:
    if not _has(labelling, name, keys=3):
        return
    index = _middle(labelling.labels[name])
    key = labelling.labels[name].world[index]
    _change(labelling, name, index=index, key=replace(key, yaw_rad=key.yaw_rad + np.pi * 0.9))
    labelling.mistakes.append(
        Mistake("turned round", name, key.at_ns, "kin.yawrate", "heading flipped in one frame")
    )


def _duplicate(labelling: Labelling, name: str) -> None:
    if not _has(labelling, name):
        return
    label = labelling.labels[name]
    twin = tuple(
        replace(key, center_m=key.center_m + np.array([0.3, 0.1, 0])) for key in label.world
    )
    copy = f"{name} (again)"
    key = str(uuid.uuid5(_NAMESPACE, f"{label.key}/again"))
    labelling.labels[copy] = replace(label, key=key, name=copy, world=twin)
    labelling.mistakes.append(
        Mistake("labelled twice", copy, None, "dup.overlap", "a second cuboid on the same car")
    )


def _off_points(labelling: Labelling, name: str, *, by_m: float) -> None:
    if not _has(labelling, name, keys=2):
        return
    key = labelling.labels[name].world[0]
    side = np.array([-np.sin(key.yaw_rad), np.cos(key.yaw_rad), 0])
    _change(labelling, name, index=0, key=replace(key, center_m=key.center_m + side * by_m))
    labelling.mistakes.append(
        Mistake("beside its points", name, key.at_ns, "pts.few", f"{by_m} m beside the cyclist")
    )


def _loose_box(labelling: Labelling, recording: Recording, name: str) -> None:
    if not _has(labelling, name):
        return
    index = [actor.name for actor in recording.street.actors].index(name)
    for step in recording.steps:
        for sensor_key, boxes in step.boxes_px.items():
            if index in boxes and boxes[index][2] - boxes[index][0] > 30:
                left, top, right, bottom = boxes[index]
                wide = 0.45 * (right - left)
                box = SensorBox(
                    sensor_key,
                    step.shots[sensor_key].at_ns,
                    (left - wide, top, right, bottom),
                    "Drawn by hand in the picture.",
                )
                others = [
                    other
                    for other in labelling.labels[name].boxes
                    if (other.sensor_key, other.at_ns) != (box.sensor_key, box.at_ns)
                ]
                labelling.labels[name] = replace(labelling.labels[name], boxes=(*others, box))
                labelling.mistakes.append(
                    Mistake("loose 2D box", name, box.at_ns, "proj.edges", "too far to the left")
                )
                return


def _forget(labelling: Labelling, name: str) -> None:
    if labelling.labels.pop(name, None) is not None:
        labelling.mistakes.append(
            Mistake("missed", name, None, "", "a walker on the pavement has no label")
        )
