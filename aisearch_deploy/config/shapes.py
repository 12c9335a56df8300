"""The allow-lists that text in the config must match, each with the words that explain it.

Identifiers are ASCII only: what reaches a file name, a host name, a unit or a shell is never looked at by eye alone.
"""

from typing import Annotated, NamedTuple

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from aisearch_deploy.formats import cron


class Shape(NamedTuple):
    """What a pattern stands for: `what` completes "is not ...", `example` can be pasted."""

    what: str
    example: str


_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_FILE_PART = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
_HIDDEN_TOO = r"[A-Za-z0-9_.][A-Za-z0-9._-]*"
_URL_PART = r"[A-Za-z0-9_~.-]+"
_PORT = r"([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"

NAME = r"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$"
DNS_LABEL = rf"^{_LABEL}$"
DNS_NAME = rf"^{_LABEL}(\.{_LABEL})*$"
DOMAIN = rf"^({_LABEL}\.)*[a-z]([-a-z0-9]{{0,61}}[a-z0-9])?$"
HOST = DOMAIN[:-1] + r"$|^[0-9]{1,3}(\.[0-9]{1,3}){3}$"
EMAIL = rf"^[A-Za-z0-9._+-]{{1,64}}@{_LABEL}(\.{_LABEL})+$"
IMAGE = rf"^{_LABEL}(\.{_LABEL})*(:{_PORT})?(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$"
REFERENCE = IMAGE[:-1] + r"(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[a-f0-9]{64})?$"
TAG = r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$"
DIGEST = r"^sha256:[a-f0-9]{64}$"
VARIABLE = r"^[A-Z_][A-Z0-9_]{0,127}$"
HEADER = r"^[A-Za-z][A-Za-z0-9-]{0,63}$"
URL_PATH = rf"^/({_URL_PART}(/{_URL_PART})*/?)?$"
FILE_PATH = rf"^(/{_HIDDEN_TOO})+$"
FILE_BESIDE = rf"^(\./)?{_FILE_PART}(/{_FILE_PART})*$"
RELATIVE_PATH = rf"^(\.{{1,2}}/)*{_FILE_PART}(/{_FILE_PART})*$"
NETWORK = r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)(/[0-9]{1,3})?$"
ORIGIN = rf"^(https?://{_LABEL}(\.{_LABEL})*(:{_PORT})?|\*)$"
MODULE = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*:[A-Za-z_][A-Za-z0-9_]*$"
SQL_NAME = r"^[a-z_][a-z0-9_]{0,62}$"
LABEL_KEY = rf"^({_LABEL}(\.{_LABEL})*/)?[A-Za-z0-9]([A-Za-z0-9._-]{{0,61}}[A-Za-z0-9])?$"
LABEL_VALUE = r"^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$"
BACKUP_PLACE = rf"^((s3|gs)://[a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9](/{_FILE_PART})*|(/{_FILE_PART})+)$"
PROXY = rf"^http://{_LABEL}(\.{_LABEL})*(:{_PORT})?$"
PROXY_EXCEPTION = (
    rf"^(\*|\.?{_LABEL}(\.{_LABEL})*(:{_PORT})?|[0-9.]{{7,15}}/[0-9]{{1,2}}|[0-9a-f:]*:[0-9a-f:]*(/[0-9]{{1,3}})?)$"
)
AGE_RECIPIENT = r"^age1[0-9a-z]{58}$"
STORED_KEY = r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$"
GOOGLE_PROJECT = r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$"
AWS_REGION = r"^[a-z]{2}(-[a-z]{2,12}){1,2}-[1-9]$"
AWS_CERTIFICATE = r"^arn:aws(-[a-z]{2,6})*:acm:[a-z0-9-]{5,30}:[0-9]{12}:certificate/[0-9a-f-]{36}$"
AWS_ZONE = r"^Z[A-Z0-9]{5,31}$"
AWS_VPC = r"^vpc-[0-9a-f]{8,17}$"
AWS_SUBNET = r"^subnet-[0-9a-f]{8,17}$"
AWS_GROUP = r"^sg-[0-9a-f]{8,17}$"
AWS_ACCESS_POINT = (
    r"^arn:aws(-[a-z]{2,6})*:elasticfilesystem:[a-z0-9-]{5,30}:[0-9]{12}:access-point/fsap-[0-9a-f]{8,17}$"
)
AWS_CLASS = r"^(db|cache)\.[a-z0-9]{2,8}\.[0-9a-z]{5,10}$"
AZURE_SUBSCRIPTION = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
AZURE_GROUP = r"^[A-Za-z0-9]([A-Za-z0-9_-]{0,88}[A-Za-z0-9])?$"
AZURE_LOCATION = r"^[a-z][a-z0-9]{2,40}$"
AZURE_REGISTRY = r"^[a-z0-9]{5,50}$"
AZURE_STORAGE = r"^[a-z0-9]{3,24}$"
SEMANTIC_VERSION = r"^(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){2}$"
CHART_REGISTRY = rf"^oci://{_LABEL}(\.{_LABEL})*(:{_PORT})?(/[a-z0-9]+([._-][a-z0-9]+)*)*$"
RULE_ID = r"^AID[0-9]{3}$"
REASON = r"^[\x20-\x7e]*[\x21-\x7e]$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
LINE = r"^[\x20-\x7e]*$"

