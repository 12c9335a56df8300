"""The app: its image, the contract the image keeps, what one replica needs, and how many replicas there are."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from aisearch_deploy.config.base import Bytes, Millicores, Percent, Rate, Seconds, Section, WhenGiven
from aisearch_deploy.config.shapes import (
    Digest,
    DnsLabel,
    DnsName,
    FilePath,
    ImageName,
    ImageReference,
    Line,
    Module,
    Origin,
    RelativePath,
    Tag,
    UrlPath,
    Variable,
)

Port = Annotated[int, Field(ge=1, le=65_535)]
UserId = Annotated[int, Field(ge=1, le=2_000_000_000)]


def _read_workers(value: object) -> object:
    if value == "auto" or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 128):
        return value
    raise PydanticCustomError("workers", "neither auto nor a whole number from 1 to 128. Write auto")


Workers = Annotated[
    int | Literal["auto"],
    BeforeValidator(_read_workers),
    WithJsonSchema({"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1, "maximum": 128}]}),
]


class Build(Section):
    """How the image is built from the app's source; renders a Dockerfile and a .dockerignore."""

    context: RelativePath = Field(description="The app's source folder, relative to the config.", examples=["../app"])
    requirements: RelativePath = Field(
        "requirements.txt", description="The requirements file inside the context.", examples=["requirements.txt"]
    )
    stages: Literal["multi", "single"] = Field(
        "multi", description="multi leaves compilers behind; single is simpler and larger.", examples=["multi"]
    )
    base: ImageReference = Field(
        "docker.io/library/python:3.14-slim-trixie",
        description="The Python image to build on.",
        examples=["docker.io/library/python:3.14-slim-trixie"],
    )


class Image(Section):
    """Which image runs. A digest is exact; with only a tag, the tag decides."""

    repository: ImageName = Field(
        description="Where the image lives, without a tag.", examples=["ghcr.io/example/ai-search"]
    )
    tag: Tag | None = Field(None, description="The version to run; never latest.", examples=["1.4.2"])
    digest: Digest | None = Field(
        None, description="The exact image, whatever the tag says.", examples=["sha256:" + "0123456789abcdef" * 4]
    )
    pull_secret: DnsName | None = Field(
        None, description="A Kubernetes Secret with registry credentials.", examples=["registry-credentials"]
    )
    build: Annotated[Build, WhenGiven()] | None = Field(
        None, description="Build the image from source instead of pulling it."
    )


class StatePaths(Section):
    """Where the image keeps files inside its container."""

    uploads: FilePath = Field(description="Uploaded files.", examples=["/app/src/web/uploads"])
    data: FilePath | None = Field(
        description="Local databases (SQLite, Chroma); none when state is shared.", examples=["/app/data"]
    )
    models: FilePath = Field(description="The cache of embedding models.", examples=["/app/.cache"])


class Contract(Section):
    """What the image listens on, reads and stores. Name one of ours, or start from one and change what differs."""

    extends: Literal["shared-state", "local-state"] = Field(
        "shared-state", description="The contract to start from.", examples=["shared-state"]
    )
    app: Module = Field(description="The ASGI app that uvicorn serves.", examples=["src.web.app:app"])
    port: Port = Field(description="The port the app listens on (above 1023).", examples=[8000])
    user: UserId = Field(description="The user id that the image runs as.", examples=[10001])
    health_path: UrlPath = Field(description="Answers 200 without a key while the app is alive.", examples=["/health"])
    ready_path: UrlPath = Field(description="Answers 200 while the app can take traffic.", examples=["/health"])
    metrics_path: UrlPath | None = Field(
        description="Prometheus metrics, never shown to the outside; none if not served.", examples=["/metrics"]
    )
    static_path: UrlPath = Field(description="Files that never change under their name.", examples=["/static"])
    secrets_as: Literal["env", "file", "NAME_FILE"] = Field(
        description="How the app takes secrets: env variables, files under /run/secrets, or files named by NAME_FILE.",
        examples=["env"],
    )
    state: StatePaths = Field(description="Where the image keeps files.")


class Cpu(Section):
    """CPU cores of one replica."""

    request: Millicores = Field(description="Cores that are reserved.", examples=["1"])
    limit: Millicores = Field(description="Cores it may use at most.", examples=["2"])


class Memory(Section):
    """Memory of one replica; `memory: 6Gi` sets both."""

    request: Bytes = Field(description="Memory that is reserved.", examples=["6Gi"])
    limit: Bytes = Field(description="Memory at which it is killed.", examples=["6Gi"])


