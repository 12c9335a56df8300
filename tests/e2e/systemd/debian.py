"""A bare Debian 13 and the packages that a deployment asks for, as folders that machines are laid over."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

REPOSITORY = Path(__file__).resolve().parents[3]
CACHE = REPOSITORY / ".cache" / "systemd"
SUITE = "trixie"
MIRROR = "http://deb.debian.org/debian"
# What a rented server has before anybody touches it, as far as it matters here.
BARE = "systemd,systemd-sysv,systemd-resolved,dbus,iproute2,procps,openssh-server,rsync,libpam-systemd,openssl"
# What install.sh may ask apt for, in the configurations of these tests.
ASKED_FOR = (
    "nginx curl openssl ca-certificates logrotate python3 python3.13 python3.13-venv postgresql "
    "postgresql-17-pgvector valkey-server redis-server pgbouncer ufw age"
)


def bare() -> Path:
    """The root folder of a server as it is rented."""
    return _cached("bare", f"{SUITE} {BARE}", _debootstrap)


def packages() -> Path:
    """A layer with a Debian archive in /srv/debian, and apt pointed to it: machines here reach nobody."""
    return _cached("packages", f"{SUITE} {BARE} {ASKED_FOR}", _archive)


def wheels(requirements: str) -> Path:
    """A layer with Python's packages in /srv/wheels, and pip pointed to them; `requirements` is a file's text."""

    def fill(folder: Path) -> None:
        _download_wheels(folder, requirements)

    return _cached("wheels", requirements, fill)


def _cached(name: str, recipe: str, fill: Callable[[Path], None]) -> Path:
    """The folder of this recipe; made once, and there only when it is whole."""
    digest = hashlib.sha256(f"{recipe}\n{Path(__file__).read_text(encoding='utf-8')}".encode()).hexdigest()[:12]
    folder = CACHE / f"{name}-{digest}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=CACHE))
        # mkdtemp's own mode would be that of the machine's root.
        partial.chmod(0o755)
        try:
            fill(partial)
            partial.rename(folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return folder


def _run(*command: str | Path) -> None:
    """Tried three times, for the network's sake; what it printed is in the error."""
    for left in (2, 1, 0):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode == 0:
            return
        if left == 0:
            raise AssertionError(f"{' '.join(map(str, command))} failed:\n{done.stdout[-4000:]}")


def _debootstrap(root: Path) -> None:
    _run("debootstrap", "--variant=minbase", f"--include={BARE}", SUITE, root, MIRROR)
    for name in ("etc/hostname", "etc/resolv.conf"):
        (root / name).unlink(missing_ok=True)
    # Empty: each machine makes its own. Missing, it would ask questions at its first boot.
    (root / "etc/machine-id").write_text("")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
    # A test's server may lose what it was about to write to the disk.
    (root / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")
    shutil.rmtree(root / "var/cache/apt/archives", ignore_errors=True)


def _archive(layer: Path) -> None:
    """Downloads what the bare root lacks of the packages, then indexes it as a repository of one folder."""
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        root = Path(scratch, "root")
        subprocess.run(["cp", "--archive", bare(), root], check=True)
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        _run("chroot", root, "apt-get", "update")
        fetch = "apt-get install --download-only --yes --no-install-recommends"
        _run("chroot", root, *fetch.split(), *ASKED_FOR.split())
        pool = layer / "srv/debian"
        pool.mkdir(parents=True)
        for package in sorted(root.joinpath("var/cache/apt/archives").glob("*.deb")):
            shutil.copy(package, pool)
    entries = [_index_entry(package) for package in sorted(pool.iterdir())]
    (pool / "Packages").write_text("\n".join(entries))
    apt = layer / "etc/apt"
    apt.mkdir(parents=True)
    (apt / "sources.list").write_text("deb [trusted=yes] file:/srv/debian ./\n")
    (apt / "apt.conf.d").mkdir()
    (apt / "apt.conf.d/90languages").write_text('Acquire::Languages "none";\n')


def _index_entry(package: Path) -> str:
    control = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True, check=True).stdout
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    return f"{control}Filename: ./{package.name}\nSize: {package.stat().st_size}\nSHA256: {digest}\n"


def _download_wheels(layer: Path, requirements: str) -> None:
    folder = layer / "srv/wheels"
    folder.mkdir(parents=True)
    listed = layer / "srv/requirements.txt"
    listed.write_text(requirements)
    machine = os.uname().machine
    platforms = [f"--platform=manylinux_2_{minor}_{machine}" for minor in (17, 28, 34)]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    # Debian 13 has Python 3.13; hatchling and setuptools build what comes as source.
    target = ["--only-binary=:all:", "--python-version=3.13", *platforms, f"--dest={folder}"]
    _run(*pip, *target, "--requirement", listed, "hatchling", "setuptools")
    (layer / "etc").mkdir()
    (layer / "etc/pip.conf").write_text(
        dedent(
            """\
            [global]
            no-index = true
            find-links = /srv/wheels
            """
        )
    )
