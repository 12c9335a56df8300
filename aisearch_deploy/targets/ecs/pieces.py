"""What every container of every task has, and the pieces they are made of; in the API's spelling."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.fargate import MIB
from aisearch_deploy.targets.ecs.names import Composed

Object = dict[str, Any]

SECRETS_FOLDER = "/run/secrets"
AUTHORITIES = "/etc/aisearch"
EDGE_USER = "101:101"
PSQL_USER = "999:999"


def common(name: str, image: str, user: str | None) -> Object:
    """What every container has: nothing it could write to but its mounts, and a log."""
    return {
        "name": name,
        "image": Composed(image),
        "essential": True,
        **({"user": user} if user else {}),
        "readonlyRootFilesystem": True,
        "linuxParameters": capabilities(),
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": Composed("${LogGroup}"),
                "awslogs-region": Composed("${AWS::Region}"),
                "awslogs-stream-prefix": name,
                # A slow log never stops an answer.
                "mode": "non-blocking",
                "max-buffer-size": "25m",
            },
        },
    }


def capabilities() -> Object:
    return {"initProcessEnabled": False, "capabilities": {"drop": ["ALL"]}}


def linux(deployment: Deployment, path: str, size: int) -> Object:
    as_files = deployment.config.contract.secrets_as != "env"
    written = [tmpfs(path, size), *([tmpfs(SECRETS_FOLDER, MIB)] if as_files else [])]
    return {**capabilities(), "tmpfs": written}


def tmpfs(path: str, size: int) -> Object:
    """Memory to write to; Fargate has it since January 2026.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html
    """
    return {"containerPath": path, "size": -(-size // MIB), "mountOptions": ["nosuid", "nodev"]}


def file_volumes() -> list[Object]:
    """Uploads and models, each seen through its own access point."""
    return [on_files("uploads", "UploadsAccess"), on_files("models", "ModelsAccess")]


def on_files(name: str, access_point: str) -> Object:
    return {
        "name": name,
        "efsVolumeConfiguration": {
            "fileSystemId": Composed("${FileSystem}"),
            "transitEncryption": "ENABLED",
            "authorizationConfig": {"accessPointId": Composed(f"${{{access_point}}}"), "iam": "ENABLED"},
        },
    }


def health(words: list[str], start: int) -> Object:
    return {"command": words, "interval": 10, "timeout": 5, "retries": 3, "startPeriod": start}


def variables(settings: dict[str, str]) -> list[Object]:
    return [{"name": name, "value": value} for name, value in sorted(settings.items())]
