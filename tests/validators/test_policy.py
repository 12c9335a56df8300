"""The Trivy wrapper."""

from __future__ import annotations

import pytest

from tests.validators import policy, waivers

GOOD = """\
FROM python:3.14-slim-trixie
USER 10001:10001
HEALTHCHECK CMD ["python", "-c", "pass"]
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec: {containers: [{name: app, image: "example/app:latest"}]}
"""


@pytest.mark.e2e
def test_accepts_a_good_file(tmp_path) -> None:
    (tmp_path / "Dockerfile").write_text(GOOD)
    assert policy.problems(tmp_path, "dockerfile") == []


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("edit", "rule"), [(("USER 10001:10001\n", ""), "DS-0002"), (("3.14-slim-trixie", "latest"), "DS-0001")]
)
def test_refuses_one_edit_away(tmp_path, edit, rule) -> None:
    (tmp_path / "Dockerfile").write_text(GOOD.replace(*edit))
    (found,) = policy.problems(tmp_path, "dockerfile")
    assert rule in found


@pytest.mark.e2e
def test_findings_about_manifests(tmp_path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    found = policy.problems(tmp_path, "kubernetes")
    assert any("KSV-0012" in line for line in found), found


@pytest.mark.e2e
def test_a_waived_finding_is_left_out(tmp_path, monkeypatch) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    monkeypatch.setattr(waivers, "waivers", lambda: {("trivy", "KSV-0012"): "a reason"})
    assert not any("KSV-0012" in line for line in policy.problems(tmp_path, "kubernetes"))


@pytest.mark.e2e
@pytest.mark.parametrize("text", ["", "kind: of a file that is no manifest\n"])
def test_a_folder_in_which_it_sees_nothing_is_a_problem(tmp_path, text) -> None:
    (tmp_path / "pod.yaml").write_text(text)
    (found,) = policy.problems(tmp_path, "kubernetes")
    assert "saw no kubernetes file" in found
