"""Nothing is waived that no golden needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden_validation.folders import cases_of, copied
from tests.golden_validation.test_helm import printed
from tests.golden_validation.test_k8s import built
from tests.validators import policy
from tests.validators.waivers import covers, waivers

BUILT = {"k8s": built, "helm": printed}


@pytest.mark.e2e
def test_every_waiver_is_needed(tmp_path: Path) -> None:
    found = [
        (rule, line)
        for target, build in BUILT.items()
        for case in cases_of(target)
        for rule, line in policy.findings(build(copied(case, _new(tmp_path / str(case)))), "kubernetes")
    ]
    for tool, rule in waivers():
        assert tool != "trivy" or any(covers((tool, rule), "trivy", *one) for one in found), rule


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder
