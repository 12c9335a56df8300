"""Where everything of a deployment is on one server, and what it is called there."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from aisearch_deploy.config.server import SystemdTarget
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.base import File

# Where the image keeps the app's source; the release's own copy is mounted there, so that all paths are the image's.
APP_FOLDER = "/app"
LOOPBACK = "127.0.0.1"
DATABASE_PORT = 5432
POOLER_PORT = 6432
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Server:
    """A deployment as one server sees it."""

    deployment: Deployment

    @property
    def name(self) -> str:
        """Of the user, the units and the folders."""
        return self.deployment.instance

    @property
    def options(self) -> SystemdTarget:
        """Raises ValueError without `targets.systemd`, which `refuses` asks for first."""
        options = self.deployment.config.targets.systemd
        if options is None:
            raise ValueError("targets.systemd is not set")
        return options

    @property
    def releases(self) -> str:
        """The folder of the releases and of the links `current` and `next`."""
        return f"/opt/{self.name}"

    @property
    def scripts(self) -> str:
        """The folder of the scripts that units run."""
        return f"/usr/local/lib/{self.name}"

    @property
    def settings(self) -> str:
        """The folder of the secrets, the certificate and certificate authorities."""
        return f"/etc/{self.name}"

    @property
    def socket(self) -> str:
        """The socket on which systemd listens for the app."""
        return f"/run/{self.name}/app.sock"

    @property
    def next_socket(self) -> str:
        """The socket of the version that is about to take over, while it runs beside the other."""
        return f"/run/{self.name}/next.sock"

    @property
    def entrance(self) -> str:
        """Where nginx brings requests: a link to the socket of the version that answers, where two can run at once."""
        return self.socket if self.one_writer else f"/run/{self.name}/entrance.sock"

    @property
    def backups(self) -> str:
        """The folder of the local copies."""
        return f"/var/backups/{self.name}"

    @property
    def challenges(self) -> str:
        """The folder of Let's Encrypt's challenges."""
        return f"/var/www/{self.name}"

    @property
    def certificates(self) -> str:
        """The folder with fullchain.pem and privkey.pem, as certbot or a person puts them there."""
        tls = self.deployment.config.tls
        if tls.source == "letsencrypt":
            return f"/etc/letsencrypt/live/{self.deployment.domain}"
        if tls.source == "files":
            return tls.path or f"{self.settings}/tls"
        return f"{self.settings}/no-certificate"

    @property
    def authorities(self) -> str:
        """The certificate authorities of the distribution and the config's own, in one file."""
        return f"{self.settings}/authorities.pem"

    @property
    def database_ca(self) -> str:
        return f"{self.settings}/database-ca.pem"

    @property
    def database_host(self) -> str:
        """The server itself; migrations, backups and the pooler connect here."""
        return self.deployment.config.database.host or LOOPBACK

    @property
    def database_port(self) -> int:
        return DATABASE_PORT if self.deployment.bundles_database else self.deployment.config.database.port

    @property
    def workers(self) -> int:
        """One service does the work of all replicas."""
        return self.deployment.sizes.workers * self.deployment.sizes.replicas

    @property
    def one_writer(self) -> bool:
        """Whether the app may not run while its data is migrated."""
        return not self.deployment.shared_state

    @property
    def lock(self) -> str | None:
        """Whoever locks this folder keeps the app from starting, where two may not write at once."""
        return self.socket.rpartition("/")[0] if self.one_writer else None

    @property
    def stop_seconds(self) -> int:
        """Longest time from SIGTERM to the end. Nothing leaves a load balancer first: the socket stays."""
        return self.deployment.sizes.drain + 5

    @property
    def gap_seconds(self) -> int:
        """Longest time that a request waits in the socket while the service is restarted."""
        return self.stop_seconds + self.deployment.config.app.startup

    @property
    def state_folders(self) -> dict[str, str]:
        """What the app keeps: the folder's name in /var/lib/<name>, and where the app sees it."""
        state = self.deployment.config.contract.state
        folders = {"uploads": state.uploads, "models": state.models}
        if self.one_writer and state.data:
            folders["data"] = state.data
        return folders

    def unit(self, part: str, kind: str = "service") -> str:
        """The name under which a unit is installed; `app` is the deployment itself."""
        return f"{self.name}.{kind}" if part == "app" else f"{self.name}-{part}.{kind}"

    def file(self, path: str, about: str, fmt: str, *, executable: bool = False, **values: Any) -> File:
        """One file of the folder, with what every template may use."""
        common = {
            "config_file": self.deployment.document.file.rpartition("/")[2],
            "name": self.name,
        }
        return File(path, about, fmt, common | values, executable)


def size(count: int) -> str:
    """Bytes as systemd reads them: K, M and G are powers of two."""
    for unit, factor in (("G", 2**30), ("M", 2**20), ("K", 2**10)):
        if count % factor == 0:
            return f"{count // factor}{unit}"
    return str(count)


def quota(millicores: int) -> int:
    """CPUQuota= in percent of one core."""
    return ceil(millicores / 10)


def weight(millicores: int) -> int:
    """CPUWeight=: 100, systemd's default, for each core that is asked for."""
    return max(1, min(10_000, millicores // 10))


def command_word(text: str) -> str:
    """A word of ExecStart=, where systemd reads `$NAME` as a variable and `$$` as a dollar sign."""
    return text.replace("$", "$$")
