"""The commands of the runbook, with this server's own names in them."""

from __future__ import annotations

from aisearch_deploy.targets.parts.secrets import BACKUP_CREDENTIALS, DATABASE_PASSWORD, Secret, secrets
from aisearch_deploy.targets.systemd.scripts import package_place
from aisearch_deploy.targets.systemd.server import Server

# Where a person puts the age identity for as long as a restore takes.
IDENTITY = "/root/backup-identity.txt"
RUNNING_QUERIES = (
    "SELECT pid, now() - query_start AS since, state, left(query, 80) FROM pg_stat_activity "
    "WHERE state <> 'idle' ORDER BY since DESC LIMIT 10"
)


def commands(server: Server) -> dict[str, list[str]]:
    """Blocks of commands by what they are for."""
    return {**_releases(server), **_data(server), **_secrets(server), **_troubles(server), **_maintenance(server)}


def folder(server: Server) -> str:
    """Where the rendered folder lies on the server: nobody but root reads it."""
    return f"/root/{server.name}"


def _releases(server: Server) -> dict[str, list[str]]:
    deployment = server.deployment
    chosen = f" -e {deployment.environment}" if deployment.environment else ""
    rendered = f"deploy/{deployment.environment}/systemd" if deployment.environment else "deploy/systemd"
    there = f"root@{deployment.domain}:{folder(server)}"
    package, place = server.options.package.path, package_place(server)
    kept = "--exclude=/.git --exclude=/.venv"
    source = (
        f"{package} {there}/{place}"
        if package.endswith((".whl", ".txt"))
        else f"--delete {kept} {package}/ {there}/{place}/"
    )
    verify = f"{server.scripts}/verify.sh"
    return {
        "bring": [
            f"aisearch-deploy render -t systemd{chosen}",
            f"rsync --archive --chown=root:root --delete --exclude=/package {rendered}/ {there}/",
            f"rsync --archive --mkpath --chown=root:root {source}",
        ],
        "install": [f"cd {folder(server)}", "./install.sh"],
        "verify": [verify, f"systemctl list-units --all '{server.name}*'"],
        "replace_release": [
            f"cd {folder(server)}",
            f"systemctl start {server.unit('backup')}",
            "./update.sh",
            verify,
        ],
        "rollback": [f"cd {folder(server)}", "./rollback.sh", verify],
        "releases": [f"ls -l {server.releases} {server.releases}/releases"],
        "uninstall": [f"cd {folder(server)}", "./uninstall.sh"],
    }


def _data(server: Server) -> dict[str, list[str]]:
    backup, drill = server.unit("backup"), server.unit("drill")
    restore = f"{server.scripts}/restore.sh"
    identity = f" --identity {IDENTITY}" if server.deployment.config.backup.encrypt_to else ""
    return {
        "backup": [f"systemctl start {backup}", f"ls {server.backups}"],
        "timers": [f"systemctl list-timers '{server.name}*'", f"journalctl --unit={backup} --lines=20"],
        "drill": [f"systemctl start {drill}", f"journalctl --unit={drill} --lines=20"],
        "list": [restore],
        "restore": [f"{restore}{identity} --newest"],
    }


def _secrets(server: Server) -> dict[str, list[str]]:
    deployment = server.deployment
    where, app = deployment.secrets_path, server.unit("app")
    password = f"{where}/{DATABASE_PASSWORD}"
    change = (
        [f"openssl rand -hex 24 | install --mode=0600 /dev/stdin {password}", f"{folder(server)}/database.sh"]
        if deployment.bundles_database
        else [f"install --mode=0600 /dev/stdin {password}    # paste it, then Ctrl-D"]
    )
    pooler = [f"systemctl restart {server.unit('pooler')}"] if deployment.sizes.pooler else []
    return {
        "secrets": [
            f"install --directory --mode=0700 {where}",
            *(_install(f"{where}/{secret.name}", secret) for secret in secrets(deployment)),
        ],
        "rotate": [f"systemctl restart {app}", f"{server.scripts}/verify.sh"],
        "rotate_database": [*change, *pooler, f"systemctl restart {app}"],
        "certificates": [
            f"install --directory --mode=0700 {server.certificates}",
            f"install --mode=0600 privkey.pem fullchain.pem {server.certificates}/",
        ],
    }


def _troubles(server: Server) -> dict[str, list[str]]:
    deployment, options = server.deployment, server.options
    contract, app, edge = deployment.config.contract, server.unit("app"), server.unit("edge")
    journal, logs = f"journalctl --namespace={server.name}", f"/var/log/{server.name}"
    handshake = f"openssl s_client -connect 127.0.0.1:{options.https_port} -servername {deployment.domain}"
    return {
        "logs": [f"systemctl status {app}", f"{journal} --unit={app} --lines=50"],
        "edge_logs": [f"tail --lines=50 {logs}/error.log", "nginx -t", "systemctl status nginx"],
        "port": [f"ss -ltnp | grep -E ':({options.http_port}|{options.https_port}) '"],
        "memory": [
            f"systemctl status {app} | grep -E 'Memory|Tasks'",
            "systemd-cgtop --iterations=1 --order=memory",
            "journalctl --dmesg --grep='out of memory|oom' --since=-1d",
        ],
        "slow": [f"tail --lines=50 {logs}/access.log", f"systemctl status {app} | grep CPU"],
        "slow_database": [f'runuser --user postgres -- psql --command="{RUNNING_QUERIES}"'],
        "certificate": [
            f"{handshake} </dev/null | openssl x509 -noout -subject -issuer -dates",
            f"systemctl start {edge}",
            f"journalctl --unit={edge} --lines=20",
        ],
        "renew": ["certbot renew --dry-run", "certbot renew", "journalctl --unit=certbot --lines=50"],
        "metrics": [f"curl --silent http://127.0.0.1:{contract.port}{contract.metrics_path}"],
    }


def _maintenance(server: Server) -> dict[str, list[str]]:
    journal = f"journalctl --namespace={server.name}"
    return {
        "daily": [
            f"{server.scripts}/verify.sh",
            "systemctl --failed",
            f"{journal} --priority=warning --since=-1d",
            f"ls {server.backups} | tail -n 3",
        ],
        "weekly": ["df -h / /var", f"du -sh {server.backups} /var/lib/{server.name}", "apt list --upgradable"],
        "monthly": [
            "apt-get update && apt-get upgrade",
            f"journalctl --unit={server.unit('drill')} --since=-32d",
            f"systemd-analyze security {server.unit('app')}",
        ],
    }


def _install(path: str, secret: Secret) -> str:
    """One secret into its file, never through an argument."""
    if secret.generated:
        return f"test -s {path} || openssl rand -hex 24 | install --mode=0600 /dev/stdin {path}"
    if secret.name == BACKUP_CREDENTIALS:
        return f"install --mode=0600 rclone.conf {path}"
    return f"install --mode=0600 /dev/stdin {path}    # paste it, then Ctrl-D"
