"""Settings changed in a person's own file."""

from __future__ import annotations

import pytest

from aisearch_deploy.config.edit import changed
from aisearch_deploy.config.paths import parts_of
from aisearch_deploy.findings import Change

TEXT = """\
# The whole thing.
version: 1
app:
  workers: 4   # measured
  memory: 6Gi
scaling: {min: 3, max: 10, memory: 80%}
contract: local-state
domains: ["search.example.com"]
"""


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (Change("app.workers", "auto"), "workers: 4   # measured", "workers: auto # measured"),
        (Change("scaling.memory", None), ", memory: 80%", ""),
        (Change("scaling.max", 1), "max: 10", "max: 1"),
        (Change("domains", ["a.example"]), '["search.example.com"]', "\n- a.example"),
        (Change("domains[0]", "a.example"), '"search.example.com"', '"a.example"'),
    ],
)
def test_one_setting_changes_and_nothing_else(change: Change, old: str, new: str) -> None:
    assert changed(TEXT, [change]).replace(" ", "") == TEXT.replace(old, new).replace(" ", "")


def test_a_block_is_made_where_there_is_none() -> None:
    assert changed(TEXT, [Change("database.pooler", "pgbouncer")]) == f"{TEXT}database:\n  pooler: pgbouncer\n"


def test_shorthand_becomes_what_it_stands_for() -> None:
    text = changed(TEXT, [Change("app.memory.limit", "8Gi"), Change("contract.port", 9000)])
    assert "memory:\n    request: 6Gi\n    limit: 8Gi\n" in text
    assert "contract:\n  extends: local-state\n  port: 9000\n" in text


def test_what_is_not_there_may_be_taken_away() -> None:
    assert changed(TEXT, [Change("scaling.cpu", None)]) == TEXT


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("app.workers", ["app", "workers"]),
        ("app.volumes[0].host_path", ["app", "volumes", 0, "host_path"]),
        ('labels["example.com/team"]', ["labels", "example.com/team"]),
    ],
)
def test_a_path_has_parts(path: str, parts: list[str | int]) -> None:
    assert parts_of(path) == parts
