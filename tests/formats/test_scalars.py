from __future__ import annotations

import math

import pytest

from aisearch_deploy.formats.base import EncodeError, Scalar
from aisearch_deploy.formats.scalars import UNSEEN, digits, finite, one_line, shown, spelled, whole_characters
from tests.formats.hostile import unseen


@pytest.mark.parametrize(
    ("value", "text"),
    [("a b", "a b"), ("", ""), (8000, "8000"), (-1, "-1"), (1.5, "1.5"), (True, "true"), (False, "false")],
)
def test_spelled(value: Scalar, text: str) -> None:
    assert spelled(value) == text


@pytest.mark.parametrize(
    "value", [None, math.inf, -math.inf, math.nan, pytest.param(10**5000, id="huge"), ["a"], {"a": 1}, b"a"]
)
def test_no_spelling(value: Scalar) -> None:
    with pytest.raises(EncodeError):
        spelled(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\nb", r"an env file cannot carry U+000A, in 'a\nb'"),
        ("a\0", r"an env file cannot carry U+0000, in 'a\x00'"),
        ("\u202eevil", r"an env file cannot carry U+202E, in '\u202eevil'"),
        ("\ud800", r"an env file cannot carry U+D800, in '\ud800'"),
    ],
)
def test_one_line_names_the_character(text: str, message: str) -> None:
    with pytest.raises(EncodeError) as caught:
        one_line(text, "an env file")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "character",
    [
        *("\xa0", "\xad", "\u061c", "\u200b", "\u200f", "\u2028", "\u202e", "\u2060", "\u2066", "\u2069", "\u3164"),
        *("\ufff9", "\ufffe", "\U000e0001", "\U000e007f"),
    ],
)
def test_what_cannot_be_seen_is_refused(character: str) -> None:
    with pytest.raises(EncodeError, match="cannot carry"):
        one_line(f"a{character}b", "a line")


@pytest.mark.parametrize("character", [*"aZ09~é", "\u65e5", "\u0430", "\U0001f600", "\ufe0f", "\ufffd"])
def test_what_can_be_seen_stays(character: str) -> None:
    assert one_line(character, "here") == character


def test_everything_that_python_calls_a_space_or_a_control_is_unseen() -> None:
    """Python knows today's Unicode; our list is fixed, and must not fall short of the characters that matter."""
    hidden = [
        chr(c) for c in range(0x3001) if (chr(c).isspace() and chr(c) != " ") or (c < 0xA0 and not chr(c).isprintable())
    ]
    assert [f"U+{ord(c):04X}" for c in hidden if not unseen(c)] == []


def test_the_list_is_made_of_whole_ranges() -> None:
    assert not unseen("-")
    assert not unseen("]")
    assert "-" not in (UNSEEN[0], UNSEEN[-1])


def test_half_a_character() -> None:
    with pytest.raises(EncodeError, match=r"U\+DFFF is half a character"):
        whole_characters("a\udfff")


def test_numbers_that_no_file_carries() -> None:
    with pytest.raises(EncodeError, match="inf is not a number"):
        finite(math.inf)
    with pytest.raises(EncodeError, match="thousands of digits"):
        digits(10**5000)


def test_long_values_are_shortened_in_messages() -> None:
    assert shown("a" * 100) == "'" + "a" * 56 + "..."
    assert shown("a\u200b") == r"'a\u200b'"
