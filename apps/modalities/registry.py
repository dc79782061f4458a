"""Every modality there is: ours, and those of installed packages, through one door."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from apps.modalities.base import Modality
from apps.modalities.camera.modality import CAMERA
from apps.modalities.lidar.modality import LIDAR
from apps.modalities.radar.modality import RADAR

OURS = (LIDAR, CAMERA, RADAR)
GROUP = "concord.modalities"


@dataclass(frozen=True, slots=True)
class Registry:
    """The modalities that were found, and what is wrong with those that were not taken.

    Attributes:
        by_key: What the portal can use.
        faults: One sentence each; errors of `manage.py check`.
    """

    by_key: dict[str, Modality]
    faults: tuple[str, ...]


def collected(plugins: Iterable[EntryPoint]) -> Registry:
    """Gather ours and the plugins; a broken one or a key claimed twice is left out and told."""
    by_key = {modality.key: modality for modality in OURS}
    faults = []
    for plugin in sorted(plugins, key=lambda point: (point.name, point.value)):
        try:
            found = plugin.load()
        except Exception as error:  # whatever a stranger's module raises
            faults.append(f"The modality plugin {plugin.value} cannot be loaded: {error!r}.")
            continue
        if not isinstance(found, Modality):
            faults.append(f"The modality plugin {plugin.value} is no Modality value.")
        elif found.key in by_key:
            faults.append(
                f"The modality plugin {plugin.value} claims the key “{found.key}”, which is taken."
            )
        else:
            by_key[found.key] = found
    return Registry(by_key, tuple(faults))


@cache
def registry() -> Registry:
    """Modalities of this installation, gathered once a process."""
    return collected(entry_points(group=GROUP))


def modality_of(key: str) -> Modality:
    """Find a modality by its key.

    Raises:
        ValueError: If there is none.
    """
    try:
        return registry().by_key[key]
    except KeyError:
        known = ", ".join(sorted(registry().by_key))
        raise ValueError(f"The modality “{key}” is not known; known are {known}.") from None
