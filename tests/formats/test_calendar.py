"""Cron's schedules as systemd's timers."""

from __future__ import annotations

import datetime
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisearch_deploy.formats.calendar import calendars, in_words, longest_gap


@pytest.mark.parametrize(
    ("schedule", "lines"),
    [
        ("0 2 * * *", ["*-*-* 02:00:00 UTC"]),
        ("0 2,14 * * *", ["*-*-* 02,14:00:00 UTC"]),
        ("*/15 * * * *", ["*-*-* *:00,15,30,45:00 UTC"]),
        ("* * * * *", ["*-*-* *:*:00 UTC"]),
        ("5/20 3 * * *", ["*-*-* 03:05,25,45:00 UTC"]),
        ("30 1 1-3 */6 *", ["*-01,07-01,02,03 01:30:00 UTC"]),
        ("0 4 * * 0", ["Sun *-*-* 04:00:00 UTC"]),
        ("0 4 * * 7", ["Sun *-*-* 04:00:00 UTC"]),
        ("0 4 * * 1-5", ["Mon,Tue,Wed,Thu,Fri *-*-* 04:00:00 UTC"]),
        ("0 4 * * 0-7", ["*-*-* 04:00:00 UTC"]),
        ("0 4 * * 5-7", ["Sun,Fri,Sat *-*-* 04:00:00 UTC"]),
        ("0 4 * * */2", ["Sun,Tue,Thu,Sat *-*-* 04:00:00 UTC"]),
        ("0 4 * * 2/2", ["Tue,Thu,Sat *-*-* 04:00:00 UTC"]),
        # Both restricted: either is enough. A star with a step does not restrict, though it leaves days out.
        ("0 4 1 * 1", ["*-*-01 04:00:00 UTC", "Mon *-*-* 04:00:00 UTC"]),
        ("0 4 1,2 6 1,3", ["*-06-01,02 04:00:00 UTC", "Mon,Wed *-06-* 04:00:00 UTC"]),
        ("0 4 1 * */2", ["Sun,Tue,Thu,Sat *-*-01 04:00:00 UTC"]),
        ("0 4 */10 * 1", ["Mon *-*-01,11,21,31 04:00:00 UTC"]),
    ],
)
def test_lines(schedule: str, lines: list[str]) -> None:
    assert [str(calendar) for calendar in calendars(schedule)] == lines


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("0 2 * * *", "at 02:00 UTC"),
        ("5 14,2 * * *", "at 02:05 and 14:05 UTC"),
        ("0 2,8,14 * * *", "at 02:00, 08:00 and 14:00 UTC"),
        ("0 2 * * 1", "at 0 2 * * 1 (minute hour day month weekday, in UTC)"),
        ("*/5 2 * * *", "at */5 2 * * * (minute hour day month weekday, in UTC)"),
    ],
)
def test_words(schedule: str, words: str) -> None:
    assert in_words(schedule) == words


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        ("0 2 * * *", 24),
        ("0 2,14 * * *", 12),
        ("0 1,4 * * *", 21),
        ("*/15 * * * *", 0.25),
        ("0 2 * * 1-5", 72),
        ("0 2 * * 7", 168),
        ("0 2 1 * *", 31 * 24),
        ("0 2 1 * 1", 7 * 24),
        ("0 2 29 2 *", 1461 * 24),
        ("0 2 30 2 *", 1461 * 24),
    ],
)
def test_the_longest_time_between_two(schedule: str, hours: float) -> None:
    assert longest_gap(schedule) == hours * 3600


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda ends: f"{min(ends)}-{max(ends)}")
    stepped = st.tuples(span | st.just("*"), st.integers(1, high)).map(lambda pair: f"{pair[0]}/{pair[1]}")
    items = st.lists(number.map(str) | span | stepped, min_size=1, max_size=3).map(",".join)
    return st.just("*") | items


SCHEDULES = st.tuples(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7)).map(" ".join)


@given(SCHEDULES, st.integers(0, 3 * 366 * 24 * 60 - 1))
@settings(max_examples=300)
def test_a_moment_matches_both_or_neither(schedule: str, minutes: int) -> None:
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(minutes=minutes)
    assert cron_matches(schedule, moment) == any(calendar_matches(str(line), moment) for line in calendars(schedule))


def cron_matches(schedule: str, moment: datetime.datetime) -> bool:
    """crontab(5), written down separately."""
    minute, hour, day, month, weekday = schedule.split(" ")
    when = moment.minute, moment.hour, moment.month
    if not all(
        named(text, value, top) for text, value, top in zip((minute, hour, month), when, (59, 23, 12), strict=True)
    ):
        return False
    of_week = moment.isoweekday()
    on_day = named(day, moment.day, 31)
    on_weekday = named(weekday, of_week, 7) or (of_week == 7 and named(weekday, 0, 7))
    if day.startswith("*") or weekday.startswith("*"):
        return on_day and on_weekday
    return on_day or on_weekday


def named(text: str, value: int, top: int) -> bool:
    for item in text.split(","):
        span, _, step = item.partition("/")
        first, last = (0 if top != 31 and top != 12 else 1, top)
        if span != "*":
            first = int(span.split("-")[0])
            last = int(span.split("-")[-1]) if "-" in span or not step else top
        if first <= value <= last and (value - first) % int(step or 1) == 0:
            return True
    return False


def calendar_matches(line: str, moment: datetime.datetime) -> bool:
    *weekdays, date, time, zone = line.split(" ")
    assert zone == "UTC"
    _, month, day = date.split("-")
    hour, minute, _ = time.split(":")
    parts = ((month, moment.month), (day, moment.day), (hour, moment.hour), (minute, moment.minute))
    on_weekday = not weekdays or moment.strftime("%a") in weekdays[0].split(",")
    return on_weekday and all(text == "*" or f"{value:02}" in text.split(",") for text, value in parts)


@pytest.mark.e2e
@given(SCHEDULES)
@settings(max_examples=30, deadline=None)
def test_systemd_reads_every_line(schedule: str) -> None:
    assert shutil.which("systemd-analyze")
    for line in calendars(schedule):
        subprocess.run(["systemd-analyze", "calendar", str(line)], check=True, capture_output=True)
