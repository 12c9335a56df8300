"""The files of the folder, in the order in which a person meets them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.images import images
from aisearch_deploy.targets.base import File, Plan
from aisearch_deploy.targets.compose import scripts
from aisearch_deploy.targets.compose.edge import edge_configuration
from aisearch_deploy.targets.compose.project import Project
from aisearch_deploy.targets.compose.runbook import runbook
from aisearch_deploy.targets.compose.services import compose_file, image_parts, lasting_services, summary
from aisearch_deploy.targets.parts.app import command
from aisearch_deploy.targets.parts.edge import script_names
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD

OVERRIDE = "patches/compose/compose.override.yaml"

# What people meet in /docker-entrypoint.d.
EDGE_SCRIPTS = {
    "10-resolver.sh": "tells nginx its name servers",
    "20-certificate.sh": "brings the certificate to nginx",
    "30-api-keys.sh": "turns the API keys into a map",
    "40-reload.sh": "reloads nginx when they change",
}


def plan(deployment: Deployment) -> Plan:
    """Everything that one server needs."""
    project = Project(deployment)
    files = (
        File("compose.yaml", summary(project), values=compose_file(project)),
        File(".env", "the project's name, and the image that update.sh chose", "dotenv", project.values()),
        *_override(deployment),
        *_containers(project),
        *_edge(project),
        *_authorities(deployment),
        *_image(project),
        *_scripts(project),
        *_images(project),
        File("RUNBOOK.md", "deploy, update, restore: the exact commands", "markdown", runbook(project)),
    )
    return Plan(files, _next_steps(project))


def _next_steps(project: Project) -> tuple[str, ...]:
    if project.deployment.config.image.build:
        return ("./image/build.sh", "docker compose up -d --wait && ./verify.sh")
    return ("docker compose up -d --wait && ./verify.sh",)


def _override(deployment: Deployment) -> Iterator[File]:
    """The person's own additions; Compose merges a file of this name by itself."""
    if OVERRIDE in deployment.inputs:
        yield File("compose.override.yaml", "yours: " + OVERRIDE, content=deployment.inputs[OVERRIDE])


def _containers(project: Project) -> Iterator[File]:
    """What is mounted into containers."""
    deployment = project.deployment
    yield _script("app/start.sh", "hands the app its secrets", scripts.start(project))
    if deployment.uses_database:
        password = project.values(password=DATABASE_PASSWORD)
        yield _script("db/client.sh", "logs backups and psql in", password)
    if deployment.bundles_database and deployment.config.database.tls != "disable":
        yield _script("db/start.sh", "makes the database's certificate", project.values())
    if deployment.bundles_database and deployment.uses_vectors_in_database:
        yield _script("db/init/10-vector.sh", "adds vectors to the database", project.values())
    if deployment.sizes.pooler:
        yield _script("pooler/start.sh", "configures PgBouncer", scripts.pooler(project))


def _edge(project: Project) -> Iterator[File]:
    values = edge_configuration(project)
    yield File("edge/nginx.conf", "TLS, limits, headers, streams unbuffered", "nginx", values)
    for name in script_names(project.deployment):
        yield _script(f"edge/start/{name}", EDGE_SCRIPTS[name], values)
    if project.deployment.config.tls.source == "letsencrypt":
        yield _script(
            "certbot/renew.sh", "gets and renews the certificate", project.values(domain=project.deployment.domain)
        )


def _authorities(deployment: Deployment) -> Iterator[File]:
    config = deployment.config
    if config.network.ca_bundle:
        yield File("ca-bundle.pem", "authorities that the app trusts too", content=deployment.inputs[config.network.ca_bundle])
    if config.database.ca and deployment.uses_database:
        yield File("database-ca.pem", "the database's authority", content=deployment.inputs[config.database.ca])


def _image(project: Project) -> Iterator[File]:
    """What builds the app's image, for those who do not pull it."""
    config = project.deployment.config
    build = config.image.build
    if build is None:
        return
    yield File("image/Dockerfile", "the app's image, from its source", "dockerfile", _dockerfile(project))
    state = sorted(folder.removeprefix("/app/") for folder in _state_folders(project) if folder.startswith("/app/"))
    yield File("image/Dockerfile.dockerignore", "what stays out of it", "ignore", project.values(state=state))
    levels = 3 if project.deployment.environment else 2
    yield _script(
        "image/build.sh",
        "builds it",
        project.values(
            image=project.deployment.images["app"].partition("@")[0],
            # From image/ in deploy/[environment/]compose, where `render` writes when it is not told otherwise.
            source="../" * (levels + 1) + build.context,
            requirements=build.requirements,
        ),
    )


def _dockerfile(project: Project) -> dict[str, Any]:
    config = project.deployment.config
    build, contract = config.image.build, config.contract
    assert build is not None  # noqa: S101 - the caller looked
    probe = f"import urllib.request as r; r.urlopen('http://127.0.0.1:{contract.port}{contract.ready_path}', timeout=4)"
    return project.values(
        multi=build.stages == "multi",
        base=build.base,
        requirements=build.requirements,
        user=contract.user,
        owner=f"{contract.user}:{contract.user}",
        state_folders=" ".join(_state_folders(project)),
        port=contract.port,
        startup=f"{config.app.startup}s",
        health=["python", "-c", probe],
        command=command(project.deployment),
    )


def _state_folders(project: Project) -> list[str]:
    state = project.deployment.config.contract.state
    return [folder for folder in (state.uploads, state.models, state.data) if folder]


def _scripts(project: Project) -> Iterator[File]:
    """What a person runs."""
    backup = scripts.backup(project)
    yield _script("update.sh", "a new version, replica by replica", scripts.update(project))
    yield _script("rollback.sh", "back to the version before", project.values())
    yield _script("backup.sh", "copies what cannot be made again", backup)
    yield _script("restore.sh", "puts a backup back", backup)
    yield _script("schedule-backups.sh", "makes backups run by themselves", scripts.schedule(project))
    yield _script("verify.sh", "looks whether all is well", scripts.verify(project, lasting_services(project)))


def _images(project: Project) -> Iterator[File]:
    deployment = project.deployment
    if deployment.config.air_gapped is None:
        return
    from_outside = images(deployment.config.model_copy(update={"air_gapped": None}), deployment.default_images)
    lines = [f"{from_outside[part]} {deployment.images[part]}" for part in image_parts(project)]
    yield File("images.txt", "every image, to be copied into your registry", "ignore", project.values(lines=lines))


def _script(path: str, about: str, values: dict[str, Any]) -> File:
    return File(path, about, "shell", values, executable=True)
