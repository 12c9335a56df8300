"""An upload of 99 MiB arrives whole; 101 MiB is refused with 413. With curl, which sends as browsers do."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.stack import Stack

pytestmark = pytest.mark.e2e

MIB = 2**20


def upload(client: Client, place: Path, size: int) -> tuple[int, str, str]:
    """The status, the answer, and the SHA-256 of what was sent."""
    file, answer, trusted = place / "upload", place / "answer", place / "edge.pem"
    content = bytes(range(256)) * (size // 256)
    file.write_bytes(content)
    trusted.write_text(client.certificate)
    command = ["curl", "--silent", "--show-error", "--cacert", str(trusted), "--form", f"file=@{file}"]
    command += ["--resolve", f"{client.domain}:{client.port}:{client.server}", "--output", str(answer)]
    command += ["--write-out", "%{response_code} %{time_total}", f"https://{client.domain}:{client.port}/upload"]
    status, seconds = client.machine.namespace.run(command).stdout.split()
    print(f"\n{size / MIB:.0f} MiB: {status} after {float(seconds):.1f} s")
    return int(status), answer.read_text(), hashlib.sha256(content).hexdigest()


def test_99_mib_arrive_whole(caller: Client, stack: Stack, tmp_path: Path) -> None:
    status, answer, expected = upload(caller, tmp_path, 99 * MIB)
    assert status == 201
    assert (json.loads(answer)["size"], json.loads(answer)["file_hash"]) == (99 * MIB, expected)
    for number in ("1", "2", "3"):
        found = stack.exec(f"--index={number}", "app", "sha256sum", f"/app/src/web/uploads/{expected}")
        assert found.split()[0] == expected, "every replica has it"


def test_101_mib_are_refused(caller: Client, tmp_path: Path) -> None:
    status, answer, _ = upload(caller, tmp_path, 101 * MIB)
    assert status == 413
    assert "larger" in json.loads(answer)["detail"]
