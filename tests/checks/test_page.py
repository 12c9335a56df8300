"""The page of the rules says what the rules say."""

from __future__ import annotations

from tests.checks.page import PAGE, page


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == page(), "python -m tests.checks.page writes it anew"
