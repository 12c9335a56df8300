"""Subnets, and who may talk to whom."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.ecs import sizes
from aisearch_deploy.targets.ecs.names import options_of
from aisearch_deploy.targets.parts.edge import CLOUDFLARE

# What Fargate needs to start a task; S3, where ECR keeps layers, has a gateway of its own.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
ENDPOINTS = {
    "RegistryEndpoint": "ecr.api",
    "ImagesEndpoint": "ecr.dkr",
    "LogsEndpoint": "logs",
    "SecretsEndpoint": "secretsmanager",
    "KeysEndpoint": "kms",
    "FilesEndpoint": "elasticfilesystem",
}


def network(deployment: Deployment) -> dict[str, Any]:
    """The values of the network's parts."""
    options = options_of(deployment)
    zones = [_zone(number, options.nat_gateways == "one") for number in range(sizes.zones(deployment))]
    existing = options.vpc is not None
    public: Any = {"Ref": "PublicSubnets"} if existing else [{"Ref": zone["public"]} for zone in zones]
    private: Any = {"Ref": "PrivateSubnets"} if existing else [{"Ref": zone["private"]} for zone in zones]
    return {
        "existing_vpc": options.vpc,
        "existing_public": ",".join(options.public_subnets),
        "existing_private": ",".join(options.private_subnets),
        "cidr": options.vpc_cidr,
        "ipv6": deployment.config.network.ipv6,
        "zones": zones,
        "public_subnets": public,
        "private_subnets": private,
        "joined_subnets": {"Fn::Join": [",", private]},
        "file_mounts": _mounts(deployment, zones),
        "endpoints": [
            {"name": name, "service": f"com.amazonaws.${{AWS::Region}}.{service}"}
            for name, service in ENDPOINTS.items()
        ]
        if options.endpoints
        else [],
        "public_rules": _public(deployment),
        "egress_rules": _egress(deployment),
        "data_rules": _data(deployment),
    }


def _zone(number: int, one_gateway: bool) -> dict[str, Any]:
    letter = "ABC"[number]
    gateway = "A" if one_gateway else letter
    return {
        "number": number,
        "private_number": number + 3,
        "public": f"Public{letter}",
        "public_routes": f"Public{letter}Routes",
        "public_tag": f"${{AWS::StackName}}-public-{letter.lower()}",
        "private": f"Private{letter}",
        "private_routes": f"Private{letter}Routes",
        "private_tag": f"${{AWS::StackName}}-private-{letter.lower()}",
        "routes": f"Routes{letter}",
        "way_out": f"WayOut{letter}",
        "has_gateway": gateway == letter,
        "address": f"Address{letter}",
        "gateway": f"Gateway{gateway}",
    }


def _mounts(deployment: Deployment, zones: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A door to the files in each zone."""
    options = options_of(deployment)
    if options.vpc is None:
        return [{"name": f"FilesIn{zone['private']}", "subnet": {"Ref": zone["private"]}} for zone in zones]
    return [
        {"name": f"FilesIn{number + 1}", "subnet": {"Fn::Select": [number, {"Ref": "PrivateSubnets"}]}}
        for number in range(len(options.private_subnets))
    ]


def _public(deployment: Deployment) -> list[dict[str, Any]]:
    """Everybody, or nobody but the CDN. What edge.allow says is the edge's business: it knows the client's address."""
    config = deployment.config
    everywhere = ["0.0.0.0/0", *(["::/0"] if config.network.ipv6 else [])]
    networks = CLOUDFLARE if config.cdn == "cloudflare" else everywhere
    if not config.network.ipv6:
        networks = [network for network in networks if ":" not in network]
    return [
        {
            "Description": about,
            "IpProtocol": "tcp",
            "FromPort": port,
            "ToPort": port,
            "CidrIpv6" if ":" in network else "CidrIp": network,
        }
        for about, port in (("HTTPS", 443), ("HTTP, for the redirect", 80))
        for network in networks
    ]


def _egress(deployment: Deployment) -> list[dict[str, Any]]:
    """AWS, the internet on the ports that the config names, and what is outside: database, cache, proxies."""
    config = deployment.config
    ports = dict.fromkeys((443, *options_of(deployment).egress_ports), "The internet")
    for proxy in (config.network.proxy.https, config.network.proxy.http):
        if proxy is not None:
            ports.setdefault(int(proxy.rpartition(":")[2]) if proxy.count(":") > 1 else 80, "The proxy")
    if deployment.uses_database and not deployment.bundles_database:
        ports.setdefault(config.database.port, "The database")
    if deployment.uses_cache and not deployment.bundles_cache:
        ports.setdefault(config.cache.port, "The cache")
    return [
        {"Description": about, "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "0.0.0.0/0"}
        for port, about in ports.items()
    ]


def _data(deployment: Deployment) -> list[dict[str, Any]]:
    config = deployment.config
    rules = [{"egress": "AppToFiles", "group": "FilesGroup", "port": 2049, "about": "Files"}]
    if deployment.bundles_database:
        rules.append(
            {"egress": "AppToDatabase", "group": "DatabaseGroup", "port": config.database.port, "about": "The database"}
        )
    if deployment.bundles_cache:
        rules.append({"egress": "AppToCache", "group": "CacheGroup", "port": config.cache.port, "about": "The cache"})
    return rules
