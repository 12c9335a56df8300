"""PgBouncer's settings: what is printed is read back whole, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisearch_deploy.formats import ini
from aisearch_deploy.formats.base import EncodeError, ParseError


@given(st.text())
def test_a_value_comes_back_whole_or_is_refused(text: str) -> None:
    try:
        written = ini.encode(text)
    except EncodeError:
        return
    assert ini.parse(f"[pgbouncer]\nkey = {written}\n") == {"pgbouncer": {"key": text}}


@pytest.mark.parametrize("text", ["line\nbreak", " leads", "trails ", "nul\0", "tab\t"])
def test_what_a_line_cannot_carry_is_refused(text: str) -> None:
    with pytest.raises(EncodeError):
        ini.encode(text)


def test_sections_settings_and_comments() -> None:
    text = "; note\n# note\n[databases]\nsearch = host=db port=5432\n\n[pgbouncer]\npool_mode = transaction\nempty =\n"
    expected = {"databases": {"search": "host=db port=5432"}, "pgbouncer": {"pool_mode": "transaction", "empty": ""}}
    assert ini.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [("key = value\n", 1), ("[a]\nnonsense\n", 2), ("[a]\nx = 1\nx = 2\n", 3), ("[a]\n[b]\n[a]\n", 3), ("[a\n", 1)],
)
def test_what_is_malformed_names_its_line(text: str, line: int) -> None:
    with pytest.raises(ParseError) as problem:
        ini.parse(text)
    assert problem.value.line == line
