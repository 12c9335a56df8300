"""dockerd, started by the tests: its data in a folder of the checkout's cache, everything else in a scratch folder."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.engine.docker import Docker, commands
from tests.e2e.net.namespaces import Namespace

START_SECONDS = 60
STOP_SECONDS = 60
OTHER_RUN_SECONDS = 1800
# On a machine's own network it only builds: it makes no bridge there, no rule and no route.
NO_NETWORKS = ["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"]


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """One run at a time may use the data in `state`."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        give_up = time.monotonic() + OTHER_RUN_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                assert time.monotonic() < give_up, f"another run holds {lock.name}"
                time.sleep(1)
        yield


@contextmanager
def daemon(state: Path, namespace: Namespace) -> Iterator[Docker]:
    """A running engine whose ports are in `namespace`; in the machine's own it has no networks, and is for building.

    Stopped at the end, with every container. `state` keeps images and the build cache.
    """
    if shutil.which("dockerd") is None:
        raise AssertionError("dockerd is not installed: run .ci/install-tools")
    scratch = Path(tempfile.mkdtemp(prefix="aisearch-engine-"))
    try:
        socket = scratch / "docker.sock"
        (scratch / "daemon.json").write_text("{}")
        log = scratch / "log"
        # When this process is killed the engine goes too; dockerd stops its containers then.
        command = [*namespace.prefix, "setpriv", "--pdeathsig=TERM", "dockerd", f"--data-root={state / 'data'}"]
        command += [f"--exec-root={scratch / 'exec'}", f"--host=unix://{socket}", f"--pidfile={scratch / 'pid'}"]
        command += [f"--config-file={scratch / 'daemon.json'}", "--storage-driver=overlay2", "--log-level=warn"]
        command += NO_NETWORKS if namespace.name is None else []
        with log.open("w") as out:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            docker = Docker(namespace, own=True, environment=commands(scratch, socket))
            _wait_until_it_answers(docker, process, log)
            yield docker
            _remove_what_is_left(docker)
        finally:
            _stop(process)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _wait_until_it_answers(docker: Docker, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while docker.run("docker", "version", check=False).returncode:
        assert process.poll() is None, f"dockerd ended:\n{log.read_text()[-3000:]}"
        assert time.monotonic() < give_up, f"dockerd does not answer:\n{log.read_text()[-3000:]}"
        time.sleep(0.2)
    _remove_what_is_left(docker)


def _remove_what_is_left(docker: Docker) -> None:
    """Containers, volumes and networks: the data folder is kept for its images alone."""
    containers = docker.says("ps", "--all", "--quiet").split()
    if containers:
        docker.says("rm", "--force", "--volumes", *containers)
    volumes = docker.says("volume", "ls", "--quiet").split()
    if volumes:
        docker.says("volume", "rm", "--force", *volumes)
    if docker.namespace.name is not None:
        docker.says("network", "prune", "--force")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise AssertionError("dockerd did not stop") from None


def running_pids(state: Path) -> list[int]:
    """Engines whose data is in `state`, whoever started them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if os.fsencode(f"--data-root={state / 'data'}") in words and b"dockerd" in words[0]:
            found.append(int(path.parent.name))
    return found
