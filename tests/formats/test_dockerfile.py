from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.dockerfile import Instruction, dump, encode, parse
from tests.formats.hostile import line, text, unseen


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("python:3.13-slim", "python:3.13-slim"),
        ("ghcr.io/a/b@sha256:0123", "ghcr.io/a/b@sha256:0123"),
        ("", '""'),
        ("two words", '"two words"'),
        ("$PATH", '"\\$PATH"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("C:\\new", '"C:\\\\new"'),
        ("ends\\", '"ends\\\\"'),
        ("it's", '"it\'s"'),
        ("#a", '"#a"'),
        ("--from=x", '"--from=x"'),
        ("-", '"-"'),
        ("[a]", '"[a]"'),
        (10001, "10001"),
        (True, "true"),
    ],
)
def test_encoded(value: Scalar, encoded: str) -> None:
    assert encode(value) == encoded


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a\0", "\u2028", None])
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
    source = f"ENV A={word} \\\n  B={word}\nLABEL a.b={word}\nARG C={word}\nWORKDIR {word}\nUSER {word}\n"
    assert [instruction.words for instruction in parse(source)] == [
        [{"A": value}, {"B": value}],
        [{"a.b": value}],
        [{"C": value}],
        [value],
        [value],
    ]


@given(st.lists(text, max_size=4))
def test_an_exec_form_comes_back(items: list[str]) -> None:
    dumped = dump(items)
    assert json.loads(dumped) == items
    assert parse(f"CMD {dumped}\nHEALTHCHECK --interval=5s CMD {dumped}\n") == [
        Instruction("CMD", {}, [*items]),
        Instruction("HEALTHCHECK", {"interval": "5s"}, ["CMD", *items]),
    ]


@pytest.mark.parametrize("value", ["python", 1, None, [1], ["a", None], {"a": "b"}, ["\ud800"]])
def test_what_is_no_exec_form(value: object) -> None:
    with pytest.raises(EncodeError):
        dump(value)


DOCKERFILE = r"""# syntax=docker/dockerfile:1
ARG PYTHON=python:3.13-slim@sha256:0123
ARG TOKEN

FROM --platform=linux/amd64 ${PYTHON} AS build
# a comment
RUN python -m venv /venv && \
    # inside
    /venv/bin/pip install \

      --no-cache-dir "a b"
from python:3.13
ENV PATH=/venv/bin:$PATH \
    GREETING="say \"hi\" for \$5" \
    PLAIN=it\'s\ here
LABEL "com.example.vendor"='a "quoted" $name'
COPY --from=build --chown=10001:10001 /venv /venv
COPY ["a b", "/c"]
EXPOSE 8000/tcp
USER 10001:10001
WORKDIR "/app dir"
STOPSIGNAL SIGTERM
SHELL ["/bin/sh", "-c"]
HEALTHCHECK --interval=30s --start-period=60s CMD ["python", "-c", "print(\"$x\")"]
HEALTHCHECK NONE
ENTRYPOINT ["uvicorn"]
CMD exec uvicorn app
"""


def test_a_whole_file() -> None:
    assert parse(DOCKERFILE) == [
        Instruction("ARG", {}, [{"PYTHON": "python:3.13-slim@sha256:0123"}]),
        Instruction("ARG", {}, ["TOKEN"]),
        Instruction("FROM", {"platform": "linux/amd64"}, ["${PYTHON}", "AS", "build"]),
        Instruction(
            "RUN",
            {},
            ["python", "-m", "venv", "/venv", "&&", "/venv/bin/pip", "install", "--no-cache-dir", '"a', 'b"'],
        ),
        Instruction("FROM", {}, ["python:3.13"]),
        Instruction("ENV", {}, [{"PATH": "/venv/bin:$PATH"}, {"GREETING": 'say "hi" for $5'}, {"PLAIN": "it's here"}]),
        Instruction("LABEL", {}, [{"com.example.vendor": 'a "quoted" $name'}]),
        Instruction("COPY", {"from": "build", "chown": "10001:10001"}, ["/venv", "/venv"]),
        Instruction("COPY", {}, ["a b", "/c"]),
        Instruction("EXPOSE", {}, ["8000/tcp"]),
        Instruction("USER", {}, ["10001:10001"]),
        Instruction("WORKDIR", {}, ["/app dir"]),
        Instruction("STOPSIGNAL", {}, ["SIGTERM"]),
        Instruction("SHELL", {}, ["/bin/sh", "-c"]),
        Instruction("HEALTHCHECK", {"interval": "30s", "start-period": "60s"}, ["CMD", "python", "-c", 'print("$x")']),
        Instruction("HEALTHCHECK", {}, ["NONE"]),
        Instruction("ENTRYPOINT", {}, ["uvicorn"]),
        Instruction("CMD", {}, ["exec", "uvicorn", "app"]),
    ]


@given(line.filter(lambda value: encode(value) != value and "<<" not in value))
def test_a_value_that_needs_quotes_is_not_whole_in_a_shell_form(value: str) -> None:
    """There the shell's rules hold, not Docker's: such a value has to come through ARG or ENV."""
    assert value not in parse(f"RUN echo {encode(value)}\n")[0].words


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("FROM a\nNONSENSE b\n", 2, "no instruction is named NONSENSE"),
        ("FROM\n", 1, "is not an instruction with its words"),
        ("FROM a\n\nENV A b\n", 3, "'A' is not NAME=value"),
        ("LABEL a\n", 1, "is not NAME=value"),
        ('ENV A="b\n', 1, "a quote that is not closed"),
        ("ENV A='b\n", 1, "a quote that is not closed"),
        ('WORKDIR "a\n', 1, "a quote that is not closed"),
        ('COPY "a b" c\n', 1, "a quote that is not closed"),
        ("CMD ['a']\n", 1, "not a JSON list of texts"),
        ("CMD [1]\n", 1, "not a JSON list of texts"),
        ('ENTRYPOINT ["a" "b"]\n', 1, "not a JSON list of texts"),
        ("HEALTHCHECK CMD [a]\n", 1, "not a JSON list of texts"),
        ("FROM a\nRUN <<EOF\nx\nEOF\n", 2, "a heredoc"),
        ("# escape=`\nFROM a\n", 1, "an escape directive"),
        ("FROM a\nRUN x \\\n  y \\\n", 2, "the file ends where a line goes on"),
    ],
)
def test_malformed(source: str, line: int, message: str) -> None:
    with pytest.raises(ParseError, match=message) as caught:
        parse(source)
    assert caught.value.line == line
