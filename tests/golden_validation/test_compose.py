"""Compose, nginx, hadolint and shellcheck accept every rendered Compose folder, and would not accept another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden_validation.folders import cases_of, copied, edge_files, edited
from tests.goldens import Case
from tests.validators import compose, dockerfile, nginx, shell

CASES = cases_of("compose")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The smallest example, to be broken."""
    return copied(next(case for case in CASES if case.example == "small"), tmp_path)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_validator_accepts_the_folder(case: Case, tmp_path: Path) -> None:
    folder = copied(case, tmp_path)
    assert compose.problems(folder / "compose.yaml") == []
    assert nginx.problems(edge_files(folder)) == []
    for path in sorted(folder.rglob("Dockerfile")):
        assert dockerfile.problems(path) == []
    for path in sorted(folder.rglob("*.sh")):
        assert shell.problems(path) == [], path


def test_some_example_renders_a_dockerfile() -> None:
    assert [case for case in CASES if list(case.folder.rglob("Dockerfile"))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("services:", "servces:"),
        ("read_only: true", "read_only: truthy"),
        ("condition: service_healthy", "condition: ok"),
    ],
)
def test_compose_refuses_a_golden_with_one_edit(small: Path, old: str, new: str) -> None:
    edited(small / "compose.yaml", old, new)
    assert compose.problems(small / "compose.yaml")


@pytest.mark.parametrize(("old", "new"), [("server_tokens off;", "server_tokens off"), ("http2 on;", "http2 yes;")])
def test_nginx_refuses_a_golden_with_one_edit(small: Path, old: str, new: str) -> None:
    edited(next(small.rglob("nginx.conf")), old, new)
    assert nginx.problems(edge_files(small))


def test_hadolint_refuses_a_golden_with_one_edit(tmp_path: Path) -> None:
    folder = copied(next(case for case in CASES if case.example == "local-state"), tmp_path)
    path = next(folder.rglob("Dockerfile"))
    edited(path, "\nFROM ", "\nFROM --platform=linux/amd64 ")
    path.write_text(path.read_text() + "RUN cd /tmp && sudo ls\n")
    assert dockerfile.problems(path)


def test_shellcheck_refuses_a_golden_with_one_edit(small: Path) -> None:
    path = small / "backup.sh"
    path.write_text(path.read_text() + "rm -rf $undefined/\n")
    assert shell.problems(path)
