"""sysusers.d and tmpfiles.d: words on lines."""

from __future__ import annotations

import pytest
from hypothesis import given

from aisearch_deploy.formats import tmpfiles
from aisearch_deploy.formats.base import EncodeError, ParseError
from tests.formats.hostile import line


@given(line)
def test_a_word_comes_back_whole(text: str) -> None:
    assert tmpfiles.parse(f"d {tmpfiles.encode(text)} 0755\n") == [["d", text, "0755"]]


def test_lines_of_words() -> None:
    text = '# why\nu ai-search 10001 "The AI Search Engine" /var/lib/ai-search -\n\nd /x 0750 root root -\n'
    assert tmpfiles.parse(text) == [
        ["u", "ai-search", "10001", "The AI Search Engine", "/var/lib/ai-search", "-"],
        ["d", "/x", "0750", "root", "root", "-"],
    ]


def test_a_line_break_is_refused() -> None:
    with pytest.raises(EncodeError):
        tmpfiles.encode("a\nd /etc")


@pytest.mark.parametrize(("text", "at"), [('d "/x\n', 1), ("d /x\nd /%m\n", 2)])
def test_what_is_malformed_names_its_line(text: str, at: int) -> None:
    with pytest.raises(ParseError) as problem:
        tmpfiles.parse(text)
    assert problem.value.line == at
