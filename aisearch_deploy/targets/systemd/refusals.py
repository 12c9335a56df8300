"""What a server cannot carry at all, in words that say what to write instead."""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.model.deployment import Deployment

# The name is that of units and of a user; these belong to the distribution and to what is installed.
TAKEN = frozenset(
    [
        "adm",
        "bin",
        "cron",
        "daemon",
        "dbus",
        "games",
        "logrotate",
        "mail",
        "man",
        "nginx",
        "nobody",
        "ntp",
        "pgbouncer",
        "postgres",
        "postgresql",
        "proxy",
        "redis",
        "root",
        "rsyslog",
        "ssh",
        "sshd",
        "sync",
        "sys",
        "systemd",
        "ufw",
        "valkey",
        "www",
    ]
)
# useradd and sysusers take no longer ones.
LONGEST_USER = 31
SERVERS_OWN = frozenset({"postgres", "template0", "template1"})


def refusal(deployment: Deployment) -> str | None:
    """The first reason, or None."""
    return next(_reasons(deployment), None)


def _reasons(deployment: Deployment) -> Iterator[str]:
    config = deployment.config
    if config.targets.systemd is None:
        yield (
            "an image is never unpacked: it has to be told what to install. "
            "Write targets: {systemd: {package: {path: ../app}}}, with the app's source or its wheel."
        )
    if deployment.instance in TAKEN:
        yield f"name {deployment.instance} is a user or a service of the distribution. Write name: ai-search."
    if len(deployment.instance) > LONGEST_USER:
        yield (
            f"{deployment.instance} is the user's name too, and Linux takes {LONGEST_USER} characters. "
            "Write a shorter name."
        )
    if deployment.bundles_database and config.database.tls == "verify-full":
        yield (
            "database.tls verify-full cannot be kept by the bundled database, whose certificate nobody has signed. "
            "Write require, or mode: external."
        )
    for key, value in (("user", config.database.user), ("name", config.database.name)):
        if deployment.bundles_database and value in SERVERS_OWN:
            yield f"database.{key} {value} is the server's own. Write {key}: aisearch."
