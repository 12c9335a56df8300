"""The containers of a task: app, edge, pooler, sidecars."""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.fargate import EDGE_MEMORY, MIB, POOLER_MEMORY
from aisearch_deploy.targets.ecs.names import Composed, options_of, sidecar_parameter, stored_secrets
from aisearch_deploy.targets.ecs.pieces import (
    AUTHORITIES,
    EDGE_USER,
    SECRETS_FOLDER,
    Object,
    capabilities,
    common,
    file_volumes,
    health,
    linux,
    tmpfs,
    variables,
)
from aisearch_deploy.targets.ecs.sizes import health_start, pooler_connections
from aisearch_deploy.targets.parts.app import (
    DATABASE_CA_PATH,
    cache_url,
    command,
    database_url,
    environment,
)
from aisearch_deploy.targets.parts.aws import parameter
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD

SHUTDOWN_MARGIN = 5

# ECS hands secrets over as variables and joins no texts: this does, then becomes the app. A password may hold
# anything, so it is quoted for its URL.
LAUNCH = """\
import os, sys, urllib.parse
env = os.environ
for name in env.pop("LAUNCH_URLS", "").split():
    env[name] = env[name].replace("SECRET", urllib.parse.quote(env[env.pop("LAUNCH_" + name)], safe=""), 1)
named = env.pop("LAUNCH_NAME_FILE", "")
for name in env.pop("LAUNCH_FILES", "").split():
    path = "/run/secrets/" + name
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(env.pop(name))
    if named:
        env[name + "_FILE"] = path
os.execvp(sys.argv[1], sys.argv[1:])
"""

# PgBouncer's configuration with the password in it; the image's own entrypoint writes where nothing can be written.
POOL = """\
umask 077
password=$(printf %s "$PASSWORD" | sed 's/"/""/g')
printf '"%s" "%s"\\n' "$DB_USER" "$password" >/tmp/userlist.txt
cat >/tmp/pgbouncer.ini <<INI
[databases]
$DB_NAME = host=$DB_HOST port=$DB_PORT dbname=$DB_NAME
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 6432
unix_socket_dir =
auth_type = scram-sha-256
auth_file = /tmp/userlist.txt
pool_mode = transaction
max_prepared_statements = 200
default_pool_size = $CONNECTIONS
max_db_connections = $CONNECTIONS
max_client_conn = $CLIENTS
query_wait_timeout = 30
server_login_retry = 1
ignore_startup_parameters = extra_float_digits
server_tls_sslmode = $TLS
${CA:+server_tls_ca_file = $CA}
log_connections = 0
log_disconnections = 0
INI
unset PASSWORD password
exec pgbouncer /tmp/pgbouncer.ini
"""


def containers(deployment: Deployment) -> list[Object]:
    """A task of the service, in the API's spelling."""
    return [
        _app(deployment),
        _edge(deployment),
        *([_pooler(deployment)] if deployment.sizes.pooler else []),
        *_sidecars(deployment),
    ]


def volumes(deployment: Deployment) -> list[Object]:
    """Files on EFS through access points, scratch space, and what containers of a task share."""
    return [
        *file_volumes(),
        {"name": "edge-scratch"},
        *([{"name": "authorities"}] if authorities(deployment) else []),
    ]


def authorities(deployment: Deployment) -> dict[str, bytes]:
    """Certificate authorities that the app trusts, by file name in /etc/aisearch."""
    config = deployment.config
    named = {"ca-bundle.pem": config.network.ca_bundle, "database-ca.pem": config.database.ca}
    return {name: deployment.inputs[source] for name, source in named.items() if source is not None}


