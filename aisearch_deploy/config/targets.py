"""What only one target knows."""

from typing import Annotated, Any, Literal

from pydantic import Field

from aisearch_deploy.config.app import Port
from aisearch_deploy.config.aws import EcsTarget, LambdaTarget
from aisearch_deploy.config.azure import AciTarget
from aisearch_deploy.config.base import Seconds, Section, WhenGiven
from aisearch_deploy.config.server import SystemdTarget
from aisearch_deploy.config.shapes import (
    ChartRegistry,
    DnsLabel,
    DnsName,
    Domain,
    GoogleProject,
    LabelKey,
    Line,
    SemanticVersion,
    Variable,
)

Overrides = Annotated[
    dict[str, Any],
    Field(description="Any part of this config, changed for this target alone.", examples=[{"scaling": {"min": 2}}]),
]


class ComposeTarget(Section):
    """Docker Compose on one server."""

    http_port: Port = Field(80, description="The published HTTP port.", examples=[80])
    https_port: Port = Field(443, description="The published HTTPS port.", examples=[443])
    labels: dict[LabelKey, Line] = Field(
        {}, description="More labels for every container.", examples=[{"com.example.team": "search"}]
    )
    env: dict[Variable, Line] = Field(
        {}, description="More environment for the app on this target.", examples=[{"LOG_FILE": ""}]
    )
    override: Overrides = Field(default_factory=dict)


class ExistingGateway(Section):
    """A Gateway that somebody else runs."""

    namespace: DnsLabel = Field(description="Its namespace.", examples=["infra"])
    name: DnsName = Field(description="Its name.", examples=["public"])
    section: DnsName | None = Field(
        None, description="The listener to attach to; none: any that matches.", examples=["https"]
    )


class KubernetesTarget(Section):
    """Kubernetes. Only what every cluster has is rendered, unless `has` says more."""

    namespace: DnsLabel | None = Field(
        None, description="Its name; none: <name>-<environment>.", examples=["ai-search"]
    )
    version: Literal["1.35", "1.36", "1.37"] = Field(
        "1.37", description="The cluster's minor version.", examples=["1.37"]
    )
    has: list[
        Literal[
            "gateway-api", "cert-manager", "cloudnative-pg", "external-secrets", "prometheus-operator", "metrics-server"
        ]
    ] = Field([], description="What the cluster offers beyond the bare minimum.", examples=[["metrics-server"]])
    expose: Literal["nginx", "gateway", "ingress"] = Field(
        "nginx", description="The edge: our own nginx, Gateway API or Ingress.", examples=["nginx"]
    )
    gateway_class: Literal["envoy-gateway", "nginx-gateway-fabric", "traefik"] = Field(
        "envoy-gateway", description="The Gateway implementation; rate limits differ.", examples=["envoy-gateway"]
    )
    gateway: ExistingGateway | None = Field(
        None, description="Attach to a Gateway that exists instead of creating one."
    )
    ingress_class: DnsName | None = Field(None, description="The IngressClass (expose: ingress).", examples=["traefik"])
    issuer: DnsName = Field("letsencrypt", description="The cert-manager ClusterIssuer.", examples=["letsencrypt"])
    tls_secret: DnsName | None = Field(None, description="An existing TLS Secret to serve.", examples=["search-tls"])
    service_annotations: dict[LabelKey, Line] = Field(
        {},
        description="Annotations of the LoadBalancer Service.",
        examples=[{"service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing"}],
    )
    annotations: dict[LabelKey, Line] = Field(
        {}, description="More annotations for every pod.", examples=[{"example.com/scrape": "yes"}]
    )
    env: dict[Variable, Line] = Field(
        {}, description="More environment for the app on this target.", examples=[{"LOG_FILE": ""}]
    )
    cluster_domain: Domain = Field("cluster.local", description="The cluster's DNS suffix.", examples=["cluster.local"])
    egress_ports: list[Port] = Field(
        [443], description="Ports on the internet that the app may call.", examples=[[443]]
    )
    surge: Annotated[int, Field(ge=1, le=100)] = Field(1, description="Extra replicas during an update.", examples=[1])
    history: Annotated[int, Field(ge=1, le=100)] = Field(
        5, description="Old revisions kept for a rollback.", examples=[5]
    )
    progress_deadline: Seconds = Field(600, description="An update that takes longer has failed.", examples=["10m"])
    override: Overrides = Field(default_factory=dict)


