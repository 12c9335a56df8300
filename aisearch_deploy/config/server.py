"""What only a server with systemd knows."""

from typing import Annotated, Any, Literal

from pydantic import Field

from aisearch_deploy.config.app import Port
from aisearch_deploy.config.base import Section
from aisearch_deploy.config.shapes import Line, Module, RelativePath, Variable


class Package(Section):
    """What is installed into a virtual environment of its own; an image is never unpacked."""

    path: RelativePath = Field(
        description="A wheel, a folder with the app's source, or a requirements file; relative to the config.",
        examples=["../app"],
    )
    module: Module | None = Field(
        None, description="The ASGI app that uvicorn serves; none: contract.app.", examples=["src.web.app:app"]
    )
    python: Literal["3.11", "3.12", "3.13", "3.14"] = Field(
        "3.13", description="The interpreter; the server's distribution has to have it.", examples=["3.13"]
    )


class SystemdTarget(Section):
    """Services of one server, without containers: Debian 13, or a release of Ubuntu that is as new."""

    package: Package = Field(description="What is installed.", examples=[{"path": "../app"}])
    http_port: Port = Field(80, description="The HTTP port.", examples=[80])
    https_port: Port = Field(443, description="The HTTPS port.", examples=[443])
    firewall: bool = Field(
        True, description="Set up ufw: SSH, HTTP and HTTPS are let in, nothing else.", examples=[False]
    )
    no_executable_memory: bool = Field(
        False,
        description="Memory is never writable and executable; breaks what compiles at run time, as PyTorch does.",
        examples=[True],
    )
    env: dict[Variable, Line] = Field(
        {}, description="More environment for the app on this target.", examples=[{"LOG_FILE": ""}]
    )
    override: Annotated[
        dict[str, Any],
        Field(
            description="Any part of this config, changed for this target alone.",
            examples=[{"logs": {"level": "DEBUG"}}],
        ),
    ] = Field(default_factory=dict)
