"""The edge: our nginx as the container that Cloud Run sends requests to, in front of the app in the same instance.

Cloud Run has no headers, keys, paths or limits of its own; a load balancer has some, and counts for all instances.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.cloudrun.place import LARGEST_HTTP1_REQUEST, PLATFORM_NETWORK, Place
from aisearch_deploy.targets.parts.edge import CLOUDFLARE, MULTIPART_ALLOWANCE, edge_values
from aisearch_deploy.targets.parts.edge_image import content_tag, edge_image_files

# Set by the load balancer on every request, whatever a client wrote there; see domain.sh.
CLIENT_ADDRESS = "X-Client-Address"


def edge_files(place: Place) -> tuple[File, ...]:
    """The edge's build context."""
    return edge_image_files(seen_by_nginx(place), nginx_values(place))


def edge_image(place: Place) -> str:
    """Where the built image is pushed to."""
    seen = seen_by_nginx(place)
    return f"{place.registry}/edge:{content_tag(seen.images['edge'], nginx_values(place))}"


def nginx_values(place: Place) -> dict[str, Any]:
    """The values of nginx.conf: the app is beside it, the client's address is what the platform says."""
    seen = seen_by_nginx(place)
    port = place.deployment.config.contract.port
    values = edge_values(seen, f"127.0.0.1:{port}", clear_http2=place.options.http2)
    if place.balanced:
        # X-Forwarded-For ends with the load balancer's own address there, which nobody knows beforehand.
        cloudflare = place.deployment.config.cdn == "cloudflare"
        values["real_ip_from"] = [PLATFORM_NETWORK]
        values["real_ip_header"] = "CF-Connecting-IP" if cloudflare else CLIENT_ADDRESS
    return values


def seen_by_nginx(place: Place) -> Deployment:
    """The deployment as nginx has to serve it: TLS ends at Google, whose front end is a proxy to be trusted."""
    config = place.deployment.config
    app = config.app
    if not place.options.http2:
        app = app.model_copy(
            update={"upload_limit": min(app.upload_limit, LARGEST_HTTP1_REQUEST - MULTIPART_ALLOWANCE)}
        )
    changed = {
        "tls": config.tls.model_copy(update={"source": "platform"}),
        "trusted_proxies": [PLATFORM_NETWORK, *config.trusted_proxies],
        "app": app,
        # Cloud Run speaks IPv4 to containers; IPv6 is the load balancer's.
        "network": config.network.model_copy(update={"ipv6": False}),
    }
    return replace(place.deployment, config=config.model_copy(update=changed))


def armor_values(place: Place) -> dict[str, Any]:
    """Cloud Armor's rules: who may connect at all, and how often one caller may ask, counted over all instances.

    Behind Cloudflare only its networks may connect. A rule that counts lets through what it counts, from anywhere, so
    there the count is nginx's alone.
    """
    config = place.deployment.config
    if config.cdn == "cloudflare":
        # Ten networks a rule: https://cloud.google.com/armor/quotas
        chunks = [",".join(CLOUDFLARE[start : start + 10]) for start in range(0, len(CLOUDFLARE), 10)]
        return {"only_from": " ".join(chunks), "limited": False}
    limit = config.rate_limit
    if limit is None:
        return {"only_from": None, "limited": False}
    # The shortest period is ten seconds: https://cloud.google.com/armor/docs/rate-limiting-overview
    seconds, factor = (60, 1) if limit.per == "minute" else (10, 10)
    return {
        "only_from": None,
        "limited": True,
        "limited_paths": _expression(limit.paths),
        "limit_count": limit.requests * factor + limit.burst,
        "limit_seconds": seconds,
        "limit_key": "HTTP-HEADER" if config.api_keys else "IP",
        "limit_header": config.api_keys.header if config.api_keys else "",
    }


def _expression(paths: list[str]) -> str:
    """One of these paths, or below, in Cloud Armor's words: an expression has at most five parts, a pattern is one."""
    bases = [path.rstrip("/").replace(".", "[.]") for path in paths]
    if "" in bases:
        return "true"
    return f"request.path.matches('^({'|'.join(bases)})(/|$)')"
