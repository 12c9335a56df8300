"""The files of the folder, in the order in which a person meets them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.images import images, mirrored
from aisearch_deploy.targets.base import File, Plan
from aisearch_deploy.targets.compose import scripts
from aisearch_deploy.targets.compose.edge import edge_configuration
from aisearch_deploy.targets.compose.image import image_files
from aisearch_deploy.targets.compose.project import Project
from aisearch_deploy.targets.compose.refusals import OVERRIDE
from aisearch_deploy.targets.compose.runbook import runbook
from aisearch_deploy.targets.compose.services import compose_file, image_parts, lasting_services, summary
from aisearch_deploy.targets.parts.edge import script_names
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD

# What people meet in /docker-entrypoint.d.
EDGE_SCRIPTS = {
    "10-resolver.sh": "tells nginx its name servers",
    "15-replicas.sh": "says which replicas are asked",
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
        *image_files(project),
        *_scripts(project),
        *_images(project),
        File("RUNBOOK.md", "deploy, update, restore: the exact commands", "markdown", runbook(project)),
    )
    return Plan(files, _next_steps(project))


def _next_steps(project: Project) -> tuple[str, ...]:
    """First what a start needs: the folder on the server, with the secrets in place."""
    read = "less RUNBOOK.md   # Deploy: copy the folder, put the secrets in place"
    build = ["./image/build.sh"] if project.deployment.config.image.build else []
    return (read, *build, "docker compose up -d --wait && ./verify.sh")


def _override(deployment: Deployment) -> Iterator[File]:
    if OVERRIDE in deployment.inputs:
        yield File("compose.override.yaml", "yours: " + OVERRIDE, content=deployment.inputs[OVERRIDE])


def _containers(project: Project) -> Iterator[File]:
    """What is mounted into containers."""
    deployment = project.deployment
    yield _script("prepare.sh", "gives each volume its owner", project.values())
    yield _script("app/start.sh", "hands the app its secrets", scripts.start(project))
    if deployment.uses_database:
        password = project.values(password=DATABASE_PASSWORD)
        yield _script("db/client.sh", "logs backups and psql in", password)
    if deployment.bundles_database and deployment.uses_vectors_in_database:
        yield _script("db/init/10-vector.sh", "adds vectors to the database", project.values())
    if deployment.sizes.pooler:
        yield _script("pooler/start.sh", "configures PgBouncer", scripts.pooler(project))


def _edge(project: Project) -> Iterator[File]:
    values = edge_configuration(project)
    yield File("edge/nginx.conf", "TLS, limits, headers, streams unbuffered", "nginx", values)
    for name in sorted([*script_names(project.deployment), "15-replicas.sh"]):
        yield _script(f"edge/start/{name}", EDGE_SCRIPTS[name], values)
    if project.deployment.config.tls.source == "letsencrypt":
        yield _script(
            "certbot/renew.sh", "gets and renews the certificate", project.values(domain=project.deployment.domain)
        )


def _authorities(deployment: Deployment) -> Iterator[File]:
    bundle, database = deployment.config.network.ca_bundle, deployment.config.database.ca
    if bundle:
        yield File("ca-bundle.pem", "authorities that the app trusts too", content=deployment.inputs[bundle])
    if database and deployment.uses_database:
        yield File("database-ca.pem", "the database's authority", content=deployment.inputs[database])


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
    wanted = [from_outside[part] for part in image_parts(project)]
    wanted += [sidecar.image for sidecar in deployment.config.app.sidecars]
    lines = [f"{reference} {mirrored(deployment.config, reference)}" for reference in dict.fromkeys(wanted)]
    yield File("images.txt", "every image, to be copied into your registry", "ignore", project.values(lines=lines))


def _script(path: str, about: str, values: dict[str, Any]) -> File:
    return File(path, about, "shell", values, executable=True)
