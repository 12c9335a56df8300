"""PgBouncer beside the app, in the words of the edoburu image, which writes its configuration from variables.

https://github.com/edoburu/docker-pgbouncer
"""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment

POOLER_PORT = 6432


def pooler_settings(deployment: Deployment, host: str, port: int, connections: int, ca_path: str) -> dict[str, str]:
    """Variables without the password (DB_PASSWORD); it listens on 127.0.0.1:6432.

    `connections` is what this one may open to the server at `host`; `ca_path` is where the authority is, if any.
    """
    database, sizes = deployment.config.database, deployment.sizes
    return {
        "DB_HOST": host,
        "DB_PORT": str(port),
        "DB_NAME": database.name,
        "DB_USER": database.user,
        "LISTEN_ADDR": "127.0.0.1",
        "LISTEN_PORT": str(POOLER_PORT),
        "AUTH_TYPE": "scram-sha-256",
        "POOL_MODE": "transaction",
        "MAX_PREPARED_STATEMENTS": "200",
        "DEFAULT_POOL_SIZE": str(connections),
        "MAX_DB_CONNECTIONS": str(connections),
        "MAX_CLIENT_CONN": str(2 * sizes.connections_per_replica + 10),
        "QUERY_WAIT_TIMEOUT": "30",
        "SERVER_TLS_SSLMODE": database.tls,
        **({"SERVER_TLS_CA_FILE": ca_path} if database.ca else {}),
        "LOG_CONNECTIONS": "0",
        "LOG_DISCONNECTIONS": "0",
    }
