"""Speed and memory, as ratios within one run: whole processes, medians of ten, taken in turns.

"The bare import" is what any use of the libraries costs: Typer, pydantic's BaseModel and Field, Jinja, PyYAML.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.goldens import EXAMPLES

ROUNDS = 10
BARE = "import typer, jinja2, yaml; from pydantic import BaseModel, Field"
PEAK = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
print(os.wait4(child, 0)[2].ru_maxrss)
"""
HEAVY = ("pydantic", "jinja2")
# pip compiles what it installs; a checkout does so on its first run, unless it is told not to.
SURROUNDINGS = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config of `init --yes` and everything rendered once."""
    place = tmp_path_factory.mktemp("speed")
    run(place, "init", "--yes", "-t", "compose", "-t", "k8s")
    run(place, "render", "-t", "compose", "-t", "k8s")
    return place


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example that most targets can carry, rendered once for all of them."""
    place = tmp_path_factory.mktemp("everything")
    shutil.copytree(EXAMPLES / "repaired", place, dirs_exist_ok=True)
    run(place, "render", "--all")
    return place


def test_one_render_costs_at_most_1_8_bare_imports(folder: Path) -> None:
    ratio = compared(folder, rendering("k8s"), bare())
    print(f"\nrender -t k8s / bare import = {ratio:.2f}")
    assert ratio <= 1.8


def test_two_targets_cost_at_most_1_3_of_one(folder: Path) -> None:
    ratio = compared(folder, rendering("compose", "k8s"), rendering("k8s"))
    print(f"\nrender -t compose -t k8s / render -t k8s = {ratio:.2f}")
    assert ratio <= 1.3


def test_all_targets_cost_at_most_2_2_of_one(everything: Path) -> None:
    ratio = compared(everything, tool("render", "--all", "-o", "fresh"), rendering("k8s"))
    print(f"\nrender --all / render -t k8s = {ratio:.2f}")
    assert ratio <= 2.2


def test_an_unchanged_check_costs_at_most_half_a_bare_import(folder: Path) -> None:
    ratio = compared(folder, tool("render", "--check"), bare())
    print(f"\nrender --check, unchanged / bare import = {ratio:.2f}")
    assert ratio <= 0.5


def test_a_check_of_the_largest_example_costs_at_most_2_bare_imports(tmp_path: Path) -> None:
    place = Path(shutil.copytree(EXAMPLES / "large", tmp_path / "large"))
    ratio = compared(place, tool("check", "--all-environments"), bare())
    print(f"\ncheck of the largest example / bare import = {ratio:.2f}")
    assert ratio <= 2


def test_peak_memory_is_at_most_90_mb(folder: Path) -> None:
    megabytes = peak(folder, "render", "-t", "compose", "-t", "k8s", "-o", "fresh")
    print(f"\npeak memory of render -t compose -t k8s = {megabytes:.0f} MB")
    assert megabytes <= 90


def test_peak_memory_of_all_targets_is_at_most_110_mb(everything: Path) -> None:
    megabytes = peak(everything, "render", "--all", "-o", "fresh")
    print(f"\npeak memory of render --all = {megabytes:.0f} MB")
    assert megabytes <= 110


@pytest.mark.parametrize(
    "words",
    [["--version"], ["--help"], ["render", "--check"], ["render", "--check", "-t", "k8s"]],
    ids=" ".join,
)
def test_what_needs_no_model_loads_none(folder: Path, words: list[str]) -> None:
    command = [sys.executable, "-X", "importtime", *tool(*words)[1:]]
    loaded = subprocess.run(command, cwd=folder, check=True, capture_output=True, env=SURROUNDINGS, text=True).stderr
    assert "aisearch_deploy" in loaded
    for name in HEAVY:
        assert f" {name}\n" not in loaded, name


def peak(folder: Path, *words: str) -> float:
    """Megabytes of one whole process at its largest."""
    shutil.rmtree(folder / "fresh", ignore_errors=True)
    command = [sys.executable, "-c", PEAK, *tool(*words)]
    result = subprocess.run(command, cwd=folder, check=True, capture_output=True, env=SURROUNDINGS, text=True)
    return int(result.stdout.split()[-1]) / 1024


def compared(folder: Path, one: list[str], other: list[str]) -> float:
    """The ratio of the medians, the two taken in turns so that a busy machine slows both."""
    times = [(elapsed(folder, one), elapsed(folder, other)) for _ in range(ROUNDS)]
    return statistics.median(pair[0] for pair in times) / statistics.median(pair[1] for pair in times)


def elapsed(folder: Path, words: list[str]) -> float:
    """Seconds of one whole process."""
    shutil.rmtree(folder / "fresh", ignore_errors=True)
    started = time.perf_counter()
    subprocess.run(words, cwd=folder, check=True, capture_output=True, env=SURROUNDINGS)
    return time.perf_counter() - started


def rendering(*targets: str) -> list[str]:
    """A render of these targets; `fresh` is removed before each, so that everything is written."""
    return tool("render", *flags(targets), "-o", "fresh")


def flags(targets: tuple[str, ...]) -> Iterator[str]:
    """`-t a -t b`."""
    for target in targets:
        yield from ("-t", target)


def tool(*words: str) -> list[str]:
    """The command line of this tool."""
    return [sys.executable, "-m", "aisearch_deploy", *words]


def bare() -> list[str]:
    """The command line of the bare import."""
    return [sys.executable, "-c", BARE]


def run(folder: Path, *words: str) -> None:
    """One command that must succeed."""
    subprocess.run(tool(*words), cwd=folder, check=True, capture_output=True, env=SURROUNDINGS)
