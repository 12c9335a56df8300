"""The kustomize wrapper."""

from __future__ import annotations

import pytest

from tests.validators import kustomize

KUSTOMIZATION = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: search
resources: [settings.yaml]
"""
SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LOG_LEVEL: INFO}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "kustomization.yaml").write_text(KUSTOMIZATION)
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    return tmp_path


@pytest.mark.e2e
def test_accepts_a_good_folder(folder) -> None:
    assert kustomize.problems(folder) == []


@pytest.mark.e2e
def test_the_objects_are_those_that_would_be_applied(folder) -> None:
    (settings,) = kustomize.build(folder)
    assert settings["metadata"] == {"name": "settings", "namespace": "search"}


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (("settings.yaml", "setting.yaml"), "setting.yaml"),
        (("resources", "resource"), "resource"),
        (("namespace: search", "commonLabels: {app: search}"), "deprecated"),
    ],
)
def test_refuses_one_edit_away(folder, edit, complaint) -> None:
    (folder / "kustomization.yaml").write_text(KUSTOMIZATION.replace(*edit))
    found = kustomize.problems(folder)
    assert any(complaint in line for line in found), found


@pytest.mark.e2e
def test_no_objects_of_a_bad_folder(folder) -> None:
    (folder / "settings.yaml").unlink()
    with pytest.raises(ValueError, match=r"settings\.yaml"):
        kustomize.build(folder)
