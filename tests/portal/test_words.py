"""Numbers and times, in the words of a page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.portal.words import ago_words, count_words, due_words, percent_words, size_words

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=30), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=9), "9 d ago"),
        (timedelta(minutes=-30), "in 30 min"),
        (timedelta(days=400), "25 Jan 2025"),
    ],
)
def test_times_are_said_as_people_say_them(before: timedelta, words: str) -> None:
    assert ago_words(NOW - before, now=NOW) == words


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 2, 27), ("2 d late", True)),
        (date(2026, 3, 1), ("today", False)),
        (date(2026, 3, 2), ("tomorrow", False)),
        (date(2026, 3, 9), ("in 8 days", False)),
        (date(2026, 5, 9), ("9 May", False)),
        (date(2027, 5, 9), ("9 May 2027", False)),
    ],
)
def test_due_dates_alarm_only_once_they_passed(day: date, said: tuple[str, bool]) -> None:
    assert due_words(day, today=date(2026, 3, 1)) == said


def test_numbers_have_as_many_digits_as_they_need() -> None:
    assert [percent_words(rate) for rate in (0.005, 0.02, 2 / 3, 0.999)] == [
        "0.5 %",
        "2 %",
        "67 %",
        "99.9 %",
    ]
    assert count_words(1234567) == "1\u202f234\u202f567"
    assert [size_words(size) for size in (12, 3_400, 812_000_000)] == ["12 B", "3.4 kB", "812 MB"]
