"""The values of template.yaml."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.config.aws import LambdaTarget
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.app import DATABASE_CA_PATH, cache_url, database_url, environment
from aisearch_deploy.targets.parts.aws import parameter, stack_name
from aisearch_deploy.targets.parts.edge import answer_headers
from aisearch_deploy.targets.parts.secrets import BACKUP_CREDENTIALS, DATABASE_PASSWORD, Secret, secrets

MIB = 2**20
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html, in MiB.
LEAST_DISK, MOST_DISK = 512, 10_240
# A function that has not answered by then has its start-up stopped and tried again.
LONGEST_INIT = 10
# CloudFront sets these in words of its own; all others are custom headers.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
_OWN = frozenset(
    {
        "content-security-policy",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
        "x-frame-options",
        "x-xss-protection",
    }
)


def options_of(deployment: Deployment) -> LambdaTarget:
    """targets.lambda, or its defaults."""
    return deployment.config.targets.lambda_ or LambdaTarget()


def stored_secrets(deployment: Deployment) -> list[Secret]:
    """The secrets that secrets.sh puts into Secrets Manager."""
    return [secret for secret in secrets(deployment) if secret.for_app and secret.name != BACKUP_CREDENTIALS]


def template(deployment: Deployment) -> File:
    """template.yaml: the function and what is in front of it."""
    config, options = deployment.config, options_of(deployment)
    function = stack_name(deployment)
    names = [secret.name for secret in stored_secrets(deployment)]
    security, custom = _headers(deployment)
    values = {
        "config_file": deployment.document.file.rpartition("/")[2],
        "description": f"{function}: the AI Search Engine for {deployment.domain}",
        "function": function,
        "live": f"{function}:live",
        "log_group": f"/aws/lambda/{function}",
        "log_retention": options.log_retention,
        "secret_parameters": [parameter(name) for name in names],
        "architecture": options.architecture,
        "memory": config.app.memory.limit // MIB,
        "disk": min(MOST_DISK, max(LEAST_DISK, deployment.sizes.temporary_space // MIB + LEAST_DISK)),
        "timeout": config.app.longest_request,
        "least": config.scaling.min,
        "most": config.scaling.max,
        "canary": options.canary,
        "variables": _variables(deployment, names),
        "subnets": options.private_subnets,
        "security_groups": options.security_groups,
        "files": options.files,
        "mount": _mount(deployment),
        "statements": _statements(deployment, names),
        "security_headers": security,
        "custom_headers": custom,
        "domains": config.domains,
        "certificate_arn": options.certificate_arn,
    }
    about = f"a function of {values['memory']} MiB, {config.scaling.min} to {config.scaling.max} instances, CloudFront"
    return File("template.yaml", about, values=values)


def _mount(deployment: Deployment) -> str:
    state = deployment.config.contract.state
    mounted = [path for path in (state.uploads, state.models) if path.startswith("/mnt/")]
    return "/".join(mounted[0].split("/")[:3]) if mounted else "/mnt/files"


def _variables(deployment: Deployment, names: list[str]) -> dict[str, Any]:
    config = deployment.config
    settings: dict[str, Any] = environment(deployment, "", options_of(deployment).env)
    settings |= {
        "WEB_WORKERS": "1",
        # https://github.com/awslabs/aws-lambda-web-adapter
        "AWS_LWA_PORT": str(config.contract.port),
        "AWS_LWA_READINESS_CHECK_PATH": config.contract.ready_path,
        "AWS_LWA_INVOKE_MODE": "response_stream",
        "AWS_LWA_ASYNC_INIT": "true" if config.app.startup > LONGEST_INIT else "false",
    }
    if names:
        pairs = " ".join(f"{name}=${{{parameter(name)}}}" for name in names)
        settings["LAUNCH_SECRETS"] = {"Fn::Sub": pairs}
        settings["LAUNCH_SECRETS_AS"] = config.contract.secrets_as
    urls = _urls(deployment)
    if urls:
        settings["LAUNCH_URLS"] = " ".join(urls)
        for name, (url, secret) in urls.items():
            settings |= {name: url, f"LAUNCH_{name}": secret}
    return dict(sorted(settings.items()))


def _urls(deployment: Deployment) -> dict[str, tuple[str, str]]:
    """URLs with the word SECRET where a secret belongs, and that secret's name."""
    config = deployment.config
    found: dict[str, tuple[str, str]] = {}
    if deployment.uses_database:
        url = database_url(deployment, config.database.host or "", config.database.port, "SECRET", DATABASE_CA_PATH)
        found["DATABASE_URL"] = (url, DATABASE_PASSWORD)
    password = config.cache.password_secret
    if deployment.uses_cache and password is not None:
        for number, name in enumerate(("REDIS_URL", "RATE_LIMIT_STORAGE")):
            scheme, rest = cache_url(deployment, "", number).split("://", 1)
            found[name] = (f"{scheme}://:SECRET@{rest}", password)
    return found


def _statements(deployment: Deployment, names: list[str]) -> list[dict[str, Any]]:
    """What the function may do: read exactly its secrets, and use its files."""
    found: list[dict[str, Any]] = []
    if names:
        found.append(
            {
                "Effect": "Allow",
                "Action": "secretsmanager:GetSecretValue",
                "Resource": [{"Ref": parameter(name)} for name in names],
            }
        )
    files = options_of(deployment).files
    if files:
        found.append(
            {
                "Effect": "Allow",
                "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
                "Resource": "*",
                "Condition": {"StringEquals": {"elasticfilesystem:AccessPointArn": files}},
            }
        )
    return found


def _headers(deployment: Deployment) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """CloudFront's words for the headers it knows, and the others."""
    headers = answer_headers(deployment)
    known = {name.lower(): value for name, value in headers.items()}
    security = {
        "ContentSecurityPolicy": {"ContentSecurityPolicy": known["content-security-policy"], "Override": True},
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"FrameOption": known["x-frame-options"], "Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": known["referrer-policy"], "Override": True},
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": deployment.config.edge.hsts,
            "IncludeSubdomains": True,
            "Override": True,
        },
        "XSSProtection": {"Protection": False, "Override": True},
    }
    custom = [
        {"Header": name, "Value": value, "Override": True}
        for name, value in headers.items()
        if name.lower() not in _OWN
    ]
    return security, custom
