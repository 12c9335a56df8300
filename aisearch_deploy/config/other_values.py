"""Values that a setting might have instead, to see what it changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from aisearch_deploy.config.examples import example_of, field_at

if TYPE_CHECKING:
    from aisearch_deploy.config.paths import ConfigPath

_NUMBER = re.compile(r"\d+")


def other_values(path: ConfigPath, value: Any) -> list[Any]:
    """Some, the nearest first; not all of them need be right. `value` is as written, None for what is not there."""
    field = field_at(path)
    examples = [*(field.examples or []), example_of(field)] if field is not None else []
    if isinstance(path[-1], int):
        examples = [item for example in examples if isinstance(example, list) for item in example]
    choices = list(_choices(field.annotation)) if field is not None else []
    found: list[Any] = []
    # An example may say what holds without it, too.
    for candidate in [*_near(value), *choices, *examples, *(other for one in examples[:1] for other in _near(one))]:
        if candidate is not None and candidate not in found and not _same(candidate, value):
            found.append(candidate)
    return found


def _near(value: Any) -> Iterator[Any]:
    """A step away, and so far that what is rounded or bounded changes too."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, 10 * value)
    elif isinstance(value, list) and value:
        yield from ([other, *value[1:]] for other in _near(value[0]))
    elif isinstance(value, str) and value:
        number = _NUMBER.match(value)
        if number:
            yield from (f"{int(number[0]) * by + step}{value[number.end() :]}" for by, step in ((1, 1), (10, 0)))
        yield from (f"{value}x", f"x{value}", f"{value}/x")


def _choices(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for argument in get_args(annotation):
            yield from _choices(argument)
    if annotation is bool:
        yield from (True, False)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
