"""A cron schedule as systemd writes it: OnCalendar= of systemd.time(7), always in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

MINUTES_A_DAY = 24 * 60
FIRST_DAY, FOUR_YEARS = date(2024, 1, 1), 4 * 365 + 1
WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def calendars(schedule: str) -> list[str]:
    """One expression, or two where cron joins day and weekday by "or" and systemd by "and".

    `schedule` has passed formats.cron.problem. crontab(5): when both fields are restricted, the job runs when either
    matches; a field that begins with * is not restricted.
    """
    minute, hour, day, month, weekday = schedule.split(" ")
    time = f"{_numbers(hour, 0)}:{_numbers(minute, 0)}:00 UTC"
    months, days = _numbers(month, 1), _numbers(day, 1)
    weekdays = "" if weekday == "*" else f"{_weekdays(weekday)} "
    if day.startswith("*") or weekday.startswith("*"):
        return [f"{weekdays}*-{months}-{days} {time}"]
    return [f"*-{months}-{days} {time}", f"{weekdays}*-{months}-* {time}"]


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
    minute, hour, *_ = schedule.split(" ")
    times = [60 * h + m for h in sorted(_matching(hour, 0, 23)) for m in sorted(_matching(minute, 0, 59))]
    within = max((later - earlier for earlier, later in pairwise(times)), default=0)
    overnight = _longest_days(schedule) * MINUTES_A_DAY - (times[-1] - times[0])
    return 60 * max(within, overnight)


def _longest_days(schedule: str) -> int:
    """Days from one that has runs to the next; in eight years each date comes twice, the 29th of February too."""
    _, _, day, month, weekday = schedule.split(" ")
    if (day, month, weekday) == ("*", "*", "*"):
        return 1
    days, months = _matching(day, 1, 31), _matching(month, 1, 12)
    weekdays = {number % 7 for number in _matching(weekday, 0, 6)}
    either = not (day.startswith("*") or weekday.startswith("*"))
    found = []
    for number in range(2 * FOUR_YEARS):
        this = FIRST_DAY + timedelta(number)
        by_day, by_weekday = this.day in days, this.isoweekday() % 7 in weekdays
        if this.month in months and (by_day or by_weekday if either else by_day and by_weekday):
            found.append(number)
    return max((later - earlier for earlier, later in pairwise(found)), default=FOUR_YEARS)


def _matching(field: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for item in field.split(","):
        span, slash, step = item.partition("/")
        first, dash, last = (str(low), "-", str(high)) if span == "*" else span.partition("-")
        end = int(last) if dash else high if slash else int(first)
        found.update(range(int(first), end + 1, int(step) if slash else 1))
    return found


def _numbers(field: str, first: int) -> str:
    return ",".join(_item(item, first) for item in field.split(","))


def _item(item: str, first: int) -> str:
    span, slash, step = item.partition("/")
    every = f"{slash}{step}"
    if span == "*":
        return f"{first:02}{every}" if slash else "*"
    # `5/10` is from 5 on for us as for systemd; cron itself knows steps only after * and ranges.
    return "..".join(f"{int(end):02}" for end in span.split("-")) + every


def _weekdays(field: str) -> str:
    days = dict.fromkeys(WEEKDAYS[number] for item in field.split(",") for number in _weekday_numbers(item))
    return ",".join(sorted(days, key=WEEKDAYS.index))


def _weekday_numbers(item: str) -> Iterator[int]:
    span, slash, step = item.partition("/")
    low, dash, high = ("0", "-", "6") if span == "*" else span.partition("-")
    last = int(high) if dash else 6 if slash else int(low)
    yield from range(int(low), last + 1, int(step) if slash else 1)
