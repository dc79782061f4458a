"""Questions about people with a yes or no."""

from collections.abc import Collection
from datetime import date

from apps.workforce.models import Availability


def is_qualified(needed: Collection[str], *, held: Collection[str]) -> bool:
    """Whoever holds a valid qualification for each modality that the work needs."""
    return set(needed) <= set(held)


def is_away(availability: Availability | None, *, on: date) -> bool:
    """Whoever has said to be away until that day or later."""
    return (
        availability is not None
        and availability.away_until is not None
        and availability.away_until >= on
    )
