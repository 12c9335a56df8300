"""A schedule of five fields as AWS writes it: six, weekdays from 1 on Sunday, and either a day or a weekday.

https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""

from __future__ import annotations

from aisearch_deploy.formats.cron import FIELDS


def aws_schedules(schedule: str) -> list[str]:
    """`cron(...)` expressions that together mean the same: cron's "this day or that weekday" needs two."""
    minute, hour, day, month, weekday = schedule.split(" ")
    at = f"{minute} {hour}"
    if weekday == "*":
        return [f"cron({at} {day} {month} ? *)"]
    weekdays = ",".join(str(number) for number in sorted({number % 7 + 1 for number in _numbers(weekday)}))
    by_weekday = f"cron({at} ? {month} {weekdays} *)"
    return [by_weekday] if day == "*" else [f"cron({at} {day} {month} ? *)", by_weekday]


def _numbers(field: str) -> list[int]:
    """Every weekday that a field names: ranges that pass Saturday mean another thing to AWS."""
    _, low, high = FIELDS[-1]
    found: list[int] = []
    for item in field.split(","):
        span, _, step = item.partition("/")
        first, _, last = ("0-6" if span == "*" else span).partition("-")
        end = int(last) if last else (int(first) if not step else high - 1)
        found += range(max(low, int(first)), end + 1, int(step or 1))
    return found
