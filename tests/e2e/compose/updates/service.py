"""A running stack with customers: what its operator does, and what becomes of their requests meanwhile."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.compose.config import Object, files
from tests.e2e.compose.runbook import commands
from tests.e2e.compose.stack import Stack
from tests.e2e.load.answers import Place
from tests.e2e.load.record import Record
from tests.e2e.load.traffic import traffic
from tests.rendering.configs import overlaid

RATE = 50
# What a person does on another machine, and what the test has done in its place.
ELSEWHERE = ("aisearch-deploy", "rsync")


@dataclass(frozen=True)
class Service:
    """`prefix` enters the customers' network, where they have the addresses `sources`."""

    stack: Stack
    prefix: Sequence[str]
    sources: Sequence[str]
    place: Place

    def begin_again(self) -> None:
        """The rendered state: nothing happens to what has it."""
        (self.stack.folder / ".previous-image").unlink(missing_ok=True)
        self.render()
        self.stack.up()
        self.stack.exec("edge", "nginx", "-s", "reload")

    def render(self, *changes: Object) -> None:
        """Change the config, render, and copy the folder to the server; what is no longer rendered goes."""
        config, folder = overlaid(self.stack.config, *changes), self.stack.folder
        self.stack.lay_out(config)
        kept = {*files(config, folder.parent), ".previous-image"}
        for path in folder.rglob("*"):
            if path.is_file() and str(path.relative_to(folder)) not in kept:
                path.unlink()

    def follow(self, heading: str, without: str = "") -> None:
        """The commands of a chapter of RUNBOOK.md, one after the other; not those that have `without` in them."""
        for command in commands((self.stack.folder / "RUNBOOK.md").read_text(), heading):
            if command.split()[0] in ELSEWHERE or (without and without in command):
                continue
            if command.startswith("./"):
                said = self.stack.script(command.removeprefix("./"))
            else:
                said = self.stack.run("bash", "-euo", "pipefail", "-c", command)
            print(f"\n$ {command}\n{said.stdout}{said.stderr}".rstrip())

    def during(self, work: Callable[[], object], requests: int = 0) -> tuple[Record, float]:
        """What became of the requests while `work` was done, of `requests` at least; and the seconds that it took."""
        # An edge that was made anew has made itself another certificate.
        Path(str(self.place.ca)).write_text(self.stack.certificate())
        with traffic(self.place, prefix=self.prefix, sources=self.sources, rate=RATE) as running:
            # In full swing, before anything happens.
            running.wait_for(RATE)
            sent, began = running.due, time.monotonic()
            work()
            seconds = time.monotonic() - began
            # Those in flight at the end belong to it, too.
            running.wait_for(max(sent + requests, running.due + 3 * RATE))
            return running.record, seconds

    def update(self) -> subprocess.CompletedProcess[str]:
        """update.sh, however it ends."""
        return self.stack.script("update.sh", check=False)

    def replicas(self) -> list[str]:
        """The ids of the app's containers."""
        return sorted(each["Id"] for each in self.stack.containers("app"))


def tell(what: str, record: Record, seconds: float) -> None:
    print(f"\n{what} ({seconds:.0f} s): {record.summary()}\nversions: {dict(record.versions)}")


def assert_unnoticed(record: Record) -> None:
    """Nothing lost, nobody waited for two seconds, no stream stood still for one."""
    assert not record.lost, record.summary()
    assert not record.slower_than(2), record.summary()
    assert record.longest_gap < 1, record.summary()
