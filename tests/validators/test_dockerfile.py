"""The hadolint wrapper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.validators import dockerfile

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
FROM python:3.14-slim-trixie
WORKDIR /app
COPY app.py ./
USER 10001:10001
CMD ["python", "app.py"]
"""


def check(folder: Path, text: str) -> list[str]:
    file = folder / "Dockerfile"
    file.write_text(text)
    return dockerfile.problems(file)


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (("3.14-slim-trixie", "latest"), "DL3007"),
        (("WORKDIR /app", "WORKDIR app"), "DL3000"),
        (('["python", "app.py"]', "python app.py"), "DL3025"),
        (("COPY app.py ./", "CPY app.py ./"), "DL1000"),
    ],
)
def test_refuses_one_edit_away(tmp_path, edit, rule) -> None:
    (found,) = check(tmp_path, GOOD.replace(*edit))
    assert rule in found


def test_accepts_a_good_file(tmp_path) -> None:
    assert check(tmp_path, GOOD) == []


def test_a_file_cannot_ask_for_a_rule_to_be_ignored(tmp_path) -> None:
    assert check(tmp_path, "# hadolint ignore=DL3007\n" + GOOD.replace("3.14-slim-trixie", "latest")) != []


def test_a_file_that_is_not_there_is_a_problem(tmp_path) -> None:
    assert dockerfile.problems(tmp_path / "Dockerfile") != []
