"""What surrounds the app: secrets, logs, network, scheduling, sandbox, monitoring."""

from typing import Annotated, Literal

from pydantic import Field

from aisearch_deploy.config.base import Bytes, Millicores, Section, WhenGiven
from aisearch_deploy.config.shapes import (
    DnsName,
    FileBeside,
    FilePath,
    ImageName,
    LabelKey,
    LabelValue,
    Proxy,
    ProxyException,
    SecretKey,
    Variable,
)


class ExistingSecret(Section):
    """A Kubernetes Secret that exists already."""

    name: DnsName = Field(description="Its name.", examples=["ai-search-secrets"])
    keys: dict[Variable, SecretKey] = Field(
        {},
        description="Our name of a secret: its key there; others keep their name.",
        examples=[{"DASHSCOPE_API_KEY": "dashscope"}],
    )


class Secrets(Section):
    """Names only: values never enter the config or the output."""

    store: Literal["files", "sops", "sealed-secrets", "external-secrets", "aws", "gcp", "azure"] = Field(
        "files", description="Where values live.", examples=["files"]
    )
    path: FilePath | None = Field(
        None,
        description="Folder of the files on the server; none: /etc/<name>-<environment>/secrets.",
        examples=["/etc/ai-search/secrets"],
    )
    names: list[Variable] = Field([], description="Secrets that the app reads.", examples=[["DASHSCOPE_API_KEY"]])
    external_store: DnsName | None = Field(
        None, description="The ClusterSecretStore to read from (external-secrets, aws, gcp, azure).", examples=["vault"]
    )
    existing: Annotated[ExistingSecret, WhenGiven()] | None = Field(
        None, description="Use a Kubernetes Secret that is there already."
    )


class Sandbox(Section):
    """Isolation for the app's code execution; never docker.sock."""

    mode: Literal["none", "gvisor", "kata"] = Field(
        "none", description="The isolated runtime, or none: execution is off.", examples=["gvisor"]
    )
    memory: Bytes = Field(2**29, description="Memory for the code that runs.", examples=["512Mi"])
    cpu: Millicores = Field(1000, description="CPU for the code that runs.", examples=["1"])


class Logs(Section):
    """How logs are written and how much is kept on the machine."""

    format: Literal["json", "text"] = Field("json", description="For machines or for people.", examples=["json"])
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="What is worth a line.", examples=["INFO"]
    )
    max_size: Bytes = Field(10_000_000, description="A log file's size before it rotates.", examples=["10MB"])
    max_files: Annotated[int, Field(ge=1, le=1000)] = Field(
        5, description="Files kept for each container.", examples=[5]
    )


class ProxySettings(Section):
    """A forward proxy for what the app calls."""

    https: Proxy | None = Field(None, description="For HTTPS calls.", examples=["http://proxy.example.com:3128"])
    http: Proxy | None = Field(None, description="For HTTP calls.", examples=["http://proxy.example.com:3128"])
    no_proxy: list[ProxyException] = Field(
        [], description="What bypasses it; our own parts always do.", examples=[[".example.com"]]
    )


class NetworkSettings(Section):
    """How packets leave and enter."""

    proxy: ProxySettings = Field(default_factory=ProxySettings, description="A forward proxy.")
    ca_bundle: FileBeside | None = Field(
        None, description="Certificate authorities that the app trusts too.", examples=["./corporate-ca.pem"]
    )
    ipv6: bool = Field(False, description="Listen on IPv6 too.", examples=[True])


class Toleration(Section):
    """A Kubernetes toleration."""

    key: LabelKey = Field(description="The taint's key.", examples=["dedicated"])
    value: LabelValue | None = Field(None, description="The taint's value; none: any.", examples=["search"])
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = Field(
        "NoSchedule", description="The taint's effect.", examples=["NoSchedule"]
    )


class Scheduling(Section):
    """Where pods may run."""

    node_selector: dict[LabelKey, LabelValue] = Field(
        {}, description="Labels that a node must have.", examples=[{"pool": "search"}]
    )
    tolerations: list[Annotated[Toleration, WhenGiven()]] = Field([], description="Taints that pods accept.")
    priority_class: DnsName | None = Field(
        None, description="An existing PriorityClass.", examples=["business-critical"]
    )
    zones: Literal["spread", "any"] = Field(
        "spread", description="Spread replicas over zones and nodes, or not.", examples=["spread"]
    )


class Monitoring(Section):
    """Whether metrics are scraped."""

    metrics: bool = Field(
        True, description="Let Prometheus scrape the app, where the contract serves metrics.", examples=[True]
    )


class ErrorTracking(Section):
    """A Sentry-compatible service."""

    dsn_secret: Variable = Field("SENTRY_DSN", description="The secret with its DSN.", examples=["SENTRY_DSN"])


class AirGapped(Section):
    """No registry but your own."""

    registry: ImageName = Field(
        description="Every image is taken from here; images.txt lists them.", examples=["registry.internal.example.com"]
    )
