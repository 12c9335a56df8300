"""The goldens are what the tool renders, byte for byte."""

from __future__ import annotations

import pytest

from tests.goldens import GOLDENS, Case, cases, executable, golden_cases, rendered


@pytest.mark.parametrize("case", golden_cases(), ids=str)
def test_the_golden_is_current(case: Case) -> None:
    kept = {path.relative_to(case.folder).as_posix(): path for path in case.folder.rglob("*") if path.is_file()}
    now = rendered(case)
    assert sorted(now) == sorted(kept), "python -m tests.goldens renders them anew; read the difference"
    for path, content in now.items():
        assert content.decode() == kept[path].read_text(), path
    assert {path for path, place in kept.items() if place.stat().st_mode & 0o100} == executable(case)


def test_there_is_no_golden_that_nothing_renders() -> None:
    known = {case.folder for case in golden_cases()}
    assert {path for path in GOLDENS.glob("*/*/*") if path.is_dir()} == known


def test_every_example_renders_on_some_target() -> None:
    assert {case.example for case in cases()} >= {"seed", "repaired", "small", "local-state", "large"}
