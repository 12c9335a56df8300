"""The values of stack.yaml, part by part."""

from __future__ import annotations

from math import ceil
from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.fargate import pair_for
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.ecs import containers as task
from aisearch_deploy.targets.ecs import once, sizes
from aisearch_deploy.targets.ecs.names import (
    in_json,
    in_stack,
    options_of,
    repository,
    sidecar_parameter,
    stored_secrets,
)
from aisearch_deploy.targets.ecs.network import network
from aisearch_deploy.targets.ecs.schedules import aws_schedules
from aisearch_deploy.targets.parts.aws import parameter, stack_name
from aisearch_deploy.targets.parts.edge import edge_temporary_bytes

ALGORITHMS = {
    "round-robin": "round_robin",
    "least-connections": "least_outstanding_requests",
    # The nearest that there is: a cookie keeps a caller at its task.
    "address-hash": "round_robin",
}
CACHE_VERSIONS = {"valkey": "8.1", "redis": "7.1"}
CACHE_FAMILIES = {"valkey": "valkey8", "redis": "redis7"}
ARCHITECTURES = {"x86_64": "X86_64", "arm64": "ARM64"}


def stack(deployment: Deployment) -> File:
    """stack.yaml: everything that runs."""
    values = (
        _common(deployment)
        | network(deployment)
        | _parameters(deployment)
        | _balancer(deployment)
        | _service(deployment)
        | _data(deployment)
        | firewall(deployment)
    )
    return File("stack.yaml", _about(deployment), values=values)


def task_definition(deployment: Deployment) -> File:
    """task-definition.json: the same task, as RegisterTaskDefinition takes it."""
    options = options_of(deployment)
    pair = pair_for(deployment.config)
    disk = sizes.ephemeral_disk(edge_temporary_bytes(deployment))
    definition = {
        "family": stack_name(deployment),
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": str(pair.cpu) if pair else "",
        "memory": str(pair.memory) if pair else "",
        "runtimePlatform": {
            "operatingSystemFamily": "LINUX",
            "cpuArchitecture": ARCHITECTURES[options.architecture],
        },
        **({"ephemeralStorage": {"sizeInGiB": disk}} if disk else {}),
        "executionRoleArn": "@{ExecutionRole}",
        "taskRoleArn": "@{TaskRole}",
        "volumes": in_json(task.volumes(deployment), options.region),
        "containerDefinitions": in_json(task.containers(deployment), options.region),
    }
    return File(
        "task-definition.json", "the task alone, for pipelines: pipeline.sh fills it", "json", {"task": definition}
    )


def client(deployment: Deployment) -> bool:
    """Whether something has to be said to a new database."""
    return deployment.bundles_database and deployment.uses_vectors_in_database


def description(deployment: Deployment) -> str:
    """One line for the console."""
    return f"{stack_name(deployment)}: the AI Search Engine for {deployment.domain}"


def _about(deployment: Deployment) -> str:
    counts = deployment.sizes
    parts = [
        f"{counts.replicas} to {counts.max_replicas} tasks" if counts.autoscales else f"{counts.replicas} tasks",
        "a load balancer with TLS",
        *(["RDS"] if deployment.bundles_database else []),
        *(["ElastiCache"] if deployment.bundles_cache else []),
        "EFS, backups",
    ]
    return ", ".join(parts)


def _common(deployment: Deployment) -> dict[str, Any]:
    options = options_of(deployment)
    log_group = f"/ecs/{stack_name(deployment)}"
    return {
        "config_file": deployment.document.file.rpartition("/")[2],
        "description": description(deployment),
        "log_group": log_group,
        "log_group_arn": f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{log_group}",
        "log_retention": options.log_retention,
        "port": deployment.config.contract.port,
        "user": str(deployment.config.contract.user),
        "models": True,
        "protected": options.deletion_protection,
    }


def _parameters(deployment: Deployment) -> dict[str, Any]:
    names = [secret.name for secret in stored_secrets(deployment)]
    own = [{"Ref": parameter(name)} for name in names]
    master = [{"Fn::GetAtt": ["Database", "MasterUserSecret.SecretArn"]}] if deployment.bundles_database else []
    return {
        "pooler": deployment.sizes.pooler,
        "client": client(deployment),
        "sidecar_images": [sidecar_parameter(number) for number in range(len(deployment.config.app.sidecars))],
        "migrates": bool(deployment.config.app.migrate),
        "secret_parameters": [parameter(name) for name in names],
        "secret_resources": [*own, *master],
        "repository_arn": f"arn:${{AWS::Partition}}:ecr:${{AWS::Region}}:${{AWS::AccountId}}:repository/"
        f"{repository(deployment)}",
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html: not for tasks of others.
        "assumed_by_tasks": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                }
            ],
        },
    }


def _balancer(deployment: Deployment) -> dict[str, Any]:
    config, options = deployment.config, options_of(deployment)
    types = ["A", *(["AAAA"] if config.network.ipv6 else [])]
    return {
        "domain": config.domains[0],
        "domains": config.domains,
        "other_domains": config.domains[1:],
        "certificate_arn": options.certificate_arn,
        "hosted_zone": options.hosted_zone,
        "records": [{"name": domain, "type": kind} for domain in config.domains for kind in types],
        "address_type": "dualstack" if config.network.ipv6 else "ipv4",
        "idle_timeout": str(sizes.idle_timeout(deployment)),
        "deletion_protection": "true" if options.deletion_protection else "false",
        "health_port": str(config.contract.port),
        "ready_path": config.contract.ready_path,
        "deregistration_delay": str(min(3600, deployment.sizes.pre_stop + deployment.sizes.drain)),
        "algorithm": ALGORITHMS[config.edge.balance],
        "sticky": config.edge.balance == "address-hash",
    }


