"""A target's reason for not carrying a deployment, as a finding at the setting that it begins with."""

from __future__ import annotations

import re

from aisearch_deploy.config.examples import field_at
from aisearch_deploy.config.load import ConfigPath, dotted
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.places import written_place

_FIX = re.compile(r"(?<=\.) (?=(?:Write|Add|Remove|Choose|Name)\b)")


def refusal_finding(deployment: Deployment, reason: str) -> Finding:
    """`reason` starts with the path of a setting and ends with what to do: `backup.to /srv is ... Write s3://bucket.`"""
    first, _, rest = reason.partition(" ")
    path: ConfigPath = tuple(first.removesuffix(":").split("."))
    if field_at(path) is None:
        path, rest = ("targets", deployment.target), reason
    message, *fixes = _FIX.split(rest, maxsplit=1)
    written, position = written_place(deployment.document, deployment.merged, path)
    return Finding(
        "config", Severity.ERROR, dotted(written), position, f"{deployment.target}: {message}", "".join(fixes)
    )
