"""What only the targets in Amazon's cloud know."""

from typing import Annotated, Any, Literal

from pydantic import Field

from aisearch_deploy.config.app import Port
from aisearch_deploy.config.base import Bytes, Millicores, Section
from aisearch_deploy.config.shapes import (
    AwsAccessPoint,
    AwsCertificate,
    AwsClass,
    AwsGroup,
    AwsRegion,
    AwsSubnet,
    AwsVpc,
    AwsZone,
    Line,
    Network,
    Variable,
)

# What CloudWatch Logs can keep, in days.
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LogDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]

Overrides = Annotated[
    dict[str, Any],
    Field(description="Any part of this config, changed for this target alone.", examples=[{"scaling": {"min": 2}}]),
]


class EcsTarget(Section):
    """Amazon ECS on Fargate, as one CloudFormation stack."""

    region: AwsRegion = Field("eu-central-1", description="Where everything runs.", examples=["eu-central-1"])
    cpu: Millicores | None = Field(
        None, description="A task's cores, as Fargate sells them; none: the smallest for the app.", examples=["2"]
    )
    memory: Bytes | None = Field(
        None,
        description="A task's memory, as Fargate sells it with these cores; the app has what the edge leaves.",
        examples=["8Gi"],
    )
    architecture: Literal["x86_64", "arm64"] = Field(
        "x86_64", description="What the app's image is built for.", examples=["x86_64"]
    )
    certificate_arn: AwsCertificate | None = Field(
        None,
        description="A certificate in ACM for all domains; none: the stack asks for one.",
        examples=["arn:aws:acm:eu-central-1:111122223333:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"],
    )
    hosted_zone: AwsZone | None = Field(
        None,
        description="The Route 53 zone of the domains, for their records; none: you create them.",
        examples=["Z0123456789ABCDEFGHIJ"],
    )
    vpc: AwsVpc | None = Field(
        None, description="A VPC that exists; none: the stack creates one.", examples=["vpc-0a1b2c3d4e5f67890"]
    )
    vpc_cidr: Network = Field(
        "10.40.0.0/16", description="The VPC's addresses, the existing one's too.", examples=["10.40.0.0/16"]
    )
    public_subnets: list[AwsSubnet] = Field(
        [],
        description="The existing VPC's subnets for the load balancer, in two zones or more.",
        examples=[["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67891"]],
    )
    private_subnets: list[AwsSubnet] = Field(
        [],
        description="Its subnets for tasks and data, one a zone, with a way out through NAT.",
        examples=[["subnet-0a1b2c3d4e5f67892", "subnet-0a1b2c3d4e5f67893"]],
    )
    nat_gateways: Literal["one", "per-zone"] = Field(
        "one", description="per-zone survives the loss of a zone and costs more.", examples=["one"]
    )
    endpoints: bool = Field(
        False, description="Reach AWS's own services without leaving the VPC, at a price an hour.", examples=[True]
    )
    egress_ports: list[Port] = Field(
        [443], description="Ports on the internet that the app may call.", examples=[[443]]
    )
    waf: bool = Field(True, description="Count requests over all tasks, and refuse known attacks.", examples=[True])
    deletion_protection: bool = Field(
        True, description="Refuse to delete the load balancer and the database.", examples=[True]
    )
    database_class: AwsClass | None = Field(
        None,
        description="The RDS class; none: the smallest that fits database.cpu and memory.",
        examples=["db.m7g.large"],
    )
    cache_node: AwsClass | None = Field(
        None,
        description="The ElastiCache node; none: the smallest that fits cache.memory.",
        examples=["cache.m7g.large"],
    )
    log_retention: LogDays = Field(30, description="Days that logs are kept.", examples=[30])
    env: dict[Variable, Line] = Field(
        {}, description="More environment for the app on this target.", examples=[{"LOG_FILE": ""}]
    )
    override: Overrides = Field(default_factory=dict)


class LambdaTarget(Section):
    """AWS Lambda, with the Web Adapter in the app's image. Database, cache and files are somewhere else."""

    region: AwsRegion = Field("eu-central-1", description="Where the function runs.", examples=["eu-central-1"])
    architecture: Literal["x86_64", "arm64"] = Field(
        "x86_64", description="What the app's image is built for.", examples=["x86_64"]
    )
    certificate_arn: AwsCertificate | None = Field(
        None,
        description="A certificate in ACM in us-east-1, for CloudFront; none: no domain, only the function's own URL.",
        examples=["arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"],
    )
    private_subnets: list[AwsSubnet] = Field(
        [],
        description="Subnets with a way out, where the database is not on the internet.",
        examples=[["subnet-0a1b2c3d4e5f67892", "subnet-0a1b2c3d4e5f67893"]],
    )
    security_groups: list[AwsGroup] = Field(
        [], description="The function's security groups in them.", examples=[["sg-0a1b2c3d4e5f67890"]]
    )
    files: AwsAccessPoint | None = Field(
        None,
        description="An EFS access point for uploads and models, below /mnt.",
        examples=["arn:aws:elasticfilesystem:eu-central-1:111122223333:access-point/fsap-0a1b2c3d4e5f67890"],
    )
    canary: bool = Field(True, description="An update takes a tenth of the traffic first.", examples=[True])
    log_retention: LogDays = Field(30, description="Days that logs are kept.", examples=[30])
    env: dict[Variable, Line] = Field(
        {}, description="More environment for the app on this target.", examples=[{"LOG_FILE": ""}]
    )
    override: Overrides = Field(default_factory=dict)
