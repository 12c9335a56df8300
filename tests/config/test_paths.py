"""How a place in the config is written."""

from __future__ import annotations

import pytest

from aisearch_deploy.config.load import dotted


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("app", "workers"), "app.workers"),
        (("domains", 0), "domains[0]"),
        (("a", 0, 1, "b"), "a[0][1].b"),
        (("labels", "cost-centre"), "labels.cost-centre"),
        (("labels", "example.com/team"), 'labels["example.com/team"]'),
        (("labels", "0"), 'labels["0"]'),
        (("", "a b", "é"), '[""]["a b"]["é"]'),
        (("a", '"\x1b\n'), 'a["\\"\\x1b\\n"]'),
    ],
)
def test_dotted(path, text):
    assert dotted(path) == text
