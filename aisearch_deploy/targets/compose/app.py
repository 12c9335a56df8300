"""The containers that run the app's image: its replicas, the migration, and what runs beside it."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.config.app import App, Contract
from aisearch_deploy.formats.escapes import compose_dollar
from aisearch_deploy.formats.quantities import cores, letter_bytes
from aisearch_deploy.model.images import mirrored
from aisearch_deploy.targets.compose.project import Bounds, Project, doubled, shares
from aisearch_deploy.targets.parts.app import CA_PATH, DATABASE_CA_PATH, command, environment
from aisearch_deploy.targets.parts.secrets import secrets

# Docker knows gVisor by the name under which its own documentation registers it, Kata by its containerd shim.
# https://gvisor.dev/docs/user_guide/install/ and
# https://github.com/kata-containers/kata-containers/blob/main/docs/how-to/containerd-kata.md
RUNTIMES = {"none": None, "gvisor": "runsc", "kata": "io.containerd.kata.v2"}

# Where secrets are mounted when start.sh lays them out itself, with the URLs that hold one of them.
STORED_SECRETS = "/run/stored-secrets"

PROCESSES = 1024
# With an AMD card there is nothing to count: these device files are all of the machine's cards.
# https://rocm.docs.amd.com/projects/install-on-linux/en/latest/how-to/docker.html
AMD_DEVICES = ("/dev/kfd", "/dev/dri")


def app_values(project: Project) -> dict[str, Any]:
    """Everything that compose.yaml says about the app and the migration."""
    deployment = project.deployment
    config, sizes = deployment.config, deployment.sizes
    return {
        # update.sh and rollback.sh choose another one through .env.
        "image": f"${{APP_IMAGE:-{deployment.images['app']}}}",
        "user": f"{config.contract.user}:{config.contract.user}",
        "command": [compose_dollar(word) for word in command(deployment)],
        "environment": _environment(project),
        "secrets": _secrets(project),
        "lays_out_secrets": config.contract.secrets_as != "env",
        "secrets_tmpfs": f"/run/secrets:size=1m,mode=0700,uid={config.contract.user},gid={config.contract.user}",
        "mounts": _mounts(project),
        "tmpfs": f"/tmp:size={letter_bytes(sizes.temporary_space)},mode=1777",  # noqa: S108 - inside the container
        "health": ["CMD", *probe(config.contract)],
        "startup": f"{config.app.startup}s",
        "grace": f"{sizes.stop_grace}s",
        "replicas": sizes.replicas,
        "bounds": _bounds(config.app),
        "runtime": RUNTIMES[config.sandbox.mode],
        **_cards(config.app),
        "migrate": [compose_dollar(word) for word in config.app.migrate],
        "once": _bounds(config.app)._replace(restart="no"),
    }


def probe(contract: Contract) -> list[str]:
    """A command that fails while the app cannot take traffic: in Python, since slim images have no curl; no key."""
    url = f"http://127.0.0.1:{contract.port}{contract.ready_path}"
    return ["python", "-c", f"import urllib.request as r; r.urlopen('{url}', timeout=4)"]


def sidecars(project: Project) -> list[dict[str, Any]]:
    """The containers beside the app: one of each, for all replicas."""
    return [
        {
            "name": sidecar.name,
            "image": mirrored(project.deployment.config, sidecar.image),
            "command": [compose_dollar(word) for word in sidecar.command],
            "environment": doubled(dict(sorted(sidecar.env.items()))),
            "bounds": Bounds(
                None,
                letter_bytes(sidecar.memory),
                PROCESSES,
                reserved=letter_bytes(sidecar.memory),
                cpu_shares=shares(sidecar.cpu),
            ),
        }
        for sidecar in project.deployment.config.app.sidecars
    ]


def app_folders(project: Project) -> dict[str, str]:
    """The app's volumes by name, each with the folder in the app's container."""
    state = project.deployment.config.contract.state
    folders = {"uploads": state.uploads, "models": state.models}
    if not project.deployment.shared_state and state.data:
        folders["data"] = state.data
    return folders


def authority_mounts(project: Project) -> list[dict[str, Any]]:
    """The certificate authorities that the config brings."""
    config = project.deployment.config
    found = []
    if config.network.ca_bundle:
        found.append(file_mount("./ca-bundle.pem", CA_PATH))
    if config.database.ca and project.deployment.uses_database:
        found.append(file_mount("./database-ca.pem", DATABASE_CA_PATH))
    return found


def file_mount(source: str, target: str, *, read_only: bool = True) -> dict[str, Any]:
    """A bind mount that fails when the source is missing, instead of making an empty folder there."""
    mount: dict[str, Any] = {"type": "bind", "source": source, "target": target}
    if read_only:
        mount["read_only"] = True
    return mount | {"bind": {"create_host_path": False}}


def volume_mount(name: str, target: str, *, read_only: bool = False, filled: bool = False) -> dict[str, Any]:
    """A volume of ours. Unless `filled`, Docker copies neither content nor ownership from the image into an empty one:
    that would undo what `prepare` has done each time a container is made."""
    mount: dict[str, Any] = {"type": "volume", "source": name, "target": target}
    if read_only:
        mount["read_only"] = True
    return mount if filled else mount | {"volume": {"nocopy": True}}


def _environment(project: Project) -> dict[str, str]:
    deployment = project.deployment
    settings = environment(deployment, "cache", project.options.env)
    if deployment.uses_cache and deployment.config.cache.password_secret:
        # start.sh writes it, with the password.
        settings.pop("RATE_LIMIT_STORAGE")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        if settings.get(name) == CA_PATH:
            # start.sh adds the image's own authorities first.
            settings.pop(name)
    return doubled(settings)


def _secrets(project: Project) -> list[dict[str, str]]:
    folder = "/run/secrets" if project.deployment.config.contract.secrets_as == "env" else STORED_SECRETS
    return [
        {"source": secret.name, "target": f"{folder}/{secret.name}"}
        for secret in secrets(project.deployment)
        if secret.for_app
    ]


def _mounts(project: Project) -> list[dict[str, Any]]:
    # What the image brings in its folders of models and data fills those volumes once.
    own = [
        volume_mount(name, folder, filled=name != "uploads") for name, folder in sorted(app_folders(project).items())
    ]
    theirs = [
        file_mount(volume.host_path, volume.mount, read_only=volume.read_only)
        for volume in project.deployment.config.app.volumes
        if volume.host_path
    ]
    return [file_mount("./app/start.sh", "/etc/aisearch/start.sh"), *own, *theirs, *authority_mounts(project)]


def _bounds(app: App) -> Bounds:
    return Bounds(
        cores(app.cpu.limit),
        letter_bytes(app.memory.limit),
        PROCESSES,
        reserved=letter_bytes(app.memory.request),
        cpu_shares=shares(app.cpu.request),
    )


def _cards(app: App) -> dict[str, Any]:
    none: dict[str, Any] = {"gpus": [], "devices": [], "groups": []}
    if not app.gpu.count:
        return none
    if app.gpu.vendor == "amd":
        return none | {"devices": [f"{path}:{path}" for path in AMD_DEVICES], "groups": ["video", "render"]}
    return none | {"gpus": [{"driver": "nvidia", "count": app.gpu.count, "capabilities": ["gpu"]}]}
