"""The edge: nginx beside the app in each task, behind the load balancer that ends TLS.

Not the load balancer alone: it cannot check API keys, limit uploads, hide paths or set most of the security headers.
One nginx a task keeps every rule of the config, the same as on the other targets, for a twentieth of the memory.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.ecs.containers import authorities
from aisearch_deploy.targets.ecs.names import options_of
from aisearch_deploy.targets.ecs.sizes import idle_timeout
from aisearch_deploy.targets.parts.edge import edge_values, script_names

SCRIPTS = {
    "05-secrets.sh": "lays out the API keys",
    "10-resolver.sh": "tells nginx the container's name servers",
    "30-api-keys.sh": "turns the API keys into a map for nginx",
    "40-reload.sh": "reloads nginx when the keys change",
}


def edge(deployment: Deployment) -> list[File]:
    """The build context `edge/`."""
    values = values_of(deployment)
    names = script_names(_behind_balancer(deployment))
    scripts = (["05-secrets.sh"] if deployment.config.api_keys else []) + [name for name in names if name in SCRIPTS]
    return [
        File(
            "edge/Dockerfile",
            "the edge: nginx with the files beside it",
            "dockerfile",
            {
                "config_file": values["config_file"],
                "image": deployment.images["edge"],
                "authorities": bool(authorities(deployment)),
            },
        ),
        File("edge/nginx.conf", "keys, limits, headers, streams unbuffered", "nginx", values),
        *(File(f"edge/start/{name}", SCRIPTS[name], "shell", values, executable=True) for name in scripts),
        *(
            File(f"edge/authorities/{name}", "certificate authorities that the app trusts", content=content)
            for name, content in authorities(deployment).items()
        ),
    ]


def values_of(deployment: Deployment) -> dict[str, Any]:
    """nginx.conf as it has to be behind the load balancer."""
    seen = _behind_balancer(deployment)
    values = edge_values(seen, f"127.0.0.1:{deployment.config.contract.port}")
    # The inner side of a connection outlives the outer one: the load balancer lets go of an idle one first.
    return values | {"keepalive": f"{max(idle_timeout(deployment), deployment.sizes.edge_keepalive) + 10}s"}


def _behind_balancer(deployment: Deployment) -> Deployment:
    """The load balancer is a proxy in front of the edge, somewhere in the VPC, and speaks plain HTTP to it."""
    config = deployment.config
    network = options_of(deployment).vpc_cidr
    proxies = [*config.trusted_proxies, *([network] if network not in config.trusted_proxies else [])]
    tls = config.tls.model_copy(update={"source": "platform"})
    return replace(deployment, config=config.model_copy(update={"tls": tls, "trusted_proxies": proxies}))
