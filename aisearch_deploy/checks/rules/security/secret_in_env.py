"""Passwords are not written into the config.

What it does: warns of variables in app.env, the targets' env and sidecars' env whose name says password, secret, token
or key and whose value looks like one: twelve letters and digits or more, no path and no word of a vocabulary. Neither
the message nor the text form repeats the value.

Why it matters: the config and what is rendered from it are kept in a repository, shown in reviews and copied to
servers, and can be read there for ever, long after the value was taken out.

Example: app: {env: {SMTP_PASSWORD: "Tr0ub4dor-and-3"}}.

Fix: the name under secrets.names, the value into the store, and a new value: the old one was seen.

References: https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.rules.security.unverified_calls import READS as ENVIRONMENTS
from aisearch_deploy.checks.rules.security.unverified_calls import environments
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID513"
SLUG = "secret-in-env"
SEVERITY = Severity.WARNING
TARGETS = None
READS = (*ENVIRONMENTS, "app.sidecars[].env", "secrets.names")
SECRET = re.compile(r"(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|SECRET_KEY|ACCESS_KEY|PRIVATE_KEY)$")
# EOS_TOKEN: "<|endoftext|>" is no secret, and neither is a path, a number or a truth value.
VALUE = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9+=_.~!-]{12,}")


def check(deployment: Deployment) -> Iterator[Finding]:
    """No variable is named and filled like a secret."""
    sidecars = (
        (f"app.sidecars[{number}].env", sidecar.env) for number, sidecar in enumerate(deployment.config.app.sidecars)
    )
    for path, variables in (*environments(deployment), *sidecars):
        for name, value in variables.items():
            if SECRET.search(name) and VALUE.fullmatch(value):
                place = f"{path}.{name}"
                yield found(
                    ID,
                    Severity.WARNING,
                    deployment,
                    place,
                    f"{name} looks like a secret, and everybody who sees the config reads it.",
                    changes=(Change(place, None),),
                    fix=f"Add {name} to secrets.names, and give it a new value in the store.",
                )
