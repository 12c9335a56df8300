"""A cron schedule as systemd writes it: OnCalendar= of systemd.time(7), always in UTC."""

from __future__ import annotations

from collections.abc import Iterator

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
