"""Reading the accepted findings."""

from __future__ import annotations

import pytest

from tests.validators import waivers


@pytest.fixture
def read(tmp_path, monkeypatch):
    def parse(text: str):
        file = tmp_path / "waivers.txt"
        file.write_text(text)
        monkeypatch.setattr(waivers, "FILE", file)
        waivers.waivers.cache_clear()
        return waivers.waivers()

    yield parse
    waivers.waivers.cache_clear()


def test_a_waiver_is_a_tool_a_rule_and_a_reason(read) -> None:
    assert read("# why\n\ntrivy KSV-0001 because of this\n") == {("trivy", "KSV-0001"): "because of this"}


def test_a_waiver_without_a_reason_is_refused(read) -> None:
    with pytest.raises(ValueError, match=r"waivers\.txt:2"):
        read("# why\ntrivy KSV-0001\n")


def test_only_the_findings_of_that_tool_and_rule_are_left_out(read) -> None:
    read("trivy A reason\n")
    assert waivers.unwaived("trivy", [("A", "a"), ("B", "b")]) == ["b"]
    assert waivers.unwaived("gixy", [("A", "a")]) == ["a"]


def test_a_waiver_with_a_text_covers_only_the_findings_that_have_it(read) -> None:
    read('trivy A:{"MAX_TOKENS"} not a secret\n')
    lines = ['keys {"MAX_TOKENS"}', 'keys {"MAX_TOKENS", "PASSWORD"}']
    assert waivers.unwaived("trivy", [("A", line) for line in lines]) == lines[1:]


def test_the_real_file_can_be_read() -> None:
    waivers.waivers.cache_clear()
    assert isinstance(waivers.waivers(), dict)
