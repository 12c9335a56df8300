"""Nobody gives the app the server's container engine.

What it does: refuses volumes that mount an engine's socket, or a folder that holds it.

Why it matters: whoever can write to docker.sock is root on the server: one container with the server's disk mounted
is a sentence. The app executes code that language models wrote.

Example: app: {volumes: [{name: engine, host_path: /var/run/docker.sock, mount: /var/run/docker.sock}]}.

Fix: take the volume away. Code runs isolated with sandbox: {mode: gvisor} where the platform has it, or not at all.

References: https://docs.docker.com/engine/security/#docker-daemon-attack-surface and
https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html (rule 1)
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID502"
SLUG = "engine-socket"
SEVERITY = Severity.ERROR
TARGETS = None
READS = ("app.volumes[].host_path",)
SOCKETS = ("docker.sock", "containerd.sock", "podman.sock", "crio.sock", "buildkitd.sock")
FOLDERS = ("/run", "/var/run", "/run/containerd", "/run/docker", "/run/podman")


def check(deployment: Deployment) -> Iterator[Finding]:
    """No host_path is a socket of an engine, or a folder with one."""
    volumes = deployment.config.app.volumes
    safe = [number for number, volume in enumerate(volumes) if not _opens(volume.host_path)]
    for number, volume in enumerate(volumes):
        if number not in safe:
            yield found(
                ID,
                Severity.ERROR,
                deployment,
                f"app.volumes[{number}].host_path",
                f"{volume.host_path} makes the app root on the server.",
                changes=(Change("app.volumes", None),) if not safe else (),
                fix="" if not safe else "Take this volume away.",
            )


def _opens(path: str | None) -> bool:
    return path is not None and (path.rpartition("/")[2] in SOCKETS or path.rstrip("/") in FOLDERS)