def _app(deployment: Deployment) -> Object:
    config, sizes = deployment.config, deployment.sizes
    container = common("app", "${AppImage}", str(config.contract.user))
    needs = [*(["pooler"] if sizes.pooler else []), *(["edge"] if authorities(deployment) else [])]
    container |= {
        "memory": config.app.memory.limit // MIB,
        "memoryReservation": config.app.memory.request // MIB,
        "portMappings": [{"containerPort": config.contract.port, "protocol": "tcp"}],
        **started(deployment, command(deployment), pooled=True),
        "mountPoints": files(deployment),
        "linuxParameters": linux(deployment, "/tmp", sizes.temporary_space),  # noqa: S108
        # Fargate ignores the image's own HEALTHCHECK, and a slim image has no curl.
        "healthCheck": health(
            [
                "CMD",
                "python",
                "-c",
                "import urllib.request as u; "
                f"u.urlopen('http://127.0.0.1:{config.contract.port}{config.contract.health_path}', timeout=4)",
            ],
            health_start(deployment),
        ),
        "stopTimeout": sizes.drain + SHUTDOWN_MARGIN,
    }
    if needs:
        container["dependsOn"] = [{"containerName": name, "condition": "HEALTHY"} for name in needs]
    return container


def started(deployment: Deployment, words: list[str], *, pooled: bool) -> Object:
    """Command, environment and secrets of the app's image."""
    config = deployment.config
    settings: dict[str, str] = environment(deployment, Composed("${CacheAddress}"), options_of(deployment).env)
    if deployment.bundles_cache:
        for number, name in enumerate(("REDIS_URL", "RATE_LIMIT_STORAGE")):
            # ElastiCache speaks TLS only.
            settings[name] = Composed(f"rediss://${{CacheAddress}}:{config.cache.port}/{number}")
    taken = [secret.name for secret in stored_secrets(deployment) if secret.for_app]
    sources = {name: Composed(f"${{{parameter(name)}}}") for name in taken}
    if deployment.bundles_database:
        sources[DATABASE_PASSWORD] = Composed("${DatabaseSecret}:password::")
    urls = _urls(deployment, pooled=pooled)
    launch: dict[str, str] = {}
    if urls:
        launch["LAUNCH_URLS"] = " ".join(urls)
        for name, (url, secret) in urls.items():
            launch |= {name: url, f"LAUNCH_{name}": secret}
    if config.contract.secrets_as != "env":
        launch["LAUNCH_FILES"] = " ".join([*sources, *urls])
        launch |= {"LAUNCH_NAME_FILE": "yes"} if config.contract.secrets_as == "NAME_FILE" else {}
    return {
        **({"entryPoint": ["python", "-c", LAUNCH]} if launch else {}),
        "command": words,
        "environment": variables(settings | launch),
        "secrets": [{"name": name, "valueFrom": place} for name, place in sources.items()],
    }


def _urls(deployment: Deployment, *, pooled: bool) -> dict[str, tuple[str, str]]:
    """URLs with the word SECRET where a secret belongs, and that secret's name."""
    config = deployment.config
    found: dict[str, tuple[str, str]] = {}
    if deployment.uses_database:
        found["DATABASE_URL"] = (_database_url(deployment, pooled=pooled), DATABASE_PASSWORD)
    password = config.cache.password_secret
    if deployment.uses_cache and password is not None:
        for number, name in enumerate(("REDIS_URL", "RATE_LIMIT_STORAGE")):
            scheme, rest = cache_url(deployment, "", number).split("://", 1)
            found[name] = (f"{scheme}://:SECRET@{rest}", password)
    return found


def _database_url(deployment: Deployment, *, pooled: bool) -> str:
    database = deployment.config.database
    if pooled and deployment.sizes.pooler:
        # Within the task; PgBouncer speaks TLS to the server.
        return f"postgresql://{database.user}:SECRET@127.0.0.1:6432/{database.name}?sslmode=disable"
    host = Composed("${DatabaseAddress}") if deployment.bundles_database else database.host or ""
    url = database_url(deployment, host, database.port, "SECRET", DATABASE_CA_PATH)
    if deployment.bundles_database:
        return Composed(url.replace("?sslmode=disable", "?sslmode=require"))
    return url


