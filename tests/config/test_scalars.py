"""Unquoted scalars: read only where all YAML versions agree."""

from __future__ import annotations

import re
import time

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aisearch_deploy.config.load import parse
from aisearch_deploy.config.scalars import Trap, quoted, resolve, shown, write_quoted

AGREED = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "0": 0,
    "-0": 0,
    "7": 7,
    "+12": 12,
    "-12": -12,
    "999999999999999999": 999_999_999_999_999_999,
    "-999999999999999999": -999_999_999_999_999_999,
    "1.10": 1.1,
    "2026.11": 2026.11,
    "1.": 1.0,
    ".5": 0.5,
    "-0.0": -0.0,
    "0.5": 0.5,
    "00.5": 0.5,
    "1.5e+3": 1500.0,
    "1.5E-3": 0.0015,
}

TEXTS = [
    *("ai-search", "v1", "a: b", "2Gi", "500m", "20/s", "70%", "30s", "1h", "30d", "10MB", "2 vCPU", "0 2,14 * * *"),
    *("1.4.2", "sha256:0123", "10.0.0.0/8", "10.0.0.1", "::1", "8080:80", "08:30", "12:60"),
    *("2026-11", "2026-1-1", "2026-11-24Z", "1,000", "1 000", "None", "nil", "nULL", "tRUE", "nO", "yES", "oN"),
    *(
        "inf",
        "nan",
        "-.nan",
        ".Inf.",
        "Infinity",
        ".",
        "..",
        "../app",
        "-",
        "+",
        "+-1",
        "--1",
        "1e",
        "e5",
        "1..2",
        "_1",
    ),
    *("0x", "0xg", "0X1F", "0b2", "0o8", "-0o7", "0O7", "<", "==", "<<<", "1\n2", "\uff11", "\u0663"),
]

TRUE = "reads as the boolean true in YAML 1.1."
FALSE = "reads as the boolean false in YAML 1.1."
TRAPS = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), (TRUE, "true for the boolean")),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), (FALSE, "false for the boolean")),
    "0644": ("reads as the number 420 in YAML 1.1, 644 in YAML 1.2.", "420 or 644 for the number"),
    "-010": ("reads as the number -8 in YAML 1.1, -10 in YAML 1.2.", "-8 or -10 for the number"),
    "007": ("reads as the number 7.", "7 for the number"),
    "08": ("reads as the number 8 in YAML 1.2, as text in YAML 1.1.", "8 for the number"),
    "0o17": ("reads as the number 15 in YAML 1.2, as text in YAML 1.1.", "15 for the number"),
    "0x1F": ("reads as the number 31.", "31 for the number"),
    "-0x1f": ("reads as the number -31.", "-31 for the number"),
    "0xd": ("reads as the number 13.", "13 for the number"),
    "0x_": ("reads as the number 0.", "0 for the number"),
    "0b1": ("reads as the number 1 in YAML 1.1, as text in YAML 1.2.", "1 for the number"),
    "+0b1_0": ("reads as the number 2 in YAML 1.1, as text in YAML 1.2.", "2 for the number"),
    "0b_": ("reads as the number 0 in YAML 1.1, as text in YAML 1.2.", "0 for the number"),
    "1_000": ("reads as the number 1000 in YAML 1.1, as text in YAML 1.2.", "1000 for the number"),
    "0_17": ("reads as the number 15 in YAML 1.1, as text in YAML 1.2.", "15 for the number"),
    "0_": ("reads as the number 0 in YAML 1.1, as text in YAML 1.2.", "0 for the number"),
    "1_0.5": ("reads as the number 10.5 in YAML 1.1, as text in YAML 1.2.", "10.5 for the number"),
    ".1_5": ("reads as the number 0.15 in YAML 1.1, as text in YAML 1.2.", "0.15 for the number"),
    "22:22": ("reads as the number 1342 in YAML 1.1, as text in YAML 1.2.", "1342 for the number"),
    "190:20:30": ("reads as the number 685230 in YAML 1.1, as text in YAML 1.2.", "685230 for the number"),
    "-1:30": ("reads as the number -90 in YAML 1.1, as text in YAML 1.2.", "-90 for the number"),
    "1:30.5": ("reads as the number 90.5 in YAML 1.1, as text in YAML 1.2.", "90.5 for the number"),
    "1e5": ("reads as the number 100000 in YAML 1.2, as text in YAML 1.1.", "100000 for the number"),
    "1e30": ("reads as the number 1.0e+30 in YAML 1.2, as text in YAML 1.1.", "1.0e+30 for the number"),
    "1.5e3": ("reads as the number 1500 in YAML 1.2, as text in YAML 1.1.", "1500 for the number"),
    "-.5": ("reads as the number -0.5 in YAML 1.2, as text in YAML 1.1.", "-0.5 for the number"),
    "2026-11-24": ("reads as a date in YAML 1.1.", ""),
    "2024-02-30": ("reads as a date in YAML 1.1.", ""),
    "2026-11-24T10:00:00Z": ("reads as a date and time in YAML 1.1.", ""),
    "2026-1-4 1:00:00.5 +1:30": ("reads as a date and time in YAML 1.1.", ""),
    "<<": ("reads as the merge key in YAML 1.1.", ""),
    "=": ("reads as the default value of a mapping in YAML 1.1.", ""),
    "1234567890123456789": ("has 19 digits; a number has at most 18.", ""),
    "-1234567890123456789": ("has 19 digits; a number has at most 18.", ""),
    "1.0e+999": ("is too large for a number.", ""),
    "1e999": ("is too large for a number.", ""),
    "0xffffffffffffffffffff": ("reads as a number in some YAML versions.", ""),
}
ENDLESS = [".inf", "-.inf", "+.Inf", ".INF", ".nan", ".NaN", ".NAN"]


