"""What runs inside the containers, run for real with folders of the test in place of the containers' own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.targets.composed import EXTERNAL, GUIDE, LOCAL, Object, lay_out

PASSWORD = "p@ss:w/rd?#[\"'\\ %x"


class Container:
    """A rendered folder, secrets, and programs on the PATH."""

    def __init__(self, folder: Path, *overlays: Object, secrets: dict[str, str] | None = None) -> None:
        self.folder = lay_out(folder / "rendered", *overlays)
        self.place = folder
        self.secrets = folder / "secrets"
        self.secrets.mkdir()
        for name, value in (secrets or {}).items():
            (self.secrets / name).write_text(value)
        self._bin = folder / "bin"
        self._bin.mkdir()
        self.program("python", f'exec {sys.executable} "$@"')

    def program(self, name: str, body: str) -> None:
        file = self._bin / name
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)

    def run(self, script: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": f"{self._bin}:{os.environ['PATH']}", "AISEARCH_SECRETS": str(self.secrets)} | variables
        return subprocess.run(
            ["/bin/sh", self.folder / script, *words],
            cwd=self.place,
            env=environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )


def variables(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """What `env -0` printed."""
    assert done.returncode == 0, done.stderr
    return dict(item.split("=", 1) for item in done.stdout.split("\0") if item)


VALUES = {"DATABASE_PASSWORD": f"{PASSWORD}\n", "DASHSCOPE_API_KEY": "sk-1\n"}


def test_g1_g15_the_app_gets_its_secrets_and_one_right_url(tmp_path: Path) -> None:
    container = Container(tmp_path, GUIDE, secrets=VALUES)
    given = variables(container.run("app/start.sh", "env", "-0"))
    assert given["DASHSCOPE_API_KEY"] == "sk-1"
    url = urlsplit(given["DATABASE_URL"])
    assert (url.scheme, url.username, url.hostname, url.port) == ("postgresql", "aisearch", "pooler", 6432)
    assert unquote(url.password or "") == PASSWORD
    assert (url.path, url.query) == ("/aisearch", "sslmode=require")


def test_a_migration_goes_straight_to_the_database(tmp_path: Path) -> None:
    container = Container(tmp_path, GUIDE, secrets=VALUES)
    url = urlsplit(variables(container.run("app/start.sh", "--direct", "env", "-0"))["DATABASE_URL"])
    assert (url.hostname, url.port) == ("db", 5432)


def test_a_cache_with_a_password_is_named_with_it(tmp_path: Path) -> None:
    values = VALUES | dict.fromkeys(("CACHE_PASSWORD", "SENTRY_DSN", "VECTOR_STORE_URL"), PASSWORD)
    given = variables(Container(tmp_path, GUIDE, EXTERNAL, secrets=values).run("app/start.sh", "env", "-0"))
    for name, path in (("REDIS_URL", "/0"), ("RATE_LIMIT_STORAGE", "/1")):
        url = urlsplit(given[name])
        assert (url.scheme, url.hostname, url.port, url.path) == ("rediss", "cache.example.com", 6379, path)
        assert unquote(url.password or "") == PASSWORD
    assert given["VECTOR_STORE_URL"] == PASSWORD


@pytest.mark.parametrize("taken_as", ["file", "NAME_FILE"])
def test_secrets_as_files(tmp_path: Path, taken_as: str) -> None:
    container = Container(tmp_path, GUIDE, {"contract": {"secrets_as": taken_as}}, secrets=VALUES)
    given = tmp_path / "given"
    given.mkdir()
    found = variables(container.run("app/start.sh", "env", "-0", AISEARCH_GIVEN_SECRETS=str(given)))
    assert (given / "DASHSCOPE_API_KEY").read_text() == "sk-1"
    assert (given / "DATABASE_URL").read_text().startswith("postgresql://aisearch:p%40ss")
    assert all(file.stat().st_mode & 0o077 == 0 for file in given.iterdir())
    assert "DATABASE_URL" not in found
    assert "DASHSCOPE_API_KEY" not in found
    named = {name: value for name, value in found.items() if name.endswith("_FILE")}
    expected = {f"{file.name}_FILE": str(file) for file in given.iterdir()} if taken_as == "NAME_FILE" else {}
    assert named == expected


@pytest.mark.parametrize("missing", ["DATABASE_PASSWORD", "DASHSCOPE_API_KEY"])
def test_a_secret_that_is_not_there_stops_the_start_and_says_so(tmp_path: Path, missing: str) -> None:
    container = Container(tmp_path, GUIDE, secrets={name: VALUES[name] for name in VALUES if name != missing})
    done = container.run("app/start.sh", "echo", "started")
    assert done.returncode == 1
    assert missing in done.stderr
    assert "started" not in done.stdout


def test_an_empty_secret_stops_the_start(tmp_path: Path) -> None:
    done = Container(tmp_path, GUIDE, secrets=VALUES | {"DATABASE_PASSWORD": ""}).run("app/start.sh", "echo", "started")
    assert done.returncode == 1
    assert "empty" in done.stderr


def test_local_state_has_no_database_to_find(tmp_path: Path) -> None:
    given = variables(Container(tmp_path, LOCAL, secrets=VALUES).run("app/start.sh", "env", "-0"))
    assert "DATABASE_URL" not in given
    assert given["DASHSCOPE_API_KEY"] == "sk-1"


def test_authorities_are_added_to_the_images_own(tmp_path: Path) -> None:
    container = Container(tmp_path, {"network": {"ca_bundle": "./ca.pem"}}, secrets=VALUES)
    script = container.folder / "app" / "start.sh"
    ours = container.folder / "ca-bundle.pem"
    script.write_text(script.read_text().replace("=/etc/aisearch/ca-bundle.pem", f"={ours}"))
    joined = tmp_path / "authorities.pem"
    given = variables(container.run("app/start.sh", "env", "-0", AISEARCH_AUTHORITIES=str(joined)))
    assert given["SSL_CERT_FILE"] == given["REQUESTS_CA_BUNDLE"] == str(joined)
    assert joined.read_text().startswith(ours.read_text())


def test_the_command_becomes_the_process(tmp_path: Path) -> None:
    """The app has to be the one that SIGTERM reaches."""
    done = Container(tmp_path, GUIDE, secrets=VALUES).run("app/start.sh", "sh", "-c", "echo $PPID")
    assert done.stdout.strip() == str(os.getpid())


def test_postgresqls_programs_log_in_from_a_file(tmp_path: Path) -> None:
    container = Container(tmp_path, GUIDE, secrets=VALUES)
    file = tmp_path / "pgpass"
    done = container.run("db/client.sh", "sh", "-c", 'cat "$PGPASSFILE"', AISEARCH_PGPASS=str(file))
    # https://www.postgresql.org/docs/current/libpq-pgpass.html: : and \ are written with a backslash before them.
    assert done.stdout == "*:*:*:*:" + PASSWORD.replace("\\", "\\\\").replace(":", "\\:") + "\n"
    assert file.stat().st_mode & 0o077 == 0


def test_pgbouncer_is_told_what_it_needs_and_nobody_else(tmp_path: Path) -> None:
    container = Container(tmp_path, GUIDE, secrets=VALUES)
    container.program("pgbouncer", 'cat "$1"')
    done = container.run("pooler/start.sh", AISEARCH_RUN=str(tmp_path))
    settings = dict(line.split(" = ", 1) for line in done.stdout.splitlines() if " = " in line)
    assert settings["aisearch"] == "host=db port=5432 dbname=aisearch"
    assert settings["pool_mode"] == "transaction"
    assert (settings["default_pool_size"], settings["max_db_connections"]) == ("92", "92")
    assert settings["max_client_conn"] == "582"
    assert settings["max_prepared_statements"] == "200"
    assert settings["server_tls_sslmode"] == settings["client_tls_sslmode"] == "require"
    users = tmp_path / "userlist.txt"
    assert users.read_text() == '"aisearch" "' + PASSWORD.replace('"', '""') + '"\n'
    assert users.stat().st_mode & 0o077 == 0


def test_pgbouncer_verifies_a_database_outside(tmp_path: Path) -> None:
    container = Container(tmp_path, GUIDE, EXTERNAL, secrets=VALUES)
    container.program("pgbouncer", 'cat "$1"')
    done = container.run("pooler/start.sh", AISEARCH_RUN=str(tmp_path))
    assert "host=db.example.com port=5433" in done.stdout
    assert "server_tls_sslmode = verify-full\nserver_tls_ca_file = /etc/aisearch/database-ca.pem\n" in done.stdout


def test_volumes_get_their_owners_and_their_certificates_once(tmp_path: Path) -> None:
    container = Container(tmp_path, GUIDE)
    container.program("chown", f'echo "$@" >>"{tmp_path}/chowned"')
    for name in ("uploads", "database-tls"):
        (tmp_path / "volumes" / name).mkdir(parents=True)
    words = ("10001:10001=uploads", "999:999=database-tls")
    volumes = tmp_path / "volumes"
    assert container.run("prepare.sh", *words, AISEARCH_VOLUMES=str(volumes)).returncode == 0
    tls = volumes / "database-tls"
    first = (tls / "server.crt").read_bytes()
    assert b"BEGIN CERTIFICATE" in first
    assert (tls / "server.key").stat().st_mode & 0o077 == 0
    assert container.run("prepare.sh", *words, AISEARCH_VOLUMES=str(volumes)).returncode == 0
    assert (tls / "server.crt").read_bytes() == first
    assert (tmp_path / "chowned").read_text().splitlines() == [
        f"10001:10001 {volumes}/uploads",
        f"999:999 {tls}/server.key {tls}/server.crt",
        f"999:999 {tls}",
        f"10001:10001 {volumes}/uploads",
        f"999:999 {tls}",
    ]


@pytest.mark.parametrize(
    ("addresses", "lines"),
    [
        ((), ["server app:8000 resolve max_fails=3 fail_timeout=5s;"]),
        (
            ("172.20.0.2", "172.20.0.3"),
            [f"server 172.20.0.{number}:8000 max_fails=3 fail_timeout=5s;" for number in (2, 3)],
        ),
    ],
)
def test_the_edge_asks_whom_it_is_told_to(tmp_path: Path, addresses: tuple[str, ...], lines: list[str]) -> None:
    container = Container(tmp_path, GUIDE)
    container.run("edge/start/15-replicas.sh", *addresses, EDGE_RUN=str(tmp_path / "run"))
    assert (tmp_path / "run" / "replicas.conf").read_text().splitlines() == lines
    assert "include /tmp/nginx/replicas.conf;" in (container.folder / "edge" / "nginx.conf").read_text()


class Authority:
    """certbot, as far as renew.sh knows it; it runs until its sleep is cut off by the test."""

    def __init__(self, folder: Path, certbot: str) -> None:
        self.container = Container(folder, GUIDE)
        self.folder = folder
        for name in ("account", "challenges", "certificates"):
            (folder / name).mkdir()
        self.container.program("certbot", f'echo "$@" >>"{folder}/asked"; {certbot}')
        # The pause: written down, and the end of the script.
        self.container.program("sleep", f'echo "$1" >>"{folder}/pauses"; kill $PPID')

    def run(self) -> None:
        self.container.run(
            "certbot/renew.sh",
            *("--server", "https://acme.example.com/directory", "-d", "search.example.com"),
            AISEARCH_ACCOUNT=str(self.folder / "account"),
            AISEARCH_CHALLENGES=str(self.folder / "challenges"),
            AISEARCH_CERTIFICATES=str(self.folder / "certificates"),
        )


def test_a_certificate_is_put_where_the_edge_looks(tmp_path: Path) -> None:
    live = tmp_path / "account" / "live" / "search.example.com"
    authority = Authority(tmp_path, f"mkdir -p {live}; echo chain >{live}/fullchain.pem; echo key >{live}/privkey.pem")
    authority.run()
    assert (tmp_path / "certificates" / "fullchain.pem").read_text() == "chain\n"
    assert (tmp_path / "certificates" / "privkey.pem").read_text() == "key\n"
    assert (tmp_path / "pauses").read_text() == "43200\n"
    asked = (tmp_path / "asked").read_text()
    assert "certonly --non-interactive --agree-tos --keep-until-expiring --expand --webroot" in asked
    assert asked.endswith("--server https://acme.example.com/directory -d search.example.com\n")


def test_after_a_refusal_it_waits_an_hour_and_keeps_what_is_served(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "exit 1")
    (tmp_path / "certificates" / "fullchain.pem").write_text("what is served")
    authority.run()
    assert (tmp_path / "pauses").read_text() == "3600\n"
    assert (tmp_path / "certificates" / "fullchain.pem").read_text() == "what is served"