def _service(deployment: Deployment) -> dict[str, Any]:
    config, counts, options = deployment.config, deployment.sizes, options_of(deployment)
    pair = pair_for(config)
    policies: list[dict[str, Any]] = [
        {
            "name": "ScaleByCpu",
            "metric": "ECSServiceAverageCPUUtilization",
            "target": config.scaling.cpu,
            "label": False,
        },
        {
            "name": "ScaleByRequests",
            "metric": "ALBRequestCountPerTarget",
            "target": sizes.requests_per_task(deployment),
            "label": True,
        },
    ]
    if counts.scales_on_memory:
        policies.insert(
            1,
            {
                "name": "ScaleByMemory",
                "metric": "ECSServiceAverageMemoryUtilization",
                "target": config.scaling.memory,
                "label": False,
            },
        )
    scraped = config.monitoring.metrics
    return {
        "insights": "enhanced" if scraped else "disabled",
        "task_cpu": str(pair.cpu) if pair else "",
        "task_memory": str(pair.memory) if pair else "",
        "architecture": ARCHITECTURES[options.architecture],
        "ephemeral": sizes.ephemeral_disk(edge_temporary_bytes(deployment)),
        "volumes": in_stack(task.volumes(deployment)),
        "containers": in_stack(task.containers(deployment)),
        "migration_volumes": in_stack(
            [volume for volume in task.volumes(deployment) if volume["name"] != "edge-scratch"]
        ),
        "migration_containers": in_stack(once.migration_containers(deployment)),
        "client_containers": in_stack(once.client_containers(deployment)) if client(deployment) else [],
        "restore_volumes": in_stack(once.restore_volumes()),
        "restore_containers": in_stack(once.restore_containers()),
        "service_name": deployment.name,
        "desired": None if counts.autoscales else counts.replicas,
        "rebalancing": "ENABLED" if config.scheduling.zones == "spread" else "DISABLED",
        "maximum_percent": sizes.maximum_percent(deployment),
        "grace_period": config.app.startup + 60,
        "scales": counts.autoscales,
        "least": counts.replicas,
        "most": counts.max_replicas,
        "policies": policies,
    }


def _data(deployment: Deployment) -> dict[str, Any]:
    config = deployment.config
    return {
        "database": _database(deployment) if deployment.bundles_database else None,
        "cache": _cache(deployment) if deployment.bundles_cache else None,
        "keep_days": sizes.retention_days(deployment),
        "backup_schedules": [
            {"name": f"schedule-{number + 1}", "expression": expression}
            for number, expression in enumerate(aws_schedules(config.backup.schedule))
        ],
    }


def _database(deployment: Deployment) -> dict[str, Any]:
    database, storage = deployment.config.database, sizes.storage(deployment)
    return {
        "family": f"postgres{database.version}",
        "version": str(database.version),
        "max_connections": str(database.max_connections),
        "instance_class": sizes.database_class(deployment),
        "port": str(database.port),
        "name": database.name,
        "user": database.user,
        "storage": str(storage),
        "most_storage": ceil(storage * 1.5),
        "multi_az": sizes.spread(deployment),
        "retention": min(sizes.LONGEST_RETENTION, sizes.retention_days(deployment)),
        "insights": deployment.config.monitoring.metrics,
    }


def _cache(deployment: Deployment) -> dict[str, Any]:
    engine, spread = deployment.config.cache.engine, sizes.spread(deployment)
    return {
        "engine": engine,
        "port": deployment.config.cache.port,
        "version": CACHE_VERSIONS[engine],
        "family": CACHE_FAMILIES[engine],
        "node": sizes.cache_node(deployment),
        "nodes": 2 if spread else 1,
        "failover": spread,
    }


def firewall(deployment: Deployment) -> dict[str, Any]:
    """WAF's rate rule: the edge's limit, counted over all tasks."""
    config, limit = deployment.config, deployment.config.rate_limit
    values = {"waf": options_of(deployment).waf, "rate_statement": None, "retry_after": "60"}
    if limit is None:
        return values
    asked = limit.requests * (60 if limit.per == "second" else 1)
    paths = [
        {
            "ByteMatchStatement": {
                "FieldToMatch": {"UriPath": {}},
                "PositionalConstraint": "STARTS_WITH",
                "SearchString": path,
                "TextTransformations": [{"Priority": 0, "Type": "NORMALIZE_PATH"}],
            }
        }
        for path in limit.paths
    ]
    statement: dict[str, Any] = {
        # WAF counts at least ten.
        "Limit": max(10, asked + limit.burst),
        "EvaluationWindowSec": 60,
        **_counted_by(deployment),
        "ScopeDownStatement": paths[0] if len(paths) == 1 else {"OrStatement": {"Statements": paths}},
    }
    if config.cdn == "cloudflare" and not config.api_keys:
        statement["ForwardedIPConfig"] = {"HeaderName": "CF-Connecting-IP", "FallbackBehavior": "MATCH"}
    return values | {"rate_statement": statement}


def _counted_by(deployment: Deployment) -> dict[str, Any]:
    keys = deployment.config.api_keys
    if keys:
        header = {"Name": keys.header.lower(), "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}
        return {"AggregateKeyType": "CUSTOM_KEYS", "CustomKeys": [{"Header": header}]}
    return {"AggregateKeyType": "FORWARDED_IP" if deployment.config.cdn == "cloudflare" else "IP"}
