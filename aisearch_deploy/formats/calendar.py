"""A schedule of cron: as systemd.time(7) writes it, in words, and how far apart its runs are; always in UTC."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from aisearch_deploy.formats.cron import FIELDS

MINUTES_A_DAY = 24 * 60
FIRST_DAY, FOUR_YEARS = date(2024, 1, 1), 4 * 365 + 1
WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


class Calendar(NamedTuple):
    """One OnCalendar= of a timer: `weekdays date time UTC`; weekdays are empty for every day of the week."""

    weekdays: str
    date: str
    time: str

    def __str__(self) -> str:
        return " ".join(part for part in (*self, "UTC") if part)


def calendars(schedule: str) -> list[Calendar]:
    """The timers' lines for a valid schedule; two where day and weekday are both restricted: cron runs on either.

    crontab(5): a field that begins with a star is not restricted, which is how the two are told apart.
    """
    minute, hour, day, month, weekday = _fields(schedule)
    time = f"{_listed(hour, 0, 23)}:{_listed(minute, 0, 59)}:00"
    months = _listed(month, 1, 12)
    days = Calendar("", f"*-{months}-{_listed(day, 1, 31)}", time)
    weekdays = Calendar(_names(weekday), f"*-{months}-*", time)
    return [days, weekdays] if _either(schedule) else [Calendar(weekdays.weekdays, days.date, time)]


def in_words(schedule: str) -> str:
    """`at 02:00 and 14:00 UTC` for times of every day; any other schedule as it is written."""
    minute, hour, *days = schedule.split(" ")
    hours = hour.split(",")
    if days != ["*", "*", "*"] or not all(field.isdigit() for field in (minute, *hours)):
        return f"at {schedule} (minute hour day month weekday, in UTC)"
    times = [f"{number:02}:{int(minute):02}" for number in sorted({int(hour) for hour in hours})]
    return f"at {' and '.join([', '.join(times[:-1]), times[-1]] if times[1:] else times)} UTC"


def longest_gap(schedule: str) -> int:
    """Seconds from one run to the next, where that takes longest."""
    minute, hour, *_ = _fields(schedule)
    times = [60 * h + m for h in hour for m in minute]
    within = max((later - earlier for earlier, later in pairwise(times)), default=0)
    overnight = _longest_days(schedule) * MINUTES_A_DAY - (times[-1] - times[0])
    return 60 * max(within, overnight)


def _longest_days(schedule: str) -> int:
    """Days from one that has runs to the next; in eight years each date comes twice, the 29th of February too."""
    if schedule.split(" ")[2:] == ["*", "*", "*"]:
        return 1
    _, _, days, months, weekdays = _fields(schedule)
    of_week = {day or 7 for day in weekdays}
    either = _either(schedule)
    found = []
    for number in range(2 * FOUR_YEARS):
        this = FIRST_DAY + timedelta(number)
        by_day, by_weekday = this.day in days, this.isoweekday() in of_week
        if this.month in months and (by_day or by_weekday if either else by_day and by_weekday):
            found.append(number)
    return max((later - earlier for earlier, later in pairwise(found)), default=FOUR_YEARS)


def _fields(schedule: str) -> tuple[list[int], ...]:
    """The values of minute, hour, day, month and weekday."""
    fields = zip(schedule.split(" "), FIELDS, strict=True)
    return tuple(_values(text, low, high) for text, (_, low, high) in fields)


def _either(schedule: str) -> bool:
    """Whether day and weekday are both restricted, so that either is enough."""
    _, _, day, _, weekday = schedule.split(" ")
    return not (day.startswith("*") or weekday.startswith("*"))


def _values(text: str, low: int, high: int) -> list[int]:
    """Every value that a field names, in order."""
    found = set()
    for item in text.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        start = low if span == "*" else int(first)
        # A single number with a step runs to the field's end.
        end = high if span == "*" or (step and not last) else int(last or first)
        found |= set(range(start, end + 1, int(step or 1)))
    return sorted(found)


def _listed(values: list[int], low: int, high: int) -> str:
    return "*" if values == list(range(low, high + 1)) else ",".join(f"{value:02}" for value in values)


def _names(values: list[int]) -> str:
    """Weekday names; cron's Sunday is 0 and 7."""
    days = sorted({value % 7 for value in values})
    return "" if len(days) == 7 else ",".join(WEEKDAYS[day] for day in days)
