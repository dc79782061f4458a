"""Labels that came along with a recording are saved as labels: through the journal, under the guideline, checked."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.ops import NewChangeSet, parse_changesets
from apps.annotation.selectors import known_change_sets, rulebook_of
from apps.annotation.services import Appended, Occasion, append, lock_document
from apps.core.errors import Invalid
from apps.guidelines.document import GuidelineDocument, ImportedName
from apps.guidelines.selectors import required_version
from apps.live.broadcast import broadcast
from apps.live.events import SceneChanged
from apps.live.rooms import scene_room
from apps.quality.recordings import scene_view
from apps.quality.services.checking import check_scene
from apps.scenes.importers.base import ImportedBox, ImportedKey, ImportedLabel
from apps.scenes.importers.label_records import cuboid_json
from apps.scenes.models import ImportedFile, RecordingImport, Scene
from apps.scenes.selectors.scenes import imported_labels
from apps.scenes.services.imports import note_labels_applied

Json = dict[str, Any]
Refused = tuple[ImportedLabel, str]
MOST_REFUSED = 50
IMPORTER = "import@concord.invalid"
REASON = "Came with the recording as a box of its own."
_NAMESPACE = UUID("0d1f2c8e-5a0b-4c1d-9a53-6f1f6d1b7c11")
# What KITTI calls occluded, in the words of our templates.
OCCLUSION = {0: "none", 1: "partly", 2: "largely", 3: "unknown"}


@dataclass(slots=True)
class _Made:
    """Change sets made of labels, each beside its label, and the labels that could not be used."""

    change_sets: list[tuple[ImportedLabel, Json]] = field(default_factory=list)
    unknown: list[ImportedLabel] = field(default_factory=list)


@transaction.atomic
def apply_imported_labels(scene: Scene, *, recording_import: RecordingImport) -> int:
    """Save the labels that came with a scene; again it changes nothing.

    A label of a class that the guideline does not know is reported by file and field, and stays in the recording's
    own records. Holds a lock on the scene's label document.

    Returns:
        How many objects were saved now.
    """
    labels = imported_labels(scene)
    if not labels:
        return 0
    guideline = required_version(scene.project)
    rulebook = rulebook_of(guideline)
    made = _made(scene, labels, rulebook.document)
    _report(scene, made.unknown, recording_import=recording_import, rules=rulebook.document)
    document = lock_document(scene)
    known = known_change_sets(scene, [UUID(raw["id"]) for _, raw in made.change_sets])
    fresh = [(label, raw) for label, raw in made.change_sets if UUID(raw["id"]) not in known]
    occasion = Occasion(
        author_id=_importer().pk,
        guideline_version_id=guideline.pk,
        base_version=document.version,
        saved_at=timezone.now(),
    )
    bounds = scene_view(scene).bounds
    refused: list[Refused] = []
    appended = _appended(
        fresh,
        refused=refused,
        save=partial(append, document, occasion=occasion, rulebook=rulebook, recording=bounds),
    )
    _report_refused(scene, refused, recording_import=recording_import)
    note_labels_applied(scene)
    if appended is None:
        return 0
    check_scene(scene)
    event = SceneChanged(scene_id=scene.pk, version=document.version, author_id=None)
    broadcast(scene_room(scene.project_id, scene.pk), event)
    return len(appended.entries)


def _appended(
    fresh: Sequence[tuple[ImportedLabel, Json]],
    *,
    refused: list[Refused],
    save: Callable[[Sequence[NewChangeSet]], Appended],
) -> Appended | None:
    """Save labels; one that the rules do not allow is put aside and takes no other along."""
    sound: list[tuple[ImportedLabel, NewChangeSet]] = []
    for label, raw in fresh:
        try:
            sound += [(label, one) for one in _parsed(raw)]
        except Invalid as error:
            refused.append((label, error.detail))
    while sound:
        try:
            with transaction.atomic():
                return save([one for _, one in sound])
        except Invalid as error:
            place = re.match(r"changesets\[(\d+)\]", next(iter(error.fields), ""))
            if place is None or len(refused) >= MOST_REFUSED:
                raise
            refused.append((sound.pop(int(place[1]))[0], error.detail))
    return None


def _parsed(raw: Json) -> list[NewChangeSet]:
    """Read one change set; a long track's is read in pieces, as the limit is the wire's."""
    ops = raw["ops"]
    pieces = [ops[at : at + 200] for at in range(0, len(ops), 200)]
    whole: NewChangeSet | None = None
    for piece in pieces:
        (one,) = parse_changesets([raw | {"ops": piece}])
        whole = one if whole is None else whole.model_copy(update={"ops": [*whole.ops, *one.ops]})
    return [] if whole is None else [whole]


def _made(scene: Scene, labels: list[ImportedLabel], rules: GuidelineDocument) -> _Made:
    made = _Made()
    for label in labels:
        named = rules.named_by(_format(scene), label.class_name)
        if named is None:
            made.unknown.append(label)
            continue
        made.change_sets.append((label, _change_set(scene, label, named=named, rules=rules)))
    return made


def _format(scene: Scene) -> str:
    """The format whose class names a scene's labels use; KITTI's are the same in all of its benchmarks."""
    return scene.source_format.partition("-")[0]


def _change_set(
    scene: Scene, label: ImportedLabel, *, named: ImportedName, rules: GuidelineDocument
) -> Json:
    key = str(uuid5(_NAMESPACE, f"{scene.pk}/{label.source_id}"))
    shapes = _shapes(rules, named.class_key)
    attributes = _accepted(
        rules, named.class_key, "object", {**label.attributes, **named.attributes}
    )
    ops: list[Json] = [
        {
            "k": "obj.add",
            "obj": key,
            "next": {
                "class": named.class_key,
                "attributes": attributes,
                "motion": "dynamic",
                "size_locked": False,
            },
        }
    ]
    if "cuboid" in shapes:
        ops += [_put(key, "world/cuboid", k.at_ns, _world(k, named, rules)) for k in label.keys]
    times = {k.at_ns for k in label.keys if k.cuboid is not None}
    if "box" in shapes:
        ops += [
            _put(
                key, f"{b.sensor_key}/box", b.at_ns, _box(b, named, rules, has_cuboid=bool(times))
            )
            for b in label.boxes
        ]
    return {
        "id": str(uuid5(_NAMESPACE, f"{scene.pk}/{label.source_id}/imported")),
        "label": f"Import {named.class_key}",
        "made_at": timezone.now().isoformat(),
        "ops": ops,
    }


def _shapes(rules: GuidelineDocument, class_key: str) -> tuple[str, ...]:
    found = rules.class_named(class_key)
    return found.shapes if found else ()


def _put(key: str, stream: str, at_ns: int, value: Json) -> Json:
    return {
        "k": "key.put",
        "obj": key,
        "stream": stream,
        "at_ns": at_ns,
        "prev": None,
        "next": value,
    }


def _world(key: ImportedKey, named: ImportedName, rules: GuidelineDocument) -> Json:
    geometry = None if key.cuboid is None else cuboid_json(key.cuboid)
    said = _accepted(rules, named.class_key, "frame", key.attributes)
    return _value(geometry, state="keyed", absent=geometry is None, attributes=said)


def _box(
    box: ImportedBox, named: ImportedName, rules: GuidelineDocument, *, has_cuboid: bool
) -> Json:
    geometry = None if box.box_px is None else {"box_px": list(box.box_px)}
    said = _accepted(rules, named.class_key, "sensor", box.attributes)
    state = "adjusted" if has_cuboid else "independent"
    return _value(
        geometry,
        state=state,
        absent=geometry is None,
        attributes=said,
        reason=REASON if has_cuboid else "",
    )


def _value(
    geometry: Json | None, *, state: str, absent: bool, attributes: Json, reason: str = ""
) -> Json:
    return {
        "geometry": geometry,
        "state": state,
        "origin": "import",
        "confirmed": True,
        "absent": absent,
        "reason": reason,
        "attributes": attributes,
    }


def _accepted(
    rules: GuidelineDocument, class_key: str, scope: str, said: Mapping[str, Any]
) -> Json:
    """Of what a recording says, that which the guideline asks for in this scope."""
    asked = {one.key: one for one in rules.attributes_for(class_key) if one.scope == scope}
    return {
        key: value
        for key, value in _translated(said)
        if key in asked and asked[key].accepts(value)
    }


def _translated(said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """A recording's answers in our words beside its own."""
    yield from said.items()
    if said.get("occluded") in OCCLUSION:
        yield "occlusion", OCCLUSION[said["occluded"]]
    if isinstance(said.get("truncated"), int | float) and said["truncated"] >= 0:
        yield "truncation", said["truncated"]


