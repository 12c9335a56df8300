"""What the units of the goldens say, without systemd."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from aisearch_deploy.formats import tmpfiles
from tests.rendering.alternatives import STANDARD
from tests.rendering.configs import overlaid, rendered_from
from tests.targets.systemd_folders import FOLDERS, NAME, folder_id, name_of, parsed_units

if TYPE_CHECKING:
    from pathlib import Path

REPAIRED = next(folder for folder in FOLDERS if folder_id(folder) == "repaired-base")
every_folder = pytest.mark.parametrize("folder", FOLDERS, ids=folder_id)


def scripts(folder: Path) -> str:
    return f"/usr/local/lib/{name_of(folder)}/"


def service(folder: Path, part: str = "") -> dict[str, Any]:
    return parsed_units(folder)[f"{name_of(folder)}{part}.service"]["Service"]


@every_folder
def test_g20_uvicorn_does_not_notify_and_takes_its_socket_from_systemd(folder: Path) -> None:
    app = service(folder)
    assert app["Type"] == ["exec"]
    words = app["ExecStart"][0]
    assert words[:4] == [f"{scripts(folder)}start.sh", "python", "-m", "uvicorn"]
    assert "--fd=3" in words
    assert not [word for word in words if word.startswith(("--host", "--port", "--uds"))]
    unit = parsed_units(folder)[f"{name_of(folder)}.service"]["Unit"]
    assert unit["Requires"] == [[f"{name_of(folder)}.socket"]]
    assert [f"{name_of(folder)}.socket"] in unit["After"]


@every_folder
def test_g20_neither_the_socket_nor_the_service_gives_up(folder: Path) -> None:
    """A version that ends at once must not take the socket with it: requests wait for the one that follows."""
    units = parsed_units(folder)
    assert units[f"{name_of(folder)}.service"]["Unit"]["StartLimitIntervalSec"] == ["0"]
    assert units[f"{name_of(folder)}.service"]["Service"]["Restart"] == ["always"]
    socket = units[f"{name_of(folder)}.socket"]["Socket"]
    assert socket["TriggerLimitIntervalSec"] == ["0"]
    assert socket["ListenStream"] == [f"/run/{name_of(folder)}/app.sock"]
    assert (socket["SocketMode"], socket["SocketGroup"]) == (["0660"], ["www-data"])


@every_folder
def test_g20_it_has_longer_to_stop_than_uvicorn_takes(folder: Path) -> None:
    app = service(folder)
    drain = next(word for word in app["ExecStart"][0] if word.startswith("--timeout-graceful-shutdown="))
    assert int(app["TimeoutStopSec"][0]) > int(drain.partition("=")[2])


@every_folder
def test_g30_the_next_version_runs_beside_the_one_in_service(folder: Path) -> None:
    """The same service on a socket of its own; where data has one writer, there is none."""
    units, name = parsed_units(folder), name_of(folder)
    entrance = [line for line in tmpfiles.parse((folder / "tmpfiles.conf").read_text()) if line[0] == "L"]
    site = (folder / "nginx/site.conf").read_text()
    if folder_id(folder).startswith("local-state"):
        assert f"{name}-next.service" not in units
        assert not entrance
        assert f"server unix:/run/{name}/app.sock " in site
        return
    now, following = units[f"{name}.service"]["Service"], units[f"{name}-next.service"]["Service"]
    assert changed(now, following) <= {"BindReadOnlyPaths", "Environment", "RuntimeDirectory"}
    assert [f"/opt/{name}/next/app:/app"] in following["BindReadOnlyPaths"]
    assert units[f"{name}-next.service"]["Unit"]["Requires"] == [[f"{name}-next.socket"]]
    assert units[f"{name}-next.socket"]["Socket"]["ListenStream"] == [f"/run/{name}/next.sock"]
    # Nothing of it starts at boot: what then answers is the service, so that is where the link leads.
    assert not [unit for unit in units if "-next." in unit and "Install" in units[unit]]
    assert entrance == [["L", f"/run/{name}/entrance.sock", "-", "-", "-", "-", "app.sock"]]
    assert f"server unix:/run/{name}/entrance.sock " in site


@pytest.mark.parametrize("how", ["file", "NAME_FILE"])
def test_no_unit_removes_the_secrets_of_another(how: str) -> None:
    """systemd removes a RuntimeDirectory when its unit ends: the migration's, while the app needs its own."""
    parts = ("app", "next", "migrate")
    units = [standard(f"units/{part}.service", {"contract": {"secrets_as": how}})["Service"] for part in parts]
    folders = [unit["RuntimeDirectory"][0] for unit in units]
    assert len(set(folders)) == 3
    if how == "file":
        for unit, folder in zip(units, folders, strict=True):
            assert [f"/run/{folder}:/run/secrets"] in unit["BindReadOnlyPaths"]


