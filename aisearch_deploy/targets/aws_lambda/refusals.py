"""What Lambda cannot carry at all, in words that say what to write instead."""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.formats.quantities import binary_bytes, duration
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.formulas import RESERVED_CONNECTIONS

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LONGEST_REQUEST = 900
MIB = 2**20
LEAST_MEMORY, MOST_MEMORY = 128 * MIB, 10_240 * MIB
# A request is 6 MB at most, and a body that is no text is a third larger inside it.
LARGEST_UPLOAD = 4 * MIB
WRITABLE = ("/tmp", "/mnt")  # noqa: S108 - Lambda's own


def refusal(deployment: Deployment) -> str | None:
    """The first reason, or None."""
    return next(_reasons(deployment), None)


def _reasons(deployment: Deployment) -> Iterator[str]:
    yield from _state(deployment)
    yield from _limits(deployment)
    yield from _features(deployment)


def _state(deployment: Deployment) -> Iterator[str]:
    config = deployment.config
    if not deployment.shared_state:
        yield "contract local-state: a function has no disk that outlives it. Write contract: shared-state."
    if deployment.bundles_database:
        yield "database.mode bundled: a function runs no database. Write mode: external and a host."
    if deployment.bundles_cache:
        yield "cache.mode bundled: a function runs no cache. Write mode: external and a host."
    for name, path in (("uploads", config.contract.state.uploads), ("models", config.contract.state.models)):
        if not any(path.startswith(f"{folder}/") for folder in WRITABLE):
            yield (
                f"contract.state.{name} {path}: a function writes below /tmp, which is lost, and /mnt, which is EFS. "
                f"Write contract: {{state: {{{name}: /mnt/{name}}}}} for an image that reads it from there."
            )
        elif path.startswith("/mnt/") and (config.targets.lambda_ is None or config.targets.lambda_.files is None):
            yield f"contract.state.{name} {path} needs EFS. Write targets.lambda.files, and private_subnets."
    paths = {config.contract.state.uploads, config.contract.state.models}
    mounted = {path.split("/")[2] for path in paths if path.startswith("/mnt/")}
    if len(mounted) > 1 or any(path.count("/") < 3 for path in paths if path.startswith("/mnt/")):
        yield "contract.state: Lambda mounts one EFS folder. Write paths such as /mnt/files/uploads, /mnt/files/models."


def _limits(deployment: Deployment) -> Iterator[str]:
    config = deployment.config
    app, database = config.app, config.database
    if app.longest_request > LONGEST_REQUEST:
        yield f"app.longest_request {duration(app.longest_request)}: a function ends after 15m. Write 15m, or less."
    if app.upload_limit > LARGEST_UPLOAD:
        yield (
            f"app.upload_limit {binary_bytes(app.upload_limit)}: a function takes requests of 6 MB, which is 4Mi of a "
            "file. Write upload_limit: 4Mi, or take ecs."
        )
    if not LEAST_MEMORY <= app.memory.limit <= MOST_MEMORY:
        yield f"app.memory {binary_bytes(app.memory.limit)}: a function has 128Mi to 10240Mi."
    each = database.pool.size + database.pool.overflow
    most = config.scaling.max * each
    if deployment.uses_database and most > database.max_connections - RESERVED_CONNECTIONS:
        yield (
            f"scaling.max {config.scaling.max} instances x {each} connections are more than the database's "
            f"{database.max_connections}. Write database: {{pool: {{size: 1, overflow: 0}}}}: one request at a time "
            "needs one."
        )


def _features(deployment: Deployment) -> Iterator[str]:
    config = deployment.config
    if config.targets.lambda_ is None or config.targets.lambda_.certificate_arn is None:
        yield "targets.lambda.certificate_arn: the domains need a certificate in us-east-1, for CloudFront."
    if config.contract.secrets_as == "file":
        yield "contract.secrets_as file: nothing below /run can be written. Write env or NAME_FILE."
    if config.api_keys:
        yield "api_keys: nothing in front of a function checks them. Take ecs."
    if config.app.gpu.count:
        yield "app.gpu: a function has no graphics processors. Take k8s."
    if config.app.sidecars:
        yield "app.sidecars: a function is one container. Remove them, or take ecs."
    if config.app.volumes:
        yield "app.volumes: a function mounts EFS only. Remove them, or take k8s."
    if config.sandbox.mode != "none":
        yield f"sandbox.mode {config.sandbox.mode}: a function chooses no runtime. Write sandbox: {{mode: none}}."
