"""What every plan of a scene must hold, whatever format it came from."""

import re
from dataclasses import replace

from apps.modalities.registry import registry
from apps.scenes.importers.base import PlannedCapture, PlannedFrame, ScenePlan
from apps.scenes.importers.faults import Fault, SceneRefused
from numerics.geometry.rigid import REACH_S

NS = 1_000_000_000
KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
SAME_TIME = "Correct the times of its sensor: each capture has its own."


def sound(plan: ScenePlan, *, path: str) -> ScenePlan:
    """Leave out captures that cannot be kept, and tell of them in the plan's faults.

    Args:
        plan: As an importer made it.
        path: The file to name where no single one is at fault.

    Raises:
        SceneRefused: If a sensor cannot be kept, or nothing is left.
    """
    _check_sensors(plan, path)
    faults: list[Fault] = []
    frames = _unique_captures(_in_order(plan.frames), faults)
    frames = _placed(plan, frames, faults)
    frames = [frame for frame in frames if frame.captures]
    if not frames:
        nothing = Fault(
            path=path,
            field="frames",
            problem="No capture of the scene can be used.",
            mend="Mend the files named beside it.",
        )
        raise SceneRefused(*plan.faults, *faults, nothing)
    return replace(plan, frames=tuple(frames), faults=(*plan.faults, *faults))


def _check_sensors(plan: ScenePlan, path: str) -> None:
    known = registry().by_key
    faults = []
    for sensor in plan.sensors:
        where = sensor.source or path
        if sensor.modality not in known:
            faults.append(
                Fault(
                    path=where,
                    field=f"{sensor.key}.modality",
                    problem=f"The modality “{sensor.modality}” is not known here.",
                    mend=f"Use one of {', '.join(sorted(known))}, or take the sensor out.",
                )
            )
        elif (said := known[sensor.modality].missing()) is not None:
            faults.append(
                Fault(path=where, field=f"{sensor.key}.modality", problem=said, mend="Install it.")
            )
        if KEY.fullmatch(sensor.key) is None or sensor.key == "world":
            faults.append(
                Fault(
                    path=where,
                    field=f"{sensor.key[:80]}.key",
                    problem="A sensor's key has letters, digits, _ and - only, and is not “world”.",
                    mend="Rename the sensor.",
                )
            )
    if faults:
        raise SceneRefused(*faults)


def _in_order(frames: tuple[PlannedFrame, ...]) -> list[PlannedFrame]:
    return sorted(frames, key=lambda frame: frame.at_ns)


def _unique_captures(frames: list[PlannedFrame], faults: list[Fault]) -> list[PlannedFrame]:
    """Keep the first of two captures of one sensor at one time, and of two frames at one time."""
    seen: dict[tuple[str, int], str] = {}
    kept = []
    last_ns: int | None = None
    for frame in frames:
        if frame.at_ns == last_ns:
            faults += [_same_time(capture, "the frame before it") for capture in frame.captures]
            continue
        last_ns = frame.at_ns
        captures: dict[str, PlannedCapture] = {}
        for capture in frame.captures:
            at = (capture.sensor_key, capture.at_ns)
            if at in seen:
                faults.append(_same_time(capture, seen[at]))
            elif capture.sensor_key in captures:
                faults.append(_same_time(capture, captures[capture.sensor_key].path))
            else:
                seen[at] = capture.path
                captures[capture.sensor_key] = capture
        kept.append(PlannedFrame(frame.at_ns, tuple(captures.values())))
    return kept


def _same_time(capture: PlannedCapture, other: str) -> Fault:
    return Fault(
        path=capture.path,
        field="timestamp",
        problem=f"It has the same time as {other} ({capture.at_ns} ns after the start); left out.",
        mend=SAME_TIME,
    )


def _placed(
    plan: ScenePlan, frames: list[PlannedFrame], faults: list[Fault]
) -> list[PlannedFrame]:
    """Leave out captures before the first or after the last pose: nothing can place them."""
    if len(plan.poses) < 1:
        return frames
    reach_ns = int(REACH_S * NS)
    times_ns = [pose.at_ns for pose in plan.poses]
    first_ns, last_ns = min(times_ns) - reach_ns, max(times_ns) + reach_ns
    kept = []
    for frame in frames:
        inside = []
        for capture in frame.captures:
            if len(times_ns) == 1 or first_ns <= capture.at_ns <= last_ns:
                inside.append(capture)
                continue
            faults.append(
                Fault(
                    path=capture.path,
                    field="timestamp",
                    problem="No pose of the vehicle is known at its time; left out.",
                    mend="Add poses that cover it, or take all poses out.",
                )
            )
        kept.append(PlannedFrame(frame.at_ns, tuple(inside)))
    return kept
