from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisearch_deploy.formats.escapes import compose_dollar, kubernetes_dollar, systemd_percent


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("abc", "abc"), ("abc$def", "abc$$def"), ("${X:-y}", "$${X:-y}"), ("$$", "$$$$"), ("", "")],
)
def test_compose_dollar(text: str, escaped: str) -> None:
    assert compose_dollar(text) == escaped


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a$b", "a$b"), ("$(HOSTNAME)", "$$(HOSTNAME)"), ("$$(X)", "$$$$(X)"), ("a$$b", "a$$$b"), ("cost$", "cost$")],
)
def test_kubernetes_dollar(text: str, escaped: str) -> None:
    assert kubernetes_dollar(text) == escaped


@pytest.mark.parametrize(("text", "escaped"), [("100%", "100%%"), ("%H", "%%H"), ("%%", "%%%%"), ("a", "a")])
def test_systemd_percent(text: str, escaped: str) -> None:
    assert systemd_percent(text) == escaped


@given(st.text("$(){}aX ", max_size=12))
def test_kubernetes_reads_it_back(text: str) -> None:
    assert kubernetes_expanded(kubernetes_dollar(text)) == text


def kubernetes_expanded(text: str) -> str:
    """What a kubelet makes of it when no variable is set: k8s.io/kubernetes/third_party/forked/golang/expansion."""
    return re.sub(r"\$\$|\$\([^)]*\)", lambda match: "$" if match[0] == "$$" else "EXPANDED", text)