SHAPES: dict[str, Shape] = {
    NAME: Shape("a name of small letters, digits and dashes, at most 40, beginning with a letter", "ai-search"),
    DNS_LABEL: Shape("a DNS label of small letters, digits and dashes, at most 63", "ai-search"),
    DNS_NAME: Shape("a DNS name of small letters, digits, dashes and dots", "fast-ssd"),
    DOMAIN: Shape("a domain name in small letters, without scheme, port or path", "search.example.com"),
    HOST: Shape("a host name in small letters or an IPv4 address, without scheme or port", "db.example.com"),
    EMAIL: Shape("an email address", "ops@example.com"),
    IMAGE: Shape("an image repository without tag or digest", "ghcr.io/example/ai-search"),
    REFERENCE: Shape("an image reference", "docker.io/library/nginx:1.30"),
    TAG: Shape("an image tag", '"1.4.2"'),
    DIGEST: Shape("a digest: sha256: and 64 hexadecimal digits", "sha256:" + "0123456789abcdef" * 4),
    VARIABLE: Shape("an environment variable's name in capitals, digits and underscores", "LOG_LEVEL"),
    HEADER: Shape("an HTTP header's name", "X-API-Key"),
    URL_PATH: Shape("a URL path that begins with / and has no query", "/chat/stream"),
    FILE_PATH: Shape(
        "an absolute path of letters, digits, dots, dashes and underscores, no slash at its end", "/app/data"
    ),
    FILE_BESIDE: Shape("a file beside the config or in a folder below it", "./corporate-ca.pem"),
    RELATIVE_PATH: Shape("a path relative to the config file", "../app"),
    NETWORK: Shape("an IP address or network", "10.0.0.0/8"),
    ORIGIN: Shape("an origin: scheme, host and port only", "https://search.example.com"),
    MODULE: Shape("an ASGI app as module:attribute", "src.web.app:app"),
    SQL_NAME: Shape("a PostgreSQL name of small letters, digits and underscores", "aisearch"),
    LABEL_KEY: Shape("a label's key as Kubernetes takes it", "example.com/team"),
    LABEL_VALUE: Shape("a label's value as Kubernetes takes it: at most 63 letters, digits, dots, dashes", '"42"'),
    BACKUP_PLACE: Shape("a bucket (s3:// or gs://) or an absolute path", "s3://example-backups/ai-search"),
    PROXY: Shape("a proxy as http://host:port, without a password", "http://proxy.example.com:3128"),
    PROXY_EXCEPTION: Shape("a host, domain or network that bypasses the proxy", ".example.com"),
    AGE_RECIPIENT: Shape("an age recipient: age1 and 58 characters", "age1" + "q" * 58),
    STORED_KEY: Shape("a key of a Kubernetes Secret: letters, digits, dots, dashes, underscores", "dashscope"),
    GOOGLE_PROJECT: Shape("a Google Cloud project's id", "example-project"),
    SEMANTIC_VERSION: Shape("a version of three numbers", "1.2.0"),
    CHART_REGISTRY: Shape("a registry for charts", "oci://ghcr.io/example/charts"),
    AWS_REGION: Shape("an AWS region", "eu-central-1"),
    AWS_CERTIFICATE: Shape(
        "the full ARN of a certificate in ACM",
        "arn:aws:acm:eu-central-1:111122223333:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    ),
    AWS_ZONE: Shape("the id of a hosted zone in Route 53", "Z0123456789ABCDEFGHIJ"),
    AWS_VPC: Shape("the id of a VPC", "vpc-0a1b2c3d4e5f67890"),
    AWS_SUBNET: Shape("the id of a subnet", "subnet-0a1b2c3d4e5f67890"),
    AWS_GROUP: Shape("the id of a security group", "sg-0a1b2c3d4e5f67890"),
    AWS_ACCESS_POINT: Shape(
        "the full ARN of an EFS access point",
        "arn:aws:elasticfilesystem:eu-central-1:111122223333:access-point/fsap-0a1b2c3d4e5f67890",
    ),
    AWS_CLASS: Shape("an instance class", "db.m7g.large"),
    AZURE_SUBSCRIPTION: Shape("a subscription's id", "00000000-0000-4000-8000-000000000000"),
    AZURE_GROUP: Shape("a resource group's name", "ai-search"),
    AZURE_LOCATION: Shape("an Azure region", "westeurope"),
    AZURE_REGISTRY: Shape("a registry's name of 5 to 50 small letters and digits", "examplesearch"),
    AZURE_STORAGE: Shape("a storage account's name of 3 to 24 small letters and digits", "examplesearch"),
    RULE_ID: Shape("a rule's id, as aisearch-deploy rules lists them", "AID501"),
    REASON: Shape("a reason in one line of printable ASCII", "the registry moves in May"),
    DAY: Shape("a day as year-month-day", '"2027-03-01"'),
    LINE: Shape("one line of printable ASCII", "default-src 'self'"),
}


def _shaped(pattern: str, longest: int) -> StringConstraints:
    return StringConstraints(strict=True, pattern=pattern, max_length=longest)


Name = Annotated[str, _shaped(NAME, 40)]
DnsLabel = Annotated[str, _shaped(DNS_LABEL, 63)]
DnsName = Annotated[str, _shaped(DNS_NAME, 253)]
Domain = Annotated[str, _shaped(DOMAIN, 253)]
Host = Annotated[str, _shaped(HOST, 253)]
Email = Annotated[str, _shaped(EMAIL, 254)]
ImageName = Annotated[str, _shaped(IMAGE, 200)]
Digest = Annotated[str, _shaped(DIGEST, 71)]
Variable = Annotated[str, _shaped(VARIABLE, 128)]
Header = Annotated[str, _shaped(HEADER, 64)]
FileBeside = Annotated[str, _shaped(FILE_BESIDE, 400), AfterValidator(lambda path: path.removeprefix("./"))]
RelativePath = Annotated[str, _shaped(RELATIVE_PATH, 400)]
Origin = Annotated[str, _shaped(ORIGIN, 300)]
Module = Annotated[str, _shaped(MODULE, 200)]
SqlName = Annotated[str, _shaped(SQL_NAME, 63)]
LabelKey = Annotated[str, _shaped(LABEL_KEY, 317)]
LabelValue = Annotated[str, _shaped(LABEL_VALUE, 63)]
BackupPlace = Annotated[str, _shaped(BACKUP_PLACE, 300)]
Proxy = Annotated[str, _shaped(PROXY, 300)]
ProxyException = Annotated[str, _shaped(PROXY_EXCEPTION, 253)]
AgeRecipient = Annotated[str, _shaped(AGE_RECIPIENT, 62)]
SecretKey = Annotated[str, _shaped(STORED_KEY, 253)]
GoogleProject = Annotated[str, _shaped(GOOGLE_PROJECT, 30)]
SemanticVersion = Annotated[str, _shaped(SEMANTIC_VERSION, 30)]
ChartRegistry = Annotated[str, _shaped(CHART_REGISTRY, 255)]
AwsRegion = Annotated[str, _shaped(AWS_REGION, 30)]
AwsCertificate = Annotated[str, _shaped(AWS_CERTIFICATE, 150)]
AwsZone = Annotated[str, _shaped(AWS_ZONE, 32)]
AwsVpc = Annotated[str, _shaped(AWS_VPC, 21)]
AwsSubnet = Annotated[str, _shaped(AWS_SUBNET, 24)]
AwsGroup = Annotated[str, _shaped(AWS_GROUP, 20)]
AwsAccessPoint = Annotated[str, _shaped(AWS_ACCESS_POINT, 150)]
AwsClass = Annotated[str, _shaped(AWS_CLASS, 40)]
AzureSubscription = Annotated[str, _shaped(AZURE_SUBSCRIPTION, 36)]
AzureGroup = Annotated[str, _shaped(AZURE_GROUP, 90)]
AzureLocation = Annotated[str, _shaped(AZURE_LOCATION, 41)]
AzureRegistry = Annotated[str, _shaped(AZURE_REGISTRY, 50)]
AzureStorage = Annotated[str, _shaped(AZURE_STORAGE, 24)]
RuleId = Annotated[str, _shaped(RULE_ID, 6)]
Reason = Annotated[str, _shaped(REASON, 1000)]
Line = Annotated[str, _shaped(LINE, 1000)]


def _exact_tag(tag: str) -> str:
    if tag == "latest":
        raise PydanticCustomError(
            "latest", 'latest moves under you, so no rollback is possible. Write an exact tag: "1.4.2"'
        )
    return tag


def _exact_reference(reference: str) -> str:
    name, _, digest = reference.partition("@")
    last = name.rpartition("/")[2]
    if not digest:
        if ":" not in last:
            raise PydanticCustomError("tagless", "no tag, which means latest. Write an exact one, as in nginx:1.30")
        _exact_tag(last.partition(":")[2])
    return reference


def _no_dots_parts(path: str) -> str:
    if any(part in (".", "..") for part in path.split("/")):
        raise PydanticCustomError("dots", ". and .. may not be parts of this path. Write it without them")
    return path


def _real_network(text: str) -> str:
    from ipaddress import ip_network

    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise PydanticCustomError("network", "not an IP address or network. Write something like 10.0.0.0/8") from None
    if "/" in text and str(network.network_address) != text.partition("/")[0]:
        meant = {"network": str(network), "address": text.partition("/")[0]}
        raise PydanticCustomError("network", "an address inside {network}. Write {network}, or {address} alone", meant)
    return text


def _real_day(text: str) -> str:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("day", 'no day of the calendar. Write something like "2027-03-01"') from None
    return text


def _schedule(text: str) -> str:
    wrong = cron.problem(text)
    if wrong:
        raise PydanticCustomError("cron", '{wrong}. Write something like "0 2 * * *" (UTC)', {"wrong": wrong})
    return text


Tag = Annotated[str, _shaped(TAG, 128), AfterValidator(_exact_tag)]
ImageReference = Annotated[str, _shaped(REFERENCE, 400), AfterValidator(_exact_reference)]
UrlPath = Annotated[str, _shaped(URL_PATH, 200), AfterValidator(_no_dots_parts)]
FilePath = Annotated[str, _shaped(FILE_PATH, 400), AfterValidator(_no_dots_parts)]
Network = Annotated[str, _shaped(NETWORK, 60), AfterValidator(_real_network)]
Schedule = Annotated[str, StringConstraints(strict=True, max_length=100), AfterValidator(_schedule)]
Day = Annotated[str, _shaped(DAY, 10), AfterValidator(_real_day)]
