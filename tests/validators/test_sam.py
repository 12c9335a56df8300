"""cfn-lint and AWS's translator accept the goldens, and refuse them one edit away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.goldens import GOLDENS
from tests.validators import cloudformation, sam

TEMPLATES = sorted(GOLDENS.glob("*/*/lambda/template.yaml"))
ONE = GOLDENS / "serverless" / "base" / "lambda" / "template.yaml"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(GOLDENS).as_posix())
def test_every_golden_is_accepted(path: Path) -> None:
    assert sam.problems(path) == []
    assert cloudformation.problems(path.with_name("registry.yaml")) == []


def test_there_are_goldens() -> None:
    assert ONE in TEMPLATES


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (("PackageType: Image", "PackageTyp: Image"), "PackageTyp"),
        (("InvokeMode: RESPONSE_STREAM", "InvokeMode: RESPONSE_STREM"), "E3030"),
        (("MemorySize: 3072", "MemorySize: 64"), "E3034"),
        (("Timeout: 120", "Timeout: 1200"), "E3717"),
        (("{Ref: ImageUri}", "{Ref: ImageUrl}"), "ImageUrl"),
        (("FunctionUrl, FunctionUrl", "FunctionLink, FunctionUrl"), "FunctionLink"),
        (("SslSupportMethod: sni-only", "SslSupportMethod: sni"), "E3030"),
    ],
)
def test_refuses_one_edit_away(edit: tuple[str, str], complaint: str, tmp_path: Path) -> None:
    text = ONE.read_text()
    assert edit[0] in text
    file = tmp_path / "template.yaml"
    file.write_text(text.replace(*edit, 1))
    found = sam.problems(file)
    assert any(complaint in line for line in found), found
