"""What the app stores: database, cache, uploads, vectors, and their backups."""

from typing import Annotated, Literal

from pydantic import Field

from aisearch_deploy.config.app import Port
from aisearch_deploy.config.base import Bytes, Millicores, Seconds, Section
from aisearch_deploy.config.shapes import (
    AgeRecipient,
    BackupPlace,
    DnsName,
    FileBeside,
    Host,
    ImageReference,
    Schedule,
    SqlName,
    Variable,
)

Mode = Literal["bundled", "managed", "external"]


class Pool(Section):
    """The app's own connection pool, one for each worker process."""

    size: Annotated[int, Field(ge=1, le=1000)] = Field(description="Connections a worker keeps open.", examples=[20])
    overflow: Annotated[int, Field(ge=0, le=1000)] = Field(
        description="Connections a worker opens on top.", examples=[10]
    )


class Database(Section):
    """PostgreSQL, or SQLite for an app that keeps its state on local disk."""

    engine: Literal["postgresql", "sqlite"] = Field(
        description="sqlite only with contract local-state.", examples=["postgresql"]
    )
    version: Annotated[int, Field(ge=14, le=19)] = Field(description="PostgreSQL's major version.", examples=[18])
    mode: Mode = Field(
        "bundled", description="Run it here, use the platform's, or one that exists.", examples=["bundled"]
    )
    image: ImageReference | None = Field(
        None,
        description="Another PostgreSQL image; with vectors it needs pgvector.",
        examples=["pgvector/pgvector:pg18"],
    )
    host: Host | None = Field(None, description="Where it is (external and managed).", examples=["db.example.com"])
    port: Port = Field(5432, description="Its port.", examples=[5432])
    name: SqlName = Field("aisearch", description="The database's name.", examples=["aisearch"])
    user: SqlName = Field("aisearch", description="The user the app logs in as.", examples=["aisearch"])
    tls: Literal["disable", "require", "verify-full"] = Field(
        description="How the connection is protected: libpq's sslmode.", examples=["verify-full"]
    )
    ca: FileBeside | None = Field(
        None, description="The certificate authority to verify against.", examples=["./db-ca.pem"]
    )
    pool: Pool = Field(description="The app's connection pool.")
    max_connections: Annotated[int, Field(ge=10, le=10_000)] = Field(
        description="Connections that the server accepts.", examples=[100]
    )
    pooler: Literal["auto", "pgbouncer", "none"] = Field(
        description="auto puts PgBouncer in front when the pools ask for more than the server accepts.",
        examples=["auto"],
    )
    cpu: Millicores = Field(description="Cores of the bundled server.", examples=["1"])
    memory: Bytes = Field(description="Memory of the bundled server.", examples=["2Gi"])
    storage: Bytes = Field(description="Disk of the bundled server.", examples=["50Gi"])
    storage_class: DnsName | None = Field(
        None, description="Kubernetes storage class; none: the default.", examples=["fast-ssd"]
    )


class Cache(Section):
    """The cache for answers and the shared counter of the app's limiter; never the only copy of anything."""

    engine: Literal["valkey", "redis"] = Field("valkey", description="Which server.", examples=["valkey"])
    mode: Mode = Field(
        "bundled", description="Run it here, use the platform's, or one that exists.", examples=["bundled"]
    )
    image: ImageReference | None = Field(None, description="Another image of it.", examples=["valkey/valkey:9.1"])
    host: Host | None = Field(None, description="Where it is (external and managed).", examples=["cache.example.com"])
    port: Port = Field(6379, description="Its port.", examples=[6379])
    tls: bool = Field(False, description="Connect with TLS (external and managed).", examples=[True])
    password_secret: Variable | None = Field(
        None, description="The secret with its password (external and managed).", examples=["CACHE_PASSWORD"]
    )
    memory: Bytes = Field(
        description="Memory for entries (maxmemory); the container gets a third more.", examples=["2Gi"]
    )
    ttl: Seconds = Field(description="How long an answer is kept.", examples=["1h"])


class Uploads(Section):
    """Files that people upload."""

    storage: Bytes = Field(description="Disk for uploads, shared by all replicas.", examples=["20Gi"])
    storage_class: DnsName | None = Field(
        None,
        description="Kubernetes storage class; with several replicas one that offers ReadWriteMany.",
        examples=["nfs"],
    )


class VectorStore(Section):
    """Where embeddings live."""

    engine: Literal["pgvector", "chroma", "external"] = Field(
        description="pgvector: in the database; chroma: on local disk (local-state only); external: see url_secret.",
        examples=["pgvector"],
    )
    storage: Bytes = Field(description="Disk for vectors.", examples=["20Gi"])
    url_secret: Variable | None = Field(
        None, description="The secret that holds the external store's URL.", examples=["VECTOR_STORE_URL"]
    )


class Backup(Section):
    """When data is copied away, for how long, and to where."""

    schedule: Schedule = Field(
        "0 2,14 * * *", description="When, in UTC: minute hour day month weekday.", examples=["0 2,14 * * *"]
    )
    keep: Seconds = Field(
        30 * 86_400, description="How long a backup is kept; the last good one always is.", examples=["30d"]
    )
    rpo: Seconds = Field(
        86_400, description="Work of how long may be lost; check compares it with the schedule.", examples=["24h"]
    )
    to: BackupPlace | None = Field(
        None,
        description="A bucket or a path for the copy off this machine.",
        examples=["s3://example-backups/ai-search"],
    )
    encrypt_to: list[AgeRecipient] = Field(
        [],
        description="age recipients that can read the backups; none: not encrypted by us.",
        examples=[["age1" + "q" * 58]],
    )
    storage: Bytes = Field(2**30 * 20, description="Disk for local copies.", examples=["20Gi"])
