"""Unit files: what is printed is read back whole, repeated keys are all kept, and nothing is expanded."""

from __future__ import annotations

import pytest
from hypothesis import given

from aisearch_deploy.formats import systemd
from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from tests.formats.hostile import line, unseen


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("ai-search.socket", "ai-search.socket"),
        ("NOTE=two words", '"NOTE=two words"'),
        ("NOTE=100%", "NOTE=100%%"),
        ("NOTE=%H %n", '"NOTE=%%H %%n"'),
        ('NOTE="x"', '"NOTE=\\"x\\""'),
        ("NOTE=it's", '"NOTE=it\'s"'),
        ("C:\\new\\", '"C:\\\\new\\\\"'),
        ("; echo", '"; echo"'),
        ("#x", '"#x"'),
        ("$HOME", "$HOME"),
        ("", '""'),
        (30, "30"),
        (True, "true"),
    ],
)
def test_encoded(value: Scalar, encoded: str) -> None:
    assert systemd.encode(value) == encoded


@given(line)
def test_a_word_comes_back_whole(text: str) -> None:
    parsed = systemd.parse(
        f"[Service]\nEnvironment={systemd.encode(f'X={text}')}\nExecStart=/x {systemd.encode(text)}\n"
    )
    assert parsed == {"Service": {"Environment": [[f"X={text}"]], "ExecStart": [["/x", text]]}}


@pytest.mark.parametrize("text", ["line\nbreak", "nul\0", "tab\t", "\u202e"])
def test_what_a_line_cannot_carry_is_refused(text: str) -> None:
    assert unseen(text)
    with pytest.raises(EncodeError):
        systemd.encode(text)


def test_repeated_keys_are_all_kept_in_order() -> None:
    text = (
        "# why\n[Service]\nEnvironment=A=1 B=2\nEnvironment=C=3\nType=exec\n\n[Install]\nWantedBy=multi-user.target\n"
    )
    assert systemd.parse(text) == {
        "Service": {"Environment": [["A=1", "B=2"], ["C=3"]], "Type": ["exec"]},
        "Install": {"WantedBy": [["multi-user.target"]]},
    }


def test_a_quote_is_a_quote_where_systemd_splits_no_words() -> None:
    assert systemd.parse('[Unit]\nDescription=The app\'s "search"\n') == {
        "Unit": {"Description": ['The app\'s "search"']}
    }


def test_percentages_have_no_specifier() -> None:
    assert systemd.parse("[Service]\nCPUQuota=250%\n") == {"Service": {"CPUQuota": [["250", "%"]]}}


def test_a_line_goes_on_after_a_backslash_with_comments_between() -> None:
    text = "[Service]\nSystemCallFilter=~@privileged \\\n# why\n  @resources\nType=exec\n"
    assert systemd.parse(text)["Service"] == {"SystemCallFilter": ["~@privileged    @resources"], "Type": ["exec"]}


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("Type=exec\n", 1, "neither a section"),
        ("[Service]\nnonsense\n", 2, "neither a section"),
        ("[Service\n", 1, "neither a section"),
        ("[Service]\nType exec=1\n", 2, "neither a section"),
        ('[Service]\nExecStart=/bin/echo "x\n', 2, "not closed"),
        ("[Service]\nExecStart=/bin/echo 'x\n", 2, "not closed"),
        ("[Service]\nEnvironment=X=%H\n", 2, "a specifier"),
        ("[Service]\nWorkingDirectory=/opt/%n\n", 2, "a specifier"),
        ("[Service]\nWorkingDirectory=/opt/50%\n", 2, "a specifier"),
        ("[Service]\nExecStart=/bin/echo \\q\n", 2, "unknown escape"),
        ("[Service]\n\nType=exec\\", 3, "after the end"),
    ],
)
def test_what_is_malformed_names_its_line(text: str, at: int, message: str) -> None:
    with pytest.raises(ParseError, match=message) as problem:
        systemd.parse(text)
    assert problem.value.line == at


def test_a_setting_that_a_value_smuggles_in_is_seen() -> None:
    parsed = systemd.parse("[Service]\nEnvironment=X=1\nExecStartPre=/bin/sh\n")
    assert parsed["Service"] == {"Environment": [["X=1"]], "ExecStartPre": [["/bin/sh"]]}