def _report(
    scene: Scene,
    unknown: list[ImportedLabel],
    *,
    recording_import: RecordingImport,
    rules: GuidelineDocument,
) -> None:
    known = ", ".join(one.key for one in rules.taxonomy.classes if one.shapes)
    for label in unknown:
        ImportedFile.objects.update_or_create(
            recording_import=recording_import,
            path=label.source_path,
            field=label.source_field or label.source_id,
            defaults={
                "state": ImportedFile.State.FAILED,
                "problem": f"The guideline has no class “{label.class_name}”; the label is left out.",
                "mend": f"Add the name to the import aliases of the guideline, or correct it to one of {known}.",
                "scene": scene,
            },
        )


def _report_refused(
    scene: Scene, refused: list[Refused], *, recording_import: RecordingImport
) -> None:
    for label, said in refused:
        ImportedFile.objects.update_or_create(
            recording_import=recording_import,
            path=label.source_path,
            field=label.source_field or label.source_id,
            defaults={
                "state": ImportedFile.State.FAILED,
                "problem": f"The label is left out. {said}",
                "mend": "Correct the label, or the guideline, and import the recording again.",
                "scene": scene,
            },
        )


def _importer() -> User:
    """The account in whose name recordings bring labels; nobody can sign in as it."""
    found = User.objects.filter(email=IMPORTER).first()
    if found is not None:
        return found
    made: User = User.objects.create_user(IMPORTER, None, display_name="Import", is_active=False)
    return made
