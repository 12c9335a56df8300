"""What the tests of the reader share."""

from __future__ import annotations

import pytest
import yaml

from aisearch_deploy.config import load as load_module
from aisearch_deploy.config.load import parse
from aisearch_deploy.errors import ConfigInvalid
from aisearch_deploy.findings import Severity


@pytest.fixture(params=[yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)], ids=["PyYAML", "libyaml"])
def either_loader(request, monkeypatch):
    """Runs the test with PyYAML's own parser and with libyaml's."""
    monkeypatch.setattr(load_module, "LOADER", request.param)


@pytest.fixture(scope="session")
def problems():
    """A function that reads a config and returns each finding as `line:column path: message | fix`."""

    def read(content: str | bytes) -> list[str]:
        with pytest.raises(ConfigInvalid) as caught:
            parse(content if isinstance(content, bytes) else content.encode(), "f")
        findings = caught.value.findings
        assert {(finding.rule, finding.severity, finding.position.file) for finding in findings} == {
            ("config", Severity.ERROR, "f")
        }
        return [
            f"{finding.position.line}:{finding.position.column} {finding.path}: {finding.message} | {finding.fix}"
            for finding in findings
        ]

    return read
