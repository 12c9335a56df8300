"""The source as it is: typed, pinned, and with a README that says what it reads and answers."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.reference_app.environment import APP, python
from tests.reference_app.running import Running

README = (APP / "README.md").read_text()
PROJECT = tomllib.loads((APP / "pyproject.toml").read_text())["project"]
PINS = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)$", (APP / "requirements.txt").read_text(), re.MULTILINE)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_everything_it_imports_is_pinned() -> None:
    wanted = {plain(re.split(r"[\[><=]", requirement)[0]) for requirement in PROJECT["dependencies"]}
    assert wanted <= {plain(name) for name, _ in PINS}


def test_every_line_of_the_requirements_is_a_pin() -> None:
    lines = [line for line in (APP / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert len(lines) == len(PINS)


def test_the_version_is_one() -> None:
    assert (APP / "src" / "version.txt").read_text().strip() == PROJECT["version"]


def test_the_readme_names_every_variable_and_no_other() -> None:
    source = (APP / "src" / "settings.py").read_text()
    read = set(re.findall(r'(?:environ\.get|_number|_switch|secret)\("([A-Z_]+)"', source))
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `") and line.count("|") == 4]
    named = {name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row)}
    assert named == read


@pytest.mark.e2e
def test_the_readme_names_every_route(app: Running) -> None:
    routes = app.ask("GET", "/openapi.json").json()["paths"]
    for path, methods in routes.items():
        shown = path.replace("/uploads/{file_hash}", "/uploads/HASH")
        assert re.search(rf"`[^`]*{re.escape(shown)}[`,]", README), path
        assert all(method.upper() in README for method in methods)


@pytest.mark.e2e
def test_its_types_hold() -> None:
    words: list[str | Path] = [sys.executable, "-m", "mypy", "--python-executable", python(), "--cache-dir=/dev/null"]
    checked = subprocess.run(words, cwd=APP, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.e2e
def test_the_pins_fit_together() -> None:
    checked = subprocess.run([python(), "-m", "pip", "check"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