def _edge(deployment: Deployment) -> Object:
    config, sizes = deployment.config, deployment.sizes
    keys = config.api_keys
    container = common("edge", "${EdgeImage}", EDGE_USER)
    container |= {
        "memory": EDGE_MEMORY // MIB,
        "portMappings": [{"containerPort": 8080, "protocol": "tcp"}],
        "mountPoints": [
            {"sourceVolume": "edge-scratch", "containerPath": "/tmp", "readOnly": False},  # noqa: S108
            *(
                [{"sourceVolume": "authorities", "containerPath": AUTHORITIES, "readOnly": False}]
                if authorities(deployment)
                else []
            ),
        ],
        "linuxParameters": {
            **capabilities(),
            **({"tmpfs": [tmpfs(SECRETS_FOLDER, MIB)]} if keys else {}),
        },
        "healthCheck": health(["CMD", "curl", "-fsS", "http://127.0.0.1:8081/healthz"], 10),
        "stopTimeout": sizes.drain + SHUTDOWN_MARGIN,
    }
    if keys:
        container["secrets"] = [{"name": "API_KEYS_VALUE", "valueFrom": Composed(f"${{{parameter(keys.secret)}}}")}]
    return container


def _pooler(deployment: Deployment) -> Object:
    database = deployment.config.database
    bundled = deployment.bundles_database
    tls = "require" if bundled and database.tls == "disable" else database.tls
    source = "${DatabaseSecret}:password::" if bundled else f"${{{parameter(DATABASE_PASSWORD)}}}"
    container = common("pooler", "${PoolerImage}", "70:70")
    container |= {
        "memory": POOLER_MEMORY // MIB,
        "entryPoint": ["/bin/sh", "-euc", POOL],
        "command": [],
        "environment": variables(
            {
                "DB_HOST": Composed("${DatabaseAddress}") if bundled else database.host or "",
                "DB_PORT": str(database.port),
                "DB_NAME": database.name,
                "DB_USER": database.user,
                "CONNECTIONS": str(pooler_connections(deployment)),
                "CLIENTS": str(deployment.sizes.connections_per_replica + 5),
                "TLS": tls,
                "CA": DATABASE_CA_PATH if database.ca else "",
            }
        ),
        "secrets": [{"name": "PASSWORD", "valueFrom": Composed(source)}],
        "linuxParameters": {**capabilities(), "tmpfs": [tmpfs("/tmp", 4 * MIB)]},  # noqa: S108
        "healthCheck": health(["CMD", "pg_isready", "-h", "127.0.0.1", "-p", "6432"], 10),
        "stopTimeout": deployment.sizes.drain + SHUTDOWN_MARGIN,
    }
    if authorities(deployment):
        container["mountPoints"] = [{"sourceVolume": "authorities", "containerPath": AUTHORITIES, "readOnly": True}]
        container["dependsOn"] = [{"containerName": "edge", "condition": "HEALTHY"}]
    return container


def _sidecars(deployment: Deployment) -> list[Object]:
    found = []
    for number, sidecar in enumerate(deployment.config.app.sidecars):
        container = common(sidecar.name, f"${{{sidecar_parameter(number)}}}", None)
        container |= {
            "essential": False,
            "cpu": sidecar.cpu * 1024 // 1000,
            "memory": sidecar.memory // MIB,
            **({"command": sidecar.command} if sidecar.command else {}),
            "environment": variables(dict(sidecar.env)),
            "linuxParameters": {**capabilities(), "tmpfs": [tmpfs("/tmp", 64 * MIB)]},  # noqa: S108
        }
        found.append(container)
    return found


def files(deployment: Deployment) -> list[Object]:
    state = deployment.config.contract.state
    return [
        {"sourceVolume": "uploads", "containerPath": state.uploads, "readOnly": False},
        {"sourceVolume": "models", "containerPath": state.models, "readOnly": False},
        *(
            [{"sourceVolume": "authorities", "containerPath": AUTHORITIES, "readOnly": True}]
            if authorities(deployment)
            else []
        ),
    ]
