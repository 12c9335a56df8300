"""systemd-analyze on every golden, and shown to refuse units one edit away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.targets.systemd_folders import FOLDERS, NAME, folder_id, name_of, units
from tests.validators import systemd

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

# What runs people's requests, or is reached by what does; the others run as root, at times, on our own files.
ALWAYS_RUNNING = (".service", "-migrate.service", "-cache.service", "-pooler.service")
MOST_EXPOSED = 1.5
MOST_EXPOSED_AS_ROOT = 3.0


@pytest.mark.parametrize("folder", FOLDERS, ids=folder_id)
def test_every_unit_loads(folder: Path) -> None:
    assert systemd.problems(units(folder)) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=folder_id)
def test_g21_a_service_may_do_little(folder: Path) -> None:
    for name, text in units(folder).items():
        if name.endswith(".service"):
            most = MOST_EXPOSED if name.removeprefix(name_of(folder)) in ALWAYS_RUNNING else MOST_EXPOSED_AS_ROOT
            assert systemd.exposure(name, text) <= most, name


@pytest.mark.parametrize(
    ("unit", "edit", "complaint"),
    [
        (".service", ("\nType=exec\n", "\nType=execute\n"), "Failed to parse service type"),
        (".service", ("Restart=always", "Restarts=always"), "Unknown key 'Restarts'"),
        (".service", ("MemoryMax=", "MemoryMax=x"), "Invalid memory limit"),
        (".service", ("LoadCredential=", "LoadCredential=:"), 'Credential name "" not valid'),
        (".service", ("ProtectSystem=strict", "ProtectSystem=strictly"), "Failed to parse protect system"),
        (".service", ("BindPaths=", "BindPaths=not-absolute:"), "not absolute"),
        (".socket", ("ListenStream=/", "ListenStream="), "Failed to parse address value"),
        ("-backup.timer", ("OnCalendar=", "OnCalendar=25:"), "Failed to parse calendar specification"),
        ("-edge.timer", ("OnCalendar=daily", "OnCalender=daily"), "Unknown key 'OnCalender'"),
    ],
)
def test_refuses_one_edit_away(unit: str, edit: tuple[str, str], complaint: str) -> None:
    golden = units(next(folder for folder in FOLDERS if folder_id(folder) == "repaired-base"))
    name = f"{NAME}{unit}"
    assert edit[0] in golden[name]
    found = systemd.problems({**golden, name: golden[name].replace(*edit, 1)})
    assert any(complaint in line for line in found), found


@pytest.mark.parametrize(
    "line", ["CapabilityBoundingSet=\n", "RestrictNamespaces=yes\n", "SystemCallFilter=@system-service\n"]
)
def test_a_right_given_back_shows_in_the_exposure(line: str) -> None:
    name = f"{name_of(FOLDERS[0])}.service"
    golden = units(FOLDERS[0])[name]
    assert line in golden
    assert systemd.exposure(name, golden.replace(line, "", 1)) > MOST_EXPOSED
