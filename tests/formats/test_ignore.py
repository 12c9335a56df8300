from __future__ import annotations

import pathspec
import pytest
from hypothesis import given

from aisearch_deploy.formats.base import EncodeError, ParseError
from aisearch_deploy.formats.ignore import encode, parse
from tests.formats.hostile import text, unseen


@pytest.mark.parametrize(
    ("pattern", "encoded"),
    [
        ("secrets/", "secrets/"),
        ("*.pyc", "*.pyc"),
        ("a b", "a b"),
        ("#notes", "\\#notes"),
        ("!important", "\\!important"),
        ("a#b!", "a#b!"),
        ("a\\*", "a\\*"),
    ],
)
def test_encoded(pattern: str, encoded: str) -> None:
    assert encode(pattern) == encoded
    assert parse(f"{encoded}\n") == [pattern]


@pytest.mark.parametrize("pattern", ["", " ", " a", "a ", "a\nb", "a\0", "\\#a", "a\\", None])
def test_refused(pattern: str | None) -> None:
    with pytest.raises(EncodeError):
        encode(pattern)


@given(text)
def test_a_pattern_comes_back(pattern: str) -> None:
    try:
        encoded = encode(pattern)
    except EncodeError:
        assert unseen(pattern) or pattern != pattern.strip() or not pattern or "\\" in (pattern[0], pattern[-1])
        return
    assert parse(f"# c\n\n{encoded}\n!{pattern}\n") == [pattern, {"!": pattern}]


@pytest.mark.parametrize("name", ["#notes", "!important", "plain.txt", "a b", "a#b"])
def test_git_ignores_the_file_with_that_name(name: str) -> None:
    assert pathspec.GitIgnoreSpec.from_lines([encode(name)]).match_file(name)


def test_exceptions_are_told_from_patterns() -> None:
    assert parse("*\n!src\n\\!src\n") == ["*", {"!": "src"}, "!src"]


@pytest.mark.parametrize(("content", "line"), [("a\n b\n", 2), ("a \n", 1), ("a\r\n", 1)])
def test_blanks_around_a_pattern(content: str, line: int) -> None:
    with pytest.raises(ParseError, match="blanks around") as caught:
        parse(content)
    assert caught.value.line == line
