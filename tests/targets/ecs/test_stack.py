"""What stack.yaml says, read back."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from aisearch_deploy.errors import ConfigInvalid
from aisearch_deploy.model.fargate import MIB, PAIRS, nearest, pair_for
from aisearch_deploy.targets.registry import target_named
from tests.rendering.alternatives import EXISTING_VPC, STANDARD
from tests.rendering.configs import deployment_of, overlaid, rendered_from


def stack(*overlays: dict[str, Any]) -> dict[str, Any]:
    files = rendered_from(overlaid(STANDARD, *overlays), "ecs")
    template: dict[str, Any] = yaml.safe_load(files["stack.yaml"])
    return template


def resource(template: dict[str, Any], name: str) -> dict[str, Any]:
    properties: dict[str, Any] = template["Resources"][name]["Properties"]
    return properties


def container(template: dict[str, Any], name: str, task: str = "Task") -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in resource(template, task)["ContainerDefinitions"] if one["Name"] == name)
    return found


def of_type(template: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: one["Properties"] for name, one in template["Resources"].items() if one["Type"] == kind}


def test_g22_tasks_have_an_execution_role_that_reads_exactly_their_secrets() -> None:
    template = stack()
    policy = resource(template, "ExecutionRole")["Policies"][0]["PolicyDocument"]
    allowed = next(one for one in policy["Statement"] if one["Sid"] == "Secrets")["Resource"]
    wanted = [
        secret["ValueFrom"]
        for task in of_type(template, "AWS::ECS::TaskDefinition").values()
        for one in task["ContainerDefinitions"]
        for secret in one.get("Secrets", [])
    ]
    named = {str(_base(place)) for place in wanted}
    assert named == {str(place) for place in allowed}
    assert len(allowed) > 1


def _base(place: dict[str, Any]) -> dict[str, Any]:
    """The secret itself, where one of its keys is asked for."""
    if "Fn::Sub" in place:
        return {"Fn::GetAtt": place["Fn::Sub"].removeprefix("${").partition("}")[0].split(".", 1)}
    return place


def test_g22_every_task_has_logs_and_the_execution_role() -> None:
    template = stack()
    for name, task in of_type(template, "AWS::ECS::TaskDefinition").items():
        assert task["ExecutionRoleArn"] == {"Fn::GetAtt": ["ExecutionRole", "Arn"]}, name
        for one in task["ContainerDefinitions"]:
            assert one["LogConfiguration"]["Options"]["awslogs-group"] == {"Ref": "LogGroup"}


def test_g22_health_is_checked_in_the_task_since_the_images_own_check_is_ignored() -> None:
    template = stack({"contract": {"health_path": "/alive"}})
    for one in resource(template, "Task")["ContainerDefinitions"]:
        assert one["HealthCheck"]["Command"][0] == "CMD"
    words = container(template, "app")["HealthCheck"]["Command"]
    assert words[1] == "python"
    assert "/alive" in words[3]


def test_g22_tasks_have_no_public_address_and_live_in_private_subnets() -> None:
    template = stack()
    settings = resource(template, "Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert settings["AssignPublicIp"] == "DISABLED"
    assert {subnet["Ref"] for subnet in settings["Subnets"]} == {"PrivateA", "PrivateB", "PrivateC"}
    routes = [one for one in of_type(template, "AWS::EC2::Route").values() if "NatGatewayId" in one]
    assert len(routes) == 3


def test_g22_secrets_are_full_arns() -> None:
    parameters = {name: one for name, one in stack()["Parameters"].items() if name.startswith("Secret")}
    assert parameters
    assert all(one["AllowedPattern"].endswith("-[A-Za-z0-9]{6}$") for one in parameters.values())


def test_g22_https_with_current_tls_and_a_redirect() -> None:
    listeners = of_type(stack(), "AWS::ElasticLoadBalancingV2::Listener")
    assert listeners["HttpsListener"]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2-")
    redirect = listeners["HttpListener"]["DefaultActions"][0]
    assert (redirect["Type"], redirect["RedirectConfig"]["Protocol"]) == ("redirect", "HTTPS")


def test_g22_an_update_that_fails_goes_back() -> None:
    settings = resource(stack(), "Service")["DeploymentConfiguration"]
    assert settings["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert settings["MinimumHealthyPercent"] == 100


def test_g17_no_desired_count_where_the_autoscaler_rules() -> None:
    assert "DesiredCount" not in resource(stack(), "Service")
    fixed = stack({"scaling": {"min": 2, "max": 2}})
    assert resource(fixed, "Service")["DesiredCount"] == 2
    assert "Scaling" not in fixed["Resources"]


def test_g35_memory_scales_only_where_idle_workers_stay_below_the_target() -> None:
    assert "ScaleByMemory" not in stack({"scaling": {"memory": "30%"}})["Resources"]
    light = {"scaling": {"memory": "80%"}, "app": {"memory_per_worker": {"rest": "300Mi"}}}
    assert "ScaleByMemory" in stack(light)["Resources"]


def test_nothing_runs_as_root_or_writes_to_its_root() -> None:
    template = stack()
    for one in resource(template, "Task")["ContainerDefinitions"]:
        assert one["ReadonlyRootFilesystem"] is True
        assert one["LinuxParameters"]["Capabilities"]["Drop"] == ["ALL"]
        assert one["User"].partition(":")[0] not in ("0", "root")


def test_one_more_task_fits_at_the_least_number() -> None:
    for least in range(1, 30):
        percent = resource(stack({"scaling": {"min": least, "max": 40}}), "Service")["DeploymentConfiguration"]
        assert least * percent["MaximumPercent"] // 100 >= least + 1


def test_all_poolers_together_stay_below_the_databases_limit() -> None:
    config = {"database": {"pooler": "pgbouncer", "max_connections": 100}, "scaling": {"min": 3, "max": 10}}
    template = stack(config)
    settings = {one["Name"]: one["Value"] for one in container(template, "pooler")["Environment"]}
    percent = resource(template, "Service")["DeploymentConfiguration"]["MaximumPercent"]
    assert int(settings["CONNECTIONS"]) * (10 * percent // 100) <= 100 - 3 - 5


def test_the_inner_side_of_each_connection_outlives_the_outer() -> None:
    """G36: nginx keeps idle connections longer than the load balancer, the app longer than nginx."""
    files = rendered_from(STANDARD, "ecs")
    attributes = resource(yaml.safe_load(files["stack.yaml"]), "LoadBalancer")["LoadBalancerAttributes"]
    idle = next(int(one["Value"]) for one in attributes if one["Key"] == "idle_timeout.timeout_seconds")
    lines = files["edge/nginx.conf"].decode().splitlines()
    kept = next(line.split()[1] for line in lines if line.strip().startswith("keepalive_timeout"))
    assert int(kept.rstrip("s;")) > idle
    read = [line.split()[1] for line in lines if line.strip().startswith("proxy_read_timeout")]
    assert read
    assert all(int(seconds.rstrip("s;")) < idle for seconds in read)


def test_the_edge_believes_the_load_balancer_about_addresses() -> None:
    files = rendered_from(overlaid(STANDARD, {"targets": {"ecs": {"vpc_cidr": "10.9.0.0/16"}}}), "ecs")
    assert "set_real_ip_from 10.9.0.0/16;" in files["edge/nginx.conf"].decode()


def test_data_is_reached_by_tasks_only_and_encrypted() -> None:
    template = stack()
    for group in ("DatabaseGroup", "CacheGroup", "FilesGroup"):
        rules = resource(template, group)["SecurityGroupIngress"]
        assert [rule["SourceSecurityGroupId"] for rule in rules] == [{"Fn::GetAtt": ["AppGroup", "GroupId"]}]
    assert resource(template, "Database")["StorageEncrypted"] is True
    assert resource(template, "Database")["PubliclyAccessible"] is False
    assert resource(template, "Cache")["TransitEncryptionEnabled"] is True
    assert resource(template, "FileSystem")["Encrypted"] is True
    assert "KmsKeyId" in resource(template, "LogGroup")


def test_only_the_cdn_reaches_the_load_balancer_where_there_is_one() -> None:
    rules = resource(stack({"cdn": "cloudflare"}), "BalancerGroup")["SecurityGroupIngress"]
    assert "0.0.0.0/0" not in {rule.get("CidrIp") for rule in rules}
    assert len(rules) == 30
    statement = _rate(stack({"cdn": "cloudflare"}))
    assert statement["ForwardedIPConfig"]["HeaderName"] == "CF-Connecting-IP"


def test_waf_counts_per_key_where_there_are_keys() -> None:
    statement = _rate(stack({"api_keys": {}, "rate_limit": {"requests": 2, "burst": 0, "per": "second"}}))
    assert statement["AggregateKeyType"] == "CUSTOM_KEYS"
    assert statement["CustomKeys"][0]["Header"]["Name"] == "x-api-key"
    assert statement["Limit"] == 120


def _rate(template: dict[str, Any]) -> dict[str, Any]:
    rules = resource(template, "Firewall")["Rules"]
    found: dict[str, Any] = next(rule for rule in rules if rule["Name"] == "rate")["Statement"]["RateBasedStatement"]
    return found


def test_an_existing_vpc_is_a_parameter() -> None:
    template = stack(EXISTING_VPC)
    assert template["Parameters"]["Vpc"]["Default"] == "vpc-0a1b2c3d4e5f67890"
    assert not of_type(template, "AWS::EC2::VPC")


@pytest.mark.parametrize(
    ("chosen", "path", "fix"),
    [
        ({"cpu": "3"}, "targets.ecs.cpu", 'Write cpu: "2".'),
        ({"cpu": "2", "memory": "3Gi"}, "targets.ecs.memory", "Write memory: 4Gi."),
        ({"cpu": "2", "memory": "4500Mi"}, "targets.ecs.memory", "Write memory: 4Gi."),
        ({"cpu": "500m", "memory": "6Gi"}, "targets.ecs.memory", 'Write memory: 6Gi with cpu: "1".'),
        ({"memory": "4500Mi"}, "targets.ecs.memory", "Write memory: 4Gi."),
        ({"memory": "300Gi"}, "targets.ecs.memory", "Write memory: 120Gi."),
        ({"memory": "200Mi"}, "targets.ecs.memory", "Write memory: 1Gi, or more."),
        ({"vpc_cidr": "10.0.0.0/24"}, "targets.ecs.vpc_cidr", "Write vpc_cidr: 10.40.0.0/16."),
        ({"database_class": "cache.m7g.large"}, "targets.ecs.database_class", "Write db.m7g.large."),
    ],
)
def test_what_aws_does_not_sell_is_an_error_with_the_nearest_that_it_does(
    chosen: dict[str, Any], path: str, fix: str
) -> None:
    with pytest.raises(ConfigInvalid) as refusal:
        deployment_of(overlaid(STANDARD, {"targets": {"ecs": chosen}}), "ecs")
    assert [(finding.path, finding.fix) for finding in refusal.value.findings] == [(path, fix)]


def test_the_tasks_memory_decides_about_workers() -> None:
    small, large = (
        deployment_of(overlaid(STANDARD, {"targets": {"ecs": {"cpu": "2", "memory": memory}}}), "ecs")
        for memory in ("4Gi", "16Gi")
    )
    assert small.sizes.workers < large.sizes.workers
    assert small.config.app.memory.limit < 4 * 1024 * MIB
    assert small.source(("app", "memory", "limit")).inputs[0] == "targets.ecs.memory"


def test_the_smallest_pair_that_holds_the_app() -> None:
    pair = pair_for(deployment_of(STANDARD, "ecs").config)
    assert pair == (2048, 7168)


def test_nearest_is_always_sold() -> None:
    for cpu in range(0, 20_000, 700):
        for memory in range(0, 130_000, 900):
            pair = nearest(cpu, memory)
            assert pair.memory in PAIRS[pair.cpu]


@pytest.mark.parametrize(
    ("overlay", "reason"),
    [
        ({"contract": "local-state", "scaling": {"min": 1, "max": 1}}, "local-state"),
        ({"app": {"gpu": {"count": 1}}}, "gpu"),
        ({"sandbox": {"mode": "gvisor"}}, "sandbox"),
        ({"app": {"memory": "200Gi"}}, "more than one Fargate task"),
        ({"database": {"user": "postgres"}}, "reserved by RDS"),
        ({"database": {"memory": "2Ti"}}, "database_class"),
        ({"cache": {"memory": "900Gi"}}, "cache.memory"),
    ],
)
def test_refusals_say_why(overlay: dict[str, Any], reason: str) -> None:
    refusal = target_named("ecs").refuses(deployment_of(overlaid(STANDARD, overlay), "ecs"))
    assert refusal is not None
    assert reason in refusal


def test_a_long_drain_is_an_error() -> None:
    with pytest.raises(ConfigInvalid) as refusal:
        deployment_of(overlaid(STANDARD, {"app": {"drain": "3m"}}), "ecs")
    assert refusal.value.findings[0].path == "app.drain"
