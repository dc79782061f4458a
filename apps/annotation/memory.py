"""The label states that this process saw last, so that a save need not read a whole scene."""

from collections import OrderedDict
from threading import Lock

from apps.annotation.state import SceneState

MOST_KEYS = 400_000  # about a kilobyte each


class StateMemory:
    """Least recently used states by scene; bounded by the keyframes that they hold.

    States are immutable and named by their head hash, so a state of a save that was rolled back is
    never taken for another one.
    """

    def __init__(self, most_keys: int = MOST_KEYS) -> None:
        self._most_keys = most_keys
        self._states: OrderedDict[int, tuple[SceneState, int]] = OrderedDict()
        self._held = 0
        self._lock = Lock()

    def get(self, scene_id: int) -> SceneState | None:
        """The scene's state as it was last seen here."""
        with self._lock:
            found = self._states.get(scene_id)
            if found is None:
                return None
            self._states.move_to_end(scene_id)
            return found[0]

    def put(self, scene_id: int, state: SceneState) -> None:
        """Keep a state; the least recently used ones make room."""
        size = 1 + sum(
            len(keys) for record in state.objects.values() for keys in record.streams.values()
        )
        with self._lock:
            _, replaced = self._states.pop(scene_id, (None, 0))
            self._states[scene_id] = (state, size)
            self._held += size - replaced
            while self._held > self._most_keys and len(self._states) > 1:
                _, (_, gone) = self._states.popitem(last=False)
                self._held -= gone
