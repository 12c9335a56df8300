"""The edge as an image of ours: where a platform has nowhere to mount files from, they are baked in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.edge import script_names

SCRIPTS = {
    "10-resolver.sh": "tells nginx the container's name servers",
    "20-certificate.sh": "copies the certificate, or makes one for a trial",
    "30-api-keys.sh": "turns the API keys into a map for nginx",
    "40-reload.sh": "reloads nginx when certificates or keys change",
}


def edge_image_files(seen: Deployment, values: Mapping[str, Any]) -> tuple[File, ...]:
    """The build context `edge/`: a Dockerfile, nginx.conf and the scripts. `seen`: as nginx has to serve it."""
    about = "TLS, " if values["tls"] else ""
    return (
        File(
            "edge/Dockerfile",
            "the edge: nginx with the files beside it",
            "dockerfile",
            {
                "config_file": values["config_file"],
                "image": seen.images["edge"],
                "privileged_ports": values["http_listen"] < 1024,
            },
        ),
        File("edge/nginx.conf", f"{about}limits, headers, streams unbuffered", "nginx", values),
        *(File(f"edge/start/{name}", SCRIPTS[name], "shell", values, executable=True) for name in script_names(seen)),
    )


def content_tag(*parts: object) -> str:
    """A tag that changes with whatever an image is made of, so that a rollback finds the old one."""
    content = json.dumps(parts, sort_keys=True, default=list)
    return f"config-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
