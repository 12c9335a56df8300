"""One server: a Debian under its own systemd, in systemd-nspawn, with a network of its own."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Self

from tests.e2e.net.namespaces import NAMED, Namespace

# Booting takes 3 s here, shutting down with everything in it up to a database's last checkpoint.
BOOT_SECONDS = 90
ENVIRONMENT = {
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "TERM": "dumb",
}


class Machine:
    """A server over read-only `layers`, the uppermost first; what it writes goes to `folder`/upper.

    Its network is that of `namespace`, which outlives its reboots.
    """

    def __init__(self, folder: Path, layers: list[Path], namespace: Namespace) -> None:
        self.folder = folder
        self.layers = layers
        self.namespace = namespace
        self.root = folder / "root"
        self.upper = folder / "upper"
        self._cgroup = _unified_cgroups() / str(namespace.name)
        self._console: IO[bytes] | None = None
        self._nspawn: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.boot()
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def boot(self) -> None:
        """Mount, start, and wait until everything that starts at boot has started."""
        for part in (self.root, self.upper, self.folder / "work"):
            part.mkdir(parents=True, exist_ok=True)
        lower = ":".join(str(layer) for layer in self.layers)
        options = f"lowerdir={lower},upperdir={self.upper},workdir={self.folder / 'work'}"
        _run("mount", "-t", "overlay", "overlay", "-o", options, str(self.root))
        self._cgroup.mkdir(exist_ok=True)
        self._console = (self.folder / "console").open("ab")
        self._start()

    def wait_booted(self) -> None:
        """Wait until systemd in it has done what is to be done at boot."""
        eventually(lambda: self.leader() is not None, BOOT_SECONDS)
        eventually(lambda: self._state() in {"running", "degraded"}, BOOT_SECONDS)

    def leader(self) -> int | None:
        """The process that is number 1 in there."""
        if self._nspawn is None or self._nspawn.poll() is not None:
            raise AssertionError(f"the machine has ended:\n{self._said()}")
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def command(self, *command: str) -> list[str]:
        """What runs `command` in there, as root at a fresh login."""
        leader = self.leader()
        assert leader is not None
        variables = [f"{name}={value}" for name, value in ENVIRONMENT.items()]
        inside = ["nsenter", f"--target={leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"]
        return [*inside, "env", "--ignore-environment", "--chdir=/root", *variables, *command]

    def run(
        self, script: str, *, given: str = "", check: bool = True, seconds: float = 600
    ) -> subprocess.CompletedProcess[str]:
        """Run a line of shell; what it prints is in the error when it fails."""
        done = subprocess.run(
            self.command("bash", "-c", script),
            input=given,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0 or not check, f"{script}\n-> {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def says(self, script: str) -> str:
        """What a line of shell prints."""
        return self.run(script).stdout.strip()

    def holds(self, script: str) -> bool:
        """Whether it exits 0."""
        return self.run(script, check=False).returncode == 0

    def path(self, inside: str) -> Path:
        """A path in there, as this side sees it. What is mounted in there is not seen."""
        return self.root / inside.lstrip("/")

    def power_off(self) -> None:
        """As an operator does it; what was written stays."""
        assert self._nspawn is not None
        if self._nspawn.poll() is None:
            self.run("systemctl poweroff", check=False)
            try:
                self._nspawn.wait(BOOT_SECONDS)
            except subprocess.TimeoutExpired:
                self._end()
        self._unmount()

    def reboot(self) -> float:
        """Reboot and wait until it is up again; seconds that took."""
        assert self._nspawn is not None
        began = time.monotonic()
        self.run("systemctl reboot", check=False)
        # 133: start me again, says systemd-nspawn to whatever started it.
        assert self._nspawn.wait(BOOT_SECONDS) == 133
        self._start()
        return time.monotonic() - began

    def remove(self) -> None:
        """End it as a power cut would; leaves no process, mount or control group."""
        self._end()
        self._unmount()

    def _start(self) -> None:
        nspawn = [
            *("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", f"--directory={self.root}"),
            *(f"--network-namespace-path={NAMED / str(self.namespace.name)}", "--capability=CAP_NET_ADMIN,CAP_NET_RAW"),
            *("--hostname=server", "--resolv-conf=off", "--link-journal=no", "--console=pipe", "--boot"),
        ]
        # In a control group of its own: two machines do not share one, and nothing outlives it.
        start = f"echo $$ >{shlex.quote(str(self._cgroup))}/cgroup.procs && exec {shlex.join(nspawn)}"
        self._nspawn = subprocess.Popen(
            ["sh", "-c", start],
            stdin=subprocess.DEVNULL,
            stdout=self._console,
            stderr=subprocess.STDOUT,
            env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
        )
        self.wait_booted()

    def _end(self) -> None:
        kill = self._cgroup / "cgroup.kill"
        if kill.exists():
            kill.write_text("1")
        if self._nspawn is not None:
            if self._nspawn.poll() is None:
                self._nspawn.send_signal(signal.SIGKILL)
            self._nspawn.wait(30)

    def _unmount(self) -> None:
        subprocess.run(["umount", "--recursive", "--lazy", self.root], stderr=subprocess.DEVNULL, check=False)
        if self._console is not None:
            self._console.close()
            self._console = None
        for group in sorted(self._cgroup.glob("**/"), reverse=True):
            eventually(partial(_removed, group))

    def _state(self) -> str:
        try:
            asked = self.command("systemctl", "is-system-running")
            return subprocess.run(asked, capture_output=True, text=True, timeout=30, check=False).stdout.strip()
        except (AssertionError, subprocess.TimeoutExpired):
            return ""

    def _said(self) -> str:
        return (self.folder / "console").read_bytes()[-3000:].decode(errors="replace")


def eventually(holds: Callable[[], bool], seconds: float = 30, every: float = 0.1) -> float:
    """Wait until it holds, and say how long that took; fails when it never does."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(every)
    return time.monotonic() - began


def _removed(group: Path) -> bool:
    """The kernel says that it is busy until the last process in it is really gone."""
    try:
        group.rmdir()
    except OSError:
        return False
    return True


def _unified_cgroups() -> Path:
    """Where the version-2 control groups are: that is what a systemd of 2025 runs in."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2":
            return Path(place)
    raise AssertionError("this machine has no control groups of version 2 (mount -t cgroup2)")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
