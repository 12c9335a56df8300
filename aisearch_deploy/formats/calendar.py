"""A schedule of cron as systemd.time(7) writes it, in UTC."""

from __future__ import annotations

from typing import NamedTuple

from aisearch_deploy.formats.cron import FIELDS

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
    minute, hour, day, month, weekday = (
        _values(text, low, high) for text, (_, low, high) in zip(schedule.split(" "), FIELDS, strict=True)
    )
    texts = schedule.split(" ")
    time = f"{_listed(hour, 0, 23)}:{_listed(minute, 0, 59)}:00"
    months = _listed(month, 1, 12)
    days = Calendar("", f"*-{months}-{_listed(day, 1, 31)}", time)
    weekdays = Calendar(_names(weekday), f"*-{months}-*", time)
    if texts[2].startswith("*") or texts[4].startswith("*"):
        return [Calendar(weekdays.weekdays, days.date, time)]
    return [days, weekdays]


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
