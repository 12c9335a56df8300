"""The config file, with everything that is wrong with it told in one run."""

from __future__ import annotations

from pathlib import Path

from aisearch_deploy.config.load import Document, content_of, read
from aisearch_deploy.errors import ConfigInvalid
from aisearch_deploy.model.environments import MOST_ENVIRONMENTS, environment_findings
from aisearch_deploy.model.named import environment_names


def read_config(file: str) -> Document:
    """The document. Raises FileProblem, and ConfigInvalid with what is wrong with its YAML and with its settings."""
    path = Path(file)
    document, findings = read(content_of(path), str(path))
    if document is None:
        from aisearch_deploy.model.credentials import redacted

        raise ConfigInvalid(map(redacted, findings))
    if len(environment_names(document)) > MOST_ENVIRONMENTS:
        raise ConfigInvalid([*findings, *environment_findings(document)])
    if findings:
        from aisearch_deploy.model.resolve import findings_beside

        raise ConfigInvalid(findings_beside(document, findings))
    return document
