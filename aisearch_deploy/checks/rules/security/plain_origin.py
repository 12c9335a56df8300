"""Pages that may call the API came over TLS.

What it does: warns of cors_origins that begin with http://. One of this machine (localhost) is a note, and a warning in
an environment named production.

Why it matters: whoever is on the way of such a page (the Wi-Fi of a hotel) changes it, and his script asks the API in
the visitor's name and reads the answers: TLS of the API itself no longer helps.

Example: app: {cors_origins: ["http://search.example.com"]}.

Fix: https://; and no origin of a developer's machine in production.

References: https://portswigger.net/web-security/cors (Breaking TLS with poorly configured CORS)
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.environments import is_production
from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID514"
SLUG = "plain-origin"
SEVERITY = Severity.WARNING
TARGETS = None
READS = ("app.cors_origins",)


def check(deployment: Deployment) -> Iterator[Finding]:
    """Each origin is https://, but for a developer's own machine."""
    origins = deployment.config.app.cors_origins
    for number, origin in enumerate(origins):
        if not origin.startswith("http://"):
            continue
        local = origin.removeprefix("http://").partition(":")[0] == "localhost"
        if local:
            mended = [other for other in origins if other != origin] or None
            message = f"{origin} is whatever runs on a visitor's own machine."
        else:
            mended = list(dict.fromkeys(other.replace("http://", "https://") for other in origins))
            message = f"{origin} can be changed on its way, and its scripts may call the API."
        yield found(
            ID,
            Severity.INFO if local and not is_production(deployment) else Severity.WARNING,
            deployment,
            f"app.cors_origins[{number}]",
            message,
            changes=(Change("app.cors_origins", mended),),
        )
