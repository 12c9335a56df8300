"""G10: tokens arrive as they are sent, and a long silence is no end."""

from __future__ import annotations

from concurrent.futures import Future
from itertools import pairwise

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.conftest import SILENCE
from tests.e2e.compose.events import Event, events

pytestmark = pytest.mark.e2e


def test_g10_tokens_arrive_one_by_one(caller: Client) -> None:
    found = list(events(caller, "/chat/stream?number=8&gap=0.5"))
    lags = [event.came - event.sent for event in found]
    print(f"\n8 tokens 0.5 s apart; each came within {max(lags) * 1000:.0f} ms")
    assert [event.token for event in found] == [str(number) for number in range(1, 9)]
    for one, following in pairwise(found):
        assert one.came < following.sent


def test_g10_a_silence_of_90_seconds_is_survived(silence: Future[list[Event]]) -> None:
    """With the config as it is: requests may take 120 s, and so may a silence."""
    first, second = silence.result(SILENCE + 60)
    lag = (second.came - second.sent) * 1000
    print(f"\n{second.sent - first.sent:.1f} s of silence; the next token came within {lag:.1f} ms")
    assert second.sent - first.sent >= SILENCE
