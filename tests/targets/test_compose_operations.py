"""What a person or a timer runs beside updates and backups: verify.sh, schedule-backups.sh, image/build.sh."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.targets.composed import BUILD, GUIDE, folder
from tests.targets.servers import OLD, Server

# As much of curl as verify.sh asks for: a status for each path, the headers, and where / leads to over HTTP.
CURL = """
for word in "$@"; do url=$word; done
case $url in http://*) scheme=http ;; *) scheme=https ;; esac
case "$*" in
  *redirect_url*) cat "{site}/redirect" ;;
  *response_code*) cat "{site}/status$(echo "${{url#*://*/}}" | sed 's,^,/,; s,/,_,g')" ;;
  *dump-header*) cat "{site}/headers" ;;
esac
"""
HEADERS = (
    "Strict-Transport-Security",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
)


class Site:
    """A server whose edge answers as the files of a folder say."""

    def __init__(self, folder: Path, *overlays: dict[str, object]) -> None:
        self.server = Server(folder, GUIDE, *overlays)
        self.server.runs(OLD, 3)
        self.folder = folder / "site"
        self.folder.mkdir()
        self.server.program("curl", CURL.format(site=self.folder))
        self.answers("redirect", "301 https://search.example.com/")
        self.answers("status_health", "200")
        self.answers("status_metrics", "404")
        self.answers("status_", "401")
        self.answers("headers", "HTTP/2 200\n" + "".join(f"{name.lower()}: x\n" for name in HEADERS))

    def answers(self, what: str, text: str) -> None:
        (self.folder / what).write_text(text)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_all_is_well(site: Site) -> None:
    done = site.server.run("verify.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAIL" not in done.stdout
    assert done.stdout.count("  ok  ") == 11 + 1


@pytest.mark.parametrize(
    ("what", "text", "claim"),
    [
        ("status_health", "502", "the app is well"),
        ("redirect", "200 ", "HTTP leads to HTTPS"),
        ("redirect", "301 https://elsewhere.example.com/", "HTTP leads to HTTPS"),
        ("status_metrics", "200", "metrics are not for everybody"),
        ("status_", "200", "nobody asks without X-API-Key"),
        *(
            ("headers", "".join(f"{other}: x\n" for other in HEADERS if other != name), f"answers carry {name}")
            for name in HEADERS
        ),
    ],
)
def test_what_is_wrong_is_named(site: Site, what: str, text: str, claim: str) -> None:
    site.answers(what, text)
    done = site.server.run("verify.sh")
    assert done.returncode == 1
    failed = [line for line in done.stdout.splitlines() if "FAIL" in line]
    assert len(failed) == 1
    assert claim in failed[0]


@pytest.mark.parametrize(("hours", "code"), [(23, 0), (25, 1)])
def test_backups_that_stopped_are_noticed(tmp_path: Path, hours: int, code: int) -> None:
    """Twice a day: two intervals are a day."""
    site = Site(tmp_path, {"backup": {"schedule": "0 2,14 * * *"}})
    then = time.gmtime(time.time() - hours * 3600)
    (site.server.backups / time.strftime("%Y%m%dT%H%M%SZ", then)).mkdir(parents=True)
    done = site.server.run("verify.sh")
    assert done.returncode == code, done.stdout
    assert ("FAIL  the newest backup" in done.stdout) == bool(code)


def test_a_server_without_backups_yet_is_told(site: Site) -> None:
    done = site.server.run("verify.sh")
    assert done.returncode == 0
    assert "  note  there is no backup" in done.stdout


def test_a_container_that_is_not_healthy_is_noticed(site: Site) -> None:
    site.server.holds(broken=["x"])
    first = site.server.containers[0]
    site.server.holds(**{f"containers/{first}": [OLD, "sha256:old", "172.20.0.1", "unhealthy"]})
    done = site.server.run("verify.sh")
    assert done.returncode == 1
    assert "FAIL  everything is healthy" in done.stdout


def test_networks_that_are_let_in_need_not_be_this_machine(tmp_path: Path) -> None:
    site = Site(tmp_path, {"edge": {"allow": ["10.0.0.0/8"]}})
    for path in ("status_health", "status_metrics", "status_"):
        site.answers(path, "403")
    assert site.server.run("verify.sh").returncode == 0


@pytest.fixture
def units(tmp_path: Path) -> Path:
    (tmp_path / "units").mkdir()
    return tmp_path / "units"


def schedule(server: Server, units: Path, *words: str) -> None:
    script = server.place / "schedule-backups.sh"
    script.write_text(script.read_text().replace("AISEARCH_UNITS:-/etc/systemd/system", f"AISEARCH_UNITS:-{units}"))
    done = server.run("schedule-backups.sh", *words)
    assert done.returncode == 0, done.stderr


def test_backups_run_by_themselves_in_utc(tmp_path: Path, units: Path) -> None:
    server = Server(tmp_path / "100% sure", GUIDE, {"backup": {"schedule": "0 2 1 * 1"}})
    server.program("systemctl", f'echo "$@" >>"{tmp_path}/asked"')
    schedule(server, units)
    timer = (units / "ai-search-backup.timer").read_text()
    assert "OnCalendar=*-*-01 02:00:00 UTC\nOnCalendar=Mon *-*-* 02:00:00 UTC\nPersistent=true\n" in timer
    service = (units / "ai-search-backup.service").read_text()
    assert f"WorkingDirectory={tmp_path}/100%% sure/opt/ai-search\n" in service
    assert "ExecStart=/usr/bin/env bash backup.sh\n" in service
    assert (tmp_path / "asked").read_text().splitlines()[:2] == [
        "daemon-reload",
        "enable --now ai-search-backup.timer",
    ]
    schedule(server, units, "--remove")
    assert list(units.iterdir()) == []


def test_the_image_is_built_from_the_source_beside_the_config(tmp_path: Path) -> None:
    place = tmp_path / "checkout" / "deploy"
    server = Server(place, GUIDE, BUILD, {"image": {"build": {"context": "../app"}}})
    done = server.run("image/build.sh")
    assert done.returncode == 1
    assert "requirements.txt" in done.stderr
    source = tmp_path / "app"
    source.mkdir()
    (source / "requirements.txt").write_text("fastapi\n")
    server.program("docker", f'echo "$DOCKER_BUILDKIT $@" >>"{tmp_path}/asked"')
    assert server.run("image/build.sh", "--push", str(source)).returncode == 0
    assert (tmp_path / "asked").read_text().splitlines() == [
        f"1 build --pull --file {server.place}/image/Dockerfile --tag ghcr.io/example/ai-search:1.4.2 {source}",
        " push ghcr.io/example/ai-search:1.4.2",
    ]


def test_the_source_is_found_where_render_writes() -> None:
    script = folder(BUILD)["image/build.sh"]
    # deploy/compose/image is three below the config, beside which ../app lies.
    assert "\nSOURCE=../../../../app\n" in script
