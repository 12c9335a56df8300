"""Quantities: read with their unit, printed as each platform spells them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisearch_deploy.formats import quantities as q


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (q.parse_bytes, "512Mi", 512 * 2**20),
        (q.parse_bytes, "6Gi", 6 * 2**30),
        (q.parse_bytes, "10MB", 10_000_000),
        (q.parse_seconds, "30s", 30),
        (q.parse_seconds, "5m", 300),
        (q.parse_seconds, "24h", 86_400),
        (q.parse_seconds, "2y", 63_072_000),
        (q.parse_millicores, "2", 2000),
        (q.parse_millicores, "1.5", 1500),
        (q.parse_millicores, "500m", 500),
        (q.parse_rate, "20/s", 1200),
        (q.parse_rate, "30/min", 30),
        (q.parse_percent, "70%", 70),
    ],
)
def test_a_quantity_is_read(parse: Callable[[str], int], text: str, value: int) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        *((q.parse_bytes, text) for text in ("", "6", "6G", "1.5Gi", "-1Gi", "0Gi", "6 Gi", "٦Gi", "9" * 15 + "Ti")),
        *((q.parse_seconds, text) for text in ("", "30", "30sec", "1h30m", "0s", "-5s")),
        *((q.parse_millicores, text) for text in ("", "0", "0m", "-1", "1e3", "two", "1.2345")),
        *((q.parse_rate, text) for text in ("", "20", "20/h", "/s", "-1/s", "²/s")),
        *((q.parse_percent, text) for text in ("", "70", "0%", "101%", "-5%", "7 %")),
    ],
)
def test_what_is_none_is_refused_with_an_example(parse: Callable[[str], int], text: str) -> None:
    with pytest.raises(ValueError, match="Write"):
        parse(text)


@given(st.integers(1, 2**50))
def test_what_is_printed_is_read_back(value: int) -> None:
    shown = q.binary_bytes(value)
    assert (q.parse_bytes(shown) if shown[-1] == "i" else int(shown)) == value


@pytest.mark.parametrize(
    ("spell", "value", "text"),
    [
        (q.binary_bytes, 6 * 2**30, "6Gi"),
        (q.binary_bytes, 1536 * 2**20, "1536Mi"),
        (q.binary_bytes, 1001, "1001"),
        (q.letter_bytes, 100 * 2**20, "100m"),
        (q.letter_bytes, 7 * 2**30, "7g"),
        (q.letter_bytes, 10_000_000, "10000000"),
        (q.log_bytes, 10_000_000, "10m"),
        (q.log_bytes, 10 * 2**20, "10485760"),
        (q.cores, 1500, "1.5"),
        (q.cores, 2000, "2"),
        (q.cores, 50, "0.05"),
        (q.kubernetes_cpu, 2000, "2"),
        (q.kubernetes_cpu, 1500, "1500m"),
        (q.duration, 86_400, "1d"),
        (q.duration, 90, "90s"),
        (q.duration, 5400, "90m"),
    ],
)
def test_each_platform_has_its_spelling(spell: Callable[[int], str], value: int, text: str) -> None:
    assert spell(value) == text
