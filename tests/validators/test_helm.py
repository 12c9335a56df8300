"""The Helm wrapper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.validators import helm

CHART = "apiVersion: v2\nname: greeting\nversion: 0.1.0\n"
SCHEMA = '{"type": "object", "additionalProperties": false, "properties": {"text": {"type": "string"}}}'
TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: greeting, namespace: {{ .Release.Namespace }}}
data: {text: {{ .Values.text | quote }}}
"""


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text(CHART)
    (tmp_path / "values.yaml").write_text("text: hello\n")
    (tmp_path / "values.schema.json").write_text(SCHEMA)
    (tmp_path / "templates/config-map.yaml").write_text(TEMPLATE)
    return tmp_path


@pytest.mark.e2e
@pytest.mark.parametrize("version", helm.VERSIONS)
def test_accepts_a_good_chart(chart: Path, version: str) -> None:
    assert helm.problems(chart, version) == []
    (config_map,) = helm.template(chart, version, "--namespace", "search")
    assert config_map["metadata"]["namespace"] == "search"


@pytest.mark.e2e
@pytest.mark.parametrize("version", helm.VERSIONS)
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("Chart.yaml", "version: 0.1.0", "version: one"),
        ("values.yaml", "text: hello", "txt: hello"),
        ("templates/config-map.yaml", "{{ .Values.text", "{{ .Values.text.more"),
        ("templates/config-map.yaml", "kind: ConfigMap", "kind: ConfigMap: x"),
    ],
)
def test_refuses_one_edit_away(chart: Path, version: str, file: str, old: str, new: str) -> None:
    (chart / file).write_text((chart / file).read_text().replace(old, new))
    assert helm.problems(chart, version)


@pytest.mark.e2e
@pytest.mark.parametrize("version", helm.VERSIONS)
def test_an_unknown_value_is_refused(chart: Path, version: str) -> None:
    with pytest.raises(ValueError, match="replicas"):
        helm.template(chart, version, "--set", "replicas=3")
