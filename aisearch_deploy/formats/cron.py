"""The five-field schedule (minute hour day month weekday), as cron and Kubernetes read it; always UTC here."""

from __future__ import annotations

FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))


def problem(schedule: str) -> str | None:
    """What is wrong with `schedule`, in one sentence, or None."""
    parts = schedule.split(" ")
    if len(parts) != len(FIELDS):
        return (
            f"{len(parts)} field{'s' if len(parts) > 1 else ''} where a schedule has 5: minute hour day month weekday"
        )
    for text, (name, low, high) in zip(parts, FIELDS, strict=True):
        for item in text.split(","):
            wrong = _item_problem(item, name, low, high)
            if wrong:
                return wrong
    return None


def _item_problem(item: str, name: str, low: int, high: int) -> str | None:
    span, slash, step = item.partition("/")
    if slash and not (_is_number(step) and 1 <= int(step) <= high):
        return f"{name} step {step!r} is not a number from 1 to {high}"
    if span == "*":
        return None
    ends = span.split("-")
    if len(ends) > 2 or not all(_is_number(end) for end in ends):
        return f"{name} {item!r} is not a number, a range or *"
    for end in ends:
        if int(end) > high:
            return f"{name} {end} is past {high}"
        if int(end) < low:
            return f"{name} {end} is before {low}"
    if len(ends) == 2 and int(ends[0]) > int(ends[1]):
        return f"{name} range {span} runs backwards"
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2
