"""The whole of aisearch.yaml, resolved: presets, environment and target have been merged in before it is validated."""

from typing import Annotated, Literal

from pydantic import Field

from aisearch_deploy.config.app import App, Contract, Image, Load, Scaling
from aisearch_deploy.config.base import Section, WhenGiven
from aisearch_deploy.config.data import Backup, Cache, Database, Uploads, VectorStore
from aisearch_deploy.config.edge import ApiKeys, Edge, RateLimit, Tls
from aisearch_deploy.config.platform import (
    AirGapped,
    ErrorTracking,
    Logs,
    Monitoring,
    NetworkSettings,
    Sandbox,
    Scheduling,
    Secrets,
)
from aisearch_deploy.config.shapes import Domain, LabelKey, LabelValue, Name, Network
from aisearch_deploy.config.targets import Targets
from aisearch_deploy.config.waivers import Waiver


class Config(Section):
    """One deployment of the AI Search Engine."""

    version: Literal[1] = Field(description="The version of this file's shape.", examples=[1])
    edition: Literal["2026.11"] = Field(
        description="Pins presets, default versions and templates until you write a newer one.", examples=["2026.11"]
    )
    name: Name = Field(description="Names everything that is rendered.", examples=["ai-search"])
    preset: Literal["small", "medium", "large"] = Field(
        "small", description="Sizes for under 1,000, under 10,000 or more users.", examples=["medium"]
    )
    domains: list[Domain] = Field(
        min_length=1,
        description="The names it answers to; the first is the main one.",
        examples=[["search.example.com"]],
    )
    load: Load = Field(description="What it must carry.")
    image: Image = Field(
        description="Which image runs.", examples=[{"repository": "ghcr.io/example/ai-search", "tag": "1.4.2"}]
    )
    contract: Contract = Field(description="What the image listens on, reads and stores.", examples=["local-state"])
    app: App = Field(description="One replica of the app.")
    scaling: Scaling = Field(description="How many replicas run.")
    api_keys: Annotated[ApiKeys, WhenGiven()] | None = Field(
        None, description="Who may call; none: everybody.", examples=[{}]
    )
    rate_limit: RateLimit | None = Field(
        default_factory=RateLimit, description="How often one caller may ask; none: no limit."
    )
    tls: Tls = Field(description="Where certificates come from.")
    trusted_proxies: list[Network] = Field(
        [],
        description="Proxies in front of the edge, whose word on the client's address counts.",
        examples=[["10.0.0.0/8"]],
    )
    edge: Edge = Field(default_factory=Edge, description="nginx in front of the app.")
    cdn: Literal["none", "cloudflare"] = Field(
        "none", description="The CDN in front of the edge.", examples=["cloudflare"]
    )
    secrets: Secrets = Field(default_factory=Secrets, description="Names of secrets and where their values live.")
    database: Database = Field(description="Where rows live.")
    cache: Cache = Field(description="Where answers are kept for a while.")
    uploads: Uploads = Field(description="Where uploaded files live.")
    vector_store: VectorStore = Field(description="Where embeddings live.")
    sandbox: Sandbox = Field(default_factory=Sandbox, description="Isolation for code that the app runs.")
    logs: Logs = Field(default_factory=Logs, description="How logs are written.")
    monitoring: Monitoring = Field(default_factory=Monitoring, description="Whether metrics are scraped.")
    backup: Backup = Field(default_factory=Backup, description="When data is copied away.")
    error_tracking: Annotated[ErrorTracking, WhenGiven()] | None = Field(
        None, description="A Sentry-compatible service.", examples=[{}]
    )
    labels: dict[LabelKey, LabelValue] = Field({}, description="Labels on everything.", examples=[{"team": "search"}])
    network: NetworkSettings = Field(default_factory=NetworkSettings, description="How packets leave and enter.")
    scheduling: Scheduling = Field(default_factory=Scheduling, description="Where pods may run.")
    air_gapped: Annotated[AirGapped, WhenGiven()] | None = Field(
        None, description="Take every image from one registry."
    )
    targets: Targets = Field(default_factory=Targets, description="Where it runs.")
    waivers: list[Annotated[Waiver, WhenGiven()]] = Field([], description="Findings of `check` that are accepted.")