class WorkerMemory(Section):
    """What one worker process holds; measure it, the presets assume."""

    rest: Bytes = Field(description="Resident memory of an idle worker.", examples=["1100Mi"])
    per_request: Bytes = Field(description="What a request in flight adds.", examples=["20Mi"])


class Gpu(Section):
    """Graphics processors of one replica."""

    count: Annotated[int, Field(ge=0, le=16)] = Field(0, description="How many a replica needs.", examples=[1])
    vendor: Literal["nvidia", "amd"] = Field(
        "nvidia", description="Whose device plugin offers them.", examples=["nvidia"]
    )


class Volume(Section):
    """Storage that exists already, mounted into the app."""

    name: DnsLabel = Field(description="A name for the mount.", examples=["corpus"])
    mount: FilePath = Field(description="Where the app sees it.", examples=["/app/corpus"])
    claim: DnsName | None = Field(None, description="An existing Kubernetes claim.", examples=["corpus-data"])
    host_path: FilePath | None = Field(None, description="A folder on the server (compose).", examples=["/srv/corpus"])
    read_only: bool = Field(True, description="Whether the app may only read it.", examples=[True])


class Sidecar(Section):
    """A container that runs beside the app."""

    name: DnsLabel = Field(description="Its name.", examples=["otel"])
    image: ImageReference = Field(
        description="Its image, with an exact tag.", examples=["otel/opentelemetry-collector:0.140.0"]
    )
    command: list[Line] = Field(
        [], description="Its command; empty: the image's own.", examples=[["--config=/etc/otel.yaml"]]
    )
    env: dict[Variable, Line] = Field({}, description="Its environment.", examples=[{"LOG_LEVEL": "info"}])
    memory: Bytes = Field(2**28, description="Its memory, reserved and at most.", examples=["256Mi"])
    cpu: Millicores = Field(100, description="Its CPU, reserved.", examples=["100m"])


class App(Section):
    """One replica of the app: workers, resources, times, and what it is told."""

    workers: Workers = Field(
        description="Worker processes a replica. auto: min(2 x cores + 1, what memory allows).", examples=["auto", 4]
    )
    cpu: Cpu = Field(description="Cores of one replica.", examples=["2"])
    memory: Memory = Field(description="Memory of one replica.", examples=["6Gi"])
    memory_per_worker: WorkerMemory = Field(description="What one worker holds.")
    startup: Seconds = Field(description="Longest time from start to healthy.", examples=["60s"])
    longest_request: Seconds = Field(description="Longest time a request may take.", examples=["120s"])
    token_gap: Seconds = Field(description="Longest silence inside a stream.", examples=["30s"])
    drain: Seconds = Field(description="Time to finish requests after SIGTERM.", examples=["30s"])
    upload_limit: Bytes = Field(description="Largest request body.", examples=["100Mi"])
    streaming_paths: list[UrlPath] = Field(description="Paths that answer token by token.", examples=[["/chat/stream"]])
    cors_origins: list[Origin] = Field(
        [],
        description="Origins whose pages may call the API; empty: its own domains.",
        examples=[["https://search.example.com"]],
    )
    env: dict[Variable, Line] = Field(
        {}, description="More environment for the app; never secrets.", examples=[{"LOG_FILE": ""}]
    )
    migrate: list[Line] = Field(
        [],
        description="Command that migrates the database, once before a new version.",
        examples=[["python", "-m", "alembic", "upgrade", "head"]],
    )
    models_cache: Bytes | None = Field(
        None, description="Volume for embedding models, kept between restarts.", examples=["10Gi"]
    )
    gpu: Gpu = Field(default_factory=Gpu, description="Graphics processors.")
    volumes: list[Annotated[Volume, WhenGiven()]] = Field([], description="Existing storage to mount.")
    sidecars: list[Annotated[Sidecar, WhenGiven()]] = Field([], description="Containers beside the app.")


class Load(Section):
    """What the deployment must carry; sizes the edge."""

    peak_requests: Rate = Field(description="Requests at the busiest time.", examples=["20/s"])
    streams: Annotated[int, Field(ge=0, le=100_000)] = Field(description="Answers streaming at once.", examples=[100])


class Scaling(Section):
    """How many replicas of the app run."""

    min: Annotated[int, Field(ge=1, le=1000)] = Field(description="Replicas that always run.", examples=[3])
    max: Annotated[int, Field(ge=1, le=1000)] = Field(description="Replicas at the busiest time.", examples=[10])
    cpu: Percent = Field(description="Share of the CPU request at which replicas are added.", examples=["70%"])
    memory: Percent | None = Field(
        None,
        description="Share of the memory request at which replicas are added, where idle workers stay below it.",
        examples=["80%"],
    )
