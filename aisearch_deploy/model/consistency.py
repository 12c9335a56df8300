"""Settings that are each fine and cannot stand together: without these there is nothing to plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from aisearch_deploy.config.load import ConfigPath, dotted
from aisearch_deploy.config.schema import Config
from aisearch_deploy.findings import Finding, Position, Severity
from aisearch_deploy.model.aws import aws_lambda, ecs

Problem = tuple[ConfigPath, str, str]
Place = Callable[[ConfigPath], tuple[ConfigPath, Position]]

# Set by us from other settings; a second source for the same variable would be a riddle.
OUR_VARIABLES = {
    "DATABASE_URL": "database",
    "REDIS_URL": "cache",
    "WEB_HOST": "contract",
    "WEB_PORT": "contract.port",
    "WEB_WORKERS": "app.workers",
    "LOG_LEVEL": "logs.level",
    "LOG_FORMAT": "logs.format",
    "CORS_ORIGINS": "app.cors_origins",
    "RATE_LIMIT_ENABLED": "rate_limit",
    "RATE_LIMIT_STORAGE": "cache",
    "CACHE_TTL": "cache.ttl",
    "DATABASE_POOL_SIZE": "database.pool.size",
    "DATABASE_MAX_OVERFLOW": "database.pool.overflow",
    "METRICS_ENABLED": "monitoring.metrics",
    "HTTPS_PROXY": "network.proxy.https",
    "HTTP_PROXY": "network.proxy.http",
    "NO_PROXY": "network.proxy.no_proxy",
    "SSL_CERT_FILE": "network.ca_bundle",
    "REQUESTS_CA_BUNDLE": "network.ca_bundle",
    "SANDBOX_ENABLED": "sandbox.mode",
    "SANDBOX_MEMORY_MB": "sandbox.memory",
    "SANDBOX_CPU": "sandbox.cpu",
}

# What the edge writes itself, or what describes the body and the connection and would break them.
HEADERS_OF_THE_EDGE = {
    "strict-transport-security": " from edge.hsts",
    "content-security-policy": " from edge.csp",
    **dict.fromkeys(("x-request-id", "cache-control", "retry-after", "www-authenticate", "server"), ""),
    **dict.fromkeys(("content-length", "content-type", "transfer-encoding", "connection", "date"), ""),
}


def inconsistencies(config: Config, target: str, place: Place) -> list[Finding]:
    """Every contradiction, each blamed on one path."""
    parts = (_image, _app, _state, _data, _edge, _environment, _secrets, _twice)
    problems = [problem for part in parts for problem in part(config)]
    if target in ("compose", "systemd"):
        problems += _ports(config, target)
    if target in ("k8s", "helm"):
        problems += _kubernetes(config)
    if target == "ecs":
        problems += ecs(config)
    if target == "lambda":
        problems += aws_lambda(config)
    found = []
    for path, message, fix in problems:
        written, position = place(path)
        found.append(Finding("config", Severity.ERROR, dotted(written), position, message, fix))
    return found


def _image(config: Config) -> Iterator[Problem]:
    if config.image.tag is None and config.image.digest is None:
        yield ("image",), "neither tag nor digest says which image runs.", 'Add tag: "1.4.2".'


def _app(config: Config) -> Iterator[Problem]:
    app, scaling = config.app, config.scaling
    for name, pair in (("cpu", app.cpu), ("memory", app.memory)):
        if pair.request > pair.limit:
            yield ("app", name, "request"), "more than the limit.", f"Write the same as app.{name}.limit, or less."
    if scaling.min > scaling.max:
        yield (
            ("scaling", "min"),
            f"{scaling.min} is more than scaling.max ({scaling.max}).",
            f"Write max: {scaling.min}.",
        )
    if config.contract.port < 1024:
        yield ("contract", "port"), "below 1024, which only root may open.", "Write 8000."
    names = [volume.name for volume in app.volumes] + [sidecar.name for sidecar in app.sidecars]
    for name in {name for name in names if names.count(name) > 1}:
        yield ("app", "volumes"), f"{name} is there twice.", "Give each volume and sidecar a name of its own."
    mounts = [volume.mount for volume in app.volumes]
    for number, mount in enumerate(mounts):
        if mount in mounts[:number]:
            yield ("app", "volumes", number, "mount"), f"{mount} is mounted twice.", "Mount each volume elsewhere."


def _state(config: Config) -> Iterator[Problem]:
    contract, database, vectors = config.contract, config.database, config.vector_store
    local = contract.extends == "local-state"
    if database.engine == "sqlite" and not local:
        yield (
            ("database", "engine"),
            "sqlite needs contract: local-state.",
            "Write postgresql, or contract: local-state.",
        )
    if vectors.engine == "chroma" and not local:
        yield ("vector_store", "engine"), "chroma needs contract: local-state.", "Write pgvector."
    if local and database.engine != "sqlite":
        yield (
            ("database", "engine"),
            "contract local-state keeps its rows in SQLite.",
            "Write sqlite, or contract: shared-state.",
        )
    if local and vectors.engine != "chroma":
        yield ("vector_store", "engine"), "contract local-state keeps its vectors in Chroma.", "Write chroma."
    if local and contract.state.data is None:
        yield (
            ("contract", "state", "data"),
            "contract local-state needs a folder for its databases.",
            "Write /app/data.",
        )
    if vectors.engine == "external" and vectors.url_secret is None:
        yield (
            ("vector_store", "url_secret"),
            "an external vector store needs one.",
            "Write url_secret: VECTOR_STORE_URL.",
        )


def _data(config: Config) -> Iterator[Problem]:
    database, cache = config.database, config.cache
    if database.engine == "postgresql" and database.mode != "bundled" and database.host is None:
        yield ("database", "host"), f"mode {database.mode} needs a host.", "Write host: db.example.com."
    for name, part, port in (("database", database, 5432), ("cache", cache, 6379)):
        if part.mode == "bundled" and part.port != port:
            yield (name, "port"), "a bundled one is reached by its own name, on the usual port.", "Remove it."
    if database.mode == "bundled" and database.host is not None:
        yield ("database", "host"), "a bundled database has no host of yours.", "Remove it, or write mode: external."
    if database.tls == "verify-full" and database.ca is None and database.mode == "bundled":
        yield (
            ("database", "tls"),
            "verify-full needs a certificate authority.",
            "Add ca: ./db-ca.pem, or write require.",
        )
    if cache.mode != "bundled" and cache.host is None:
        yield ("cache", "host"), f"mode {cache.mode} needs a host.", "Write host: cache.example.com."
    if cache.mode == "bundled" and cache.host is not None:
        yield ("cache", "host"), "a bundled cache has no host of yours.", "Remove it, or write mode: external."
    if cache.mode == "bundled" and cache.password_secret is not None:
        yield (
            ("cache", "password_secret"),
            "the bundled cache is never reached from outside and has no password.",
            "Remove it.",
        )
    if cache.mode == "bundled" and cache.tls:
        yield ("cache", "tls"), "the bundled cache is never reached from outside and speaks no TLS.", "Remove it."


def _edge(config: Config) -> Iterator[Problem]:
    tls, edge = config.tls, config.edge
    if tls.source == "letsencrypt" and tls.email is None:
        yield ("tls", "email"), "Let's Encrypt wants an address to write to.", "Add email: ops@example.com."
    if tls.source == "letsencrypt":
        for number, domain in enumerate(config.domains):
            if "." not in domain:
                yield (
                    ("domains", number),
                    f"{domain} is not public: no authority issues a certificate for it.",
                    "Write tls: {from: self-signed}.",
                )
    if edge.brotli and edge.image is None:
        yield ("edge", "brotli"), "the official nginx image has no brotli module.", "Name one that has: edge.image."
    if "$" in edge.csp:
        yield (
            ("edge", "csp"),
            "nginx would read $ as the start of a variable, and has no way to write it.",
            "Remove the $.",
        )
    for header, value in edge.extra_headers.items():
        path = ("edge", "extra_headers", header)
        if header.lower() in HEADERS_OF_THE_EDGE:
            yield path, f"is set by the edge{HEADERS_OF_THE_EDGE[header.lower()]}.", "Remove it."
        if "$" in value:
            yield path, "nginx would read $ as the start of a variable, and has no way to write it.", "Remove the $."
    if config.contract.metrics_path == "/":
        yield ("contract", "metrics_path"), "would hide the whole app from the outside.", "Write /metrics."
    if config.rate_limit is not None and not config.rate_limit.paths:
        yield ("rate_limit", "paths"), "limits nothing.", "Write paths: [/query], or rate_limit: null."


def _environment(config: Config) -> Iterator[Problem]:
    places: dict[ConfigPath, Iterable[str]] = {("app", "env"): config.app.env}
    for target, options in config.targets:
        places["targets", target.rstrip("_"), "env"] = options.env if options is not None else ()
    for path, variables in places.items():
        for variable in variables:
            source = OUR_VARIABLES.get(variable)
            if source is not None:
                yield (*path, variable), f"is set from {source}.", f"Change {source} instead."
            elif variable in config.secrets.names:
                yield (*path, variable), "is a secret too.", "Keep it in secrets.names only."


def _secrets(config: Config) -> Iterator[Problem]:
    secrets = config.secrets
    for number, name in enumerate(secrets.names):
        if name in OUR_VARIABLES:
            yield ("secrets", "names", number), f"{name} is set from {OUR_VARIABLES[name]}.", "Remove it."
    if secrets.store in ("external-secrets", "aws", "gcp", "azure") and secrets.external_store is None:
        yield (
            ("secrets", "external_store"),
            f"store {secrets.store} needs one.",
            "Name the ClusterSecretStore: external_store: vault.",
        )


def _twice(config: Config) -> Iterator[Problem]:
    lists: dict[ConfigPath, Sequence[str]] = {
        ("domains",): config.domains,
        ("trusted_proxies",): config.trusted_proxies,
        ("edge", "allow"): config.edge.allow,
        ("app", "streaming_paths"): config.app.streaming_paths,
        ("rate_limit", "paths"): config.rate_limit.paths if config.rate_limit else (),
        ("secrets", "names"): config.secrets.names,
    }
    for path, items in lists.items():
        for number, item in enumerate(items):
            if item in items[:number]:
                yield (*path, number), f"{item} is there twice.", "Remove one."


def _ports(config: Config, target: str) -> Iterator[Problem]:
    options = config.targets.compose if target == "compose" else config.targets.systemd
    if options is not None and options.http_port == options.https_port:
        path = ("targets", target, "https_port")
        yield path, f"{options.https_port} is http_port too.", "Write https_port: 443, or another free port."


def _kubernetes(config: Config) -> Iterator[Problem]:
    options = config.targets.k8s
    has = options.has if options else []
    if options is not None:
        if options.expose == "gateway" and "gateway-api" not in has:
            yield (
                ("targets", "k8s", "expose"),
                "gateway needs a cluster with Gateway API.",
                "Add gateway-api to targets.k8s.has.",
            )
        if options.expose == "ingress" and options.ingress_class is None:
            yield ("targets", "k8s", "ingress_class"), "expose: ingress needs a class.", "Write ingress_class: traefik."
    for number, volume in enumerate(config.app.volumes):
        if volume.claim is None:
            yield ("app", "volumes", number, "claim"), "Kubernetes needs an existing claim.", "Add claim: corpus-data."
