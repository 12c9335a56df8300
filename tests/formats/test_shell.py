from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.shell import encode, parse
from tests.formats.hostile import line, text, unseen


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("postgres:18", "postgres:18"),
        ("/etc/ai-search/secrets", "/etc/ai-search/secrets"),
        ("", "''"),
        ("two words", "'two words'"),
        ("$(id)", "'$(id)'"),
        ("`id`", "'`id`'"),
        ("~", "'~'"),
        ("*", "'*'"),
        ("a;b", "'a;b'"),
        ("it's", "'it'\"'\"'s'"),
        ("\\", "'\\'"),
        ("#a", "'#a'"),
        ("0 2,14 * * *", "'0 2,14 * * *'"),
        (30, "30"),
        (True, "true"),
    ],
)
def test_encoded(value: Scalar, encoded: str) -> None:
    assert encode(value) == encoded


@pytest.mark.parametrize("value", ["a\nb", "a\0b", "a\rb", "\x1b[31m", "\u202e", None])
def test_refused(value: Scalar) -> None:
    with pytest.raises(EncodeError):
        encode(value)


@given(text)
def test_a_word_comes_back(value: str) -> None:
    try:
        word = encode(value)
    except EncodeError:
        assert unseen(value)
        return
    assert parse(f"A={word}\nreadonly B={word}\nexport C={word} # why\n") == {"A": value, "B": value, "C": value}


@pytest.mark.parametrize("shell", ["sh", "bash"])
@settings(max_examples=20, deadline=None)
@given(values=st.lists(line, min_size=1, max_size=40))
def test_the_shell_reads_the_same_words(shell: str, values: list[str]) -> None:
    script = "".join(f"A={encode(value)}\nprintf '%s\\0' \"$A\"\n" for value in values)
    printed = subprocess.run([shell, "-eu"], input=script.encode(), capture_output=True, check=True).stdout
    assert printed.decode().split("\0")[:-1] == values


SCRIPT = """\
#!/bin/sh
# A=comment
set -eu
readonly NAME=ai-search
export IMAGE='ghcr.io/a b' # where from
KEEP=30
KEEP=31
EMPTY=
JOINED=a'b c'"d\\$e"\\ f
HERE=$(cd "$(dirname "$0")" && pwd)
STAMP="$(date +%s)"
GIVEN=${1:-x}
HOME_OF=~
LANG=C sort file
  INDENTED=1
cat <<EOF
BODY=1
EOF
cat <<-'END' >&2
\tBODY=2
\tEND
cat <<<word
TEXT=$(cat <<EOF
BODY=3
EOF
)
AFTER=1
main() {
  local name=x
}
"""


def test_only_literal_assignments_are_read() -> None:
    assert parse(SCRIPT) == {
        "NAME": "ai-search",
        "IMAGE": "ghcr.io/a b",
        "KEEP": "31",
        "EMPTY": "",
        "JOINED": "ab cd$e f",
        "AFTER": "1",
    }


def test_bash_agrees_on_the_joined_word() -> None:
    literal = next(line for line in SCRIPT.splitlines() if line.startswith("JOINED"))
    run = subprocess.run(["bash", "-c", f'{literal}\nprintf %s "$JOINED"'], capture_output=True, text=True, check=True)
    assert run.stdout == parse(literal)["JOINED"]


@pytest.mark.parametrize(
    ("script", "line", "message"),
    [
        ("A=1\nB='x\ny'\n", 2, "a quote that is not closed on its line"),
        ('A="x\n', 1, "a quote that is not closed on its line"),
        ("A=a'b'c'\n", 1, "a quote that is not closed on its line"),
        ("x\n\0", 2, "a NUL"),
        ("cat <<EOF\nA=1\n", 1, "a here-document without its EOF"),
        ("cat <<EOF\n\tEOF\n", 1, "a here-document without its EOF"),
    ],
)
def test_malformed(script: str, line: int, message: str) -> None:
    with pytest.raises(ParseError, match=message) as caught:
        parse(script)
    assert caught.value.line == line
