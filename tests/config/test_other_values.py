"""Other values of a setting."""

from __future__ import annotations

from typing import Any

import pytest

from aisearch_deploy.config.other_values import other_values
from aisearch_deploy.config.paths import parts_of


@pytest.mark.parametrize(
    ("path", "value", "among"),
    [
        ("app.workers", 4, 5),
        ("app.memory", "6Gi", "7Gi"),
        ("load.peak_requests", "20/s", "200/s"),
        ("edge.brotli", False, True),
        ("logs.level", "INFO", "DEBUG"),
        ("contract.health_path", "/health", "/healthx"),
        ("domains", ["a.example"], ["a.examplex"]),
        ("domains[0]", "a.example", "a.examplex"),
        ("scaling.memory", None, "80%"),
        ("backup.to", None, "s3://"),
    ],
)
def test_there_is_one_that_shows_what_it_changes(path: str, value: Any, among: Any) -> None:
    found = other_values(tuple(parts_of(path)), value)
    assert among in found or any(isinstance(other, str) and other.startswith(str(among)) for other in found)


@pytest.mark.parametrize(("path", "value"), [("app.workers", 4), ("edge.brotli", True), ("logs.level", "INFO")])
def test_the_value_itself_and_nothing_are_no_other_values(path: str, value: Any) -> None:
    found = other_values(tuple(parts_of(path)), value)
    assert value not in found
    assert None not in found
