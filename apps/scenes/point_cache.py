"""Keeps what was costly to decode, up to a budget of memory, for all threads of a process."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class BudgetCache(Generic[Value]):
    """Least recently used goes first; two threads that want the same value make it once."""

    def __init__(self, *, budget_bytes: int, size_of: Callable[[Value], int]) -> None:
        """Set the budget, and how a value's size is told."""
        self.budget_bytes = budget_bytes
        self.held_bytes = 0
        self._size_of = size_of
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Give the value of a key; make it if it is not held."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._values:
                    return self._values[key]
            try:
                value = make()
                self._keep(key, value)
            finally:
                with self._lock:
                    self._making.pop(key, None)
            return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self.held_bytes = 0

    def _keep(self, key: Hashable, value: Value) -> None:
        with self._lock:
            if key in self._values:
                return
            self._values[key] = value
            self.held_bytes += self._size_of(value)
            while self.held_bytes > self.budget_bytes and len(self._values) > 1:
                _, dropped = self._values.popitem(last=False)
                self.held_bytes -= self._size_of(dropped)
