"""What cannot stand together in Amazon's cloud."""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.config.aws import EcsTarget
from aisearch_deploy.config.load import ConfigPath
from aisearch_deploy.config.schema import Config
from aisearch_deploy.formats.quantities import binary_bytes, cores
from aisearch_deploy.model.fargate import MIB, PAIRS, Pair, beside_app, nearest, pair_for, units

Problem = tuple[ConfigPath, str, str]

# Fargate waits this long, at most, between SIGTERM and SIGKILL.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, stopTimeout
LONGEST_STOP = 120
STOP_MARGIN = 5


def ecs(config: Config) -> Iterator[Problem]:
    """Contradictions of targets.ecs, each blamed on one path."""
    if config.app.drain > LONGEST_STOP - STOP_MARGIN:
        longest = LONGEST_STOP - STOP_MARGIN
        yield ("app", "drain"), f"Fargate stops a task after {LONGEST_STOP} s.", f"Write drain: {longest}s, or less."
    options = config.targets.ecs
    if options is None:
        return
    yield from _pair(config, options)
    yield from _network(options)
    yield from _classes(options)


def _pair(config: Config, options: EcsTarget) -> Iterator[Problem]:
    if options.memory is not None and options.memory <= beside_app(config):
        wanted = binary_bytes(nearest(256, beside_app(config) // MIB + 1024).memory * MIB)
        message = f"the edge and sidecars take {binary_bytes(beside_app(config))} of it: nothing is left for the app."
        yield ("targets", "ecs", "memory"), message, f"Write memory: {wanted}, or more."
        return
    cpu = units(options.cpu) if options.cpu else None
    if cpu is not None and cpu not in PAIRS:
        fix = f'Write cpu: "{_cores(nearest(cpu, 0))}".'
        yield ("targets", "ecs", "cpu"), f"Fargate does not sell {cores(options.cpu or 0)} cores.", fix
    elif options.memory is not None:
        pair = pair_for(config)
        if pair is None or pair.memory * MIB != options.memory or pair.memory not in PAIRS.get(pair.cpu, ()):
            sold = nearest(cpu or (pair.cpu if pair else max(PAIRS)), options.memory // MIB)
            with_cpu = "" if sold.cpu == cpu or cpu is None else f' with cpu: "{_cores(sold)}"'
            path = ("targets", "ecs", "memory")
            message = (
                f"Fargate does not sell {binary_bytes(options.memory)} with {_cores(Pair(cpu or sold.cpu, 0))} cores."
            )
            yield path, message, f"Write memory: {binary_bytes(sold.memory * MIB)}{with_cpu}."


def _cores(pair: Pair) -> str:
    return cores(pair.cpu * 1000 // 1024)


def _network(options: EcsTarget) -> Iterator[Problem]:
    from ipaddress import ip_network  # takes milliseconds, and most configs never come here

    for name, subnets in (("public_subnets", options.public_subnets), ("private_subnets", options.private_subnets)):
        path = ("targets", "ecs", name)
        if options.vpc is None and subnets:
            yield path, "subnets of yours need a VPC of yours.", "Add vpc, or remove them."
        if options.vpc is not None and len(set(subnets)) < 2:
            yield (
                path,
                "two zones or more are needed, so two subnets.",
                f"Write {name}: [subnet-0a1b2c3d, subnet-4e5f6071], with yours.",
            )
        for number, subnet in enumerate(subnets):
            if subnet in subnets[:number]:
                yield (*path, number), f"{subnet} is there twice.", "Remove one."
    cidr = ip_network(options.vpc_cidr)
    # Six subnets of 4,096 addresses; a VPC itself has /16 at most.
    if options.vpc is None and (cidr.version != 4 or not 16 <= cidr.prefixlen <= 17):
        path = ("targets", "ecs", "vpc_cidr")
        yield path, "the new VPC needs a private IPv4 network of /16 or /17.", "Write vpc_cidr: 10.40.0.0/16."


def _classes(options: EcsTarget) -> Iterator[Problem]:
    for name, value, prefix in (
        ("database_class", options.database_class, "db."),
        ("cache_node", options.cache_node, "cache."),
    ):
        if value is not None and not value.startswith(prefix):
            yield ("targets", "ecs", name), f"does not begin with {prefix}.", f"Write {prefix}m7g.large."
    if options.certificate_arn is not None and options.certificate_arn.split(":")[3] != options.region:
        path = ("targets", "ecs", "certificate_arn")
        yield path, f"a load balancer in {options.region} needs a certificate there.", "Name one of that region."


def aws_lambda(config: Config) -> Iterator[Problem]:
    """Contradictions of targets.lambda."""
    options = config.targets.lambda_
    if options is None:
        return
    path: ConfigPath = ("targets", "lambda", "private_subnets")
    if bool(options.private_subnets) != bool(options.security_groups):
        yield path, "subnets and security groups go together.", "Name both, or neither."
    if options.files is not None and not options.private_subnets:
        yield ("targets", "lambda", "files"), "EFS is reached from a VPC only.", "Name private_subnets, too."
    if options.certificate_arn is not None and ":us-east-1:" not in options.certificate_arn:
        path = ("targets", "lambda", "certificate_arn")
        yield path, "CloudFront takes certificates of us-east-1 only.", "Name one of us-east-1."
