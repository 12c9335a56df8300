from __future__ import annotations

import subprocess
import sys

import pytest

from aisearch_deploy.errors import Bug
from aisearch_deploy.formats.registry import FORMATS, TYPED, format_named


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_a_module_with_its_name(name: str) -> None:
    module = format_named(name)
    assert name == module.NAME
    assert isinstance(module.encode("x"), str)
    assert callable(module.parse)


@pytest.mark.parametrize("name", FORMATS)
def test_typed_formats_are_those_that_tell_a_number_from_its_text(name: str) -> None:
    module = format_named(name)
    assert (module.encode(30) != module.encode("30")) is (name in TYPED)


def test_an_unknown_name_is_a_bug() -> None:
    with pytest.raises(Bug, match="no format is named 'toml'"):
        format_named("toml")


def in_a_fresh_process(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_no_format_is_loaded_before_it_is_used() -> None:
    loaded = in_a_fresh_process(
        "import sys, aisearch_deploy.formats.registry\n"
        f"print([name for name in ('yaml', 'json', *{list(FORMATS.values())}) if name in sys.modules])"
    )
    assert loaded == "[]"


def test_importing_the_registry_takes_under_two_milliseconds() -> None:
    """What it adds to a process that has `typing` and `importlib`, as every process of ours has; the best of five."""
    code = (
        "import importlib, typing, dataclasses, enum, time\n"
        "start = time.perf_counter(); import aisearch_deploy.formats.registry; print(time.perf_counter() - start)"
    )
    assert min(float(in_a_fresh_process(code)) for _ in range(5)) < 0.002
