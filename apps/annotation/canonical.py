"""One text for one value, and the hash that chains the journal's entries."""

import hashlib
import json
from datetime import datetime
from typing import Any

NO_HASH = "0" * 64


def canonical(value: Any) -> str:
    """Write JSON in the one way that the journal knows: sorted keys, no spaces, ASCII, no NaN.

    Raises:
        ValueError: If a number is not finite.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True
    )


def chained_hash(previous_hash: str, entry: dict[str, Any]) -> str:
    """Hash an entry with what came before it: SHA-256 over both texts, as hexadecimal digits."""
    return hashlib.sha256((previous_hash + canonical(entry)).encode("ascii")).hexdigest()


def instant(moment: datetime) -> str:
    """Write a time with its microseconds, in UTC, as both databases give it back."""
    return moment.isoformat(timespec="microseconds")
