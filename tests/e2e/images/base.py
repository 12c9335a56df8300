"""The system under every stand-in: the next Debian release, which has the versions that edition 2026.11 names."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.e2e.engine.docker import Docker
from tests.e2e.images.keys import LABEL, key_of

NAME = "aisearch-e2e/base"
SUITE = "forky"
PACKAGES = ["ca-certificates"]
SCRIPTS = Path("/usr/share/debootstrap/scripts")
AUTHORITIES = Path("etc/ssl/certs/ca-certificates.crt")


def key() -> str:
    """Changes with what makes the base: this file, and the authorities that this machine trusts."""
    here = Path("/") / AUTHORITIES
    trusted = here.read_bytes() if here.exists() else b""
    return hashlib.sha256(Path(__file__).read_bytes() + trusted).hexdigest()


def make(docker: Docker) -> None:
    """debootstrap, then `docker import`; about half a minute. Nothing where it is there already."""
    if key_of(docker, NAME) == key():
        return
    if shutil.which("debootstrap") is None:
        raise AssertionError("debootstrap is not installed: run .ci/install-tools")
    scratch = Path(tempfile.mkdtemp(prefix="aisearch-base-"))
    try:
        # Debian 12's debootstrap knows no later release than trixie; they are all made in the same way.
        script = SCRIPTS / (SUITE if (SCRIPTS / SUITE).exists() else "trixie")
        command = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, str(scratch)]
        made = subprocess.run([*command, "", str(script)], capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stdout[-3000:] + made.stderr
        _finish(scratch)
        with subprocess.Popen(["tar", "--directory", str(scratch), "--create", "."], stdout=subprocess.PIPE) as archive:
            changes = [part for change in ('CMD ["bash"]', f"LABEL {LABEL}={key()}") for part in ("--change", change)]
            docker.says("import", *changes, "-", NAME, stdin=archive.stdout)
        assert archive.returncode == 0
    finally:
        shutil.rmtree(scratch)


def _finish(root: Path) -> None:
    for package in (root / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()
    (root / "etc/dpkg/dpkg.cfg.d/fast").write_text(
        "force-unsafe-io\npath-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\n"
    )
    (root / "etc/apt/apt.conf.d/clean").write_text(
        'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\n'
        'Acquire::Languages "none";\nAcquire::Retries "3";\n'
        # A mirror that was not renewed for some weeks is as good here.
        'Acquire::Check-Valid-Until "false";\n'
    )
    # Where this machine reaches package registries through an authority of its own, so must a build.
    own = Path("/") / AUTHORITIES
    if own.exists():
        shutil.copy(own, root / AUTHORITIES)
