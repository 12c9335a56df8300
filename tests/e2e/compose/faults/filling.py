"""Rows and files, through the app's own doors."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.compose.client import Client

ROWS = 10_000
FILES = 40
BOUNDARY = "a-boundary-that-is-in-no-file"


def fill(client: Client, rows: int = ROWS) -> None:
    """Rows, and FILES uploads of up to 200 kB."""
    for start in range(0, rows, 5000):
        numbers = range(start, min(rows, start + 5000))
        documents = [{"title": f"Heron {number}", "body": f"It waded {number} steps."} for number in numbers]
        content = json.dumps({"documents": documents}).encode()
        answer = client.ask("POST", "/documents", body=content, headers={"Content-Type": "application/json"})
        assert answer.status == 201, answer.body
    for number in range(FILES):
        upload(client, number, (number + 1) * 5000)


def upload(client: Client, number: int, size: int) -> str:
    """Uploads a file that is like no other; the name under which the app keeps it."""
    content = os.urandom(size)
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{number}.bin"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = client.ask("POST", "/upload", body=body, headers=kind)
    assert answer.status == 201, answer.body
    return hashlib.sha256(content).hexdigest()


@contextmanager
def uploading(client: Client) -> Iterator[dict[str, float]]:
    """One small file after the other until the block ends; the names of those that were acknowledged, and when."""
    kept: dict[str, float] = {}
    failed: list[BaseException] = []
    enough = threading.Event()

    def go_on() -> None:
        number = 1000
        try:
            while not enough.wait(0.05):
                kept[upload(client, number, 20_000)] = time.time()
                number += 1
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield kept
    finally:
        enough.set()
        thread.join()
    assert not failed, failed