@every_folder
def test_g21_secrets_are_credentials_and_in_no_environment(folder: Path) -> None:
    for name, unit in parsed_units(folder).items():
        for setting in unit.get("Service", {}).get("Environment", []):
            variable = setting[0].partition("=")[0]
            assert not re.search("PASSWORD|_KEY$|SECRET|TOKEN|DSN|DATABASE_URL", variable), name
        assert "EnvironmentFile" not in unit.get("Service", {}), name
    credentials = [entry.partition(":") for entry in service(folder)["LoadCredential"]]
    assert credentials
    assert all(path == f"/etc/{name_of(folder)}/secrets/{secret}" for secret, _, path in credentials)


@pytest.mark.parametrize("part", ["", "-migrate", "-cache", "-pooler"])
def test_g21_rights_are_taken_away(part: str) -> None:
    unit = service(REPAIRED, part) if part != "-migrate" else standard("units/migrate.service")["Service"]
    assert unit["CapabilityBoundingSet"] == [""]
    assert unit["SystemCallFilter"] == ["@system-service", "~@privileged @resources"]
    for setting in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "PrivateUsers", "RestrictNamespaces"):
        assert unit[setting] == ["yes"], setting
    assert unit["ProtectSystem"] == ["strict"]


def test_a_processor_of_graphics_opens_its_devices_alone() -> None:
    app = standard("units/app.service", {"app": {"gpu": {"count": 2}}})["Service"]
    assert "PrivateDevices" not in app
    assert app["DevicePolicy"] == ["closed"]
    assert ["/dev/nvidia1", "rw"] in app["DeviceAllow"]


@every_folder
def test_each_script_that_a_unit_runs_is_rendered(folder: Path) -> None:
    for name, unit in parsed_units(folder).items():
        for words in unit.get("Service", {}).get("ExecStart", []):
            if words[0].startswith(scripts(folder)):
                script = folder / "lib" / words[0].removeprefix(scripts(folder))
                assert script.stat().st_mode & 0o111, name


@every_folder
def test_a_unit_names_only_units_that_are_there(folder: Path) -> None:
    units = parsed_units(folder)
    for name, unit in units.items():
        for key in ("After", "Wants", "Requires", "Before"):
            for words in unit["Unit"].get(key, []):
                for other in words:
                    assert other in units or not other.startswith(name_of(folder)), f"{name}: {key}={other}"


def test_replicas_become_workers_cores_and_memory_of_one_service() -> None:
    one = standard("units/app.service", {"scaling": {"min": 1}, "app": {"workers": 2}})["Service"]
    three = standard("units/app.service", {"scaling": {"min": 3}, "app": {"workers": 2}})["Service"]
    assert "--workers=2" in one["ExecStart"][0]
    assert "--workers=6" in three["ExecStart"][0]
    assert (one["MemoryMax"], three["MemoryMax"]) == (["6G"], ["18G"])
    assert (one["CPUQuota"], three["CPUQuota"]) == ([["200", "%"]], [["600", "%"]])


def test_a_dollar_is_doubled_in_a_command_and_stays_in_a_variable() -> None:
    config = {"app": {"migrate": ["echo", "$HOME 100%"], "env": {"NOTE": "$HOME 100%"}}}
    migrate = standard("units/migrate.service", config)["Service"]
    assert migrate["ExecStart"][0][-2:] == ["echo", "$$HOME 100%"]
    assert ["NOTE=$HOME 100%"] in migrate["Environment"]


