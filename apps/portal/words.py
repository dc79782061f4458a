"""Numbers and times, in the words of a page."""

import math
from datetime import date, datetime

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S
WEEK_D = 7
NEAR_D = 45
NEAR_AN_END = 0.1


def ago_words(moment: datetime, *, now: datetime) -> str:
    """Say how long ago it was, or how long until it comes."""
    seconds = (now - moment).total_seconds()
    span = abs(seconds)
    if span < MINUTE_S:
        return "just now" if seconds >= 0 else "in a moment"
    for size_s, word, limit_s in (
        (MINUTE_S, "min", HOUR_S),
        (HOUR_S, "h", DAY_S),
        (DAY_S, "d", NEAR_D * DAY_S),
    ):
        if span < limit_s:
            number = int(span // size_s)
            return f"{number} {word} ago" if seconds >= 0 else f"in {number} {word}"
    return moment.strftime("%-d %b %Y")


def due_words(day: date, *, today: date) -> tuple[str, bool]:
    """Say when it is due, and whether that has passed."""
    days = (day - today).days
    if days < 0:
        return (f"{-days} d late", True)
    if days == 0:
        return ("today", False)
    if days == 1:
        return ("tomorrow", False)
    if days <= WEEK_D * 2:
        return (f"in {days} days", False)
    words = day.strftime("%-d %b") if day.year == today.year else day.strftime("%-d %b %Y")
    return (words, False)


def percent_words(rate: float) -> str:
    """Write a rate as a percentage, finely only near its ends: 0.5 %, 2 %, 67 %, 99.9 %."""
    near_an_end = min(rate, 1 - rate) < NEAR_AN_END
    return f"{round(100 * rate, 2 if near_an_end else 0):g} %"


def count_words(number: int) -> str:
    """Write a number with narrow spaces between its thousands."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def size_words(size_bytes: int) -> str:
    """Write a file's size."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:  # noqa: PLR2004 - decimal units
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"  # noqa: PLR2004
        size /= 1000
    return f"{size:.1f} TB"


def clean_sample_size(max_error_rate: float, confidence: float) -> int:
    """How many objects drawn at random must all be right to show the error rate.

    Source:
        (1 - p)^n <= 1 - c, the exact form of the "rule of three": Hanley and Lippman-Hand (1983),
        JAMA 249(13).
    """
    return math.ceil(math.log(1 - confidence) / math.log(1 - max_error_rate))
