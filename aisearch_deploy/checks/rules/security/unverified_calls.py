"""What the app calls proves who it is, and what fails is not shown to strangers.

What it does: looks through app.env and the targets' env for variables that are meant to switch the check of
certificates off, and for debug modes; a debug mode outside an environment named production is a note.

Why it matters: without the check, whoever sits between the app and the language model's API reads each question and
the key, and answers what he likes. A debug mode shows tracebacks with settings and variables to whoever makes it fail.

Example: app: {env: {SSL_VERIFY: "false"}}.

Fix: network: {ca_bundle: ./corporate-ca.pem} where a company's proxy opens the traffic. LOG_LEVEL is logs.level.

References: https://codeql.github.com/codeql-query-help/python/py-request-without-cert-validation/ and
https://rules.sonarsource.com/python/rspec-4507/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aisearch_deploy.checks.environments import is_production
from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID512"
SLUG = "unverified-calls"
SEVERITY = Severity.WARNING
TARGETS = None
READS = (
    "app.env",
    "targets.compose.env",
    "targets.systemd.env",
    "targets.k8s.env",
    "targets.helm.env",
    "targets.ecs.env",
    "targets.lambda.env",
    "targets.cloudrun.env",
    "targets.aci.env",
)
ON, OFF = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
UNVERIFIED = {
    "PYTHONHTTPSVERIFY": OFF,
    "NODE_TLS_REJECT_UNAUTHORIZED": OFF,
    "GIT_SSL_NO_VERIFY": ON,
    "SSL_VERIFY": OFF,
    "TLS_VERIFY": OFF,
    "VERIFY_SSL": OFF,
}
DEBUGGING = frozenset({"DEBUG", "APP_DEBUG", "FASTAPI_DEBUG", "FLASK_DEBUG", "DJANGO_DEBUG", "PYTHONASYNCIODEBUG"})


def check(deployment: Deployment) -> Iterator[Finding]:
    """No variable that switches a check off."""
    for path, variables in environments(deployment):
        for name, value in variables.items():
            if value.lower() in UNVERIFIED.get(name, ()):
                message = f'{name}: "{value}" is there to believe whoever answers.'
                severity = Severity.WARNING
            elif name in DEBUGGING and value.lower() in ON:
                message = f'{name}: "{value}" shows strangers what failed, and how.'
                severity = Severity.WARNING if is_production(deployment) else Severity.INFO
            else:
                continue
            place = f"{path}.{name}"
            yield found(ID, severity, deployment, place, message, changes=(Change(place, None),))


def environments(deployment: Deployment) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The variables that this target gives the app, by the path of their block."""
    yield "app.env", deployment.config.app.env
    targets, name = deployment.config.targets, deployment.target
    options = getattr(targets, "lambda_" if name == "lambda" else name)
    own: Mapping[str, str] = options.env if options is not None else {}
    yield f"targets.{name}.env", own
    if name == "helm" and targets.k8s is not None:
        # A chart's block is laid over that of k8s.
        yield "targets.k8s.env", {key: value for key, value in targets.k8s.env.items() if key not in own}
