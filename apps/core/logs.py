"""Log lines for people and machines: the event, then its values as key=value."""

import logging

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
# Django puts live objects into these; they are no values.
_LIVE = frozenset({"request", "server_time", "data"})


class EventFormatter(logging.Formatter):
    """`2026-01-01 12:00:00 INFO apps.scenes.jobs import finished frames=200 failed=1`."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Add the values that the caller gave as `extra`."""
        line = super().formatMessage(record)
        values = [
            f"{name}={value!r}" if isinstance(value, str) else f"{name}={value}"
            for name, value in record.__dict__.items()
            if name not in _STANDARD and name not in _LIVE
        ]
        return " ".join([line, *values])
