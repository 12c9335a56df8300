"""What only the target in Microsoft's cloud knows."""

from typing import Annotated, Any, Literal

from pydantic import Field

from aisearch_deploy.config.base import Section
from aisearch_deploy.config.shapes import (
    AzureGroup,
    AzureLocation,
    AzureRegistry,
    AzureStorage,
    AzureSubscription,
    DnsLabel,
    Line,
    Variable,
)

Overrides = Annotated[
    dict[str, Any],
    Field(description="Any part of this config, changed for this target alone.", examples=[{"scaling": {"min": 1}}]),
]


class AciTarget(Section):
    """Azure Container Instances: one container group, which is one replica."""

    subscription: AzureSubscription = Field(
        description="The subscription's id.", examples=["00000000-0000-4000-8000-000000000000"]
    )
    resource_group: AzureGroup = Field(
        description="The resource group everything is in; made when missing.", examples=["ai-search"]
    )
    location: AzureLocation = Field(description="The region, as Azure spells it.", examples=["westeurope"])
    registry: AzureRegistry = Field(
        description="The container registry's name, unique in the world; made when missing.",
        examples=["examplesearch"],
    )
    storage_account: AzureStorage = Field(
        description="The storage account's name, unique in the world; made when missing.", examples=["examplesearch"]
    )
    dns_label: DnsLabel | None = Field(
        None,
        description="The name in the region's DNS that the domains point to; none: the name.",
        examples=["example-search"],
    )
    database_server: DnsLabel | None = Field(
        None,
        description="The bundled database server's name, unique in the world; none: the name and -db.",
        examples=["example-search-db"],
    )
    zone: Literal["1", "2", "3"] | None = Field(
        None, description="The availability zone; none: Azure chooses.", examples=["1"]
    )
    highly_available: bool = Field(
        False, description="A standby of the bundled database in another zone.", examples=[True]
    )
    env: dict[Variable, Line] = Field(
        {}, description="More environment for the app on this target.", examples=[{"LOG_FILE": ""}]
    )
    override: Overrides = Field(default_factory=dict)