@pytest.mark.parametrize(("text", "value"), AGREED.items())
def test_what_all_versions_agree_on(text, value):
    assert repr(resolve(text)) == repr(value)


@pytest.mark.parametrize("text", TEXTS)
def test_text(text):
    assert resolve(text) == text


@pytest.mark.parametrize(("text", "problem", "choice"), [(text, *expected) for text, expected in TRAPS.items()])
def test_traps(text, problem, choice):
    trap = resolve(text)
    assert isinstance(trap, Trap)
    assert trap.problem == problem
    assert trap.fix == (f'Write "{text}" for the text, {choice}.' if choice else f'Write "{text}".')


@pytest.mark.parametrize("text", ENDLESS)
def test_numbers_that_are_not_finite(text):
    trap = resolve(text)
    assert isinstance(trap, Trap)
    assert (trap.problem, trap.fix) == ("is not a finite number.", f'Write a number, or "{text}" for the text.')


@pytest.mark.parametrize("text", TRAPS)
def test_the_fix_of_a_trap_is_none_itself(text):
    trap = resolve(text)
    assert isinstance(trap, Trap)
    for form in re.findall(r"(?:Write|,|or) ([^ ,]+)(?= or| for)", trap.fix):
        assert form == quoted(text) or not isinstance(resolve(form), Trap)
    assert parse(f"a: {quoted(text)}".encode(), "f").data == {"a": text}


# The core schema of YAML 1.2.2, section 10.3.2, as it stands there.
CORE_1_2 = re.compile(
    r"null|Null|NULL|~|"
    r"true|True|TRUE|false|False|FALSE|"
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|"
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|"
    r"[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN|"
)
STRING = "tag:yaml.org,2002:str"
FORMS = (
    st.text("0123456789_.:-+eE", max_size=10)
    | st.text("01789abxofXO_-+.", max_size=6)
    | st.from_regex(r"\A[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ]+[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?( ?Z|[-+]1)?)?\Z")
    | st.text("yesnoffYESNOFtrualTRUALiI.~<=", max_size=5)
)


@settings(max_examples=500, deadline=2000)
@given(text=FORMS)
@example("y")  # PyYAML leaves out these two of the specification
@example("n")
def test_against_the_versions_themselves(text):
    """Text for us is text for PyYAML (YAML 1.1) and YAML 1.2; a value is the same value for both."""
    value = resolve(text)
    tag = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))
    if isinstance(value, Trap):
        return
    if isinstance(value, str):
        assert tag == STRING
        assert CORE_1_2.fullmatch(text) is None
    else:
        assert CORE_1_2.fullmatch(text)
        assert repr(yaml.SafeLoader("").construct_object(yaml.ScalarNode(tag, text))) == repr(value)


@settings(max_examples=500, deadline=2000)
@given(text=FORMS)
def test_traps_are_only_what_a_version_misreads(text):
    trap = resolve(text)
    if isinstance(trap, Trap) and text not in ("y", "Y", "n", "N"):
        tag = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))
        assert tag != STRING or CORE_1_2.fullmatch(text)


@settings(deadline=2000)
@given(text=st.text())
@example('\x00\x1b\x7f\x85\xa0\u2028\u202e\ufeff\ufffe\U000e0001\t\n\r"\\')
def test_quoted_text_reads_as_itself(text):
    assert quoted(text).isprintable()
    assert parse(f"{quoted(text)}: [{quoted(text)}]".encode(), "f").data == {text: [text]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b", "a b"),
        ("a\x1b[31m\n", r"a\x1b[31m\n"),
        ("\u202e", r"\u202e"),
        ("\U000e0001", r"\U000e0001"),
        (60 * "1", 60 * "1"),
        (61 * "1", 59 * "1" + "…"),
    ],
)
def test_shown(text, expected):
    assert shown(text) == expected


def test_long_text_is_not_repeated_in_a_fix():
    assert write_quoted(60 * "1") == f'Write "{60 * "1"}".'
    assert write_quoted(61 * "1") == "Write it in double quotes."


@pytest.mark.parametrize(
    "text", [1_000_000 * "1", "1" + 300_000 * ":01" + "x", "0x" + 1_000_000 * "f", "1" + 999_999 * "_"]
)
def test_long_numbers_are_quick(text):
    started = time.perf_counter()
    resolve(text)
    assert time.perf_counter() - started < 1