def test_a_migration_goes_past_the_pooler() -> None:
    assert (
        "--direct"
        in standard("units/migrate.service", {"database": {"pooler": "pgbouncer"}})["Service"]["ExecStart"][0]
    )
    assert (
        "--direct" not in standard("units/migrate.service", {"database": {"pooler": "none"}})["Service"]["ExecStart"][0]
    )


def test_the_pooler_does_not_wait_for_the_app_to_go() -> None:
    """PgBouncer 1.23 and newer: SIGTERM waits for clients, SIGINT for transactions (https://www.pgbouncer.org/usage.html)."""
    pooler = standard("units/pooler.service", {"database": {"pooler": "pgbouncer"}})["Service"]
    assert pooler["KillSignal"] == ["SIGINT"]


def test_the_paths_of_the_image_hold() -> None:
    app = service(next(folder for folder in FOLDERS if folder_id(folder) == "local-state-base"))
    assert app["BindReadOnlyPaths"] == [[f"/opt/{NAME}/current/app:/app"]]
    assert app["BindPaths"] == [
        [f"/var/lib/{NAME}/data:/app/data"],
        [f"/var/lib/{NAME}/models:/app/.cache"],
        [f"/var/lib/{NAME}/uploads:/app/src/web/uploads"],
    ]


def test_the_user_has_the_number_of_the_image() -> None:
    assert tmpfiles.parse((REPAIRED / "sysusers.conf").read_text()) == [
        ["u", NAME, "10001", "-", f"/var/lib/{NAME}", "/usr/sbin/nologin"]
    ]


def test_logs_are_kept_as_the_config_says() -> None:
    journal = standard("units/journald.conf", {"logs": {"max_size": "10MB", "max_files": 5}})["Journal"]
    assert (journal["SystemMaxFileSize"], journal["SystemMaxFiles"]) == (["10000000"], ["5"])
    assert journal["SystemMaxUse"] == ["50000000"]


@pytest.mark.parametrize("part", ["nginx", "postgresql"])
def test_what_the_distribution_leaves_dead_comes_back(part: str) -> None:
    drop_in = standard(f"units/{part}.conf")
    assert drop_in["Service"]["Restart"] == ["on-failure"]
    assert drop_in["Unit"]["StartLimitIntervalSec"] == ["0"]


def test_nginx_can_open_its_logs_anew() -> None:
    """Its workers are nobody who may read the folder, so they have to be let through it."""
    folders = tmpfiles.parse(rendered_from(STANDARD, "systemd")["tmpfiles.conf"].decode())
    assert ["d", f"/var/log/{NAME}", "0751", "root", "adm", "-"] in folders


@every_folder
def test_where_two_may_not_write_a_start_waits_for_the_migration(folder: Path) -> None:
    """A request would start the old version again in the middle of it: the socket stays open."""
    app = service(folder)
    if folder_id(folder).startswith("local-state"):
        assert app["ExecStartPre"] == [["/usr/bin/flock", "--shared", f"/run/{name_of(folder)}", "/usr/bin/true"]]
        assert app["TimeoutStartSec"] == ["infinity"]
    else:
        assert "ExecStartPre" not in app


@every_folder
def test_a_backup_may_write_beside_sqlites_files_and_a_drill_nowhere_in_them(folder: Path) -> None:
    state = [f"/var/lib/{name_of(folder)}"]
    local = folder_id(folder).startswith("local-state")
    assert (state in service(folder, "-backup")["ReadWritePaths"]) == local
    assert state not in service(folder, "-drill")["ReadWritePaths"]


def test_both_days_of_a_schedule_make_two_lines() -> None:
    timer = standard("units/backup.timer", {"backup": {"schedule": "0 4 1 * 1"}})["Timer"]
    assert timer["OnCalendar"] == [["*-*-01", "04:00:00", "UTC"], ["Mon", "*-*-*", "04:00:00", "UTC"]]
    assert timer["Persistent"] == ["true"]


def changed(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    """The settings that differ."""
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def standard(path: str, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    from aisearch_deploy.formats import systemd

    return systemd.parse(rendered_from(overlaid(STANDARD, changes or {}), "systemd")[path].decode())
