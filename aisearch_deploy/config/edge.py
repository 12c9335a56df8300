"""What faces the internet: TLS, who may call, how often, and how answers travel."""

from typing import Annotated, Literal

from pydantic import Field

from aisearch_deploy.config.base import Seconds, Section
from aisearch_deploy.config.shapes import Email, FilePath, Header, ImageReference, Line, Network, UrlPath, Variable


class Tls(Section):
    """Where certificates come from."""

    # `from` is a Python keyword, hence the alias.
    source: Literal["letsencrypt", "files", "self-signed", "platform"] = Field(
        alias="from",
        description="letsencrypt, files of yours, self-signed for a trial, or the platform's.",
        examples=["letsencrypt"],
    )
    email: Email | None = Field(
        None, description="Who the certificate authority writes to.", examples=["ops@example.com"]
    )
    path: FilePath | None = Field(
        None,
        description="With files: the folder on the server that holds fullchain.pem and privkey.pem.",
        examples=["/etc/ai-search/tls"],
    )
    server: Line = Field(
        "https://acme-v02.api.letsencrypt.org/directory",
        description="The ACME directory.",
        examples=["https://acme-staging-v02.api.letsencrypt.org/directory"],
    )


class ApiKeys(Section):
    """Who may call: a key in a header, checked at the edge. Limits then count per key."""

    header: Header = Field("X-API-Key", description="The header that carries the key.", examples=["X-API-Key"])
    secret: Variable = Field("API_KEYS", description="The secret with one `name key` a line.", examples=["API_KEYS"])


class RateLimit(Section):
    """How often one caller may ask, enforced at the edge; more than that is answered 429."""

    requests: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        30, description="Requests in each period.", examples=[30]
    )
    per: Literal["second", "minute"] = Field("minute", description="The period.", examples=["minute"])
    burst: Annotated[int, Field(ge=0, le=100_000)] = Field(
        10, description="Requests let through at once on top.", examples=[10]
    )
    paths: list[UrlPath] = Field(
        ["/query"], description="Paths that are limited (the same count for all).", examples=[["/query"]]
    )


class Edge(Section):
    """nginx in front of the app."""

    balance: Literal["round-robin", "least-connections", "address-hash"] = Field(
        "least-connections",
        description="How requests spread over replicas; address-hash is sticky.",
        examples=["least-connections"],
    )
    allow: list[Network] = Field(
        [], description="Networks that may connect; empty: everybody.", examples=[["10.0.0.0/8"]]
    )
    csp: Line = Field(
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'",
        description="Content-Security-Policy.",
        examples=["default-src 'self'"],
    )
    hsts: Seconds = Field(63_072_000, description="How long browsers insist on HTTPS.", examples=["2y"])
    extra_headers: dict[Header, Line] = Field(
        {}, description="More response headers.", examples=[{"X-Robots-Tag": "noindex"}]
    )
    brotli: bool = Field(
        False, description="Compress with Brotli too; needs an `image` with nginx's brotli module.", examples=[True]
    )
    image: ImageReference | None = Field(
        None,
        description="Another nginx image: 1.27.3 or newer, OpenSSL 3.3 or newer, and the openssl command.",
        examples=["docker.io/library/nginx:1.30"],
    )