class HelmTarget(KubernetesTarget):
    """A chart with the objects of k8s. What is not said here is as `targets.k8s` says."""

    chart_version: SemanticVersion = Field(
        "0.1.0", description="The chart's version; a registry keeps each one as it is.", examples=["1.2.0"]
    )
    registry: ChartRegistry | None = Field(
        None, description="Where charts are published.", examples=["oci://ghcr.io/example/charts"]
    )


class CloudRunTarget(Section):
    """Google Cloud Run. Cores, memory and replicas are those of app and scaling; `override` changes them here alone."""

    project: GoogleProject = Field(description="The Google Cloud project.", examples=["example-project"])
    region: DnsLabel = Field(description="The region everything lives in.", examples=["europe-west1"])
    expose: Literal["load-balancer", "domain-mapping"] = Field(
        "load-balancer",
        description="A load balancer with Cloud Armor, or Cloud Run's own names for the domains (in preview).",
        examples=["load-balancer"],
    )
    concurrency: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None,
        description="Requests that one instance answers at once; none: what `load` gives each of scaling.min.",
        examples=[40],
    )
    http2: bool = Field(
        False, description="HTTP/2 up to the edge: uploads over 32 MiB, but no WebSockets.", examples=[True]
    )
    cpu_throttling: bool = Field(
        False, description="Pay for CPU only while a request is answered; nothing runs in between.", examples=[True]
    )
    network: DnsLabel | None = Field(
        None,
        description="The VPC network that instances reach; none: default where the database or the cache is bundled.",
        examples=["default"],
    )
    subnet: DnsLabel | None = Field(
        None, description="Its subnet in the region; none: named like the network.", examples=["default"]
    )
    egress: Literal["private-ranges-only", "all-traffic"] = Field(
        "private-ranges-only", description="What goes through the network.", examples=["private-ranges-only"]
    )
    repository: DnsLabel | None = Field(
        None, description="The Artifact Registry repository; none: the name.", examples=["ai-search"]
    )
    highly_available: bool = Field(
        False, description="A standby of the bundled database and cache in another zone.", examples=[True]
    )
    annotations: dict[LabelKey, Line] = Field(
        {}, description="More annotations for every revision.", examples=[{"example.com/owner": "search"}]
    )
    env: dict[Variable, Line] = Field(
        {}, description="More environment for the app on this target.", examples=[{"LOG_FILE": ""}]
    )
    override: Overrides = Field(default_factory=dict)


class Targets(Section):
    """The targets that `render` writes when no -t is given, each with what only it knows."""

    compose: Annotated[ComposeTarget, WhenGiven()] | None = Field(
        None, description="Docker Compose on one server.", examples=[{}]
    )
    k8s: Annotated[KubernetesTarget, WhenGiven()] | None = Field(
        None, description="Kubernetes manifests with kustomize.", examples=[{}]
    )
    helm: Annotated[HelmTarget, WhenGiven()] | None = Field(
        None, description="A Helm chart with the objects of k8s.", examples=[{}]
    )
    systemd: Annotated[SystemdTarget, WhenGiven()] | None = Field(
        None, description="Services of systemd on one server.", examples=[{"package": {"path": "../app"}}]
    )
    ecs: Annotated[EcsTarget, WhenGiven()] | None = Field(None, description="Amazon ECS on Fargate.", examples=[{}])
    # `lambda` is a Python keyword, hence the alias.
    lambda_: Annotated[LambdaTarget, WhenGiven()] | None = Field(
        None, alias="lambda", description="AWS Lambda.", examples=[{}]
    )
    cloudrun: Annotated[CloudRunTarget, WhenGiven()] | None = Field(
        None, description="Google Cloud Run.", examples=[{"project": "example-project", "region": "europe-west1"}]
    )
    aci: Annotated[AciTarget, WhenGiven()] | None = Field(
        None,
        description="Azure Container Instances.",
        examples=[
            {
                "subscription": "00000000-0000-4000-8000-000000000000",
                "resource_group": "ai-search",
                "location": "westeurope",
                "registry": "examplesearch",
                "storage_account": "examplesearch",
            }
        ],
    )
